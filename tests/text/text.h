/* SPDX-License-Identifier: BSD-2-Clause */
/* strings.c: tests of lib/core/base. */
#pragma once

void bytes_are_moved(void);
void words_are_compared(void);
void a_copy_that_does_not_fit_is_told(void);
