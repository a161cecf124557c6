/* SPDX-License-Identifier: BSD-2-Clause */
/* Continuing threads, and stepping: by the core where it can; otherwise, and through exclusive accesses, by breakpoints at the next
 * instruction; see stub.h.  Owns gdb's breakpoints and its own.
 *
 * Other threads may hit one of ours: such a thread steps over it alone, unseen by gdb, and then all go on as before. */
#include "stub.h"

enum { BREAKS = 64, GDB_TRAP = 5, GDB_INT = 2, TRAP = 5 };

static struct {
        uint64_t of_gdb[BREAKS];
        unsigned count;
        uint64_t places[PLACES]; /* ours, where gdb has no breakpoint */
        bool ours[PLACES];
        unsigned used;
        uint64_t from;    /* where the step of gdb's thread began */
        struct wish wish; /* what gdb wants */
        int over;         /* the thread that steps over one of ours */
        int by_core;      /* the thread that the core is to step, 0: none */
} run;

bool break_is(uint64_t address)
{
        for (unsigned i = 0; i < run.count; i++) {
                if (run.of_gdb[i] == address)
                        return true;
        }
        return false;
}

long break_set(const struct target *t, uint64_t address)
{
        if (break_is(address))
                return 0;
        if (run.count == BREAKS || target_ask(DEBUG_BREAK, t->pid, (long)address, 0, 0))
                return -1;
        run.of_gdb[run.count++] = address;
        return 0;
}

long break_clear(const struct target *t, uint64_t address)
{
        for (unsigned i = 0; i < run.count; i++) {
                if (run.of_gdb[i] != address)
                        continue;
                if (target_ask(DEBUG_UNBREAK, t->pid, (long)address, 0, 0))
                        return -1;
                run.of_gdb[i] = run.of_gdb[--run.count];
                return 0;
        }
        return 0;
}

static bool read_of(void *context, uint64_t address, uint32_t *word)
{
        return target_read(context, address, word, sizeof(*word)) == sizeof(*word);
}

static bool is_place(uint64_t address)
{
        for (unsigned i = 0; i < run.used; i++) {
                if (run.places[i] == address)
                        return true;
        }
        return false;
}

static void drop_places(const struct target *t)
{
        for (unsigned i = 0; i < run.used; i++) {
                if (run.ours[i])
                        target_ask(DEBUG_UNBREAK, t->pid, (long)run.places[i], 0, 0);
        }
        run.used = 0;
}

static bool core_steps(struct target *t, uint64_t pc)
{
        uint32_t word;

        return core_debugs(t) && (!read_of(t, pc, &word) || !begins_sequence(word));
}

/* Prepares that thread's step. */
static bool make_places(struct target *t, int thread)
{
        struct debug_registers r;

        if (!target_get(t, thread, &r))
                return false;
        if (thread == run.wish.one)
                run.from = r.pc;
        run.by_core = core_steps(t, r.pc) ? thread : 0;
        if (run.by_core)
                return true;
        run.used = next_places(&r, read_of, t, run.places);
        for (unsigned i = 0; i < run.used; i++) {
                run.ours[i] = !break_is(run.places[i]);
                if (run.ours[i] && target_ask(DEBUG_BREAK, t->pid, (long)run.places[i], 0, 0)) {
                        run.used = i;
                        drop_places(t);
                        return false;
                }
        }
        return run.used > 0;
}

static bool let_go(struct target *t, int thread, int signal)
{
        int step = !thread || thread == run.by_core ? run.by_core : 0;

        return target_ask(DEBUG_RELEASE, t->pid, thread, signal, step) == 0;
}

/* Starts the threads that gdb wants to run; false when there are none. */
static bool let_go_all(struct target *t)
{
        bool some = false;

        if (run.wish.all)
                return let_go(t, 0, 0);
        for (unsigned i = 0; i < run.wish.count; i++)
                some |= let_go(t, run.wish.some[i], 0);
        return (run.wish.one && let_go(t, run.wish.one, 0)) || some;
}

bool run_go(struct target *t, const struct wish *w)
{
        run.wish = *w;
        run.over = run.by_core = 0;
        if (w->one && !make_places(t, w->one))
                return false;
        /* a signal is for the thread that stopped; it may end all of them */
        if (w->signal && (!w->one || w->one == t->current) && let_go(t, t->current, w->signal)) {
                let_go_all(t);
                return true;
        }
        if (let_go_all(t))
                return true;
        drop_places(t);
        return false;
}

/* Where gdb's thread is now, or what else has stopped. */
static bool tell(struct target *t, const struct debug_event *e, uint64_t pc)
{
        drop_places(t);
        t->current = t->general = e->thread;
        t->stop = signal_to_gdb(e->value);
        t->at_break = e->value == TRAP && e->why == DEBUG_FAULTED && break_is(pc);
        t->met = e->why == DEBUG_WATCHED ? watch_met(e->address, &t->watched) : NULL;
        run.wish.one = run.over = run.by_core = 0;
        return true;
}

/* Another thread has hit one of our breakpoints: it alone makes a step, and then gdb's thread continues its own, unless that is done.
 * True when this fails. */
static bool step_over(struct target *t, int thread)
{
        drop_places(t);
        run.over = thread;
        return !make_places(t, thread) || !let_go(t, thread, 0);
}

static bool over_done(struct target *t)
{
        struct debug_registers r = {0};
        struct debug_event arrived = {.thread = run.wish.one, .value = TRAP};
        int one = run.wish.one;

        drop_places(t);
        run.over = 0;
        target_get(t, one, &r);
        if (r.pc != run.from || !make_places(t, one) || !let_go_all(t))
                return tell(t, &arrived, r.pc);
        return false;
}

static bool stopped(struct target *t, const struct debug_event *e)
{
        struct debug_registers r = {0};

        target_get(t, e->thread, &r);
        if (e->why == DEBUG_STEPPED && e->thread == run.over)
                return over_done(t);
        if (e->value != TRAP || e->why != DEBUG_FAULTED || break_is(r.pc) || !is_place(r.pc))
                return tell(t, e, r.pc);
        if (e->thread == run.over)
                return over_done(t);
        if (e->thread != run.wish.one)
                return step_over(t, e->thread) && tell(t, e, r.pc);
        return tell(t, e, r.pc);
}

bool run_event(struct target *t, const struct debug_event *e, int *end)
{
        if (e->kind == DEBUG_ENDED) {
                t->lives = false;
                *end = e->value;
                return true;
        }
        if (e->kind == DEBUG_PROGRAM) { /* breakpoints were lost with the old memory */
                run.count = run.used = 0;
                watch_forget();
        }
        return stopped(t, e);
}

void run_stop(struct target *t)
{
        target_ask(DEBUG_HOLD, t->pid, 0, 0, 0);
        drop_places(t);
        if (!target_has(t, t->current))
                t->current = t->pid;
        t->general = t->current;
        t->stop = GDB_INT;
        t->at_break = false;
        t->met = NULL;
        run.wish.one = run.over = run.by_core = 0;
}
