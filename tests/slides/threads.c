/* SPDX-License-Identifier: BSD-2-Clause */
/* The lecture's threads: in our own address space, and in a new one. */
#include "slides.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct uart *console;

static void put(char c)
{
        uart_put_text(console, &c, 1);
}

void slides_print_to(struct uart *uart)
{
        console = uart;
        report_to(put);
}

static seL4_CPtr new_object(seL4_Word type, size_t bits)
{
        seL4_CPtr cap = seL4_CapNull;

        check(ut_new_object(&cspace, &cap, type, bits) != NULL, "memory for an object");
        return cap;
}

static seL4_CPtr new_time(void)
{
        seL4_CPtr sched_context = new_object(seL4_SchedContextObject, 8); /* the slide's 2^8 */
        seL4_Error err = seL4_SchedControl_Configure(bootstrap_info()->schedcontrol.start, sched_context,
                                                     5000, 5000, 0, 0);

        check(err == seL4_NoError, "a scheduling context with budget = period");
        return sched_context;
}

/* --- "Creating a Thread in Own AS and CSpace" --- */

static volatile int steps;

/* The slide's thread loops for ever; this one counts first, so that running can be seen. */
int thread_fct(void);

int thread_fct(void)
{
        steps++;
        while (1)
                ;
        return 0;
}

static seL4_Error create(seL4_CPtr sched_context, seL4_CPtr fault_ep, seL4_CPtr ipc_buffer, seL4_CPtr *made)
{
        static char stack[4096]
                __attribute__((aligned(16))); /* the slide has 100 bytes, too few for any function */
        seL4_Error err;

        /* BEGIN */
        ut_t *ut = ut_alloc(seL4_TCBBits, &cspace);
        seL4_CPtr tcb = cspace_alloc_slot(&cspace);
        err = cspace_untyped_retype(&cspace, ut->cap, tcb, seL4_TCBObject, seL4_TCBBits);
        if (err != seL4_NoError)
                return err;

        err = seL4_TCB_Configure(tcb, cspace.root_cnode, seL4_NilData, seL4_CapInitThreadVSpace, seL4NilData,
                                 PROCESS_IPC_BUFFER, ipc_buffer);
        if (err != seL4_NoError)
                return err;

        err = seL4_TCB_SetSchedParams(tcb, seL4_CapInitThreadTCB, seL4_MinPrio, TTY_PRIORITY, sched_context,
                                      fault_ep);
        /* END */
        if (err != seL4_NoError)
                return err;
        *made = tcb;
        check(steps == 0, "a thread without registers does not run");
        seL4_UserContext context = {.pc = (seL4_Word)thread_fct, .sp = (seL4_Word)stack + sizeof(stack)};
        return seL4_TCB_WriteRegisters(tcb, 0, 0, 2, &context);
}

static void wake(void *notification)
{
        seL4_Yield(); /* the newer thread of a priority runs first: let the other one have its turn */
        seL4_Signal((seL4_CPtr)notification);
}

void threads_in_own_space(void)
{
        seL4_CPtr fault_ep = new_object(seL4_EndpointObject, 0);
        seL4_CPtr ipc_buffer = new_object(seL4_ARM_SmallPageObject, seL4_PageBits);
        seL4_CPtr sched_context = new_time();
        seL4_CPtr tcb = seL4_CapNull;
        seL4_Word badge;
        seL4_CPtr clock_signal = new_object(seL4_NotificationObject, 0);

        check(create(sched_context, fault_ep, ipc_buffer, &tcb) == seL4_NoError,
              "each call of the thread slide");
        check(steps == 0, "without resume_target the thread does not run");
        check(seL4_TCB_Resume(tcb) == seL4_NoError, "Resume");
        /* It has the lowest priority: it runs when we wait. */
        thread_config_t waker = thread_defaults("waker", wake, (void *)clock_signal);
        waker.prio = 0;
        thread_t *t = thread_create_ex(&waker);
        seL4_Wait(clock_signal, &badge);
        check(steps == 1, "and runs after it, in turn with another of its priority");
        thread_destroy(t);
        check(seL4_TCB_Suspend(tcb) == seL4_NoError, "Suspend");
        check(cspace_delete_and_free(&cspace, tcb) == seL4_NoError, "the thread is gone");
}

/* --- "Creating a Thread in New AS and CSpace" --- */

static struct {
        seL4_CPtr tcb, vspace;
} tty_test_process;

static seL4_Error start_process(seL4_CPtr ep, seL4_CPtr sched_context, const char *app_name)
{
        static cspace_t new_cspace;
        unsigned long elf_size;
        seL4_CPtr new_pgd, tcb, ipc_buffer_cap, slot;
        seL4_Error err;

        /* Allocate, retype and map a frame for the IPC buffer, a TCB, and the top-level table. */
        new_pgd = new_object(PageGlobalDirectoryObject, seL4_PageDirBits);
        err = seL4_ARM_ASIDPool_Assign(seL4_CapInitThreadASIDPool, new_pgd);
        if (err != seL4_NoError)
                return err;
        tcb = new_object(seL4_TCBObject, seL4_TCBBits);
        ipc_buffer_cap = new_object(seL4_ARM_SmallPageObject, seL4_PageBits);
        err = map_frame(&cspace, ipc_buffer_cap, new_pgd, PROCESS_IPC_BUFFER, seL4_AllRights,
                        seL4_Default_VMAttributes);
        if (err != seL4_NoError)
                return err;
        tty_test_process.tcb = tcb;
        tty_test_process.vspace = new_pgd;
        /* The slide's new_cspace. */
        cspace_create_one_level(&cspace, &new_cspace);
        /* Mint a new badged cap to the syscall endpoint. */
        slot = cspace_alloc_slot(&new_cspace);
        err = cspace_mint(&new_cspace, slot, &cspace, ep, seL4_CapRights_new(1, 0, 0, 1), 101);
        if (err != seL4_NoError)
                return err;

        /* BEGIN */
        char *elf_base = cpio_get_file(_cpio_archive, app_name, &elf_size);
        seL4_Word sp = init_process_stack(&cspace, new_pgd, elf_base);
        err = elf_load(&cspace, seL4_CapInitThreadVSpace, tty_test_process.vspace, elf_base);
        if (err != seL4_NoError)
                return err;
        err = seL4_TCB_Configure(tcb, new_cspace.root_cnode, seL4_NilData, new_pgd, seL4NilData,
                                 PROCESS_IPC_BUFFER, ipc_buffer_cap);
        if (err != seL4_NoError)
                return err;
        /* END */
        err = seL4_TCB_SetSchedParams(tcb, seL4_CapInitThreadTCB, seL4_MinPrio, TTY_PRIORITY, sched_context,
                                      ep);
        if (err != seL4_NoError)
                return err;
        check(sp % 16 == 0 && sp != 0, "init_process_stack gives an aligned stack pointer");
        check(elf_size > 0, "cpio_get_file returns the size");

        /* BEGIN */
        seL4_UserContext context = {
                .pc = elf_getEntryPoint(elf_base),
                .sp = sp,
        };
        err = seL4_TCB_WriteRegisters(tty_test_process.tcb, 1, 0, 2, &context);
        /* END */
        return err;
}

/* What app.c does, seen from the server. */
static void serve(seL4_CPtr ep, seL4_CPtr reply, seL4_Word badge_wanted)
{
        seL4_Word badge = 0;
        seL4_MessageInfo_t info = seL4_Recv(ep, &badge, reply);

        check(badge == badge_wanted, "the process calls with its badge");
        check(seL4_MessageInfo_get_length(info) == 4 && seL4_GetMR(2) == 42 && seL4_GetMR(3) == 4096,
              "its thread-local data and auxiliary vector are right");
        seL4_SetMR(0, 5);
        info = seL4_ReplyRecv(ep, seL4_MessageInfo_new(0, 0, 0, 1), &badge, reply);
        check(seL4_isVMFault_tag(info) && seL4_GetMR(seL4_VMFault_Addr) == 0xdead000,
              "its fault comes as a message");
}

void threads_in_new_space(void)
{
        seL4_CPtr ep = new_object(seL4_EndpointObject, 0);
        seL4_CPtr reply = new_object(seL4_ReplyObject, 0);
        process_config_t config = {
                .name = "app", .endpoint = ep, .badge = 102, .argv = (const char *[]){"app", "x", NULL}};
        unsigned long size = 0;
        process_t process;

        check(start_process(ep, new_time(), "app") == seL4_NoError,
              "each call of the new-address-space slide");
        serve(ep, reply, 101);
        check(seL4_TCB_Suspend(tty_test_process.tcb) == seL4_NoError, "the process is stopped");
        config.image = cpio_get_file(_cpio_archive, "app", &size);
        config.image_size = size;
        check(process_create(&process, &config) == 0, "the library does the same in one call");
        serve(ep, reply, 102);
        check(process_destroy(&process) == 0, "and undoes it in one");
        check(!cpio_get_file(_cpio_archive, "no such file", NULL), "a file that does not exist");
        check(elf_getEntryPoint((char *)_cpio_archive) == 0, "an image that is none");
}

/* --- "System Calls", "PS on Reply Objects" --- */

static seL4_CPtr server_ep;

static void client(void *arg)
{
        seL4_SetMR(0, (seL4_Word)arg);
        seL4_Call(server_ep, seL4_MessageInfo_new(0, 0, 0, 1));
        seL4_SetMR(0, seL4_GetMR(0) + 1);
        seL4_Call(server_ep, seL4_MessageInfo_new(0, 0, 0, 1));
}

void ipc(void)
{
        seL4_CPtr ep = new_object(seL4_EndpointObject, 0);
        seL4_CPtr ro[2] = {new_object(seL4_ReplyObject, 0), new_object(seL4_ReplyObject, 0)};
        seL4_CPtr ntfn = new_object(seL4_NotificationObject, 0);
        thread_t *t[2];
        seL4_Word badge = 1;
        seL4_Word got[2];

        server_ep = ep;
        for (int i = 0; i < 2; i++) {
                thread_config_t config = thread_defaults("client", client, (void *)(10ul * (i + 1)));
                config.prio = 10;
                t[i] = thread_create_ex(&config);
                check(t[i] != NULL, "a client");
        }
        seL4_Recv(ep, &badge, ro[0]);
        got[0] = seL4_GetMR(0);
        seL4_Recv(ep, &badge, ro[1]); /* a second client while the first waits: another reply object */
        got[1] = seL4_GetMR(0);
        check(got[0] + got[1] == 30, "two clients wait, each on a reply object of its own");
        seL4_SetMR(0, 100);
        seL4_Send(ro[1], seL4_MessageInfo_new(0, 0, 0, 1));
        seL4_SetMR(0, 200);
        seL4_ReplyRecv(ep, seL4_MessageInfo_new(0, 0, 0, 1), &badge, ro[0]);
        got[0] = seL4_GetMR(0);
        check(got[0] == 101 || got[0] == 201, "ReplyRecv answers one and receives from the next");
        Signal(ntfn);
        Signal(ntfn);
        Poll(ntfn, &badge);
        check(badge == 0, "signals of an unbadged capability carry 0");
        for (int i = 0; i < 2; i++)
                thread_destroy(t[i]);
}

static __thread int own_number = 3;

static void use_library(void *arg)
{
        char text[64];

        own_number += 4;
        snprintf(text, sizeof(text), "%s %d %lx", "number", own_number, 0xfeedul);
        *(bool *)arg = !strcmp(text, "number 7 feed") && strtoul("123", NULL, 10) == 123 &&
                       !strcmp(strerror(ENOENT), "No such file or directory") && strtod("1.5", NULL) == 1.5;
}

static int compare(const void *a, const void *b)
{
        return *(const int *)a - *(const int *)b;
}

/* The C library's pure functions, on the first thread and on others. */
void library_calls(void)
{
        int numbers[] = {3, 1, 2};
        bool ok = false;
        thread_config_t config = thread_defaults("library", use_library, &ok);
        thread_t *t = thread_create_ex(&config);

        qsort(numbers, 3, sizeof(int), compare);
        check(numbers[0] == 1 && numbers[2] == 3, "qsort");
        thread_join(t);
        check(ok && own_number == 3, "snprintf on another thread, which has its own __thread data");
        thread_destroy(t);
        use_library(&ok);
        check(ok, "and on the first");
}
