/* SPDX-License-Identifier: BSD-2-Clause */
/* A root task that logs in the way of the course's sources. */
#define ZF_LOG_TAG           "test"
#define ZF_LOG_LEVEL         ZF_LOG_INFO
#define CONFIG_PLAT_ODROIDC2 1
#include <clock/device.h>
#include <cspace/cspace.h>
#include <sel4/sel4.h>
#include <utils/util.h>

#ifndef BOT_LVL_PER_NODE
#error "clients ask whether it is defined"
#endif
_Static_assert(BOT_LVL_PER_NODE == (4096 - 24) / 24 && WATERMARK_SLOTS == 4 &&
                       BITFIELD_SIZE(CNODE_SIZE_BITS) == 2,
               "as the course has them");
_Static_assert(TOP_LVL_INDEX(1000) == 7 && BOT_LVL_INDEX(1000) == 104 && NODE_INDEX(128 * 169) == 1 &&
                       CNODE_INDEX(128 * 170 + 5) == 1,
               "");
_Static_assert(WORD_INDEX(130) == 2 && BIT_INDEX(130) == 2 && WORD_BITS == 64, "");
_Static_assert(ZF_LOG_ALLOW_INFO && !ZF_LOG_ALLOW_DEBUG && ZF_LOG_ALLOW_FATAL, "");

_Static_assert(TIMER_MAP_BASE == 0xc1109000 && TIMER_REG_START == 0x940 && MESON_TIMER_D == 3, "");

static void put(char c)
{
        seL4_DebugPutChar(c);
}

int main(void)
{
        static const unsigned char bytes[] = "0123456789abcdef\0\377";
        int lines = 4;

        report_to(put);
        ZF_LOGI("one %d", 1);
        ZF_LOGD("not compiled in");
        zf_log_set_output_level(ZF_LOG_WARN);
        zf_log_set_tag_prefix("outer");
        ZF_LOGI("not printed");
        ZF_LOGE("two");
        ZF_LOGI_MEM(bytes, 3, "nor this");
        ZF_LOGW_MEM(bytes, sizeof(bytes) - 1, "bytes");
        ZF_LOGW_IF(lines > 0, "four");
        zf_log_set_tag_prefix(NULL);
        if (meson_timeout_irq(MESON_TIMER_C) == 38 && !ZF_LOG_OUTPUT_INFO && ZF_LOG_OUTPUT_ERROR)
                for (const char *c = "log: done\n"; *c; c++)
                        put(*c);
        return 0;
}
