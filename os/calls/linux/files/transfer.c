/* SPDX-License-Identifier: BSD-2-Clause */
/* Moving bytes between files and processes, page by page.
 *
 * Long ones are done in pieces (call_goes_on): while one has pieces left, others that want to move bytes of the same file wait,
 * so that what is written by one call lies together.  A read that has moved something and then would block, and any transfer
 * that then meets a bad address, ends with what it has moved; one that waits for a page from swap goes on there (p->call.progress
 * counts its bytes).
 */
#include "base/text.h"
#include "os/calls/linux/posix.h"
#include "os/files/pty.h"
#include "os/memory/swap.h"
#include "os/process/signals/signal.h"

/* Where it would be written. */
static uint64_t write_place(const struct file *f)
{
        return f->flags & O_APPEND ? f->node->size : f->offset;
}

/* The most bytes of one step: up to the end of a page of the file, and what the driver of the console takes in a piece. */
static seL4_Word step_bytes(const struct file *f, bool write)
{
        uint64_t at = write && f->flags & O_APPEND && f->node ? f->node->size : f->offset;

        if (write && (f->pty || f->kind == FILE_CONSOLE))
                return f->pty ? PTY_STEP : CONSOLE_STEP;
        return f->kind == FILE_CONSOLE ? SOS_TEXT_MAX : f->kind == FILE_NODE ? PAGE - at % PAGE : PAGE;
}

static unsigned weight(const struct file *f)
{
        return f->kind == FILE_CONSOLE ? POSIX_CONSOLE_WEIGHT : f->pty ? 16 : f->kind == FILE_RANDOM ? 8 : 1;
}

/* What is written to a pipe or a terminal is written whole before the call ends. */
static bool moves_all(const struct file *f, bool write)
{
        return write && (file_writes_pipe(f) || f->pty || f->kind == FILE_CONSOLE) &&
               !(f->flags & O_NONBLOCK);
}

/* A read takes all that is there, not just what one step finds. */
static bool reads_on(const struct file *f)
{
        return file_is_endless(f) || file_reads_pipe(f);
}

/* It has pieces left: until they are done, others keep off the file. */
static long stop(struct process *p, struct file *f)
{
        if (f->kind == FILE_NODE) {
                p->call.moving = f->node;
                node_open(f->node); /* another thread may close the file */
                f->node->busy = true;
        }
        return CALL_NO_VALUE;
}

bool posix_file_fits(struct process *p, const struct node *n, uint64_t at, seL4_Word *part)
{
        uint64_t most = process_limit(p, LIMIT_FILE_SIZE)->now;

        if (n->kind != NODE_MEMORY || at + *part <= most)
                return true;
        *part = at < most ? most - at : 0;
        if (!*part && !p->call.progress && !p->call.vector_start) /* a part that was written is the answer */
                signal_send(p, SIGNAL_FILE_SIZE);
        return *part;
}

static long pause_or(struct process *p, long n)
{
        return n == FILE_GOES_ON ? call_pauses(p) : n;
}

/* One step of a piece, behind what is done; `part` is what it tries to move. */
static long step(struct process *p, struct file *f, const seL4_Word piece[2], seL4_Word done, seL4_Word *part,
                 bool write)
{
        seL4_Word va = piece[0] + done, room = PAGE - va % PAGE, most = step_bytes(f, write);
        void *data;

        *part = piece[1] - done;
        *part = *part < room ? *part : room;
        *part = *part < most ? *part : most;
        if (!write && f->kind == FILE_NODE && node_has_content(f->node) && f->offset >= f->node->size)
                return 0;
        if (space_touch(p->space, va, write ? SPACE_READ : SPACE_WRITE, &data) != SPACE_OK)
                return -SOS_EFAULT;
        if (!write)
                return pause_or(p, file_read(f, data, *part));
        if (f->kind == FILE_NODE && !posix_file_fits(p, f->node, write_place(f), part))
                return -SOS_EFBIG;
        return file_write(f, data, *part);
}

/* A piece that is begun: steps until it is done, or something stops it. */
static long move_piece(struct process *p, struct file *f, const seL4_Word piece[2], seL4_Word before,
                       bool write)
{
        seL4_Word done = p->call.progress > before ? p->call.progress - before : 0, part;

        while (done < piece[1]) {
                long n;

                if (!call_goes_on(p, weight(f)))
                        return stop(p, f);
                n = step(p, f, piece, done, &part, write);
                if (n == FILE_BLOCKS && moves_all(f, write))
                        return n;
                if (n <= 0)
                        return done > 0 && !call_awaits(n) ? (long)done : n;
                done += (seL4_Word)n;
                p->call.progress = before + done;
                if ((seL4_Word)n < part ? !moves_all(f, write) : !write && !reads_on(f))
                        break;
        }
        return (long)done;
}

long posix_may_move(const struct file *f, bool write)
{
        uint32_t access = f->flags & O_ACCESS;

        return file_is_place(f) || (write ? access == 0 : access == O_WRONLY) ? -SOS_EBADF : 0;
}

/* For native programs so large a count is an error; for Linux programs it is reduced. */
static long may_transfer(const struct process *p, const struct file *f, seL4_Word size, bool write)
{
        long error = posix_may_move(f, write);

        if (error)
                return error;
        return size > (p->kind.foreign ? (seL4_Word)INT64_MAX : (seL4_Word)INT32_MAX) ? -SOS_EINVAL : 0;
}

/* One that begins has to wait: others move bytes of the same file, or there is no room, and small pieces are not torn. */
static bool keeps_off(const struct file *f, seL4_Word size, bool write)
{
        if (f->kind == FILE_NODE && f->node->busy)
                return true;
        return write && size > 0 && size <= PIPE_ATOMIC && !file_fits(f, size);
}

/* A program that somebody writes to is not its owner's any more. */
static long begins(struct process *p, struct file *f, seL4_Word bytes, bool write)
{
        long error = may_transfer(p, f, bytes, write);

        if (!error && write && f->kind == FILE_NODE)
                rights_written(&p->user, f->node);
        return error;
}

/* The piece [va, va + size) of a transfer that begins `before` bytes into it; bytes of the piece that are moved. */
static long transfer(struct process *p, struct file *f, const seL4_Word piece[2], seL4_Word before,
                     bool write)
{
        long error = begins(p, f, piece[1], write);
        seL4_Word most[2] = {piece[0]};

        if (!error && f->kind == FILE_SLAVE)
                error = posix_may_use_terminal(p, f, write);
        if (error)
                return error;
        if (write && posix_is_sink(f))
                return posix_sink(piece);
        if (p->call.progress == 0 && keeps_off(f, piece[1], write))
                return f->kind == FILE_NODE ? call_waits(p, &f->node->moved) : FILE_BLOCKS;
        if (p->call.progress >= before + piece[1])
                return (long)piece[1];
        most[1] = piece[1] < POSIX_COUNT_MAX ? piece[1] : POSIX_COUNT_MAX;
        return f->kind == FILE_SPARE ? posix_move_spare(p, f, most, before, write)
                                     : move_piece(p, f, most, before, write);
}

/* For other files; here it is a part of the calls for read and write. */
long posix_transfer(struct process *p, struct file *f, const seL4_Word piece[2], seL4_Word before, bool write)
{
        return transfer(p, f, piece, before, write);
}

/* Writing to a pipe that nobody reads is a signal, too. */
static long answer(struct process *p, struct file *f, long result, bool write)
{
        if (result == -SOS_EPIPE && p->kind.foreign)
                signal_send(p, SIGNAL_PIPE);
        if (result != FILE_BLOCKS)
                return result;
        return f->flags & O_NONBLOCK ? -SOS_EAGAIN : call_waits(p, file_queue(f, write));
}

static long move_bytes(struct process *p, bool write)
{
        struct file *f = posix_file(p, p->call.argument[0]);

        if (f && f->event)
                return posix_event_move(p, f, &p->call.argument[1], write);
        if (f && f->socket)
                return posix_move_socket(p, f, write, false);
        if (f && f->pipe && posix_moves_packets(f, write))
                return posix_move_packets(p, f, write, false);
        if (f && f->kind == FILE_SLAVE && !write)
                return posix_read_slave(p, f, &p->call.argument[1]);
        return f ? answer(p, f, transfer(p, f, &p->call.argument[1], 0, write), write) : -SOS_EBADF;
}

long posix_read(struct process *p)
{
        return move_bytes(p, false);
}

long posix_write(struct process *p)
{
        return move_bytes(p, true);
}

/* Does this failure end a call that has moved something, with that count?  Otherwise the call continues from there. */
static bool ends_with(const struct process *p, const struct file *f, long failure, bool write)
{
        return !(failure == FILE_BLOCKS && moves_all(f, write)) && p->call.result.kind == CALL_ANSWERS &&
               !call_awaits(failure);
}

/* Can a call with vectors begin? */
static long may_move_vectors(struct process *p, const struct file *f, bool write)
{
        long error = !f ? -SOS_EBADF : posix_may_move(f, write);
        bool bytes;

        if (error || p->call.vector || p->call.vector_start || p->call.progress)
                return error;
        return posix_check_vectors(p, p->call.argument[1], p->call.argument[2], &bytes);
}

/* p->call.vector and p->call.vector_start say where it is, so that it goes on there. */
static long move_vectors(struct process *p, bool write)
{
        struct file *f = posix_file(p, p->call.argument[0]);
        long error = may_move_vectors(p, f, write);

        if (error)
                return error;
        if (f->socket)
                return posix_move_socket(p, f, write, true);
        if (f->pipe && posix_moves_packets(f, write))
                return posix_move_packets(p, f, write, true);
        for (; p->call.vector < p->call.argument[2]; p->call.vector++) {
                long total = (long)p->call.vector_start, n;
                seL4_Word vector[2];

                if (!call_goes_on(p, 2))
                        return CALL_NO_VALUE;
                if (!space_read(p->space, p->call.argument[1] + p->call.vector * sizeof(vector), vector,
                                sizeof(vector)))
                        return total > 0 && !swap_awaited() ? total : -SOS_EFAULT;
                if (f->event)
                        return posix_event_move(p, f, vector, write);
                n = transfer(p, f, vector, p->call.vector_start, write);
                if (n < 0)
                        return ends_with(p, f, n, write) && total > 0 ? total : answer(p, f, n, write);
                p->call.vector_start += (seL4_Word)n;
                if ((seL4_Word)n < vector[1])
                        break;
        }
        return (long)p->call.vector_start;
}

long posix_readv(struct process *p)
{
        return move_vectors(p, false);
}

long posix_writev(struct process *p)
{
        return move_vectors(p, true);
}

/* Memory into a pipe or out of it: it is copied, which is what may be done with it. */
long posix_vmsplice(struct process *p)
{
        enum { NONBLOCK = 2, FLAGS = 15 };
        struct file *f = posix_file(p, p->call.argument[0]);
        uint32_t flags = f ? f->flags : 0;
        long n;

        if (p->call.argument[3] & ~(seL4_Word)FLAGS)
                return -SOS_EINVAL;
        if (!f || !f->pipe)
                return -SOS_EBADF;
        f->flags |= p->call.argument[3] & NONBLOCK ? (uint32_t)O_NONBLOCK : 0;
        n = move_vectors(p, file_writes_pipe(f));
        f->flags = flags;
        return n;
}

/* Can it be moved from a place of its own? */
static long may_move_at(const struct file *f, seL4_Word place)
{
        if (!f || file_is_place(f))
                return -SOS_EBADF;
        if (f->kind != FILE_NODE && f->kind != FILE_SPARE)
                return f->pipe || f->socket || f->event || f->pty ? -SOS_ESPIPE : 0;
        return (long)place < 0 ? -SOS_EINVAL : 0;
}

/* At a place of its own, which the file's does not follow. */
static long move_vectors_at(struct process *p, struct file *f, bool write)
{
        long n = may_move_at(f, p->call.argument[3]);
        uint64_t offset;

        if (n)
                return n;
        offset = f->offset;
        f->offset = p->call.argument[3] + p->call.progress;
        p->call.disk.own = true;
        n = move_vectors(p, write);
        f->offset = offset;
        return n;
}

/* preadv2 and pwritev2 may mean the file's own place as well. */
static long move_in_way(struct process *p, bool write)
{
        enum { PREADV2 = 286, PWRITEV2 };
        seL4_Word number = p->call.number % SOS_POSIX, place = p->call.argument[3];
        bool second = number == PREADV2 || number == PWRITEV2;
        seL4_Word ways = second ? (uint32_t)p->call.argument[5] : 0;
        struct file *f = posix_file(p, p->call.argument[0]);
        uint32_t flags;
        long n;

        if (!f)
                return -SOS_EBADF;
        if (posix_lacks_ways(f, ways, write))
                return -SOS_EOPNOTSUPP;
        flags = posix_set_ways(f, ways);
        n = second && place == UINT64_MAX ? move_vectors(p, write) : move_vectors_at(p, f, write);
        f->flags = flags;
        return n;
}

long posix_preadv(struct process *p)
{
        return move_in_way(p, false);
}

long posix_pwritev(struct process *p)
{
        return move_in_way(p, true);
}

static long move_at(struct process *p, bool write)
{
        struct file *f = posix_file(p, p->call.argument[0]);
        long n = may_move_at(f, p->call.argument[3]);
        uint64_t offset;

        if (n)
                return n;
        offset = f->offset;
        f->offset = p->call.argument[3] + p->call.progress;
        p->call.disk.own = true;
        n = transfer(p, f, &p->call.argument[1], 0, write);
        f->offset = offset;
        return answer(p, f, n, write); /* the disk of a file system waits */
}

long posix_pread(struct process *p)
{
        return move_at(p, false);
}

long posix_pwrite(struct process *p)
{
        return move_at(p, true);
}
