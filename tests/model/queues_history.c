/* SPDX-License-Identifier: BSD-2-Clause */
/* Histories of threads that meet, done by the kernel and by the model; after every kernel entry both agree on who runs,
 * on every thread's state, priority and time, and on every queue with its order. */
#include "invoke/labels.h"
#include "ipc/endpoint.h"
#include "ipc/notification.h"
#include "mem/retype.h"
#include "tests/lib/test.h"
#include "tests/lib/user.h"
#include "tests/model/history.h"
#include "tests/model/queues.h"
#include "thread/reply.h"

enum {
        MEMORY = 4 << 20,
        ENDPOINT = 128,
        UNGRANTED = ENDPOINT + Q_ENDPOINTS, /* the same without the right to be answered */
        SIGNAL = UNGRANTED + Q_ENDPOINTS,
        REPLY = SIGNAL + Q_SIGNALS,
        THREAD = REPLY + Q_REPLIES, /* of thread 1; thread 0 is the first one */
        BADGES = THREAD + Q_THREADS * USER_THREAD_SLOTS,
        ACTIVE = Q_THREADS /* all begin with time of their own */
};

static struct choices *from;
static struct thread *thread[Q_THREADS];
static struct sched_context *time_of[Q_THREADS];

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

static word tcb(int t)
{
        return t == 0 ? SLOT_INIT_TCB : THREAD + (word)(t - 1) * USER_THREAD_SLOTS;
}

static void *object(word slot)
{
        return cap_object(cnode_slots(thread[0]->slot[TCB_CSPACE].cap)[slot].cap);
}

/* --- comparison ---------------------------------------------------------------------------------------------- */

static struct thread *kernel_thread(int t)
{
        return t == Q_NONE ? NULL : thread[t];
}

static void same_queue(struct waitq *k, const struct q_list *m)
{
        struct thread *t = k->first;

        for (int i = 0; i < m->count; i++) {
                CHECK(t == thread[m->item[i]]);
                t = waitq_next(t);
        }
        CHECK(t == NULL);
}

static void same_ready(void)
{
        for (int p = 0; p < Q_PRIORITIES; p++) {
                struct thread *head = kernel.ready[0].head[p], *t = head;

                for (int i = 0; i < q.ready[p].count; i++) {
                        CHECK(t == thread[q.ready[p].item[i]]);
                        t = t->link.next;
                }
                CHECK(t == head);
                CHECK((head == NULL) == (q.ready[p].count == 0));
        }
}

static void same_thread(int i)
{
        static const uint8_t state[] = {
                [INACTIVE] = Q_INACTIVE,      [RUNNING] = Q_RUNNABLE,    [RESTARTING] = Q_RUNNABLE,
                [SENDING] = Q_SENDING,        [RECEIVING] = Q_RECEIVING, [LISTENING] = Q_LISTENING,
                [AWAITING_REPLY] = Q_AWAITING};
        const struct q_thread *m = &q.thread[i];
        const struct thread *k = thread[i];

        CHECK_EQUAL(state[k->state], m->state);
        CHECK_EQUAL(k->priority, m->priority);
        CHECK(k->sc == (m->sc == Q_NONE ? NULL : time_of[m->sc]));
        if (m->state == Q_RECEIVING || m->state == Q_AWAITING)
                CHECK(k->reply == (m->reply == Q_NONE ? NULL : object(REPLY + (word)m->reply)));
}

static void same_stack(int s)
{
        const struct q_list *m = &q.time[s].lent;
        const struct reply *r = time_of[s]->reply;

        for (int i = m->count; i-- > 0; r = r->below)
                CHECK(r == object(REPLY + (word)m->item[i]));
        CHECK(r == NULL);
}

static void same_world(void)
{
        CHECK(sim_current() == kernel_thread(q.current));
        for (int i = 0; i < Q_THREADS; i++) {
                same_thread(i);
                if (time_of[i])
                        same_stack(i);
        }
        same_ready();
        for (int i = 0; i < Q_ENDPOINTS; i++)
                same_queue(&((struct endpoint *)object(ENDPOINT + (word)i))->queue, &q.endpoint[i].queue);
        for (int i = 0; i < Q_SIGNALS; i++) {
                struct notification *n = object(SIGNAL + (word)i);

                same_queue(&n->waiters, &q.signal[i].queue);
                CHECK_EQUAL(n->raised, q.signal[i].active);
                CHECK_EQUAL(n->flags, q.signal[i].word);
        }
        for (int i = 0; i < Q_REPLIES; i++)
                CHECK(((struct reply *)object(REPLY + (word)i))->thread == kernel_thread(q.reply[i].thread));
}

/* --- steps: the model first, for the kernel changes who runs --------------------------------------------------- */

static const struct message empty;

static void enter(enum user_call call, word x0, word x6, word x8)
{
        struct thread *t = sim_current();

        user_load(t, call, x0, &empty);
        t->context.x[REG_REPLY] = x6;
        t->context.x[REG_SECOND] = x8;
        sim_syscall();
}

static void send(void)
{
        static const int8_t calls[] = {USER_CALL, USER_CALL, USER_SEND, USER_NBSEND};
        enum user_call call = calls[some(4)];
        int e = some_meeting();
        bool grant = some(5) != 0;

        history_note("%d sends %d on endpoint %d", q.current, call, e);
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
        q_do_receive(e, with ? r : Q_NONE, call == USER_RECV || call == USER_WAIT);
        enter(call, ENDPOINT + (word)e, REPLY + (word)r, 0);
}

static void signal_or_wait(void)
{
        static const int8_t calls[] = {USER_WAIT, USER_NBWAIT, USER_SEND, USER_NBSEND};
        enum user_call call = calls[some(4)];
        int n = some(Q_SIGNALS);
        word badge = (word)some(3);
        bool waits = call == USER_WAIT || call == USER_NBWAIT;

        history_note("%d: %d on notification %d, badge %lu", q.current, call, n, badge);
        if (waits)
                q_do_wait(n, call == USER_WAIT);
        else
                q_do_signal(n, badge);
        enter(call, waits || badge == 0 ? SIGNAL + (word)n : BADGES + (word)n * 2 + badge - 1, 0, 0);
}

static void reply(void)
{
        static const int8_t calls[] = {USER_CALL, USER_SEND, USER_NBSEND};
        int r = some(Q_REPLIES);

        history_note("%d replies with %d", q.current, r);
        q_do_reply(r);
        enter(calls[some(3)], REPLY + (word)r, 0, 0);
}

static void reply_and_receive(void)
{
        int r = some(Q_REPLIES), e = some(Q_ENDPOINTS);

        history_note("%d replies with %d and receives on %d", q.current, r, e);
        q_do_reply(r);
        q_do_receive(e, r, true);
        enter(USER_REPLY_RECV, ENDPOINT + (word)e, REPLY + (word)r, 0);
}

static void send_and_receive(void)
{
        int to = some(Q_ENDPOINTS), e = some(Q_ENDPOINTS), r = some_reply();
        bool with = some(2);

        history_note("%d sends on %d and receives on %d, %d", q.current, to, e, with ? r : Q_NONE);
        q_do_send((struct q_send){.endpoint = to, .grant = true, .donating = true});
        q_do_receive(e, with ? r : Q_NONE, true);
        if (with)
                enter(USER_NBSEND_RECV, ENDPOINT + (word)e, REPLY + (word)r, ENDPOINT + (word)to);
        else
                enter(USER_NBSEND_WAIT, ENDPOINT + (word)e, ENDPOINT + (word)to, 0);
}

static void other_thread(void)
{
        struct message m = {.label = LABEL_TCB_SUSPEND};
        bool suspend = some(6) == 0;
        int t = suspend ? some(Q_THREADS) : some_thread(Q_INACTIVE);

        if (suspend && t != q.current) {
                history_note("%d suspends %d", q.current, t);
                q_do_suspend(t);
        } else {
                m.label = LABEL_TCB_RESUME;
                history_note("%d resumes %d", q.current, t);
                q_do_resume(t);
        }
        user_send(USER_SEND, tcb(t), &m);
}

static void priority(void)
{
        int t = some(Q_THREADS), p = some(Q_PRIORITIES);

        history_note("%d gives %d priority %d", q.current, t, p);
        q_do_priority(t, p);
        user_send(USER_SEND, tcb(t),
                  &(struct message){.label = LABEL_TCB_SET_PRIORITY,
                                    .length = 1,
                                    .word = {(word)p},
                                    .caps = 1,
                                    .cap = {SLOT_INIT_TCB}});
}

/* A thread that waits without time of its own is one that time can be lent to. */
static void bind_or_unbind(void)
{
        int sc = some(Q_THREADS), t = some_thread(Q_RECEIVING);
        struct message m = {.label = LABEL_SCHED_CONTEXT_BIND, .caps = 1, .cap = {tcb(t)}};

        if (some(4) != 0)
                sc = q.thread[t].sc != Q_NONE ? q.thread[t].sc : sc;
        if (some(4) != 0) {
                m.label = LABEL_SCHED_CONTEXT_UNBIND_OBJECT;
                history_note("%d unbinds %d from %d", q.current, sc, t);
                q_do_unbind(sc, t);
        } else {
                history_note("%d binds %d to %d", q.current, sc, t);
                q_do_bind(sc, t);
        }
        user_send(USER_SEND, sc == 0 ? SLOT_INIT_SC : tcb(sc) + 1, &m);
}

static void yield(void)
{
        history_note("%d yields", q.current);
        q_do_yield();
        enter(USER_YIELD, 0, 0, 0);
}

static void step(void)
{
        static void (*const steps[])(void) = {send,
                                              send,
                                              send,
                                              receive,
                                              receive,
                                              receive,
                                              signal_or_wait,
                                              signal_or_wait,
                                              reply,
                                              reply_and_receive,
                                              reply_and_receive,
                                              send_and_receive,
                                              other_thread,
                                              other_thread,
                                              other_thread,
                                              priority,
                                              bind_or_unbind,
                                              bind_or_unbind,
                                              yield};

        bool alone = true;
        for (int p = 0; p < Q_PRIORITIES; p++)
                alone &= q.ready[p].count == 0;
        q_begin();
        if (alone && some(8) != 0) /* the last that can run wakes others before it may block */
                some(8) == 0 ? reply() : other_thread();
        else
                steps[some(sizeof(steps) / sizeof(steps[0]))]();
        q_end();
        same_world();
}

/* --- the machine ----------------------------------------------------------------------------------------------- */

static void make(word type, word slot, word count)
{
        CHECK_EQUAL(user_retype(user_memory(), type, 0, slot, count), 0);
}

static void make_objects(void)
{
        make(OBJECT_ENDPOINT, ENDPOINT, Q_ENDPOINTS);
        make(OBJECT_NOTIFICATION, SIGNAL, Q_SIGNALS);
        make(OBJECT_REPLY, REPLY, Q_REPLIES);
        for (word i = 0; i < Q_ENDPOINTS; i++)
                CHECK_EQUAL(user_copy(ENDPOINT + i, UNGRANTED + i, RIGHT_READ | RIGHT_WRITE), 0);
        for (word i = 0; i < Q_SIGNALS * 2; i++)
                CHECK_EQUAL(user_mint(SIGNAL + i / 2, BADGES + i, RIGHTS_ALL, i % 2 + 1), 0);
}

static void make_threads(void)
{
        time_of[0] = thread[0]->sc;
        for (int i = 1; i < Q_THREADS; i++) {
                thread[i] = user_thread(tcb(i), (word)q.thread[i].priority, 10000, 10000);
                time_of[i] = i < ACTIVE ? thread[i]->sc : NULL;
                if (i >= ACTIVE)
                        CHECK_EQUAL(user_set_time(tcb(i), 0, (word)q.thread[i].priority, 0), 0);
        }
}

void queues_history(struct choices *choices)
{
        from = choices;
        sim.no_checks = true;
        sim.cost = 0;
        host_console_clear();
        thread[0] = sim_boot(&(struct host_options){.memory = MEMORY, .cnode_bits = 8});
        q_new(ACTIVE);
        make_objects();
        make_threads();
        CHECK_EQUAL(user_invoke(SLOT_INIT_TCB, &(struct message){.label = LABEL_TCB_SET_PRIORITY,
                                                                 .length = 1,
                                                                 .word = {(word)q.thread[0].priority},
                                                                 .caps = 1,
                                                                 .cap = {SLOT_INIT_TCB}}),
                    0);
        same_world();
        for (int i = 1; i < Q_THREADS; i++) {
                q_begin();
                q_do_resume(i);
                user_send(USER_SEND, tcb(i), &(struct message){.label = LABEL_TCB_RESUME});
                q_end();
                same_world();
        }
        while (sim_current() && !choices_over(from)) {
                step();
                history_steps++;
        }
        sim.no_checks = false;
        sim_check();
}
