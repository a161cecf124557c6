/* SPDX-License-Identifier: BSD-2-Clause */
/* The loop of a protection domain: wait for what others send, call the program's entry for it, answer.
 *
 * Capabilities 1 (input), 4 (reply) and 5 (monitor) are where the builder puts them.  Badges say what came: bit 62 the fault
 * of a child, bit 63 a protected call, otherwise one bit per channel or interrupt.
 */
#include <microkit.h>

enum { INPUT = 1, REPLY = 4, CHANNEL_BITS = 6 };

#define IS_CALL  ((seL4_Word)1 << 63)
#define IS_FAULT ((seL4_Word)1 << 62)

typedef void constructor(void);
extern constructor *__init_array_start[], *__init_array_end[];

/* In the last page. */
seL4_IPCBuffer *__sel4_ipc_buffer = (seL4_IPCBuffer *)(seL4_UserVSpaceTop & ~0xffful);

char microkit_name[MICROKIT_PD_NAME_LENGTH] = "?";
bool microkit_passive = false;
seL4_Word microkit_irqs = 0, microkit_notifications = 0, microkit_pps = 0, microkit_ioports = 0;

seL4_Bool microkit_have_signal = seL4_False;
seL4_CPtr microkit_signal_cap;
seL4_MessageInfo_t microkit_signal_msg;

static void missing(const char *what)
{
        microkit_dbg_puts(microkit_name);
        microkit_dbg_puts(": it is called, but has no function ");
        microkit_dbg_puts(what);
        microkit_dbg_puts("\n");
        microkit_internal_crash(seL4_NoError);
}

__attribute__((weak)) microkit_msginfo protected(microkit_channel ch, microkit_msginfo msginfo)
{
        (void)ch, (void)msginfo;
        missing("protected");
        return seL4_MessageInfo_new(0, 0, 0, 0);
}

__attribute__((weak)) seL4_Bool fault(microkit_child child, microkit_msginfo msginfo,
                                      microkit_msginfo *reply_msginfo)
{
        (void)child, (void)msginfo, (void)reply_msginfo;
        missing("fault");
        return seL4_False;
}

static void start(void)
{
        for (constructor **c = __init_array_start; c < __init_array_end; c++)
                (*c)();
        init();
        if (microkit_passive) { /* tells the monitor, which takes the time away */
                microkit_have_signal = seL4_True;
                microkit_signal_msg = seL4_MessageInfo_new(0, 0, 0, 0);
                microkit_signal_cap = MONITOR_EP;
        }
        for (unsigned int i = 0; i < MICROKIT_MAX_CHANNELS; i++)
                if (microkit_irqs & ((seL4_Word)1 << i))
                        seL4_IRQHandler_Ack(BASE_IRQ_CAP + i);
}

/* An answer, if there is one, and whatever was deferred go out; the next message comes in. */
static seL4_MessageInfo_t next(seL4_Bool answered, seL4_MessageInfo_t answer, seL4_Word *badge)
{
        seL4_Bool deferred = microkit_have_signal;

        microkit_have_signal = seL4_False;
        if (answered) {
                if (deferred)
                        seL4_Send(microkit_signal_cap, microkit_signal_msg);
                return seL4_ReplyRecv(INPUT, answer, badge, REPLY);
        }
        if (deferred)
                return seL4_NBSendRecv(microkit_signal_cap, microkit_signal_msg, INPUT, badge, REPLY);
        return seL4_Recv(INPUT, badge, REPLY);
}

int main(void);

int main(void)
{
        seL4_MessageInfo_t answer = seL4_MessageInfo_new(0, 0, 0, 0);
        seL4_Bool answered = seL4_False;

        start();
        for (;;) {
                seL4_Word badge;
                seL4_MessageInfo_t tag = next(answered, answer, &badge);

                answered = seL4_False;
                if (badge & IS_FAULT) {
                        answered = fault((microkit_child)(badge & 0xff), tag, &answer);
                } else if (badge & IS_CALL) {
                        answer = protected((microkit_channel)(badge & ((1 << CHANNEL_BITS) - 1)), tag);
                        answered = seL4_True;
                } else {
                        for (; badge != 0; badge &= badge - 1)
                                notified((microkit_channel)__builtin_ctzl(badge));
                }
        }
}
