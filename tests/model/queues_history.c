/* SPDX-License-Identifier: BSD-2-Clause */
/* Histories of threads that meet, lend each other time, use it up and wait for it, done by the kernel and by the model; after every
 * kernel entry both agree (queues_same.h). */
#include "arch/arch.h"
#include "invoke/labels.h"
#include "mem/retype.h"
#include "tests/lib/test.h"
#include "tests/model/history.h"
#include "tests/model/queues_same.h"
#include "time/clock.h"
#include "time/sched_context.h"

enum { MEMORY = 4 << 20, FIRST_BUDGET_US = 5000, REFILLS_MIN = 2, CONTEXT_BITS = 8 };

static struct choices *from;

static int some(int n)
{
        return (int)choose(from, (word)n);
}

/* Usually one that nobody uses: long chains need it. */
static int some_reply(void)
{
        int r = some(Q_REPLIES);

        for (int i = 0; i < Q_REPLIES && q.reply[r].thread != Q_NONE && some(8) != 0; i++)
                r = (r + 1) % Q_REPLIES;
        return r;
}

/* Usually a thread in that state: resuming blocked threads only takes apart what has formed. */
static int some_thread(enum q_state state)
{
        int t = some(Q_THREADS);

        for (int i = 0; i < Q_THREADS && q.thread[t].state != state && some(16) != 0; i++)
                t = (t + 1) % Q_THREADS;
        return t;
}

/* Usually an endpoint where somebody receives. */
static int some_meeting(void)
{
        int e = some(Q_ENDPOINTS);

        if ((q.endpoint[e].queue.count == 0 || q.endpoint[e].senders) && some(4) != 0)
                e = (e + 1) % Q_ENDPOINTS;
        return e;
}

/* A notification that the running thread may wait on; rarely one without time to lend.  Q_NONE: all are bound to others. */
static int some_signal(void)
{
        int n = some(Q_SIGNALS);

        for (int i = 0; i < Q_SIGNALS; i++, n = (n + 1) % Q_SIGNALS)
                if (q.signal[n].bound == Q_NONE || q.signal[n].bound == q.current)
                        return n;
        return Q_NONE;
}

/* --- steps: the model first, because the kernel changes who runs --------------------------------------------------- */

static const struct message empty;

static void enter(enum user_call call, word x0, word x6, word x8)
{
        struct thread *t = sim_current();

        user_load(t, call, x0, &empty);
        t->context.x[REG_REPLY] = x6;
        t->context.x[REG_SECOND] = x8;
        q_end();
        sim_syscall();
}

static void invoke_with(word cptr, const struct message *m)
{
        q_end();
        user_send(USER_SEND, cptr, m);
}

/* A call by the running thread that changes something about `extra`. */
static void invoke(word label, word cptr, word extra)
{
        invoke_with(cptr, &(struct message){.label = label, .caps = extra != 0, .cap = {extra}});
}

/* The entry of a call; false: there is too little budget for it.  The kernel is still to be entered. */
static bool begin(void)
{
        return q_begin(arch_now());
}

static void send(void)
{
        static const int8_t calls[] = {USER_CALL, USER_CALL, USER_SEND, USER_NBSEND};
        enum user_call call = calls[some(4)];
        int e = some_meeting();
        bool grant = some(5) != 0;

        history_note("%d sends %d on endpoint %d", q.current, call, e);
        if (begin())
                q_do_send((struct q_send){.endpoint = e,
                                          .blocking = call != USER_NBSEND,
                                          .call = call == USER_CALL,
                                          .grant = grant,
                                          .donating = call == USER_CALL});
        enter(call, (grant ? ENDPOINT : UNGRANTED) + (word)e, 0, 0);
}

static void receive(void)
{
        static const int8_t calls[] = {USER_RECV, USER_RECV, USER_NBRECV, USER_WAIT, USER_NBWAIT};
        enum user_call call = calls[some(5)];
        int e = some(Q_ENDPOINTS), r = some_reply();
        bool with = call == USER_RECV || call == USER_NBRECV;

        history_note("%d receives %d on endpoint %d with %d", q.current, call, e, r);
        if (begin())
                q_do_receive(e, with ? r : Q_NONE, call == USER_RECV || call == USER_WAIT);
        enter(call, ENDPOINT + (word)e, REPLY + (word)r, 0);
}

static void signal(void)
{
        int n = some(Q_SIGNALS);
        word badge = (word)some(3);

        history_note("%d signals %d, badge %lu", q.current, n, badge);
        if (begin())
                q_do_signal(n, badge);
        enter(some(2) ? USER_SEND : USER_NBSEND,
              badge == 0 ? SIGNAL + (word)n : BADGES + (word)n * 2 + badge - 1, 0, 0);
}

static void wait(void)
{
        int n = some_signal();
        bool blocking = some(2);

        if (n == Q_NONE) {
                signal();
                return;
        }
        history_note("%d %s %d", q.current, blocking ? "waits on" : "polls", n);
        if (begin())
                q_do_wait(n, blocking);
        enter(blocking ? USER_WAIT : USER_NBWAIT, SIGNAL + (word)n, 0, 0);
}

static void reply(void)
{
        static const int8_t calls[] = {USER_CALL, USER_SEND, USER_NBSEND};
        int r = some(Q_REPLIES);

        history_note("%d replies with %d", q.current, r);
        if (begin())
                q_do_reply(r);
        enter(calls[some(3)], REPLY + (word)r, 0, 0);
}

/* The second phase of a call: on a notification or an endpoint; answers its slot. */
static word second_phase(bool begun, int n, int e, int r)
{
        if (n != Q_NONE) {
                history_note("   then waits on %d", n);
                if (begun)
                        q_do_wait(n, true);
                return SIGNAL + (word)n;
        }
        history_note("   then receives on endpoint %d with %d", e, r);
        if (begun)
                q_do_receive(e, r, true);
        return ENDPOINT + (word)e;
}

static void reply_and_receive(void)
{
        int r = some(Q_REPLIES), e = some(Q_ENDPOINTS), n = some(3) ? Q_NONE : some_signal();

        history_note("%d replies with %d", q.current, r);
        bool begun = begin();
        if (begun)
                q_do_reply(r);
        enter(USER_REPLY_RECV, second_phase(begun, n, e, r), REPLY + (word)r, 0);
}

static void send_and_receive(void)
{
        int to = some_meeting(), e = some(Q_ENDPOINTS), r = some_reply(),
            n = some(2) ? Q_NONE : some_signal();
        bool with = some(2);

        history_note("%d sends on endpoint %d", q.current, to);
        bool begun = begin();
        if (begun)
                q_do_send((struct q_send){.endpoint = to, .grant = true, .donating = true});
        word at = second_phase(begun, n, e, with ? r : Q_NONE);
        if (with)
                enter(USER_NBSEND_RECV, at, REPLY + (word)r, ENDPOINT + (word)to);
        else
                enter(USER_NBSEND_WAIT, at, ENDPOINT + (word)to, 0);
}

static void other_thread(void)
{
        bool suspend = some(6) == 0;
        int t = suspend ? some(Q_THREADS) : some_thread(Q_INACTIVE);

        suspend &= t != q.current;
        history_note("%d %s %d", q.current, suspend ? "suspends" : "resumes", t);
        if (begin())
                (suspend ? q_do_suspend : q_do_resume)(t);
        invoke(suspend ? LABEL_TCB_SUSPEND : LABEL_TCB_RESUME, slot_of_thread(t), 0);
}

static void priority(void)
{
        int t = some(Q_THREADS), p = some(Q_PRIORITIES);

        history_note("%d gives %d priority %d", q.current, t, p);
        if (begin())
                q_do_priority(t, p);
        invoke_with(slot_of_thread(t), &(struct message){.label = LABEL_TCB_SET_PRIORITY,
                                                         .length = 1,
                                                         .word = {(word)p},
                                                         .caps = 1,
                                                         .cap = {SLOT_INIT_TCB}});
}

/* A thread that waits without time of its own is one that time can be lent to. */
static void take_time(void)
{
        int t = some_thread(Q_RECEIVING),
            sc = some(4) != 0 && q.thread[t].sc != Q_NONE ? q.thread[t].sc : some(Q_TIMES);

        history_note("%d unbinds %d from %d", q.current, sc, t);
        if (begin())
                q_do_unbind(sc, t);
        invoke(LABEL_SCHED_CONTEXT_UNBIND_OBJECT, slot_of_time(sc), slot_of_thread(t));
}

/* Usually one that nobody holds. */
static int some_time(void)
{
        int s = some(Q_TIMES);

        for (int i = 0; i < Q_TIMES && q.time[s].holder != Q_NONE && some(16) != 0; i++)
                s = (s + 1) % Q_TIMES;
        return s;
}

static void give_time(void)
{
        int t = some(Q_THREADS), sc = some_time();

        for (int i = 0; i < Q_THREADS && q.thread[t].sc != Q_NONE && some(16) != 0; i++)
                t = (t + 1) % Q_THREADS;
        history_note("%d binds %d to %d", q.current, sc, t);
        if (begin())
                q_do_bind(sc, t);
        invoke(LABEL_SCHED_CONTEXT_BIND, slot_of_time(sc), slot_of_thread(t));
}

/* Time for a notification, and back. */
static void time_of_signal(void)
{
        int n = some(Q_SIGNALS), sc = some_time();
        bool back = some(4) == 0;

        if (back && q.signal[n].time != Q_NONE)
                sc = q.signal[n].time;
        history_note("%d %s context %d, notification %d", q.current, back ? "unbinds" : "binds", sc, n);
        if (begin())
                (back ? q_do_take_back : q_do_lend)(sc, n);
        invoke(back ? LABEL_SCHED_CONTEXT_UNBIND_OBJECT : LABEL_SCHED_CONTEXT_BIND, slot_of_time(sc),
               SIGNAL + (word)n);
}

/* A thread is bound to a notification, or no longer. */
static void bind_signal(void)
{
        int n = some(Q_SIGNALS), t = some(3) ? some(Q_THREADS) : q.current;
        bool unbind = some(3) == 0;

        if (unbind && q.signal[n].bound != Q_NONE)
                t = q.signal[n].bound;
        history_note("%d: thread %d %s notification %d", q.current, t, unbind ? "is rid of its" : "hears", n);
        bool begun = begin();
        if (begun && unbind)
                q_do_unbind_signal(t);
        else if (begun)
                q_do_bind_signal(n, t);
        invoke(unbind ? LABEL_TCB_UNBIND_NOTIFICATION : LABEL_TCB_BIND_NOTIFICATION, slot_of_thread(t),
               unbind ? 0 : SIGNAL + (word)n);
}

static void yield(void)
{
        history_note("%d yields", q.current);
        if (begin())
                q_do_yield();
        enter(USER_YIELD, 0, 0, 0);
}

/* --- time ------------------------------------------------------------------------------------------------------ */

/* "Due now": whatever comes next comes at once, be it the end of a budget or of a wait. */
static void due(void)
{
        word now = arch_now(), deadline = host_deadline();

        history_note("%lu ticks until the timer", deadline - now);
        q_interrupt(deadline > now ? deadline : now);
        sim_pass(deadline > now ? deadline - now : 0);
        same_world();
}

/* Some time before that; nobody enters the kernel. */
static void pass(void)
{
        word now = arch_now(), deadline = host_deadline();

        if (deadline <= now)
                return;
        word ticks = (deadline - now) / 4 * (word)(1 + some(3));
        history_note("%lu ticks", ticks);
        sim_pass(ticks);
}

/* "This context is used up until later." */
static void use_up(void)
{
        int s = some_time();

        if (q.time[s].holder != Q_NONE || q.time[s].period == 0 || !q_time_is_usable(&q.time[s], q.now))
                return;
        history_note("context %d is used up", s);
        q_use_up(s);
        sc_charge(same_time(s), sc_head(same_time(s))->amount);
}

static void (*const steps[])(void) = {send,
                                      send,
                                      send,
                                      receive,
                                      receive,
                                      receive,
                                      signal,
                                      wait,
                                      reply,
                                      reply_and_receive,
                                      reply_and_receive,
                                      send_and_receive,
                                      send_and_receive,
                                      other_thread,
                                      other_thread,
                                      other_thread,
                                      priority,
                                      take_time,
                                      take_time,
                                      give_time,
                                      give_time,
                                      time_of_signal,
                                      bind_signal,
                                      yield,
                                      due,
                                      pass,
                                      use_up};

/* A call that lends the very context it is made on need not read the clock, and may be made with less budget left than others
 * (scheduling.md 8.1). */
static bool may_be_short(void (*step)(void))
{
        return step == send || step == reply_and_receive;
}

static void step(void)
{
        void (*chosen)(void) = steps[some(sizeof(steps) / sizeof(steps[0]))];
        bool alone = true;

        for (int p = 0; p < Q_PRIORITIES; p++)
                alone &= q.ready[p].count == 0;
        if (q.current == Q_NONE || q.overdue)
                chosen = due;
        else if (alone && some(8) != 0) /* the last one that can run wakes others before it may block */
                chosen = some(8) == 0 ? reply : other_thread;
        else if (q_left(arch_now()) == 0 && may_be_short(chosen))
                chosen = signal;
        chosen();
        if (chosen != pass && chosen != use_up) /* the kernel has been entered */
                same_world();
}

/* --- the machine ----------------------------------------------------------------------------------------------- */

static void make(word type, word bits, word slot, word count)
{
        CHECK_EQUAL(user_retype(user_memory(), type, bits, slot, count), 0);
}

static void make_objects(void)
{
        make(OBJECT_ENDPOINT, 0, ENDPOINT, Q_ENDPOINTS);
        make(OBJECT_NOTIFICATION, 0, SIGNAL, Q_SIGNALS);
        make(OBJECT_REPLY, 0, REPLY, Q_REPLIES);
        make(OBJECT_SCHED_CONTEXT, CONTEXT_BITS, SPARE, Q_TIMES - Q_THREADS);
        for (word i = 0; i < Q_ENDPOINTS; i++)
                CHECK_EQUAL(user_copy(ENDPOINT + i, UNGRANTED + i, RIGHT_READ | RIGHT_WRITE), 0);
        for (word i = 0; i < Q_SIGNALS * 2; i++)
                CHECK_EQUAL(user_mint(SIGNAL + i / 2, BADGES + i, RIGHTS_ALL, i % 2 + 1), 0);
}

/* Round robin, constant bandwidth, sporadic; with few or many replenishments. */
static void make_time(int i)
{
        word budget = 1000 * (word)(1 + some(4)), period = budget * (word)(1 + some(4)), more = (word)some(4);
        bool sporadic = some(2);

        CHECK_EQUAL(user_invoke(user_bootinfo()->sched_control.start,
                                &(struct message){.label = LABEL_SCHED_CONTROL_CONFIGURE_FLAGS,
                                                  .length = 5,
                                                  .word = {budget, period, more, 0, sporadic},
                                                  .caps = 1,
                                                  .cap = {slot_of_time(i)}}),
                    0);
        q_time_fresh(&q.time[i], ticks_from_us(budget), ticks_from_us(period), REFILLS_MIN + (int)more,
                     arch_now());
        q.time[i].sporadic = sporadic;
}

static void make_threads(void)
{
        word first = ticks_from_us(FIRST_BUDGET_US);

        for (int i = 1; i < Q_THREADS; i++)
                user_thread(slot_of_thread(i), (word)q.thread[i].priority, FIRST_BUDGET_US, FIRST_BUDGET_US);
        q_time_fresh(&q.time[0], first, first, REFILLS_MIN, arch_now());
        for (int i = 1; i < Q_TIMES; i++)
                make_time(i);
        CHECK_EQUAL(user_invoke(SLOT_INIT_TCB, &(struct message){.label = LABEL_TCB_SET_PRIORITY,
                                                                 .length = 1,
                                                                 .word = {(word)q.thread[0].priority},
                                                                 .caps = 1,
                                                                 .cap = {SLOT_INIT_TCB}}),
                    0);
}

void queues_history(struct choices *choices)
{
        from = choices;
        sim.no_checks = true;
        sim.cost = 0;
        host_console_clear();
        struct thread *first = sim_boot(&(struct host_options){.memory = MEMORY, .cnode_bits = 8});
        q_new(arch_now(), budget_min());
        q.charged = 0;
        make_objects();
        make_threads();
        same_begin(first);
        same_world();
        for (int i = 1; i < Q_THREADS; i++) {
                if (begin())
                        q_do_resume(i);
                invoke(LABEL_TCB_RESUME, slot_of_thread(i), 0);
                same_world();
        }
        while ((sim_current() || q.waiting.count) && !choices_over(from)) {
                step();
                history_steps++;
        }
        sim.no_checks = false;
        sim_check();
}
