/* SPDX-License-Identifier: BSD-2-Clause */
/* What a guest is made of; see settings.c. */
#pragma once

#include "os/monitor/monitor.h"

/* word[0] is the guest's name.  The strings stay where they are. */
void settings_read(struct settings *s, int count, char **word);
