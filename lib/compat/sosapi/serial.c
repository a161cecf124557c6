/* SPDX-License-Identifier: BSD-2-Clause */
/* Writing through the serial server, as the OS and native programs do it.  In a file of its own: the OS links nothing else of this
 * library. */
#include <sel4/sel4.h>

#include "base/text.h"
#include "sos/proto.h"
#include "sos/sos_calls.h"

void serial_send(unsigned long serial, const char *bytes, size_t size)
{
        while (size > 0) {
                size_t n = size < SOS_TEXT_MAX ? size : SOS_TEXT_MAX;

                memcpy(&seL4_GetIPCBuffer()->msg[2], bytes, n);
                seL4_SetMR(0, SERIAL_WRITE);
                seL4_SetMR(1, n);
                seL4_Call(serial, seL4_MessageInfo_new(0, 0, 0, 2 + (n + 7) / 8));
                bytes += n;
                size -= n;
        }
}
