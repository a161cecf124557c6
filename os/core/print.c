/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of the server itself on the console; see console.h. */
#include <stdarg.h>

#include "os/core/console.h"
#include "text/text.h"

void console_print(const char *format, ...)
{
        char buffer[512];
        va_list arguments;
        size_t length;

        va_start(arguments, format);
        length = text_line(buffer, sizeof(buffer), format, arguments);
        va_end(arguments);
        console_write(buffer, length);
}
