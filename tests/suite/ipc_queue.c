/* SPDX-License-Identifier: BSD-2-Clause */
/* The order in which threads queued on an endpoint are served. */
#include "ipc_common.h"

enum { QUEUED = 6 };

/* Agents that send their number, each started when the one before is queued. */
static void queue_up(struct agent *s, word ep, const word *priorities)
{
        for (word i = 0; i < QUEUED; i++) {
                agent_make(&s[i], priorities[i]);
                does_send(&s[i], minted(ep, i + 1, seL4_AllRights), 0);
                agent_run(&s[i]);
                EQ(s[i].h.step, 0);
        }
}

/* The badges found on the endpoint, as decimal digits. */
static word order_of(word ep)
{
        word reply = new_reply(), digits = 0;

        for (;;) {
                struct message m = poll_message(ep, reply);

                if (!m.any)
                        return digits;
                digits = digits * 10 + m.badge;
        }
}

TEST(senders_by_priority_then_age, "IPC-24")
{
        word ep = new_endpoint();
        struct agent s[QUEUED];

        queue_up(s, ep, (word[]){LOW, HIGH, MIDDLE, LOW, HIGH, MIDDLE});
        EQ(order_of(ep), 253614);
}

static void set_priority(struct agent *a, word priority)
{
        OK(seL4_TCB_SetPriority(a->h.tcb, seL4_CapInitThreadTCB, priority));
}

TEST(raised_sender_moves_forward, "IPC-25")
{
        word ep = new_endpoint();
        struct agent s[QUEUED];

        queue_up(s, ep, (word[]){LOW, LOW, LOW, MIDDLE, LOW, LOW});
        set_priority(&s[4], HIGH);
        set_priority(&s[1], MIDDLE);
        EQ(order_of(ep), 542136);
}

TEST(lowered_sender_moves_back, "IPC-25")
{
        word ep = new_endpoint();
        struct agent s[QUEUED];

        queue_up(s, ep, (word[]){HIGH, HIGH, LOW, MIDDLE, HIGH, MIDDLE});
        set_priority(&s[0], MIDDLE);
        set_priority(&s[1], LOW);
        EQ(order_of(ep), 546132);
}

TEST(same_priority_set_again_moves_to_the_end, "IPC-25")
{
        word ep = new_endpoint();
        struct agent s[QUEUED];

        queue_up(s, ep, (word[]){LOW, LOW, LOW, HIGH, HIGH, HIGH});
        set_priority(&s[0], LOW);
        set_priority(&s[4], HIGH);
        EQ(order_of(ep), 465231);
}

TEST(sched_params_requeue_as_well, "IPC-25")
{
        word ep = new_endpoint();
        struct agent s[QUEUED];

        queue_up(s, ep, (word[]){LOW, LOW, LOW, LOW, LOW, LOW});
        OK(seL4_TCB_SetSchedParams(s[1].h.tcb, seL4_CapInitThreadTCB, 255, LOW, s[1].h.sc, seL4_CapNull));
        EQ(order_of(ep), 134562);
}

TEST(receivers_by_priority, "IPC-26")
{
        static const word PRIORITY[] = {LOW, HIGH, MIDDLE, HIGH, LOW};
        static const word ORDER[] = {1, 3, 2, 0, 4};
        word ep = new_endpoint();
        struct agent r[5];

        for (word i = 0; i < 5; i++) {
                agent_make(&r[i], PRIORITY[i]);
                does_wait(&r[i], ep);
                agent_run(&r[i]);
        }
        for (word i = 0; i < 5; i++) {
                post(ep, i, 0);
                let_run();
                for (word k = 0; k < 5; k++)
                        EQ(r[ORDER[k]].h.step, k <= i);
                EQ(agent_out(&r[ORDER[i]], 0)[1], info_word(i, 0, 0));
        }
}

TEST(suspended_receiver_is_passed_over, "IPC-26")
{
        word ep = new_endpoint();
        struct agent low, high;

        agent_make(&low, LOW);
        does_wait(&low, ep);
        agent_run(&low);
        agent_make(&high, HIGH);
        does_wait(&high, ep);
        agent_run(&high);
        OK(seL4_TCB_Suspend(high.h.tcb));
        post(ep, 1, 0);
        CHECK(agent_is(&low, 1));
        EQ(high.h.step, 0);
        post(ep, 2, 0);
        OK(seL4_TCB_Resume(high.h.tcb));
        CHECK(agent_is(&high, 0));
        post(ep, 3, 0);
        CHECK(agent_is(&high, 1));
        EQ(agent_out(&high, 0)[1], info_word(3, 0, 0));
}

TEST(requeued_receiver_goes_behind_its_equals, "IPC-25 IPC-26")
{
        word ep = new_endpoint();
        struct agent r[2];

        for (word i = 0; i < 2; i++) {
                agent_make(&r[i], LOW);
                does_wait(&r[i], ep);
                agent_run(&r[i]);
        }
        set_priority(&r[0], LOW);
        post(ep, 0, 0);
        CHECK(agent_is(&r[1], 1));
        EQ(r[0].h.step, 0);
}

/* --- many changes of one queue, beside a model of it --- */

enum { MEMBERS = 12, CHANGES = 40, RUNS = 12 };

struct model {
        word seed, count;
        word order[MEMBERS], priority[MEMBERS],
                queued[MEMBERS]; /* order: members, first the next to be served */
};

static word random_below(struct model *m, word limit)
{
        m->seed = m->seed * 6364136223846793005ul + 1442695040888963407ul;
        return (m->seed >> 33) % limit;
}

static void model_leave(struct model *m, word who)
{
        word to = 0;

        for (word i = 0; i < m->count; i++) {
                if (m->order[i] != who)
                        m->order[to++] = m->order[i];
        }
        m->count = to;
        m->queued[who] = 0;
}

static void model_join(struct model *m, word who)
{
        word at = m->count++;

        for (; at > 0 && m->priority[m->order[at - 1]] < m->priority[who]; at--)
                m->order[at] = m->order[at - 1];
        m->order[at] = who;
        m->queued[who] = 1;
}

/* Priorities around a multiple of 16, several threads on each. */
static void change(struct model *m, struct agent *s)
{
        word who = random_below(m, MEMBERS);

        if (random_below(m, 3) == 0 && m->queued[who]) {
                OK(seL4_TCB_Suspend(s[who].h.tcb));
                model_leave(m, who);
                return;
        }
        m->priority[who] = 92 + random_below(m, 7);
        set_priority(&s[who], m->priority[who]);
        if (m->queued[who]) {
                model_leave(m, who);
        } else {
                OK(seL4_TCB_Resume(s[who].h.tcb));
                let_run();
        }
        model_join(m, who);
}

static void served_as_in_the_model(struct model *m, word ep)
{
        word reply = new_reply();

        for (word i = 0; i < m->count; i++)
                EQ(poll_message(ep, reply).badge, m->order[i] + 1);
        CHECK(!poll_message(ep, reply).any);
}

TEST(queue_beside_a_model, "IPC-24 IPC-25 IPC-26")
{
        static struct agent s[MEMBERS];
        static struct model m;
        word ep = new_endpoint();

        m.seed = 1;
        for (word i = 0; i < MEMBERS; i++) {
                agent_make(&s[i], LOW);
                does_send(&s[i], minted(ep, i + 1, seL4_AllRights), 0);
        }
        for (word run = 0; run < RUNS; run++) {
                m.count = 0;
                for (word i = 0; i < MEMBERS; i++) {
                        m.priority[i] = LOW;
                        set_priority(&s[i], LOW);
                        OK(seL4_TCB_Suspend(s[i].h.tcb));
                        agent_run(&s[i]);
                        model_join(&m, i);
                }
                for (word i = 0; i < CHANGES; i++)
                        change(&m, s);
                served_as_in_the_model(&m, ep);
        }
}
