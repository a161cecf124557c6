/* SPDX-License-Identifier: BSD-2-Clause */
/* Filters of system calls as Linux's headers have them, which come with one of the C libraries only. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

struct sock_filter {
        uint16_t code;
        uint8_t jt, jf;
        uint32_t k;
};

struct sock_fprog {
        unsigned short len;
        struct sock_filter *filter;
};

struct seccomp_data {
        int nr;
        uint32_t arch;
        uint64_t instruction_pointer, args[6];
};

enum { BPF_LD, BPF_LDX, BPF_ST, BPF_STX, BPF_ALU, BPF_JMP, BPF_RET, BPF_MISC };
enum { BPF_W = 0x00, BPF_B = 0x10 };
enum { BPF_IMM = 0x00, BPF_ABS = 0x20, BPF_IND = 0x40, BPF_MEM = 0x60, BPF_LEN = 0x80 };
enum {
        BPF_ADD,
        BPF_SUB = 0x10,
        BPF_MUL = 0x20,
        BPF_DIV = 0x30,
        BPF_OR = 0x40,
        BPF_AND = 0x50,
        BPF_LSH = 0x60,
        BPF_RSH = 0x70,
        BPF_NEG = 0x80,
        BPF_MOD = 0x90,
        BPF_XOR = 0xa0
};
enum { BPF_JA, BPF_JEQ = 0x10, BPF_JGT = 0x20, BPF_JGE = 0x30, BPF_JSET = 0x40 };
enum { BPF_K, BPF_X = 0x08, BPF_A = 0x10, BPF_TAX = 0x00, BPF_TXA = 0x80 };

#define BPF_STMT(c, value)                                                                                   \
        {                                                                                                    \
                .code = (c), .k = (value)                                                                    \
        }
#define BPF_JUMP(c, value, yes, no)                                                                          \
        {                                                                                                    \
                .code = (c), .jt = (yes), .jf = (no), .k = (value)                                           \
        }

enum { SECCOMP_SET_MODE_STRICT, SECCOMP_SET_MODE_FILTER, SECCOMP_GET_ACTION_AVAIL };
enum { SECCOMP_MODE_STRICT = 1 };
enum { SECCOMP_FILTER_FLAG_TSYNC = 1, SECCOMP_FILTER_FLAG_TSYNC_ESRCH = 16 };
enum {
        SECCOMP_RET_KILL_THREAD = 0,
        SECCOMP_RET_TRAP = 0x00030000,
        SECCOMP_RET_ERRNO = 0x00050000,
        SECCOMP_RET_USER_NOTIF = 0x7fc00000,
        SECCOMP_RET_TRACE = 0x7ff00000,
        SECCOMP_RET_LOG = 0x7ffc0000,
        SECCOMP_RET_ALLOW = 0x7fff0000
};
#define SECCOMP_RET_KILL_PROCESS 0x80000000u

#define LOAD(field)      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define RETURN(what)     BPF_STMT(BPF_RET | BPF_K, what)
#define IF(number, what) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1), RETURN(what)
#define COUNT(a)         (sizeof(a) / sizeof((a)[0]))

static inline long put(unsigned flags, const struct sock_filter *steps, size_t count)
{
        struct sock_fprog program = {.len = (unsigned short)count, .filter = (struct sock_filter *)steps};

        return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
}
#define PUT(flags, ...)                                                                                      \
        put(flags, (struct sock_filter[]){__VA_ARGS__}, COUNT(((struct sock_filter[]){__VA_ARGS__})))

static inline void privileges_off(void)
{
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}
