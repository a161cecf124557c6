/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages between programs and the servers of the starter OS.
 *
 * Every request is a seL4_Call with label 0: word 0 is its number, words 1.. its arguments; the answer's word 0 is the
 * result, negative for an error (-SOS_E*, which are the numbers of Linux).  An address is one in the caller's own address
 * space; a bad one is an error, never a fault.
 */
#pragma once

#include <stdint.h>

/* Slots of a process. */
enum {
        SOS_SLOT_SERVER = 1,
};

/* Of the auxiliary vector: the frequency of the processor's counter. */
enum { SOS_AUX_COUNTER_HERTZ = 0x54450001 };

/* The system server's own calls. */
enum sos_call {
        SOS_NOTHING = 0, /* answered with 0, and as many words as came */
        SOS_PARK = 1,    /* never answered */
        SOS_SPAWN,       /* address of struct sos_spawn -> pid */
        SOS_FIND,        /* address of a name -> pid of the youngest process with it */
        SOS_STATUS,      /* address of struct sos_status[], how many -> how many were filled */
        SOS_CREATE,      /* address of a path -> pid of the new process, a child of the caller */
        SOS_DELETE,      /* pid -> 0 */
        SOS_WAIT,        /* pid, or -1 for any child -> pid of the one that ended */
        SOS_SLEEP,       /* microseconds -> 0, at least so much later */
        SOS_STAT,        /* address of a path, of sos_stat_t -> 0 */
        SOS_SHARE,       /* address, size, may others write -> 0 */
        SOS_DIRENT,      /* position in the root directory, address, size -> length of the name */
        SOS_POWER_OFF,
        SOS_MACHINE, /* enum machine_call, its arguments -> as sos/machine.h has it */
        SOS_CONSOLE, /* enum serial_call, its arguments -> as below; only for the shell */
        SOS_CALLS,
};

/* Calls that Linux programs make by svc, native ones by message: SOS_POSIX + the number on AArch64. */
enum { SOS_POSIX = 1000 };

/* Fewer frames than this do not hold the shell and a program beside it. */
enum { REPORT_FRAMES_MIN = 100 };

enum sos_report {
        REPORT_CAPS,
        REPORT_MEM,
        REPORT_THREADS,
        REPORT_PROGRAMS,
        REPORT_FRAMES,
        REPORT_SERVER,
        REPORT_IFCONFIG,
        REPORT_NETSTAT,
        REPORT_DRIVERS,
        REPORT_RESOLV,
        REPORT_TRACE,
        REPORT_TRACE_MEMORY, /* bytes, not text */
        REPORT_DUMP,         /* made while it is read */
        REPORT_REFUSALS,
        REPORTS
};

enum { SOS_NAME_MAX = 32, SOS_PATH_MAX = 512, SOS_ARGUMENTS_MAX = 512 };

struct sos_spawn {
        char name[SOS_NAME_MAX];           /* what it is called; its argument 0 */
        char program[SOS_PATH_MAX];        /* path of the file it runs */
        char arguments[SOS_ARGUMENTS_MAX]; /* NUL after each */
        unsigned long priority;
        unsigned long budget_us, period_us; /* equal: a plain time slice */
        unsigned long tell_budget;          /* not 0: running out of budget is a fault */
        unsigned long detached;             /* not 0: nobody waits for it */
        unsigned long argument_bytes;       /* used in `arguments`; 0: an empty one ends them */
};

struct sos_status {
        int pid;
        unsigned pages;
        unsigned started_ms;
        char command[SOS_NAME_MAX];
};

/* The console. */
enum serial_call {
        SERIAL_READ, /* address, size -> bytes of the line, its newline last (0: end of input); -SOS_EINTR: Ctrl-C */
        SERIAL_TAKE, /* the same, but -SOS_EAGAIN when there is nothing */
        SERIAL_RAW,  /* 1: characters as they come, without echo; 0: lines */
        /* SERIAL_READ by a reader that completes words: address, size, address of a string to insert at the cursor -> the same, or
         * SERIAL_TAB + bytes: the Tab key; those are the text before the cursor */
        SERIAL_EDIT,
        SERIAL_SIZE, /* -> rows << 16 | columns of the terminal; 0: it has not told, and may be none */
};

enum { SERIAL_TAB = 1 << 16 };

/* The largest piece of text in one message. */
enum { SOS_TEXT_MAX = 896 };

enum sos_error {
        SOS_EPERM = 1,
        SOS_ENOENT = 2,
        SOS_ESRCH = 3,
        SOS_EINTR = 4,
        SOS_EIO = 5,
        SOS_ENXIO = 6,
        SOS_E2BIG = 7,
        SOS_ENOEXEC = 8,
        SOS_EBADF = 9,
        SOS_ECHILD = 10,
        SOS_EAGAIN = 11,
        SOS_ENOMEM = 12,
        SOS_EACCES = 13,
        SOS_EFAULT = 14,
        SOS_EBUSY = 16,
        SOS_EEXIST = 17,
        SOS_EXDEV = 18,
        SOS_ENODEV = 19,
        SOS_ENOTDIR = 20,
        SOS_EISDIR = 21,
        SOS_EINVAL = 22,
        SOS_ENFILE = 23,
        SOS_EMFILE = 24,
        SOS_ENOTTY = 25,
        SOS_ETXTBSY = 26,
        SOS_EFBIG = 27,
        SOS_ENOSPC = 28,
        SOS_ESPIPE = 29,
        SOS_EROFS = 30,
        SOS_EMLINK = 31,
        SOS_EPIPE = 32,
        SOS_EDOM = 33,
        SOS_ERANGE = 34,
        SOS_EDEADLK = 35,
        SOS_ENAMETOOLONG = 36,
        SOS_ENOLCK = 37,
        SOS_ENOSYS = 38,
        SOS_ENOTEMPTY = 39,
        SOS_ELOOP = 40,
        SOS_ENOMSG = 42,
        SOS_EIDRM = 43,
        SOS_ENODATA = 61,
        SOS_EOVERFLOW = 75,
        SOS_ENOTSOCK = 88,
        SOS_EDESTADDRREQ = 89,
        SOS_EMSGSIZE = 90,
        SOS_EPROTOTYPE = 91,
        SOS_ENOPROTOOPT = 92,
        SOS_EPROTONOSUPPORT = 93,
        SOS_ESOCKTNOSUPPORT = 94,
        SOS_EOPNOTSUPP = 95,
        SOS_EAFNOSUPPORT = 97,
        SOS_EADDRINUSE = 98,
        SOS_EADDRNOTAVAIL = 99,
        SOS_ENETDOWN = 100,
        SOS_ENETUNREACH = 101,
        SOS_ECONNRESET = 104,
        SOS_ENOBUFS = 105,
        SOS_EISCONN = 106,
        SOS_ENOTCONN = 107,
        SOS_ETOOMANYREFS = 109,
        SOS_ETIMEDOUT = 110,
        SOS_ECONNREFUSED = 111,
        SOS_EHOSTUNREACH = 113,
        SOS_EALREADY = 114,
        SOS_EINPROGRESS = 115,
        SOS_EDQUOT = 122,
        SOS_ENOKEY = 126,
        SOS_EKEYEXPIRED = 127,
        SOS_EKEYREVOKED = 128,
};

/* What fstat and its kin write. */
struct posix_stat {
        uint64_t device, inode;
        uint32_t mode, links, user, group;
        uint64_t special, pad;
        int64_t size;
        int32_t block_size, pad2;
        int64_t blocks;
        int64_t accessed, accessed_ns, modified, modified_ns, changed, changed_ns;
        int32_t unused[2];
};
_Static_assert(sizeof(struct posix_stat) == 128, "as Linux programs know it");
