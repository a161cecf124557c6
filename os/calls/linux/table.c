/* SPDX-License-Identifier: BSD-2-Clause */
/* Which number is which call. */
#include "os/calls/linux/posix.h"
#include "os/core/log.h"
#include "os/process/numbers.h"
#include "os/process/signals/signal.h"
#include "os/process/tracee.h"

/* clang-format off */
static posix_call *const calls[] = {
        [LINUX_IO_SETUP] = posix_io_setup,
        [LINUX_IO_DESTROY] = posix_io_destroy,
        [LINUX_IO_SUBMIT] = posix_io_submit,
        [LINUX_IO_CANCEL] = posix_io_cancel,
        [LINUX_IO_GETEVENTS] = posix_io_getevents,
        [LINUX_SETXATTR] = posix_xattr,
        [LINUX_LSETXATTR] = posix_xattr,
        [LINUX_FSETXATTR] = posix_xattr,
        [LINUX_GETXATTR] = posix_xattr,
        [LINUX_LGETXATTR] = posix_xattr,
        [LINUX_FGETXATTR] = posix_xattr,
        [LINUX_LISTXATTR] = posix_xattr,
        [LINUX_LLISTXATTR] = posix_xattr,
        [LINUX_FLISTXATTR] = posix_xattr,
        [LINUX_REMOVEXATTR] = posix_xattr,
        [LINUX_LREMOVEXATTR] = posix_xattr,
        [LINUX_FREMOVEXATTR] = posix_xattr,
        [LINUX_GETCWD] = posix_getcwd,
        [LINUX_LOOKUP_DCOOKIE] = posix_missing,
        [LINUX_EVENTFD2] = posix_eventfd2,
        [LINUX_EPOLL_CREATE1] = posix_epoll_create1,
        [LINUX_EPOLL_CTL] = posix_epoll_ctl,
        [LINUX_EPOLL_PWAIT] = posix_epoll_pwait,
        [LINUX_DUP] = posix_dup,
        [LINUX_DUP3] = posix_dup3,
        [LINUX_FCNTL] = posix_fcntl,
        [LINUX_INOTIFY_INIT1] = posix_inotify_init1,
        [LINUX_INOTIFY_ADD_WATCH] = posix_inotify_add_watch,
        [LINUX_INOTIFY_RM_WATCH] = posix_inotify_rm_watch,
        [LINUX_IOCTL] = posix_ioctl,
        [LINUX_IOPRIO_SET] = posix_ioprio_set,
        [LINUX_IOPRIO_GET] = posix_ioprio_get,
        [LINUX_FLOCK] = posix_flock,
        [LINUX_MKNODAT] = posix_mknodat,
        [LINUX_MKDIRAT] = posix_mkdirat,
        [LINUX_UNLINKAT] = posix_unlinkat,
        [LINUX_SYMLINKAT] = posix_symlinkat,
        [LINUX_LINKAT] = posix_linkat,
        [LINUX_RENAMEAT] = posix_renameat,
        [LINUX_UMOUNT2] = posix_umount,
        [LINUX_MOUNT] = posix_forbidden,
        [LINUX_PIVOT_ROOT] = posix_forbidden,
        [LINUX_NFSSERVCTL] = posix_missing,
        [LINUX_STATFS] = posix_statfs,
        [LINUX_FSTATFS] = posix_fstatfs,
        [LINUX_TRUNCATE] = posix_truncate,
        [LINUX_FTRUNCATE] = posix_ftruncate,
        [LINUX_FALLOCATE] = posix_fallocate,
        [LINUX_FACCESSAT] = posix_faccessat,
        [LINUX_CHDIR] = posix_chdir,
        [LINUX_FCHDIR] = posix_fchdir,
        [LINUX_CHROOT] = posix_chroot,
        [LINUX_FCHMOD] = posix_fchmod,
        [LINUX_FCHMODAT] = posix_fchmodat,
        [LINUX_FCHOWNAT] = posix_fchownat,
        [LINUX_FCHOWN] = posix_fchown,
        [LINUX_OPENAT] = posix_openat,
        [LINUX_CLOSE] = posix_close,
        [LINUX_VHANGUP] = posix_forbidden,
        [LINUX_PIPE2] = posix_pipe2,
        [LINUX_QUOTACTL] = posix_forbidden,
        [LINUX_GETDENTS64] = posix_getdents,
        [LINUX_LSEEK] = posix_lseek,
        [LINUX_READ] = posix_read,
        [LINUX_WRITE] = posix_write,
        [LINUX_READV] = posix_readv,
        [LINUX_WRITEV] = posix_writev,
        [LINUX_PREAD64] = posix_pread,
        [LINUX_PWRITE64] = posix_pwrite,
        [LINUX_PREADV] = posix_preadv,
        [LINUX_PWRITEV] = posix_pwritev,
        [LINUX_SENDFILE] = posix_sendfile,
        [LINUX_PSELECT6] = posix_pselect6,
        [LINUX_PPOLL] = posix_ppoll,
        [LINUX_SIGNALFD4] = posix_signalfd4,
        [LINUX_VMSPLICE] = posix_vmsplice,
        [LINUX_SPLICE] = posix_splice,
        [LINUX_TEE] = posix_tee,
        [LINUX_READLINKAT] = posix_readlinkat,
        [LINUX_NEWFSTATAT] = posix_fstatat,
        [LINUX_FSTAT] = posix_fstat,
        [LINUX_SYNC] = posix_sync,
        [LINUX_FSYNC] = posix_fsync,
        [LINUX_FDATASYNC] = posix_fsync,
        [LINUX_SYNC_FILE_RANGE] = posix_sync_file_range,
        [LINUX_TIMERFD_CREATE] = posix_timerfd_create,
        [LINUX_TIMERFD_SETTIME] = posix_timerfd_settime,
        [LINUX_TIMERFD_GETTIME] = posix_timerfd_gettime,
        [LINUX_UTIMENSAT] = posix_utimensat,
        [LINUX_ACCT] = posix_forbidden,
        [LINUX_CAPGET] = posix_capget,
        [LINUX_CAPSET] = posix_capset,
        [LINUX_PERSONALITY] = posix_personality,
        [LINUX_EXIT] = posix_exit,
        [LINUX_EXIT_GROUP] = posix_exit_group,
        [LINUX_WAITID] = posix_waitid,
        [LINUX_SET_TID_ADDRESS] = posix_set_tid_address,
        [LINUX_UNSHARE] = posix_unshare,
        [LINUX_FUTEX] = posix_futex,
        [LINUX_SET_ROBUST_LIST] = posix_set_robust_list,
        [LINUX_GET_ROBUST_LIST] = posix_get_robust_list,
        [LINUX_NANOSLEEP] = posix_nanosleep,
        [LINUX_GETITIMER] = posix_getitimer,
        [LINUX_SETITIMER] = posix_setitimer,
        [LINUX_KEXEC_LOAD] = posix_forbidden,
        [LINUX_INIT_MODULE] = posix_forbidden,
        [LINUX_DELETE_MODULE] = posix_forbidden,
        [LINUX_TIMER_CREATE] = posix_timer_create,
        [LINUX_TIMER_GETTIME] = posix_timer_gettime,
        [LINUX_TIMER_GETOVERRUN] = posix_timer_getoverrun,
        [LINUX_TIMER_SETTIME] = posix_timer_settime,
        [LINUX_TIMER_DELETE] = posix_timer_delete,
        [LINUX_CLOCK_SETTIME] = posix_clock_settime,
        [LINUX_CLOCK_GETTIME] = posix_clock_gettime,
        [LINUX_CLOCK_GETRES] = posix_clock_getres,
        [LINUX_CLOCK_NANOSLEEP] = posix_clock_nanosleep,
        [LINUX_SYSLOG] = posix_syslog,
        [LINUX_PTRACE] = posix_debug,
        [LINUX_SCHED_SETPARAM] = posix_sched_setparam,
        [LINUX_SCHED_SETSCHEDULER] = posix_sched_setscheduler,
        [LINUX_SCHED_GETSCHEDULER] = posix_sched_getscheduler,
        [LINUX_SCHED_GETPARAM] = posix_sched_getparam,
        [LINUX_SCHED_SETAFFINITY] = posix_sched_setaffinity,
        [LINUX_SCHED_GETAFFINITY] = posix_sched_getaffinity,
        [LINUX_SCHED_YIELD] = posix_sched_yield,
        [LINUX_SCHED_GET_PRIORITY_MAX] = posix_sched_get_priority_max,
        [LINUX_SCHED_GET_PRIORITY_MIN] = posix_sched_get_priority_min,
        [LINUX_SCHED_RR_GET_INTERVAL] = posix_sched_rr_get_interval,
        [LINUX_RESTART_SYSCALL] = posix_restart,
        [LINUX_KILL] = posix_kill,
        [LINUX_TKILL] = posix_tkill,
        [LINUX_TGKILL] = posix_tkill,
        [LINUX_SIGALTSTACK] = posix_sigaltstack,
        [LINUX_RT_SIGSUSPEND] = posix_sigsuspend,
        [LINUX_RT_SIGACTION] = posix_sigaction,
        [LINUX_RT_SIGPROCMASK] = posix_sigprocmask,
        [LINUX_RT_SIGPENDING] = posix_sigpending,
        [LINUX_RT_SIGTIMEDWAIT] = posix_sigtimedwait,
        [LINUX_RT_SIGQUEUEINFO] = posix_sigqueue,
        [LINUX_RT_SIGRETURN] = posix_sigreturn,
        [LINUX_SETPRIORITY] = posix_setpriority,
        [LINUX_GETPRIORITY] = posix_getpriority,
        [LINUX_REBOOT] = posix_forbidden,
        [LINUX_SETREGID] = posix_setreid,
        [LINUX_SETGID] = posix_setid,
        [LINUX_SETREUID] = posix_setreid,
        [LINUX_SETUID] = posix_setid,
        [LINUX_SETRESUID] = posix_setresid,
        [LINUX_GETRESUID] = posix_getresid,
        [LINUX_SETRESGID] = posix_setresid,
        [LINUX_GETRESGID] = posix_getresid,
        [LINUX_SETFSUID] = posix_setfsid,
        [LINUX_SETFSGID] = posix_setfsid,
        [LINUX_TIMES] = posix_times,
        [LINUX_SETPGID] = posix_setpgid,
        [LINUX_GETPGID] = posix_getpgid,
        [LINUX_GETSID] = posix_getpgid,
        [LINUX_SETSID] = posix_setsid,
        [LINUX_GETGROUPS] = posix_getgroups,
        [LINUX_SETGROUPS] = posix_setgroups,
        [LINUX_UNAME] = posix_uname,
        [LINUX_SETHOSTNAME] = posix_sethostname,
        [LINUX_SETDOMAINNAME] = posix_sethostname,
        [LINUX_GETRLIMIT] = posix_getrlimit,
        [LINUX_SETRLIMIT] = posix_setrlimit,
        [LINUX_GETRUSAGE] = posix_getrusage,
        [LINUX_UMASK] = posix_umask,
        [LINUX_PRCTL] = posix_prctl,
        [LINUX_GETCPU] = posix_getcpu,
        [LINUX_GETTIMEOFDAY] = posix_gettimeofday,
        [LINUX_SETTIMEOFDAY] = posix_settimeofday,
        [LINUX_ADJTIMEX] = posix_adjtimex,
        [LINUX_GETPID] = posix_getpid,
        [LINUX_GETPPID] = posix_getppid,
        [LINUX_GETUID] = posix_getid,
        [LINUX_GETEUID] = posix_getid,
        [LINUX_GETGID] = posix_getid,
        [LINUX_GETEGID] = posix_getid,
        [LINUX_GETTID] = posix_gettid,
        [LINUX_SYSINFO] = posix_sysinfo,
        [LINUX_MQ_OPEN] = posix_mq_open,
        [LINUX_MQ_UNLINK] = posix_mq_unlink,
        [LINUX_MQ_TIMEDSEND] = posix_mq_timedsend,
        [LINUX_MQ_TIMEDRECEIVE] = posix_mq_timedreceive,
        [LINUX_MQ_NOTIFY] = posix_mq_notify,
        [LINUX_MQ_GETSETATTR] = posix_mq_getsetattr,
        [LINUX_MSGGET] = posix_msgget,
        [LINUX_MSGCTL] = posix_msgctl,
        [LINUX_MSGRCV] = posix_msgrcv,
        [LINUX_MSGSND] = posix_msgsnd,
        [LINUX_SEMGET] = posix_semget,
        [LINUX_SEMCTL] = posix_semctl,
        [LINUX_SEMTIMEDOP] = posix_semtimedop,
        [LINUX_SEMOP] = posix_semop,
        [LINUX_SHMGET] = posix_shmget,
        [LINUX_SHMCTL] = posix_shmctl,
        [LINUX_SHMAT] = posix_shmat,
        [LINUX_SHMDT] = posix_shmdt,
        [LINUX_SOCKET] = posix_socket,
        [LINUX_SOCKETPAIR] = posix_socketpair,
        [LINUX_BIND] = posix_bind,
        [LINUX_LISTEN] = posix_listen,
        [LINUX_ACCEPT] = posix_accept,
        [LINUX_CONNECT] = posix_connect,
        [LINUX_GETSOCKNAME] = posix_getsockname,
        [LINUX_GETPEERNAME] = posix_getpeername,
        [LINUX_SENDTO] = posix_sendto,
        [LINUX_RECVFROM] = posix_recvfrom,
        [LINUX_SETSOCKOPT] = posix_setsockopt,
        [LINUX_GETSOCKOPT] = posix_getsockopt,
        [LINUX_SHUTDOWN] = posix_shutdown,
        [LINUX_SENDMSG] = posix_sendmsg,
        [LINUX_RECVMSG] = posix_recvmsg,
        [LINUX_READAHEAD] = posix_readahead,
        [LINUX_BRK] = posix_brk,
        [LINUX_MUNMAP] = posix_munmap,
        [LINUX_MREMAP] = posix_mremap,
        [LINUX_ADD_KEY] = posix_add_key,
        [LINUX_REQUEST_KEY] = posix_request_key,
        [LINUX_KEYCTL] = posix_keyctl,
        [LINUX_CLONE] = posix_clone,
        [LINUX_EXECVE] = posix_execve,
        [LINUX_MMAP] = posix_mmap,
        [LINUX_FADVISE64] = posix_fadvise,
        [LINUX_SWAPON] = posix_forbidden,
        [LINUX_SWAPOFF] = posix_forbidden,
        [LINUX_MPROTECT] = posix_mprotect,
        [LINUX_MSYNC] = posix_msync,
        [LINUX_MLOCK] = posix_mlock,
        [LINUX_MUNLOCK] = posix_munlock,
        [LINUX_MLOCKALL] = posix_mlockall,
        [LINUX_MUNLOCKALL] = posix_munlockall,
        [LINUX_MINCORE] = posix_mincore,
        [LINUX_MADVISE] = posix_madvise,
        [LINUX_REMAP_FILE_PAGES] = posix_remap_file_pages,
        [LINUX_MBIND] = posix_missing,
        [LINUX_GET_MEMPOLICY] = posix_missing,
        [LINUX_SET_MEMPOLICY] = posix_missing,
        [LINUX_MIGRATE_PAGES] = posix_missing,
        [LINUX_MOVE_PAGES] = posix_missing,
        [LINUX_RT_TGSIGQUEUEINFO] = posix_sigqueue,
        [LINUX_PERF_EVENT_OPEN] = posix_missing,
        [LINUX_ACCEPT4] = posix_accept4,
        [LINUX_RECVMMSG] = posix_recvmmsg,
        [LINUX_WAIT4] = posix_wait4,
        [LINUX_PRLIMIT64] = posix_prlimit,
        [LINUX_FANOTIFY_INIT] = posix_forbidden,
        [LINUX_FANOTIFY_MARK] = posix_no_such_file,
        [LINUX_NAME_TO_HANDLE_AT] = posix_name_to_handle,
        [LINUX_OPEN_BY_HANDLE_AT] = posix_forbidden,
        [LINUX_CLOCK_ADJTIME] = posix_adjtimex,
        [LINUX_SYNCFS] = posix_syncfs,
        [LINUX_SETNS] = posix_setns,
        [LINUX_SENDMMSG] = posix_sendmmsg,
        [LINUX_PROCESS_VM_READV] = posix_process_vm,
        [LINUX_PROCESS_VM_WRITEV] = posix_process_vm,
        [LINUX_KCMP] = posix_kcmp,
        [LINUX_FINIT_MODULE] = posix_forbidden,
        [LINUX_SCHED_SETATTR] = posix_sched_setattr,
        [LINUX_SCHED_GETATTR] = posix_sched_getattr,
        [LINUX_RENAMEAT2] = posix_renameat,
        [LINUX_SECCOMP] = posix_missing,
        [LINUX_GETRANDOM] = posix_getrandom,
        [LINUX_MEMFD_CREATE] = posix_memfd_create,
        [LINUX_BPF] = posix_forbidden,
        [LINUX_EXECVEAT] = posix_execve,
        [LINUX_USERFAULTFD] = posix_forbidden,
        [LINUX_MEMBARRIER] = posix_membarrier,
        [LINUX_MLOCK2] = posix_mlock,
        [LINUX_COPY_FILE_RANGE] = posix_copy_file_range,
        [LINUX_PREADV2] = posix_preadv,
        [LINUX_PWRITEV2] = posix_pwritev,
        [LINUX_PKEY_MPROTECT] = posix_missing,
        [LINUX_PKEY_ALLOC] = posix_missing,
        [LINUX_PKEY_FREE] = posix_missing,
        [LINUX_STATX] = posix_statx,
        [LINUX_IO_PGETEVENTS] = posix_io_pgetevents,
        [LINUX_RSEQ] = posix_not,
        [LINUX_KEXEC_FILE_LOAD] = posix_forbidden,
        [LINUX_PIDFD_SEND_SIGNAL] = posix_pidfd_send_signal,
        [LINUX_IO_URING_SETUP] = posix_missing,
        [LINUX_IO_URING_ENTER] = posix_missing,
        [LINUX_IO_URING_REGISTER] = posix_missing,
        [LINUX_OPEN_TREE] = posix_forbidden,
        [LINUX_MOVE_MOUNT] = posix_forbidden,
        [LINUX_FSOPEN] = posix_forbidden,
        [LINUX_FSCONFIG] = posix_no_such_file,
        [LINUX_FSMOUNT] = posix_forbidden,
        [LINUX_FSPICK] = posix_forbidden,
        [LINUX_PIDFD_OPEN] = posix_pidfd_open,
        [LINUX_CLONE3] = posix_clone3,
        [LINUX_CLOSE_RANGE] = posix_close_range,
        [LINUX_OPENAT2] = posix_openat2,
        [LINUX_PIDFD_GETFD] = posix_pidfd_getfd,
        [LINUX_FACCESSAT2] = posix_faccessat,
        [LINUX_PROCESS_MADVISE] = posix_process_madvise,
        [LINUX_EPOLL_PWAIT2] = posix_epoll_pwait2,
        [LINUX_MOUNT_SETATTR] = posix_forbidden,
        [LINUX_QUOTACTL_FD] = posix_no_such_file,
        [LINUX_LANDLOCK_CREATE_RULESET] = posix_missing,
        [LINUX_LANDLOCK_ADD_RULE] = posix_missing,
        [LINUX_LANDLOCK_RESTRICT_SELF] = posix_missing,
        [LINUX_MEMFD_SECRET] = posix_missing,
        [LINUX_PROCESS_MRELEASE] = posix_process_mrelease,
        [LINUX_FUTEX_WAITV] = posix_futex_waitv,
        [LINUX_SET_MEMPOLICY_HOME_NODE] = posix_missing,
        [LINUX_FCHMODAT2] = posix_fchmodat,
};
/* clang-format on */

/* One line of the system's log for each number that a program tries, and one for all the large ones. */
long posix_missing(struct process *p)
{
        seL4_Word number = p->kind.foreign ? p->call.number : p->call.number - SOS_POSIX;
        seL4_Word at = number < PROCESS_MISSING ? number : PROCESS_MISSING - 1;

        if (!(p->leader->counts.missing[at / 64] >> at % 64 & 1))
                log_print("%s[%d]: system call %lu is not supported", p->name, p->leader->pid, number);
        p->leader->counts.missing[at / 64] |= 1ull << at % 64;
        return -SOS_ENOSYS;
}

/* Those that may change regions in pieces. */
static bool changes(seL4_Word number)
{
        switch (number) {
        case LINUX_BRK:
        case LINUX_MUNMAP:
        case LINUX_MREMAP:
        case LINUX_CLONE:
        case LINUX_MMAP:
        case LINUX_MPROTECT:
        case LINUX_MADVISE:
        case LINUX_REMAP_FILE_PAGES:
        case LINUX_CLONE3:
                return true;
        default:
                return false;
        }
}

void call_posix(struct process *p, seL4_Word number)
{
        bool there = number < sizeof(calls) / sizeof(*calls) && calls[number];

        if (number != LINUX_EXIT && number != LINUX_EXIT_GROUP && call_kept_off(p))
                return;
        if (p->tracee.tracer && !tracee_enters(p))
                return;
        p->call.more = false; /* not before: where it has stopped, that says whether it is half done */
        signal_serving(p);
        if (p->call.held)
                p->call.result = p->call.held_result;
        else
                call_end(p, there ? calls[number](p) : posix_missing(p));
        p->call.held = false;
        signal_news();
        if (!p->call.paging && !(p->tracee.tracer && tracee_leaves(p)))
                signal_after(p);
        signal_serving(NULL);
        if (changes(number) && thread_lives(p) && p->call.result.kind == CALL_WAITS &&
            (p->call.more || p->call.paging))
                call_keeps_off(p);
        else if (p->space)
                call_lets_change(p);
}

bool call_at_once(struct process *p, seL4_Word number, long *value)
{
        if (number == LINUX_WRITE && !signals_due(p))
                return posix_write_at_once(p, seL4_GetMR(0), (seL4_Word[2]){seL4_GetMR(1), seL4_GetMR(2)},
                                           value);
        if (number < LINUX_GETPID || number > LINUX_GETTID || signals_due(p))
                return false;
        *value = calls[number](p);
        return true;
}
