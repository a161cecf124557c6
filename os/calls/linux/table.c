/* SPDX-License-Identifier: BSD-2-Clause */
/* Which number is which call. */
#include "os/calls/linux/posix.h"
#include "os/core/log.h"
#include "os/process/signal.h"

/* clang-format off */
static posix_call *const calls[] = {
        [5] = posix_xattr,
        [6] = posix_lxattr,
        [7] = posix_fxattr,
        [8] = posix_xattr,
        [9] = posix_lxattr,
        [10] = posix_fxattr,
        [11] = posix_xattr,
        [12] = posix_lxattr,
        [13] = posix_fxattr,
        [14] = posix_xattr,
        [15] = posix_lxattr,
        [16] = posix_fxattr,
        [17] = posix_getcwd,
        [19] = posix_eventfd2,
        [20] = posix_epoll_create1,
        [21] = posix_epoll_ctl,
        [22] = posix_epoll_pwait,
        [23] = posix_dup,
        [24] = posix_dup3,
        [25] = posix_fcntl,
        [26] = posix_inotify_init1,
        [27] = posix_inotify_add_watch,
        [28] = posix_inotify_rm_watch,
        [29] = posix_ioctl,
        [30] = posix_ioprio,
        [31] = posix_ioprio,
        [32] = posix_flock,
        [33] = posix_mknodat,
        [34] = posix_mkdirat,
        [35] = posix_unlinkat,
        [36] = posix_symlinkat,
        [37] = posix_linkat,
        [38] = posix_renameat,
        [43] = posix_statfs,
        [44] = posix_fstatfs,
        [45] = posix_truncate,
        [46] = posix_ftruncate,
        [47] = posix_fallocate,
        [48] = posix_faccessat,
        [49] = posix_chdir,
        [50] = posix_fchdir,
        [52] = posix_fchmod,
        [53] = posix_fchmodat,
        [54] = posix_fchownat,
        [55] = posix_fchown,
        [56] = posix_openat,
        [57] = posix_close,
        [59] = posix_pipe2,
        [61] = posix_getdents,
        [62] = posix_lseek,
        [63] = posix_read,
        [64] = posix_write,
        [65] = posix_readv,
        [66] = posix_writev,
        [67] = posix_pread,
        [68] = posix_pwrite,
        [69] = posix_preadv,
        [70] = posix_pwritev,
        [71] = posix_sendfile,
        [72] = posix_pselect6,
        [73] = posix_ppoll,
        [74] = posix_signalfd4,
        [75] = posix_vmsplice,
        [76] = posix_splice,
        [77] = posix_tee,
        [78] = posix_readlinkat,
        [79] = posix_fstatat,
        [80] = posix_fstat,
        [81] = posix_sync,
        [82] = posix_fsync,
        [83] = posix_fsync,
        [84] = posix_sync_file_range,
        [85] = posix_timerfd_create,
        [86] = posix_timerfd_settime,
        [87] = posix_timerfd_gettime,
        [88] = posix_utimensat,
        [90] = posix_capget,
        [91] = posix_capset,
        [92] = posix_personality,
        [93] = posix_exit,
        [94] = posix_exit_group,
        [95] = posix_waitid,
        [96] = posix_set_tid_address,
        [97] = posix_unshare,
        [98] = posix_futex,
        [99] = posix_set_robust_list,
        [100] = posix_get_robust_list,
        [101] = posix_nanosleep,
        [102] = posix_getitimer,
        [103] = posix_setitimer,
        [107] = posix_timer_create,
        [108] = posix_timer_gettime,
        [109] = posix_timer_getoverrun,
        [110] = posix_timer_settime,
        [111] = posix_timer_delete,
        [112] = posix_clock_settime,
        [113] = posix_clock_gettime,
        [114] = posix_clock_getres,
        [115] = posix_clock_nanosleep,
        [116] = posix_syslog,
        [117] = posix_debug,
        [118] = posix_sched_setparam,
        [119] = posix_sched_setscheduler,
        [120] = posix_sched_getscheduler,
        [121] = posix_sched_getparam,
        [122] = posix_sched_setaffinity,
        [123] = posix_sched_getaffinity,
        [124] = posix_sched_yield,
        [125] = posix_sched_get_priority_max,
        [126] = posix_sched_get_priority_min,
        [127] = posix_sched_rr_get_interval,
        [129] = posix_kill,
        [130] = posix_tkill,
        [131] = posix_tkill,
        [132] = posix_sigaltstack,
        [133] = posix_sigsuspend,
        [134] = posix_sigaction,
        [135] = posix_sigprocmask,
        [136] = posix_sigpending,
        [137] = posix_sigtimedwait,
        [138] = posix_sigqueue,
        [139] = posix_sigreturn,
        [140] = posix_setpriority,
        [141] = posix_getpriority,
        [143] = posix_setreid,
        [144] = posix_setid,
        [145] = posix_setreid,
        [146] = posix_setid,
        [147] = posix_setresid,
        [148] = posix_getresid,
        [149] = posix_setresid,
        [150] = posix_getresid,
        [151] = posix_setfsid,
        [152] = posix_setfsid,
        [153] = posix_times,
        [154] = posix_setpgid,
        [155] = posix_getpgid,
        [156] = posix_getpgid,
        [157] = posix_setsid,
        [158] = posix_getgroups,
        [159] = posix_setgroups,
        [160] = posix_uname,
        [161] = posix_sethostname,
        [162] = posix_sethostname,
        [163] = posix_getrlimit,
        [164] = posix_setrlimit,
        [165] = posix_getrusage,
        [166] = posix_umask,
        [167] = posix_prctl,
        [168] = posix_getcpu,
        [169] = posix_gettimeofday,
        [170] = posix_settimeofday,
        [171] = posix_adjtimex,
        [172] = posix_getpid,
        [173] = posix_getppid,
        [174] = posix_getid,
        [175] = posix_getid,
        [176] = posix_getid,
        [177] = posix_getid,
        [178] = posix_gettid,
        [179] = posix_sysinfo,
        [186] = posix_msgget,
        [187] = posix_msgctl,
        [188] = posix_msgrcv,
        [189] = posix_msgsnd,
        [190] = posix_semget,
        [191] = posix_semctl,
        [192] = posix_semtimedop,
        [193] = posix_semop,
        [194] = posix_shmget,
        [195] = posix_shmctl,
        [196] = posix_shmat,
        [197] = posix_shmdt,
        [198] = posix_socket,
        [199] = posix_socketpair,
        [200] = posix_bind,
        [201] = posix_listen,
        [202] = posix_accept,
        [203] = posix_connect,
        [204] = posix_getsockname,
        [205] = posix_getpeername,
        [206] = posix_sendto,
        [207] = posix_recvfrom,
        [208] = posix_setsockopt,
        [209] = posix_getsockopt,
        [210] = posix_shutdown,
        [211] = posix_sendmsg,
        [212] = posix_recvmsg,
        [213] = posix_readahead,
        [214] = posix_brk,
        [215] = posix_munmap,
        [216] = posix_mremap,
        [220] = posix_clone,
        [221] = posix_execve,
        [222] = posix_mmap,
        [223] = posix_fadvise,
        [226] = posix_mprotect,
        [227] = posix_msync,
        [228] = posix_mlock,
        [229] = posix_munlock,
        [230] = posix_mlockall,
        [231] = posix_munlockall,
        [232] = posix_mincore,
        [233] = posix_madvise,
        [240] = posix_sigqueue,
        [242] = posix_accept4,
        [243] = posix_recvmmsg,
        [260] = posix_wait4,
        [261] = posix_prlimit,
        [266] = posix_adjtimex,
        [267] = posix_syncfs,
        [269] = posix_sendmmsg,
        [274] = posix_sched_setattr,
        [275] = posix_sched_getattr,
        [276] = posix_renameat,
        [278] = posix_getrandom,
        [279] = posix_memfd_create,
        [283] = posix_membarrier,
        [284] = posix_mlock,
        [285] = posix_copy_file_range,
        [286] = posix_preadv,
        [287] = posix_pwritev,
        [291] = posix_statx,
        [293] = posix_not,
        [435] = posix_not,
        [436] = posix_close_range,
        [439] = posix_faccessat,
        [441] = posix_epoll_pwait2,
};
/* clang-format on */

/* One line of the system's log for each number that a program tries, and one for all the large ones. */
long posix_missing(struct process *p)
{
        seL4_Word number = p->foreign ? p->call.number : p->call.number - SOS_POSIX;
        seL4_Word at = number < PROCESS_MISSING ? number : PROCESS_MISSING - 1;

        if (!(p->leader->missing[at / 64] >> at % 64 & 1))
                log_print("%s[%d]: system call %lu is not supported", p->name, p->leader->pid, number);
        p->leader->missing[at / 64] |= 1ull << at % 64;
        return -SOS_ENOSYS;
}

/* Those that may change regions in pieces. */
static bool changes(seL4_Word number)
{
        enum { BRK = 214, MUNMAP, MREMAP, CLONE = 220, MMAP = 222, MPROTECT = 226, MADVISE = 233 };

        return number == BRK || number == MUNMAP || number == MREMAP || number == CLONE || number == MMAP ||
               number == MPROTECT || number == MADVISE;
}

void call_posix(struct process *p, seL4_Word number)
{
        enum { EXIT = 93, EXIT_GROUP };
        bool there = number < sizeof(calls) / sizeof(*calls) && calls[number];

        if (number != EXIT && number != EXIT_GROUP && call_kept_off(p))
                return;
        signal_serving(p);
        if (p->call.held)
                p->call.result = p->call.held_result;
        else
                call_end(p, there ? calls[number](p) : posix_missing(p));
        p->call.held = false;
        if (!p->call.paging)
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
        enum { GETPID = 172, GETTID = 178 };

        if (number < GETPID || number > GETTID || signals_due(p))
                return false;
        *value = calls[number](p);
        return true;
}
