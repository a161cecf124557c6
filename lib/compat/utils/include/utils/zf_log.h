/* SPDX-License-Identifier: BSD-2-Clause */
/* Log lines by level.  ZF_LOG_LEVEL, defined before this header, is the lowest level that is compiled in.  Lines go where
 * report lines go (sel4/report.h); the formats are those of report. */
#pragma once

#include <sel4/report.h>

#define ZF_LOG_VERBOSE 1
#define ZF_LOG_DEBUG   2
#define ZF_LOG_INFO    3
#define ZF_LOG_WARN    4
#define ZF_LOG_ERROR   5
#define ZF_LOG_FATAL   6
#define ZF_LOG_NONE    255

#ifndef ZF_LOG_LEVEL
#define ZF_LOG_LEVEL ZF_LOG_INFO
#endif

/* What a line of the level F does after it is printed: end the program. */
_Noreturn void zf_log_abort(void);

#define ZF_LOG_LINE_(level, letter, ...) ((level) >= ZF_LOG_LEVEL ? report(letter " " __VA_ARGS__) : (void)0)

#define ZF_LOGV(...) ZF_LOG_LINE_(ZF_LOG_VERBOSE, "V", __VA_ARGS__)
#define ZF_LOGD(...) ZF_LOG_LINE_(ZF_LOG_DEBUG, "D", __VA_ARGS__)
#define ZF_LOGI(...) ZF_LOG_LINE_(ZF_LOG_INFO, "I", __VA_ARGS__)
#define ZF_LOGW(...) ZF_LOG_LINE_(ZF_LOG_WARN, "W", __VA_ARGS__)
#define ZF_LOGE(...) ZF_LOG_LINE_(ZF_LOG_ERROR, "E", __VA_ARGS__)
#define ZF_LOGF(...) (ZF_LOG_LINE_(ZF_LOG_FATAL, "F", __VA_ARGS__), zf_log_abort())

#include <utils/zf_log_if.h>

#include <aos/sel4_zf_logif.h>
