/* SPDX-License-Identifier: BSD-2-Clause */
/* What sources of the course's framework contain: their own definitions of declared functions, macros as statements, constants in
 * initialisers.  Compiled, not linked. */
#include <aos/debug.h>
#include <aos/registers.h>
#include <aos/sel4_zf_logif.h>
#include <aos/strerror.h>
#include <clock/clock.h>
#include <utils/arith.h>
#include <utils/attribute.h>
#include <utils/builtin.h>
#include <utils/compile_time.h>
#include <utils/fence.h>
#include <utils/formats.h>
#include <utils/io.h>
#include <utils/page.h>
#include <utils/stringify.h>
#include <utils/time.h>
#include <utils/util.h>
#include <utils/zf_log_if.h>

/* Definitions of a client do not clash with the declarations. */
void debug_cap_identify(seL4_CPtr cap)
{
        (void)cap;
}

void debug_print_bootinfo(seL4_BootInfo *info)
{
        (void)info;
}

void debug_print_fault(seL4_MessageInfo_t tag, const char *name)
{
        (void)tag, (void)name;
}

void debug_dump_registers(seL4_CPtr tcb)
{
        (void)tcb;
}

void __sel4_error(int error, const char *file, const char *function, int line, char *what)
{
        (void)error, (void)file, (void)function, (void)line, (void)what;
}

char *sel4_errlist[] = {"none"};

static const uint64_t times[] = {SEC_IN_MINUTE, MS_IN_S,      US_IN_S,  NS_IN_S, PS_IN_S,
                                 FS_IN_S,       MS_IN_MINUTE, NS_IN_US, FS_IN_PS};
compile_time_assert(pages, PAGE_MASK_4K == 0xfff && PAGE_ALIGN_4K(0x1234) == 0x1000 &&
                                   PAGE_SIZE_2M == 0x200000 && BYTES_TO_SIZE_BITS_PAGES(0x200001, 21) == 2 &&
                                   PAGE_BITS_1G == 30);
compile_time_assert(numbers, INRANGE(1, 3, 3) && !ISINRANGE(1, 4, 3) && DIV_ROUND(7, 2) == 4 &&
                                     NEXT_POWER_OF_2(65) == 128 && NEXT_POWER_OF_2(64) == 64);
static const unsigned long lowest[] = {MASK(1), MASK(64), MASK_UNSAFE(12)};

unsigned long lowest_bits(unsigned n)
{
        assert(n < ARRAY_SIZE(lowest) || n <= 64);
        return MASK(n);
}

compile_time_assert(minutes, NS_IN_MINUTE == 60000000000 && PS_IN_NS == 1000 && FS_IN_S == 1000000000000000);
compile_time_assert(words, sizeof(STRINGIFY(JOIN(a, b))) == 3 && OFFSETOF(seL4_UserContext, sp) == 8);

#if CLOCK_R_OK != 0 || CLOCK_R_UINT != -1 || CLOCK_R_CNCL != -2 || CLOCK_R_FAIL != -3
#error the results are macros
#endif

typedef struct {
        char a;
        int b;
} PACKED ALIGN(2) packed_t;

static UNUSED NO_INLINE COLD int statements(int err, volatile uint32_t *at)
{
        if (err == 7)
                ZF_LOGE_IF(err, "value %d", err);
        else
                ZF_LOGE_IFERR(err, "call of %s", register_names[0]);
        RAW_WRITE32(5, at);
        COMPILER_MEMORY_FENCE();
        sel4_error(err, "text");
        LOG_INFO(DFMT " " XFMT COLOR_ERROR COLOR_NORMAL, 1l, 2ul);
        return RAW_READ32(at) == 5 && debug_is_read_fault() && times[0] == 60 ? CLAMP(0, err, 9)
                                                                              : (int)sizeof(packed_t);
}

int (*const used)(int, volatile uint32_t *) = statements;
