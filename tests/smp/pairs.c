/* SPDX-License-Identifier: BSD-2-Clause */
/* Two operations at the same time on the same objects, for each pair of the list: what the callers are told, and the state
 * afterwards, are those of one of the two orders (spec smp.md 7).
 *
 * The callers wait on cores 1 and 2, in the long form without entering the kernel, so that they enter it together.  The thread that
 * some operations are about yields for ever on core 3, above another one that does the same: one of the two makes progress, which shows
 * whether the upper one may run.
 */
#include "operations.h"
#include "smp.h"

enum operation { SHARED_OPERATIONS, OPERATIONS };
enum order { FIRST_IS_FIRST, SECOND_IS_FIRST, TOGETHER };
enum { LOWER = EQUAL - 20, MIDDLE = EQUAL - 10, UNTYPED_BITS = 4, POOL_BITS = 12, STEPS = 4, HOLD_BACK = 50 };

#ifdef SMP_LONG
enum { ROUNDS = 20, STRIDE = 1 };
static void let_others(void)
{
}
#else
enum { ROUNDS = 2, STRIDE = 2 };
static void
let_others(void) /* an emulator that gives its processors turns ends one when it waits at the door */
{
        seL4_Yield();
}
#endif

struct outcome {
        word said[2], slots, badge, room, bound, timed, runs;
};

/* A notification and a badged copy of it in `original` and `copy`; nothing in `empty` and `probe`; room for one endpoint in `untyped`;
 * another notification and badged copies of it for the callers. */
static word pool, original, copy, empty, probe, untyped, bell, badged[2];
static struct helper subject, witness, caller[2];
static volatile word go[2], finished[2], said[2], asked[2], hold_back[2];

static word retype(word from, word type, word bits, word slot)
{
        return seL4_Untyped_Retype(from, type, bits, ROOT, 0, 0, slot, 1);
}

static word about_thread(word operation, word me)
{
        static const word priorities[2] = {LOWER, ABOVE};

        switch (operation) {
        case DO_BIND:
                return seL4_TCB_BindNotification(subject.tcb, original);
        case DO_UNBIND:
                return seL4_TCB_UnbindNotification(subject.tcb);
        case DO_PRIORITY:
                return seL4_TCB_SetPriority(subject.tcb, seL4_CapInitThreadTCB, priorities[me]);
        case DO_SUSPEND:
                return seL4_TCB_Suspend(subject.tcb);
        case DO_RESUME:
                return seL4_TCB_Resume(subject.tcb);
        case DO_GIVE_TIME:
                return seL4_SchedContext_Bind(subject.sc, subject.tcb);
        default:
                return seL4_SchedContext_UnbindObject(subject.sc, subject.tcb);
        }
}

static word about_caps(word operation)
{
        switch (operation) {
        case DO_DELETE:
                return seL4_CNode_Delete(AT(copy));
        case DO_DELETE_ORIGINAL:
                return seL4_CNode_Delete(AT(original));
        case DO_COPY:
                return seL4_CNode_Copy(AT(empty), AT(copy), seL4_AllRights);
        case DO_MOVE:
                return seL4_CNode_Move(AT(empty), AT(copy));
        case DO_REVOKE:
                return seL4_CNode_Revoke(AT(original));
        default:
                return retype(untyped, seL4_EndpointObject, 0, empty);
        }
}

static word operate(word operation, word me)
{
        word badge = 0;

        if (operation == DO_SIGNAL)
                seL4_Signal(badged[me]);
        else if (operation == DO_POLL)
                seL4_Poll(bell, &badge);
        else if (operation <= DO_RETYPE)
                return about_caps(operation);
        else
                return about_thread(operation, me);
        return badge;
}

static void calls(word me, word unused)
{
        (void)unused;
        for (word turn = 1;; turn++) {
                while (get(&go[me]) != turn)
                        let_others();
                for (volatile word i = hold_back[me]; i > 0; i--)
                        ;
                said[me] = operate(asked[me], me);
                put(&finished[me], turn);
        }
}

/* Restores the state before any operation. */
static void renew(void)
{
        OK(seL4_TCB_Suspend(subject.tcb));
        (void)seL4_TCB_UnbindNotification(subject.tcb);
        (void)seL4_SchedContext_Unbind(subject.sc);
        OK(seL4_CNode_Revoke(AT(pool)));
        OK(retype(pool, seL4_NotificationObject, 0, original));
        OK(retype(pool, seL4_NotificationObject, 0, bell));
        OK(retype(pool, seL4_UntypedObject, UNTYPED_BITS, untyped));
        OK(seL4_CNode_Mint(AT(copy), AT(original), seL4_AllRights, 4));
        for (word me = 0; me < 2; me++)
                OK(seL4_CNode_Mint(AT(badged[me]), AT(bell), seL4_AllRights, 1 + me));
        OK(seL4_TCB_SetPriority(subject.tcb, seL4_CapInitThreadTCB, EQUAL));
        OK(seL4_SchedContext_Bind(subject.sc, subject.tcb));
        OK(seL4_TCB_Resume(subject.tcb));
}

/* Which of the two on core 3 makes progress, once each has had the time to notice. */
static word subject_runs(void)
{
        word s = get(&subject.step), w = get(&witness.step);

        UNTIL(get(&subject.step) > s + STEPS || get(&witness.step) > w + STEPS);
        return get(&subject.step) > s + STEPS;
}

static struct outcome look(void)
{
        struct outcome o = {.said = {said[0], said[1]}};

        o.runs = subject_runs();
        o.slots = kind_of(original) | kind_of(copy) << 8 | kind_of(empty) << 16;
        seL4_Poll(bell, &o.badge);
        o.room = retype(untyped, seL4_EndpointObject, 0, probe);
        o.bound = seL4_TCB_BindNotification(subject.tcb, original);
        o.timed = seL4_SchedContext_Bind(subject.sc, subject.tcb);
        return o;
}

static void start(word me)
{
        put(&go[me], go[me] + 1);
}

static void ended(word me)
{
        UNTIL(get(&finished[me]) == go[me]);
}

static struct outcome try(word first, word second, enum order order, word round)
{
        word before = order == SECOND_IS_FIRST;

        renew();
        asked[0] = first;
        asked[1] = second;
        hold_back[0] = order == TOGETHER ? round % 7 * HOLD_BACK : 0;
        hold_back[1] = order == TOGETHER ? round % 5 * HOLD_BACK : 0;
        start(before);
        if (order != TOGETHER)
                ended(before);
        start(!before);
        ended(0);
        ended(1);
        return look();
}

static int same(const struct outcome *a, const struct outcome *b)
{
        return a->said[0] == b->said[0] && a->said[1] == b->said[1] && a->slots == b->slots &&
               a->badge == b->badge && a->room == b->room && a->bound == b->bound && a->timed == b->timed &&
               a->runs == b->runs;
}

static void set_up(void)
{
        pool = new_object(seL4_UntypedObject, POOL_BITS);
        original = new_slots(8);
        copy = original + 1;
        empty = original + 2;
        probe = original + 3;
        untyped = original + 4;
        bell = original + 5;
        for (word me = 0; me < 2; me++) {
                badged[me] = original + 6 + me;
                go[me] = finished[me] = 0;
                spawn_on(&caller[me], 1 + me, EQUAL, calls, me, 0);
        }
        spawn_on(&subject, 3, EQUAL, yields, (word)&subject, 0);
        spawn_on(&witness, 3, MIDDLE, yields, (word)&witness, 0);
}

TEST(smp_two_operations_at_once_are_one_after_the_other, "SMP-48")
{
        word differ = 0;

        set_up();
        for (word pair = 0; pair < OPERATIONS * OPERATIONS; pair += STRIDE) {
                word first = pair / OPERATIONS, second = pair % OPERATIONS;
                struct outcome a = try(first, second, FIRST_IS_FIRST, 0);
                struct outcome b = try(first, second, SECOND_IS_FIRST, 0);

                differ += !same(&a, &b);
                for (word round = 0; round < ROUNDS; round++) {
                        struct outcome t = try(first, second, TOGETHER, round);

                        if (!same(&t, &a) && !same(&t, &b))
                                suite_fail(__FILE__, __LINE__, "one of the two orders", first, second);
                }
        }
        CHECK(differ > OPERATIONS / STRIDE); /* else nothing would be compared */
}
