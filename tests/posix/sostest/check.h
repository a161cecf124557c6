/* SPDX-License-Identifier: BSD-2-Clause */
/* Checks every function of sos.h from inside: one line for each failure, a total at the end. */
#pragma once

#include <stdbool.h>

#include "base/text.h"
#include "sos.h"
#include "sos/posix.h"

void check(const char *what, bool good);

/* Addresses that no process may use, one after the other; NULL behind the last. */
char *bad_address(int i);

/* Start this program again with that word; its id. */
pid_t start_again(const char *word);

void check_files(void);
void check_directory(void);
void check_processes(void);
void check_time(void);
void check_sharing(void);
int share_as_child(const char *word);

/* What a native program may do that is not root's. */
void check_stranger(void);
int stranger_as_child(const char *word);
