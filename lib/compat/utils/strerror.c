/* SPDX-License-Identifier: BSD-2-Clause */
/* Names of kernel errors. */
#include <aos/strerror.h>
#include <sel4/report.h>
#include <sel4/start.h>

enum { EXIT_ERROR = 134 };

char *sel4_errlist[] = {
        "seL4_NoError",     "seL4_InvalidArgument", "seL4_InvalidCapability", "seL4_IllegalOperation",
        "seL4_RangeError",  "seL4_AlignmentError",  "seL4_FailedLookup",      "seL4_TruncatedMessage",
        "seL4_DeleteFirst", "seL4_RevokeFirst",     "seL4_NotEnoughMemory",
};

const char *sel4_strerror(int error)
{
        return report_error_name(error);
}

#ifdef __aarch64__
void __sel4_error(int error, const char *file, const char *function, int line, char *what)
{
        if (error) {
                report("%s:%d: %s: %s: %s", file, line, function, what, sel4_strerror(error));
                start_exit(EXIT_ERROR);
        }
}
#endif
