/* SPDX-License-Identifier: BSD-2-Clause */
/* See pieces.h. */
#include "os/server/pieces.h"
#include "os/calls/linux/posix.h"
#include "os/core/console.h"
#include "os/core/pace.h"
#include "os/files/spare.h"
#include "os/memory/frame.h"
#include "os/memory/swap.h"
#include "os/process/keys.h"
#include "os/process/machine.h"
#include "os/process/signals/signal.h"
#include "os/server/keys.h"
#include "os/server/server.h"

enum {
        LEAVING_PRIORITY = SERVER_PRIORITY - 1
}; /* above all processes: it is little work, and they do not notice it */

static struct {
        bool leaving; /* content that nobody refers to any more is freed in pieces */
        bool idle;    /* the word was asked for when there was nothing else to do */
        bool paced;   /* the signal to go on has been requested */
        bool keyed;   /* the last piece was one of keys: who types without end keeps nobody off */
} pieces;

static bool content_leaves(void)
{
        return spare_leaving() || node_leaving() || keys_leaving() || share_leaving();
}

static bool content_leave_some(void)
{
        if (spare_leaving())
                spare_leave_some(); /* its program waits */
        else if (node_leaving())
                node_leave_some();
        else if (keys_leaving())
                keys_leave_some();
        else
                share_leave_some();
        return content_leaves();
}

void pieces_do(void)
{
        struct waiter *w = wait_first(call_pieces());

        pieces.paced = false;
        if (console_has_keys() && !(pieces.keyed && (w || pieces.leaving))) {
                server_works_for(SERVER_SIGNAL);
                pieces.keyed = true;
                keys_hear();
                return;
        }
        pieces.keyed = false;
        if (pieces.leaving) {
                server_works_for(SERVER_LEAVING);
                pieces.leaving = content_leave_some();
                wait_wake(swap_queue());
                return;
        }
        if (!w && pieces.idle)
                frame_prepare();
        pieces.idle = false;
        if (!w)
                return;
        call_takes_piece(&process_of_waiter(w)->call);
        server_let_try(w);
}

void pieces_end(struct process *p)
{
        enum { SOON = 4 };
        struct process *parent = process_find(p->parent);
        struct machine *machine = p->machine;

        server_works_for(SERVER_ENDING);
        switch (process_end_some(p)) {
        case PROCESS_ENDED:
                if (machine)
                        machine_ended(machine);
                if (!parent)
                        return;
                wait_wake(&parent->waits.children);
                signal_child(parent, p);
                return;
        case PROCESS_RESTS:
                return;
        default:
                if (p->call.progress++ < SOON)
                        wait_ring(&p->call.waiter);
                else
                        wait_at(&p->call.waiter, call_pieces());
        }
}

/* How urgent the next piece is: as urgent as the process itself, or as those who wait for its end. */
static unsigned long urgency(struct process *p)
{
        struct process *parent = process_find(p->parent);
        unsigned long most = p->time.priority;

        for (struct waiter *w = wait_first(&p->waits.ended); w; w = wait_behind(w, &p->waits.ended)) {
                const struct process *other = process_of_waiter(w);

                most = other->time.priority > most ? other->time.priority : most;
        }
        if (parent && wait_first(&parent->waits.children) && parent->time.priority > most)
                most = parent->time.priority;
        return most;
}

/* The highest priority of all that have pieces left, and of those who wait for memory while some is being freed. */
static unsigned long most_urgent(void)
{
        unsigned long priority = 0;

        for (struct waiter *w = wait_first(call_pieces()); w; w = wait_behind(w, call_pieces())) {
                unsigned long own = urgency(process_of_waiter(w));

                priority = own > priority ? own : priority;
        }
        for (struct waiter *w = frame_comes() ? wait_first(swap_queue()) : NULL; w;
             w = wait_behind(w, swap_queue())) {
                const struct process *p = process_of_waiter(w);

                priority = p->time.priority > priority ? p->time.priority : priority;
        }
        return priority;
}

/* The signal has been requested: it must come soon enough for calls that were added since. */
static void hurry(void)
{
        /* the call added last must not wait for less urgent ones */
        struct waiter *last = wait_first(call_pieces()) ? wait_last(call_pieces()) : NULL;

        if (last)
                pace_hurry(urgency(process_of_waiter(last)));
        if (console_has_keys())
                pace_hurry(LEAVING_PRIORITY);
        if (pieces.idle && frame_comes() && content_leaves()) {
                pieces.leaving = true;
                pace_hurry(LEAVING_PRIORITY);
        }
}

void pieces_pace(bool answers)
{
        if (!answers)
                signal_news();
        if (pieces.paced) {
                hurry();
                return;
        }
        if (frame_comes() && !pieces.leaving)
                pieces.leaving = content_leaves();
        pieces.idle = !pieces.leaving && !console_has_keys() && !wait_first(call_pieces());
        pieces.paced = !pieces.idle || frame_wants_prepared();
        if (pieces.paced)
                pace_go(pieces.leaving || console_has_keys() ? LEAVING_PRIORITY
                        : pieces.idle                        ? 0
                                                             : most_urgent());
}
