/* SPDX-License-Identifier: BSD-2-Clause */
/* Random multi-threaded programs over endpoints, notifications, reply objects, priorities and scheduling contexts.
 * The order of events and every result is a function of the seed and of the interface's semantics alone, so the
 * log of a seed is the same on every conforming kernel. Prints "WALK seed events hash"; with WALK_DUMP the events too. */
#include "rt.h"
void *memset(void *, int, size_t);
#define RC(x) (ROOT), (x), 64
#define NT    5
#define NE    2
#define NN    2
#ifndef WALK_FIRST
#define WALK_FIRST 1001
#endif
#ifndef WALK_LAST
#define WALK_LAST 1200
#endif
#ifndef WALK_OPS
#define WALK_OPS 25
#endif
static struct {
        word ipc, ipccap, stack, tls;
} res[NT];
static word tcb[NT], sc[NT], rpl[NT], ep[NE], nt[NN], epb[NE][NT], ntb[NN][NT], first_slot, ut, seed_;
static word hash_, events;
static int running;
__attribute__((unused)) static const char *const names[] = {
        "nbsend", "send", "call",   "recv",    "nbrecv",   "reply",  "replyrecv",  "signal",
        "wait",   "poll", "yield",  "setprio", "suspend",  "resume", "nbsendrecv", "nbsendwait",
        "cancel", "bind", "unbind", "scswap",  "send-cap", "mint"};
__attribute__((unused)) static const char *const cap_names[] = {
        "copy",   "copy",   "mint",   "mint-guard", "move",   "move-from", "mutate", "delete", "delete-in",
        "revoke", "rotate", "retype", "retype",     "retype", "retype-in", "cancel", "kinds"};
static void note(word t, word op, word a, word b, word c, word d)
{
        if (!running)
                return;
        word v[6] = {t, op, a, b, c, d};
        for (int i = 0; i < 6; i++)
                hash_ = (hash_ ^ v[i]) * 1099511628211ul;
        events++;
#ifdef WALK_DUMP
        print("  t%u %s %x %x %x %x\n", t, t == 9 ? cap_names[op] : names[op], a, b, c, d);
#endif
}
static word rnd(word *s)
{
        *s ^= *s << 13;
        *s ^= *s >> 7;
        *s ^= *s << 17;
        return *s >> 11;
}
static void body(word me)
{
        word s = seed_ * 0x9e3779b97f4a7c15ul + me * 0xbf58476d1ce4e5b9ul + 1;
        for (int i = 0; i < 4; i++)
                rnd(&s);
        for (word k = 0; k < WALK_OPS; k++) {
                static const unsigned char mix[] = {
                        0, 0, 1,  1,  2,  2,  2,  3,  3,  3,  4,  4,  5,  5,  6,  6,  6,  7,  7,  7,  8, 8,
                        9, 9, 10, 10, 11, 11, 12, 13, 13, 14, 14, 15, 15, 16, 17, 18, 18, 19, 20, 20, 21};
                word op = mix[rnd(&s) % sizeof mix], e = rnd(&s) % NE, n = rnd(&s) % NN, o = rnd(&s) % NT,
                     p = rnd(&s) % 6, badge = 0, err = 0, len = rnd(&s) % 4 == 0 ? 7 : 1;
                seL4_MessageInfo_t i = MI(me * 100 + k, 0, len);
                for (word m = 0; m < len; m++)
                        seL4_SetMR(m, me * 1000 + k + m);
                seL4_MessageInfo_t r = MI(0, 0, 0);
                switch (op) {
                case 0:
                        seL4_NBSend(epb[e][me], i);
                        break;
                case 1:
                        seL4_Send(epb[e][me], i);
                        break;
                case 2:
                        r = seL4_Call(epb[e][me], i);
                        break;
                case 3:
                        r = seL4_Recv(ep[e], &badge, rpl[me]);
                        break;
                case 4:
                        badge = 0;
                        r = seL4_NBRecv(ep[e], &badge, rpl[me]);
                        break;
                case 5:
                        seL4_Send(rpl[me], i);
                        break;
                case 6:
                        r = seL4_ReplyRecv(ep[e], i, &badge, rpl[me]);
                        break;
                case 7:
                        seL4_Signal(ntb[n][me]);
                        break;
                case 8:
                        seL4_Wait(nt[n], &badge);
                        break;
                case 9:
                        seL4_Poll(nt[n], &badge);
                        break;
                case 10:
                        seL4_Yield();
                        break;
                case 11:
                        err = seL4_TCB_SetPriority(tcb[o], seL4_CapInitThreadTCB, 100 + p);
                        break;
                case 12:
                        if (o != me)
                                err = seL4_TCB_Suspend(tcb[o]);
                        break;
                case 13:
                        err = seL4_TCB_Resume(tcb[o]);
                        break;
                case 14:
                        r = seL4_NBSendRecv(epb[e][me], i, ep[(e + 1) % NE], &badge, rpl[me]);
                        break;
                case 15:
                        r = seL4_NBSendWait(ntb[n][me], i, nt[(n + 1) % NN], &badge);
                        break;
                case 16:
                        err = seL4_CNode_CancelBadgedSends(RC(epb[e][o]));
                        break;
                case 17:
                        err = seL4_TCB_BindNotification(tcb[o], nt[n]);
                        break;
                case 18:
                        err = seL4_TCB_UnbindNotification(tcb[o]);
                        break;
                case 19:
                        if (p < 3)
                                err = seL4_SchedContext_Unbind(sc[o]);
                        else
                                err = seL4_SchedContext_Bind(sc[o], tcb[o]);
                        break;
                case 20:
                        seL4_SetCap(0, p & 1 ? epb[e][o] : nt[n]);
                        i = MI(me * 100 + k, 1, len);
                        seL4_NBSend(epb[e][me], i);
                        break;
                case 21:
                        seL4_CNode_Delete(RC(epb[e][o]));
                        err = seL4_CNode_Mint(RC(epb[e][o]), RC(ep[e]), seL4_AllRights, 0x100 + o);
                        break;
                }
                note(me, op, err, seL4_MessageInfo_get_label(r),
                     op == 3 || op == 4 || op == 6 || op == 8 || op == 9 || op == 14 || op == 15 ? badge : 0,
                     (op == 2 || op == 3 || op == 6 || op == 14)
                             ? seL4_MessageInfo_get_length(r) * 16 + seL4_MessageInfo_get_extraCaps(r) * 4 +
                                       seL4_MessageInfo_get_capsUnwrapped(r)
                             : 0);
        }
        note(me, 10, 0xdead, 0, 0, 0);
        for (;;)
                seL4_TCB_Suspend(tcb[me]);
}
static word take(word type, word bits)
{
        word s = slot_alloc();
        word e = seL4_Untyped_Retype(ut, type, bits, ROOT, 0, 0, s, 1);
        if (e) {
                print("walk: retype %u\n", e);
                halt();
        }
        return s;
}
extern void thread_entry(void);
extern void rt_slots(word first);
static void run(word seed)
{
        seed_ = seed;
        hash_ = 14695981039346656037ul;
        events = 0;
        word s = seed * 0xd1342543de82ef95ul + 7;
        for (int i = 0; i < 4; i++)
                rnd(&s);
        for (int i = 0; i < NE; i++)
                ep[i] = take(seL4_EndpointObject, 0);
        for (int i = 0; i < NN; i++)
                nt[i] = take(seL4_NotificationObject, 0);
        for (int t = 0; t < NT; t++) {
                rpl[t] = take(seL4_ReplyObject, 0);
                tcb[t] = take(seL4_TCBObject, 0);
                sc[t] = take(seL4_SchedContextObject, 8);
                sc_set(sc[t], 60000000, 60000000);
                for (int i = 0; i < NE; i++) {
                        epb[i][t] = slot_alloc();
                        seL4_CNode_Mint(RC(epb[i][t]), RC(ep[i]), seL4_AllRights, 0x10 + t);
                }
                for (int i = 0; i < NN; i++) {
                        ntb[i][t] = slot_alloc();
                        seL4_CNode_Mint(RC(ntb[i][t]), RC(nt[i]), seL4_AllRights, 1ul << t);
                }
        }
        for (int t = 0; t < NT; t++) {
                word c = seL4_TCB_Configure(
                        tcb[t], ROOT, seL4_CNode_CapData_new(0, 64 - bi->initThreadCNodeSizeBits).words[0],
                        VSP, 0, res[t].ipc, res[t].ipccap);
                word pr = 100 + rnd(&s) % 6;
                c |= seL4_TCB_SetSchedParams(tcb[t], seL4_CapInitThreadTCB, 110, pr, sc[t], 0);
                if (c) {
                        print("walk: configure %u\n", c);
                        halt();
                }
                *(word *)(res[t].tls + 16) = res[t].ipc;
                memset((void *)res[t].ipc, 0, 1024);
                seL4_UserContext x;
                memset(&x, 0, sizeof x);
                x.pc = (word)thread_entry;
                x.sp = res[t].stack;
                x.x0 = (word)body;
                x.x1 = t;
                x.tpidr_el0 = res[t].tls;
                seL4_TCB_WriteRegisters(tcb[t], 1, 0, sizeof x / 8, &x);
        }
        for (int k = 0; k < 40; k++) { /* let them run until all are blocked, then stir */
                running = 1;
                seL4_TCB_SetPriority(self, seL4_CapInitThreadTCB, 1);
                running = 0;
                seL4_TCB_SetPriority(self, seL4_CapInitThreadTCB, 254);
                word w = rnd(&s) % NT, q = rnd(&s) % 8, badge = 0;
                switch (q) {
                case 0:
                case 1:
                        seL4_SetMR(0, 9000 + k);
                        seL4_NBSend(ep[w % NE], MI(9, 0, 1));
                        break;
                case 2:
                        seL4_Signal(nt[w % NN]);
                        break;
                case 3:
                case 4:
                        seL4_NBRecv(ep[w % NE], &badge, rpl[w]);
                        hash_ = (hash_ ^ badge) * 1099511628211ul;
                        break;
                case 5:
                        seL4_TCB_UnbindNotification(tcb[w]);
                        break;
                default:
                        seL4_SchedContext_Bind(sc[w], tcb[w]);
                        seL4_TCB_Resume(tcb[w]);
                        break;
                }
        }
        word e = seL4_CNode_Revoke(RC(ut));
        if (e) {
                print("walk: revoke %u\n", e);
                halt();
        }
        print("WALK %u %u %x\n", seed, events, hash_);
        rt_slots(first_slot);
}
/* A random walk of one thread over capability operations: copies, mints, moves, mutations, rotations, deletions,
 * revocations and retypes of every kind among 48 slots of the root CNode and the slots of CNodes made on the way. */
static void log_err(word op, word e)
{
        word a = 0, b = 0;
        if (e == seL4_InvalidArgument || e == seL4_InvalidCapability || e == seL4_NotEnoughMemory)
                a = seL4_GetMR(0);
        if (e == seL4_RangeError || e == seL4_FailedLookup) {
                a = seL4_GetMR(0);
                b = seL4_GetMR(1);
        }
        note(9, op, e, a, b, 0);
}
#ifndef CONFIG_DEBUG_BUILD /* the walk wants the debug kernel */
#define seL4_DebugCapIdentify(x) 0ul
#endif
static int talks(word slot)
{
        word k = seL4_DebugCapIdentify(slot);
        return k == 4 || k == 6 || k == 8;
} /* a Call on an endpoint would wait for ever */
static void caps(word seed, word ops)
{
        static const struct {
                word type, bits;
        } kind[] = {
                {seL4_UntypedObject, 8},      {seL4_UntypedObject, 12},      {seL4_UntypedObject, 13},
                {seL4_EndpointObject, 0},     {seL4_NotificationObject, 0},  {seL4_CapTableObject, 1},
                {seL4_CapTableObject, 3},     {seL4_TCBObject, 0},           {seL4_ReplyObject, 0},
                {seL4_SchedContextObject, 7}, {seL4_ARM_SmallPageObject, 0}, {seL4_ARM_PageTableObject, 0},
                {seL4_ARM_VSpaceObject, 0},   {seL4_UntypedObject, 3},       {99, 0},
                {seL4_CapTableObject, 0}};
        word s = seed * 0xd1342543de82ef95ul + 99, base = slot_range(48), done = 0;
        for (int i = 0; i < 4; i++)
                rnd(&s);
        hash_ = 14695981039346656037ul;
        events = 0;
        running = 1;
        for (word k = 0; k < ops; k++) {
                word op = rnd(&s) % 16, a = base + rnd(&s) % 48, b = base + rnd(&s) % 48,
                     c = base + rnd(&s) % 48, x = rnd(&s), e = 99;
                seL4_CapRights_t r = seL4_CapRights_new(x & 1, x >> 1 & 1, x >> 2 & 1, x >> 3 & 1);
                word dr = ROOT, di = a, dd = 64;
                if ((x >> 8) % 6 == 0 && !talks(c)) {
                        dr = c;
                        di = (x >> 12) % 10;
                        dd = 1 + (x >> 20) % 4;
                } /* sometimes into a CNode that may exist */
#ifdef WALK_DUMP
                print("    %s a=%u b=%u c=%u x=%x in=%u[%u:%u]\n", cap_names[op], a - base, b - base,
                      c - base, x, dr == ROOT ? 99ul : dr - base, di, dd);
#endif
                switch (op) {
                case 0:
                case 1:
                        e = seL4_CNode_Copy(dr, di, dd, ROOT, b, 64, r);
                        break;
                case 2:
                        e = seL4_CNode_Mint(dr, di, dd, ROOT, b, 64, r, x >> 30 & 3 ? x >> 32 & 0xff : 0);
                        break;
                case 3:
                        e = seL4_CNode_Mint(dr, di, dd, ROOT, b, 64, r,
                                            seL4_CNode_CapData_new(x >> 33 & 7, x >> 40 & 7).words[0]);
                        break;
                case 4:
                        e = seL4_CNode_Move(dr, di, dd, ROOT, b, 64);
                        break;
                case 5:
                        e = seL4_CNode_Move(ROOT, a, 64, dr, di, dd);
                        break;
                case 6:
                        e = seL4_CNode_Mutate(ROOT, a, 64, ROOT, b, 64, x >> 30 & 1 ? 0 : x >> 31 & 0xfff);
                        break;
                case 7:
                        e = seL4_CNode_Delete(ROOT, a, 64);
                        break;
                case 8:
                        e = seL4_CNode_Delete(dr, di, dd);
                        break;
                case 9:
                        if (x >> 50 & 1)
                                e = seL4_CNode_Revoke(ROOT, a, 64);
                        break;
                case 10:
                        e = seL4_CNode_Rotate(ROOT, a, 64, 0, ROOT, b, 64, 0, ROOT, c, 64);
                        break;
                case 11:
                case 12:
                case 13: {
                        if (talks(b))
                                break;
                        word q = (x >> 24) % (sizeof kind / sizeof *kind);
                        e = seL4_Untyped_Retype((x >> 40 & 1) ? ut : b, kind[q].type, kind[q].bits, ROOT, 0,
                                                0, a, 1 + (x >> 44 & 1));
                        break;
                }
                case 14: {
                        if (talks(b))
                                break;
                        word q = (x >> 24) % (sizeof kind / sizeof *kind);
                        e = seL4_Untyped_Retype(b, kind[q].type, kind[q].bits, ROOT, c, 64, (x >> 41) % 8,
                                                1 + (x >> 44) % 3);
                        break;
                }
                case 15:
                        e = seL4_CNode_CancelBadgedSends(ROOT, a, 64);
                        break;
                }
                done += e == 0;
                log_err(op, e);
                note(9, 16, seL4_DebugCapIdentify(a), seL4_DebugCapIdentify(b), seL4_DebugCapIdentify(c), 0);
        }
        running = 0;
        word e = seL4_CNode_Revoke(RC(ut));
        if (e) {
                print("caps: revoke %u\n", e);
                halt();
        }
        print("CAPS %u %u %x\n", seed, done, hash_);
        rt_slots(first_slot);
}
void run_walk(void)
{
        for (int t = 0; t < NT; t++) {
                res[t].ipc = vaddr_new();
                res[t].ipccap = map_new(res[t].ipc);
                word v = vaddr_new();
                map_new(v);
                res[t].stack = v + 4096;
                res[t].tls = res[t].ipc + 2048;
        }
        ut = untyped(17);
        first_slot = slot_alloc();
        sc_set(self_sc, 3600000000ul, 3600000000ul);
        for (word s = WALK_FIRST; s <= WALK_LAST; s++)
                run(s);
        for (word s = WALK_FIRST; s <= WALK_LAST; s++)
                caps(s, 400);
        print("GOLDEN DONE\n");
}
