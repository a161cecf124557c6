/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls with the numbers and meanings of Linux for AArch64, for programs of both kinds.
 *
 * files/, memory/, process/, sockets/, ipc/ (System V) and waiting/ (poll, epoll, clocks, timers) each hold the calls about their subject;
 * table.c has the number of every call.
 *
 * Each call takes its arguments from p->call.argument.  Results: 0 or more, -SOS_E*, or what call_waits and its like return.
 */
#pragma once

#include "os/core/console.h"
#include "os/process/limits.h"
#include "os/process/users.h"

typedef long posix_call(struct process *p);
enum { POSIX_CALLS = 453 };

/* files/open.c */
posix_call posix_openat, posix_openat2;
/* files/files.c */
posix_call posix_close, posix_close_range, posix_lseek, posix_pipe2, posix_ftruncate, posix_truncate,
        posix_sync, posix_fsync;
/* files/control.c */
posix_call posix_dup, posix_dup3, posix_fcntl, posix_ioctl;
/* files/between.c */
posix_call posix_sendfile, posix_splice, posix_tee, posix_copy_file_range;
/* files/advice.c */
posix_call posix_fadvise, posix_readahead, posix_sync_file_range, posix_syncfs, posix_fallocate;
/* files/transfer.c */
posix_call posix_read, posix_write, posix_readv, posix_writev, posix_pread, posix_pwrite, posix_preadv,
        posix_pwritev, posix_vmsplice;
/* files/packets.c: of a pipe: are those packets (pipe.h)?  Then the arguments of read or write, or of readv or writev, are for them. */
bool posix_moves_packets(const struct file *f, bool write);
long posix_move_packets(struct process *p, struct file *f, bool write, bool vectors);
/* files/ways.c: does a file lack ways of preadv2 and pwritev2?  Until its flags are set to what this returns, it has those. */
bool posix_lacks_ways(const struct file *f, seL4_Word ways, bool write);
uint32_t posix_set_ways(struct file *f, seL4_Word ways);
/* files/requests.c */
posix_call posix_io_setup, posix_io_destroy, posix_io_submit, posix_io_getevents, posix_io_pgetevents,
        posix_io_cancel;
/* files/request_checks.c: 0: it can be carried out, with this file, and that counter is told (NULL: none); or its error. */
struct request;
long posix_check_request(struct process *p, const struct request *r, seL4_Word va, struct file *file[2]);
/* files/entries.c */
posix_call posix_getdents;
/* files/paths.c */
posix_call posix_fstat, posix_fstatat, posix_faccessat, posix_chdir, posix_getcwd;
/* files/dates.c */
posix_call posix_utimensat;
/* files/links.c */
posix_call posix_unlinkat, posix_mkdirat, posix_mknodat, posix_symlinkat, posix_linkat, posix_renameat,
        posix_readlinkat;
/* files/owner.c */
posix_call posix_fchmod, posix_fchmodat, posix_fchown, posix_fchownat, posix_umask;
/* files/handles.c */
posix_call posix_name_to_handle;
/* files/attributes.c: all calls about extended attributes */
posix_call posix_xattr;
/* files/leases.c: who hears by a signal what happens to an open file.  F_SETOWN and its kin, the owner as F_GETOWN tells it; requests of
 * fcntl about owners, signals and leases. */
long posix_set_owner(struct process *p, struct file *f, int who);
int posix_owner(const struct file *f);
bool posix_is_of_owner(seL4_Word command);
long posix_control_owner(struct process *p, struct file *f, seL4_Word command);
/* A file is about to be opened, to write or not, or to be cut: holders of leases that are in the way hear of it.  0: none is any more;
 * it waits; -SOS_EAGAIN instead of waiting. */
long posix_break_leases(struct process *p, const struct node *n, bool write, bool waits);
/* files/locks.c */
posix_call posix_flock;
/* files/kinds.c */
posix_call posix_fchdir, posix_statfs, posix_fstatfs, posix_statx, posix_memfd_create;
/* files/terminal.c: of the console */
posix_call posix_ioctl_terminal;
/* files/ptys.c: of a pseudo terminal; what /dev/tty is for a process (any other node is itself); the first process of a session without a
 * terminal has opened one */
long posix_ioctl_pty(struct process *p, struct file *f);
/* termio.c: old and locked settings; -SOS_ENOTTY: it is no such request */
long posix_termio(struct process *p, struct pty *t);
bool posix_sets_termio(uint32_t request);
struct pty;
struct node *posix_terminal(const struct process *p, struct node *n);
void posix_take_terminal(const struct process *p, const struct file *f);
/* files/slaves.c: may the program read from that terminal, or write to it; or change its settings?  0; CALL_NO_VALUE: it waits,
 * and its group is stopped; -SOS_EIO.  And a read, which may wait for more than one byte. */
long posix_may_use_terminal(struct process *p, const struct file *f, bool write);
long posix_may_set_terminal(struct process *p, const struct pty *t);
long posix_read_slave(struct process *p, struct file *f, const seL4_Word piece[2]);
/* files/transfer.c: a piece of a transfer, that many bytes behind its beginning: bytes of the piece that were moved, FILE_BLOCKS, or the
 * error. */
long posix_transfer(struct process *p, struct file *f, const seL4_Word piece[2], seL4_Word before,
                    bool write);
/* process/debug.c */
posix_call posix_debug;
/* process/seccomp.c: a thread gives up calls; the same by prctl; and what becomes of a call of one that has: it is made, has that value
 * instead, is made later or not at all, since its thread has stopped for its tracer, or has ended */
posix_call posix_seccomp;
long posix_prctl_seccomp(struct process *p, bool set);
enum seccomp_verdict { SECCOMP_LETS, SECCOMP_ANSWERS, SECCOMP_STOPS, SECCOMP_ENDS };
enum seccomp_verdict seccomp_judges(struct process *p, long *value);
/* table.c; serve.c: one line of the system's log for each number of a call and each program */
extern posix_call *const posix_calls[POSIX_CALLS];
void posix_log_once(struct process *p, seL4_Word number, const char *what);
/* process/ptrace.c, process/ptrace_state.c: the requests; those about what a tracee is and has, with its arguments, by number */
posix_call posix_ptrace;
long posix_ptrace_state(struct process *p, struct process *t);
/* waiting/poll.c */
posix_call posix_ppoll, posix_pselect6, posix_epoll_create1, posix_epoll_ctl, posix_epoll_pwait,
        posix_epoll_pwait2;
/* waiting/events.c */
posix_call posix_eventfd2, posix_timerfd_create, posix_timerfd_settime, posix_timerfd_gettime,
        posix_signalfd4;
/* sockets/sockets.c, sockets/messages.c, sockets/options.c */
posix_call posix_socket, posix_bind, posix_listen, posix_accept, posix_accept4, posix_connect, posix_shutdown,
        posix_getsockname, posix_getpeername, posix_socketpair, posix_sendto, posix_recvfrom, posix_sendmsg,
        posix_recvmsg, posix_sendmmsg, posix_recvmmsg, posix_setsockopt, posix_getsockopt;
/* ioctl, read and write, readv and writev of a socket */
long posix_ioctl_socket(struct process *p, struct file *f);
long posix_move_socket(struct process *p, struct file *f, bool write, bool vectors);
/* memory/mapping.c */
posix_call posix_mmap, posix_msync, posix_mincore, posix_remap_file_pages;
/* memory/mlock.c */
posix_call posix_mlock, posix_munlock, posix_mlockall, posix_munlockall;
/* memory/memory.c */
posix_call posix_brk, posix_munmap, posix_mprotect, posix_mremap;
/* memory/policy.c */
posix_call posix_set_mempolicy, posix_get_mempolicy, posix_mbind, posix_set_home_node, posix_migrate_pages,
        posix_move_pages;
/* memory/advice.c */
posix_call posix_madvise;
/* process/life.c, process/exec.c */
posix_call posix_exit, posix_exit_group, posix_clone, posix_clone3, posix_execve, posix_kill, posix_tkill,
        posix_getpid, posix_gettid, posix_set_tid_address, posix_getppid, posix_getpgid, posix_setpgid,
        posix_setsid;
/* process/kill.c: may it send that? */
bool posix_may_signal(const struct process *p, const struct process *target, seL4_Word signal);
/* process/exec_at.c: the name under which execveat runs its program, and that */
long posix_exec_name(struct process *p, char path[PATH_MAX]);
long posix_exec_find(struct process *p, struct node **n);
/* process/others.c */
posix_call posix_process_vm, posix_kcmp;
/* process/pidfds.c */
posix_call posix_pidfd_open, posix_pidfd_send_signal, posix_pidfd_getfd;
/* A file for a process, which may be set later (NULL; posix_pidfd_means); NULL: there are too many.  The process of a descriptor, or
 * -SOS_EBADF. */
struct file *posix_pidfd_file(struct process *target, uint32_t flags);
void posix_pidfd_means(struct file *f, struct process *target);
int posix_pidfd_process(struct process *p, seL4_Word descriptor, struct file **file);
/* process/children.c */
posix_call posix_wait4, posix_waitid, posix_getrusage, posix_times;
/* What the threads of a process have used is counted, with the progress of the call: false when it has pieces left (CALL_NO_VALUE). */
bool posix_counted(struct process *p, struct process *of);
/* process/futex.c */
posix_call posix_futex, posix_set_robust_list, posix_get_robust_list;
/* process/futex_locks.c: take the lock at `va`, now or never, or before a date or a time since boot that the fourth argument of the call
 * gives (0: none); give it up. */
enum futex_until { FUTEX_LOCK_NOW, FUTEX_LOCK_DATE, FUTEX_LOCK_TIME };
long posix_futex_lock(struct process *p, seL4_Word va, const struct futex_key *key, enum futex_until until);
long posix_futex_unlock(struct process *p, seL4_Word va, const struct futex_key *key);
/* process/keys.c, process/keyctl.c */
posix_call posix_add_key, posix_request_key, posix_keyctl;
/* process/futex_many.c */
posix_call posix_futex_waitv;
/* process/advise.c */
posix_call posix_process_madvise, posix_process_mrelease;
/* process/sigcalls.c */
posix_call posix_sigaction, posix_sigprocmask, posix_sigpending, posix_sigsuspend, posix_sigreturn,
        posix_sigaltstack, posix_sigtimedwait, posix_sigqueue;
/* waiting/timers.c */
posix_call posix_timer_create, posix_timer_settime, posix_timer_gettime, posix_timer_getoverrun,
        posix_timer_delete, posix_getitimer, posix_setitimer;
/* waiting/time.c */
posix_call posix_clock_getres, posix_clock_gettime, posix_gettimeofday, posix_nanosleep, posix_clock_settime,
        posix_settimeofday, posix_clock_nanosleep;
/* table.c: one call of a process, or one attempt at it. */
void call_posix(struct process *p, seL4_Word number);

/* A call that only returns what is known, or moves what is there, if no signal is due: true, and its value.  The message of the call is
 * in the message registers. */
bool call_at_once(struct process *p, seL4_Word number, long *value);

/* Report, once for each number, that the call of `p` is not supported. */
posix_call posix_missing;
/* files/notices.c */
struct event;
posix_call posix_inotify_init1, posix_inotify_add_watch, posix_inotify_rm_watch;
long posix_read_queue(struct process *p, struct file *f, const seL4_Word piece[2]);
long posix_read_notices(struct process *p, struct event *e, const seL4_Word piece[2]);
/* ipc/queues.c, ipc/semaphores.c, ipc/segments.c */
posix_call posix_msgget, posix_msgctl, posix_msgrcv, posix_msgsnd, posix_semget, posix_semctl,
        posix_semtimedop, posix_semop, posix_shmget, posix_shmctl, posix_shmat, posix_shmdt;
/* ipc/queues.c, ipc/semaphores.c, ipc/segments.c: the next line of a table in /proc, with a line for each that there is behind the names of
 * its columns: from *place on, 0 at first, which moves behind it; none: there is no more.  False: it goes on later.  Bytes that a segment
 * may have. */
struct text;
bool posix_tell_queues(struct text *t, seL4_Word *place);
bool posix_tell_semaphores(struct text *t, seL4_Word *place);
bool posix_tell_segments(struct text *t, seL4_Word *place);
uint64_t posix_segment_most(void);
/* ipc/mqueues.c */
posix_call posix_mq_open, posix_mq_unlink, posix_mq_timedsend, posix_mq_timedreceive, posix_mq_notify,
        posix_mq_getsetattr;
/* process/prctl.c */
posix_call posix_prctl;
/* process/schedule.c */
posix_call posix_sched_setaffinity, posix_sched_getaffinity, posix_getcpu, posix_sched_getscheduler,
        posix_sched_setscheduler, posix_sched_getparam, posix_sched_setparam, posix_sched_get_priority_max,
        posix_sched_get_priority_min, posix_sched_rr_get_interval, posix_sched_getattr, posix_sched_setattr,
        posix_sched_yield, posix_getpriority, posix_setpriority;
/* Is that task one of those that getpriority and setpriority are about? */
enum { WHICH_PROCESS, WHICH_GROUP, WHICH_USER };
bool posix_is_meant(const struct process *p, const struct process *target, int which, int who);
/* process/ioprio.c */
posix_call posix_ioprio_get, posix_ioprio_set;
/* system.c */
posix_call posix_uname, posix_sethostname, posix_personality, posix_membarrier, posix_unshare, posix_setns,
        posix_adjtimex, posix_forbidden, posix_no_such_file, posix_umount, posix_chroot, posix_restart;
/* What a process gets of the access that it asks for memory (personality). */
static inline uint8_t posix_access(const struct process *p, seL4_Word wanted)
{
        enum { ALL = 7, READ_IMPLIES_EXECUTE = 0x400000 };
        bool more = p->leader->traits.persona & READ_IMPLIES_EXECUTE && wanted & SPACE_READ;

        return (uint8_t)(wanted & ALL) | (more ? SPACE_EXECUTE : 0);
}

/* The name of the machine, or of its domain. */
const char *posix_host_name(bool domain);
/* process/capabilities.c; prctl asks it last */
posix_call posix_capget, posix_capset, posix_prctl_capabilities;
/* identity.c */
posix_call posix_getuid, posix_geteuid, posix_getgid, posix_getegid, posix_setid, posix_setreid,
        posix_setresid, posix_getresid, posix_setfsid, posix_getgroups, posix_setgroups, posix_syslog;
/* facts.c */
posix_call posix_getrandom, posix_sysinfo, posix_not;
/* process/rlimits.c */
posix_call posix_prlimit, posix_getrlimit, posix_setrlimit;

/* What a process may use, and how far it may raise that; UINT64_MAX: no limit.  False: there is no such limit. */
bool posix_get_limit(const struct process *p, seL4_Word which, uint64_t limit[2]);

/* sos.c */
posix_call sos_create, sos_delete, sos_wait, sos_sleep, sos_file_stat, sos_dirent;

/* A child of `parent` that `pid` selects as in wait4, among those that have ended or among all.  NULL if there is none. */
struct process *posix_child(const struct process *parent, int pid, bool ended);

/* A file gets that size, in pieces when it is shorter: others see it become so.  0, or -SOS_E*. */
long posix_resize(struct process *p, struct node *n, uint64_t size);

/* A file is about to be cut to this size: mappings of the rest are removed, in pieces (mapping.c).  True: all are.  `vector` and
 * `vector_start` of the call hold the progress; meanwhile no page of the rest can be mapped (node_mapped_end). */
bool posix_file_cut(struct process *p, const struct node *n, uint64_t size);

/* The most bytes of one call. */
#define POSIX_COUNT_MAX 0x7ffff000ull

/* Where mappings lie, and how large they may be. */
#define POSIX_MAP_START 0xc0000000ull
#define POSIX_MAP_MAX   (1ull << 36)

/* A segment of shared memory, where there is room or at an address, replacing what is mapped there or not. */
long posix_map_segment(struct process *p, struct node *n, seL4_Word at, seL4_Word bytes, uint8_t access,
                       bool replace);

/* A page of memory of the program's: its address. */
long posix_map_page(struct process *p);

/* The pages and regions of a range go, in pieces; 0 when they are gone. */
long posix_remove(struct process *p, seL4_Word start, seL4_Word end);

/* Take the pages of a range away, in pieces; 0 when they are gone. */
long posix_clear(struct process *p, seL4_Word start, seL4_Word end);

/* Has a program locked some of its pages?  In pieces, with p->call.vector_start: 0: no; -SOS_EINVAL. */
long posix_look_for_locks(struct process *p, seL4_Word va, seL4_Word end);

/* Does each page of a range belong to a region, which may be given this access?  In pieces, with p->call.place: 0 or -SOS_E*. */
long posix_look_over(struct process *p, seL4_Word va, seL4_Word end, uint8_t access);

/* Wait for a pass that writes to the disk what has changed so far. */
long posix_wait_for_disk(struct process *p);

/* The node that a (directory, path) pair of arguments names; 0 or -SOS_E*. */
long posix_find(struct process *p, seL4_Word descriptor, seL4_Word va, struct node **found);

/* The same, with a link at its end followed or not; and the place that the pair names, whether it exists or not. */
long posix_find_at(struct process *p, seL4_Word descriptor, seL4_Word va, enum node_follow follow,
                   struct node **found);
long posix_place(struct process *p, seL4_Word descriptor, seL4_Word va, enum node_follow follow,
                 struct node_place *place);

/* The same with flags such as AT_EMPTY_PATH and AT_SYMLINK_NOFOLLOW; NULL: an open file without a node. */
long posix_find_flags(struct process *p, seL4_Word descriptor, seL4_Word path, seL4_Word flags,
                      struct node **found);

/* A new descriptor for that node; and what stat reports about it, or about the descriptor if the path is empty and the flags allow that. */
long posix_open_node(struct process *p, struct node *n, uint32_t flags);
long posix_stat_of(struct process *p, seL4_Word descriptor, seL4_Word path, seL4_Word flags,
                   struct posix_stat *s);

/* A Linux program has created it, with that mode. */
void posix_new_mode(const struct process *p, struct node *n, seL4_Word mode);

/* What fcntl does about locks: those of an open file, or of the process. */
enum lock_call { LOCK_TELL, LOCK_TRY, LOCK_WAIT };
long posix_lock(struct process *p, struct file *f, enum lock_call call, bool of_file);

/* A descriptor of the process no longer means that file. */
void posix_let_go(const struct process *p, struct file *f);

/* widths.c: extend those arguments of call `number` that have 32 bits. */
void posix_widen(struct call *c, seL4_Word number);

/* move_at_once.c: a write, and a read or pread, that is done with no more than a copy: true, and its value.  False: nothing has been
 * done. */
bool posix_write_at_once(struct process *p, const seL4_Word *argument, long *value);
bool posix_read_at_once(struct process *p, seL4_Word number, const seL4_Word *argument, long *value);

/* Does nobody look at what is written there?  What such a write returns. */
bool posix_is_sink(const struct file *f);
long posix_sink(const seL4_Word piece[2]);

/* datagram_at_once.c: a datagram that moves now, and nothing is to be waited or looked for: true, and its value. */
bool posix_recvfrom_at_once(struct process *p, const seL4_Word argument[6], long *value);
bool posix_sendto_at_once(struct process *p, const seL4_Word argument[6], long *value);

/* vectors.c: all vectors of a list can be read, are few enough and have valid lengths: 0, or the error.  *bytes: some are not empty. */
enum { POSIX_VECTORS_MAX = 1024 };
long posix_check_vectors(struct process *p, seL4_Word list, seL4_Word count, bool *bytes);

/* The file behind a descriptor that the call is given, or NULL. */
static inline struct file *posix_file(struct process *p, seL4_Word descriptor)
{
        return call_file(p, descriptor);
}

/* Set the deadline of a call from the time at `va`: a duration, or an absolute time (`date`: of the clock that counts from 1970).  0, or
 * -SOS_E* if it is no valid time. */
long posix_deadline(struct process *p, seL4_Word va, bool absolute, bool date);

/* Does Linux have a clock of that number, other than those of processes? */
bool posix_is_clock(seL4_Word id);

/* A clock that counts what a process or a thread uses: the process; *thread: the one thread that is meant, 0: all of it.  NULL: no such
 * clock, or nobody has it any more. */
struct process *posix_used_clock(struct process *p, int id, int *thread);

/* Such a time and an interval behind which it comes again, in nanoseconds each, at `va`; in microseconds since boot, 0: none. */
struct posix_timer {
        uint64_t at, interval;
};
long posix_read_timer(struct process *p, seL4_Word va, bool absolute, bool date, struct posix_timer *t);

/* The lowest free descriptor for a new file (NULL: -SOS_ENFILE), which is closed if there is none. */
long posix_give(struct process *p, struct file *f, uint32_t flags);

/* The lowest free descriptor from `from` on, or -SOS_EMFILE; and a file for one that is free. */
long posix_lowest(const struct process *p, seL4_Word from);
long posix_give_at(struct process *p, struct file *f, long descriptor, uint32_t flags);

/* May so many bytes be written there (RLIMIT_FSIZE)?  *part: as many as may; if none may, a signal is sent. */
bool posix_file_fits(struct process *p, const struct node *n, uint64_t at, seL4_Word *part);

/* May a file get a size that is larger?  0; -SOS_EFBIG: RLIMIT_FSIZE does not allow it, and the program gets a signal. */
long posix_may_grow(struct process *p, const struct node *n, uint64_t size);

/* May the program have so many bytes of memory more (RLIMIT_AS; and RLIMIT_DATA, if it is data)? */
bool posix_memory_fits(struct process *p, seL4_Word bytes, bool data);

/* May bytes be read from it, or written to it?  0, or -SOS_EBADF. */
long posix_may_move(const struct file *f, bool write);

/* The same for /dev/spare, and the flush of its disk (disk.c). */
long posix_move_spare(struct process *p, struct file *f, const seL4_Word piece[2], seL4_Word before,
                      bool write);
long posix_flush_spare(struct process *p);

/* What a step of the console counts (call_goes_on): one at a time, as the line that is being edited may be drawn again with each. */
enum { POSIX_CONSOLE_WEIGHT = 32 };

/* Read or write a counter, timer or signals: the piece is an address and bytes. */
long posix_event_move(struct process *p, struct file *f, const seL4_Word piece[2], bool write);

/* Is a descriptor free? */
bool posix_may_give(const struct process *p);

static const seL4_Word AT_FDCWD = (seL4_Word)-100;

/* Where a path argument starts from: a directory descriptor or AT_FDCWD; NULL when it is neither. */
struct node *posix_start(struct process *p, seL4_Word descriptor);

/* An argument in memory that has grown with versions: `size` bytes at `va`, at least those of the first version; missing bytes read as 0,
 * and bytes beyond the known part must be 0 (-SOS_E2BIG). */
long posix_read_versioned(struct process *p, seL4_Word va, seL4_Word size, seL4_Word first, void *to,
                          seL4_Word known);

/* Read a path argument; 0 or -SOS_E*. */
long posix_path(struct process *p, seL4_Word va, char to[PATH_MAX]);
