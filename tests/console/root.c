/* SPDX-License-Identifier: BSD-2-Clause */
/* A root task that makes the debug kernel print, for `run` to read.
 *
 * SCENE says how it ends: 0 DebugHalt, 1 DebugNameThread of an object that is no TCB, 2 DebugNameThread with an unterminated
 * name.  Scene 1 has refusals, too.  Lines that begin with @ are its own, by DebugPutChar.
 */
#include <sel4/sel4.h>
#include <stdint.h>

enum { THREADS = 8, STACK_BYTES = 4096, NAME_BYTES = 960, LONG_NAME = 866, SPIN = 1000000 };

__thread seL4_IPCBuffer *__sel4_ipc_buffer;

static seL4_BootInfo *boot;
static seL4_Word next_slot, memory;
static char stacks[THREADS][STACK_BYTES] __attribute__((aligned(16)));

void *memset(void *to, int c, __SIZE_TYPE__ n)
{
        for (char *p = to; n--;)
                *p++ = (char)c;
        return to;
}

_Noreturn void __assert_fail(const char *what, const char *file, int line, const char *function)
{
        (void)what;
        (void)file;
        (void)line;
        (void)function;
        for (;;)
                seL4_DebugHalt();
}

static void say(const char *s)
{
        while (*s)
                seL4_DebugPutChar(*s++);
}

static void say_number(seL4_Word value)
{
        char digits[20];
        int n = 0;

        do {
                digits[n++] = (char)('0' + value % 10);
                value /= 10;
        } while (value);
        while (n)
                seL4_DebugPutChar(digits[--n]);
}

/* Only the low byte counts. */
static void put_word(seL4_Word value)
{
        register seL4_Word x0 __asm__("x0") = value;
        register seL4_Word x7 __asm__("x7") = (seL4_Word)seL4_SysDebugPutChar;

        __asm__ volatile("svc #0" : "+r"(x0) : "r"(x7) : "memory");
        if (x0 != value)
                say("@ x0 was changed\n");
}

static seL4_Word make(seL4_Word type, seL4_Word bits)
{
        if (seL4_Untyped_Retype(memory, type, bits, seL4_CapInitThreadCNode, 0, 0, next_slot, 1))
                say("@ no memory\n");
        return next_slot++;
}

static void find_memory(void)
{
        next_slot = boot->empty.start;
        for (seL4_Word i = 0; i < boot->untyped.end - boot->untyped.start; i++) {
                if (!boot->untypedList[i].isDevice && boot->untypedList[i].sizeBits == 20)
                        memory = boot->untyped.start + i;
        }
}

/* Threads without an IPC buffer: each makes one system call with these registers. */
struct call {
        seL4_Word x0, x1, x6, x7;
};

static _Noreturn void thread_main(const struct call *c)
{
        register seL4_Word x0 __asm__("x0") = c->x0;
        register seL4_Word x1 __asm__("x1") = c->x1;
        register seL4_Word x6 __asm__("x6") = c->x6;
        register seL4_Word x7 __asm__("x7") = c->x7;

        __asm__ volatile("svc #0" : "+r"(x0), "+r"(x1) : "r"(x6), "r"(x7) : "memory");
        for (;;)
                ;
}

static seL4_Word thread(seL4_Word n, const char *name, const struct call *c)
{
        seL4_Word tcb = make(seL4_TCBObject, 0), sc = make(seL4_SchedContextObject, 8);
        seL4_UserContext context = {
                .pc = (seL4_Word)thread_main, .sp = (seL4_Word)stacks[n + 1], .x0 = (seL4_Word)c};

        seL4_DebugNameThread(tcb, name);
        seL4_TCB_SetSpace(tcb, 0, seL4_CapInitThreadCNode, 0, seL4_CapInitThreadVSpace, 0);
        seL4_SchedControl_ConfigureFlags(boot->schedcontrol.start, sc, 1000, 1000, 0, 0, 0);
        seL4_TCB_SetSchedParams(tcb, seL4_CapInitThreadTCB, 0, 100 + n, sc, 0);
        if (c)
                seL4_TCB_WriteRegisters(tcb, 1, 0, 4, &context);
        return tcb;
}

/* The root steps down so that the others get to where they stop. */
static void let_run(void)
{
        seL4_TCB_SetPriority(seL4_CapInitThreadTCB, seL4_CapInitThreadTCB, 1);
        seL4_TCB_SetPriority(seL4_CapInitThreadTCB, seL4_CapInitThreadTCB, 255);
}

static void threads_in_all_states(void)
{
        static struct call send, receive, wait, call;
        seL4_Word ep = make(seL4_EndpointObject, 0), queue = make(seL4_EndpointObject, 0);
        seL4_Word served = make(seL4_EndpointObject, 0), reply = make(seL4_ReplyObject, 0), badge;

        send = (struct call){ep, 0, 0, (seL4_Word)seL4_SysSend};
        receive = (struct call){queue, 0, make(seL4_ReplyObject, 0), (seL4_Word)seL4_SysRecv};
        wait = (struct call){make(seL4_NotificationObject, 0), 0, 0, (seL4_Word)seL4_SysWait};
        call = (struct call){served, 0, 0, (seL4_Word)seL4_SysCall};
        seL4_UserContext c = {0};
        seL4_Word sender = thread(0, "sender", &send);
        thread(1, "receiver", &receive);
        thread(2, "waiter", &wait);
        thread(3, "caller", &call);
        thread(4, "sleeper", 0);
        let_run();
        seL4_NBRecv(served, &badge, reply);
        thread(5, "ready", &send);
        say("@ dump\n");
        seL4_DebugDumpScheduler();
        say("@ end dump\n@ sender pc ");
        seL4_TCB_ReadRegisters(sender, 0, 0, 1, &c);
        say_number(c.pc);
        say("\n@ snapshot\n");
        seL4_DebugSnapshot();
        say("@ end snapshot\n");
}

static void names(void)
{
        char name[LONG_NAME + 1];
        seL4_Word tcb = make(seL4_TCBObject, 0);

        say("@ names\n");
        seL4_DebugDumpScheduler(); /* the new thread's name comes from its creator */
        for (int i = 0; i < LONG_NAME; i++)
                name[i] = 'x';
        name[LONG_NAME] = '\0';
        seL4_DebugNameThread(tcb, name);
        seL4_DebugDumpScheduler();
        seL4_DebugNameThread(tcb, "");
        say("@ end names\n");
}

/* A thread without a handler for its faults, and an interrupt that nobody is notified of. */
static void reports(void)
{
        static struct call bad = {1ul << 63 | 0x123, 0, 0, (seL4_Word)seL4_SysSend};

        say("@ fault\n");
        thread(6, "faulty", &bad);
        let_run();
        say("@ after fault\n@ interrupt\n");
        seL4_IRQControl_Get(seL4_CapIRQControl, 5, seL4_CapInitThreadCNode, next_slot++, 64);
        seL4_IRQControl_IssueSGISignal(seL4_CapIRQControl, 5, 0, seL4_CapInitThreadCNode, next_slot, 64);
        seL4_Signal(next_slot++);
        for (volatile int i = 0; i < SPIN; i++)
                ;
        say("@ after interrupt\n");
}

/* --- refusals --- */

enum { REPORT = 0x54450004, UNKNOWN_LABEL = 999, MORE_THAN_THERE_IS = 200, UNALIGNED = 0x10000001 };

static void tell(seL4_Word of)
{
        seL4_SetMR(0, of);
        if (seL4_MessageInfo_get_label(seL4_Call(seL4_CapIRQControl, seL4_MessageInfo_new(REPORT, 0, 0, 1))))
                say("@ cannot tell\n");
}

/* One of each error. */
static void refused_calls(void)
{
        seL4_Word frame = make(seL4_ARM_SmallPageObject, 0), root = seL4_CapInitThreadCNode,
                  free = next_slot++;

        say("@ argument\n");
        seL4_Untyped_Retype(memory, UNKNOWN_LABEL, 0, root, 0, 0, free, 1);
        say("@ capability\n");
        seL4_Call(free, seL4_MessageInfo_new(0, 0, 0, 0));
        say("@ illegal\n");
        seL4_Call(root, seL4_MessageInfo_new(UNKNOWN_LABEL, 0, 0, 0));
        say("@ range\n");
        seL4_CNode_Delete(root, free, 65);
        say("@ alignment\n");
        seL4_ARM_Page_Map(frame, seL4_CapInitThreadVSpace, UNALIGNED, seL4_AllRights, 0);
        say("@ lookup\n");
        seL4_CNode_Copy(root, free, 64, root, next_slot, 64, seL4_AllRights);
        say("@ truncated\n");
        seL4_Call(seL4_CapInitThreadTCB, seL4_MessageInfo_new(TCBSetPriority, 0, 0, 0));
        say("@ delete\n");
        seL4_CNode_Copy(root, frame, 64, root, frame, 64, seL4_AllRights);
        say("@ revoke\n");
        seL4_CNode_Copy(root, free, 64, root, memory, 64, seL4_AllRights);
        say("@ memory\n");
        seL4_Untyped_Retype(memory, seL4_ARM_LargePageObject, 0, root, 0, 0, free, MORE_THAN_THERE_IS);
        say("@ nobody\n");
        seL4_NBSend(root, seL4_MessageInfo_new(UNKNOWN_LABEL, 0, 0, 0));
        say("@ end refusals\n");
}

static void refusals(void)
{
        static struct call nothing = {1ul << 63 | 0x123, 0, 0, (seL4_Word)seL4_SysSend};

        say("@ before\n");
        seL4_Call(seL4_CapInitThreadCNode, seL4_MessageInfo_new(UNKNOWN_LABEL, 0, 0, 0));
        say("@ all\n");
        tell(2);
        refused_calls();
        say("@ others\n");
        tell(1);
        seL4_Call(seL4_CapInitThreadCNode, seL4_MessageInfo_new(UNKNOWN_LABEL, 0, 0, 0));
        thread(0, "other", &nothing);
        let_run();
        say("@ none\n");
        tell(0);
        seL4_Call(seL4_CapInitThreadCNode, seL4_MessageInfo_new(UNKNOWN_LABEL, 0, 0, 0));
        say("@ end none\n");
}

static void last_words(void)
{
        char *buffer = (char *)&seL4_GetIPCBuffer()->msg[0];

        say("@ last\n");
        if (SCENE == 0)
                seL4_DebugHalt();
        if (SCENE == 1)
                seL4_DebugNameThread(seL4_CapInitThreadCNode, "nobody");
        for (int i = 0; i < NAME_BYTES; i++)
                buffer[i] = 'n';
        register seL4_Word x0 __asm__("x0") = seL4_CapInitThreadTCB;
        register seL4_Word x7 __asm__("x7") = (seL4_Word)seL4_SysDebugNameThread;
        __asm__ volatile("svc #0" : "+r"(x0) : "r"(x7) : "memory");
}

/* From tests/suite/start.S, with stack and thread-local data. */
void root_main(seL4_BootInfo *info)
{
        boot = info;
        seL4_SetIPCBuffer(info->ipcBuffer);
        find_memory();
        put_word(0xffffffffffffff40);
        say(" char\n");
        if (SCENE == 0) {
                threads_in_all_states();
                names();
                reports();
        }
        if (SCENE == 1)
                refusals();
        last_words();
        say("@ goes on\n");
        for (;;)
                ;
}
