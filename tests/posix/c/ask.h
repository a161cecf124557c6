/* SPDX-License-Identifier: BSD-2-Clause */
/* One line for a call and its answer: the number of its error, 0, or that it is more.  The call's text is its name. */
#pragma once

#include <errno.h>
#include <stdio.h>

#define ASK(call) (errno = 0, ask_tell(#call, (long)(call)))

static void ask_tell(const char *text, long result)
{
        if (result == -1)
                printf("%s: error %d\n", text, errno);
        else
                printf("%s: %s\n", text, result > 0 ? "more" : "0");
}
