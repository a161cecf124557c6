/* SPDX-License-Identifier: BSD-2-Clause */
/* The process that the root task starts: reports to the server what it finds, then touches memory that is not mapped. */
#include <sel4/sel4.h>
#include <sel4/start.h>
#include <string.h>

enum { SERVER = 1, AUX_PAGE_SIZE = 6 };

static __thread int initialised = 42;

int main(int argc, char **argv)
{
        seL4_SetMR(0, (seL4_Word)argc);
        seL4_SetMR(1, argv[0] ? strlen(argv[0]) : 0);
        seL4_SetMR(2, (seL4_Word)initialised);
        seL4_SetMR(3, start_auxv(AUX_PAGE_SIZE, 0));
        seL4_Call(SERVER, seL4_MessageInfo_new(0, 0, 0, 4));
        *(volatile int *)0xdead000 = (int)seL4_GetMR(0);
        return 0;
}
