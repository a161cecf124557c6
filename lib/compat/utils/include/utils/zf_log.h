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

/* What names the lines of a source file: ZF_LOG_TAG, defined before this header, or else ZF_LOG_DEF_TAG. */
#ifndef ZF_LOG_TAG
#ifdef ZF_LOG_DEF_TAG
#define ZF_LOG_TAG ZF_LOG_DEF_TAG
#else
#define ZF_LOG_TAG ""
#endif
#endif

/* At run time: lines below `level` are not printed; at first all that are compiled in are.  `prefix` stands before tags, NULL or "": none;
 * it is kept, not copied. */
void zf_log_set_output_level(int level);
void zf_log_set_tag_prefix(const char *prefix);

/* What a line of the level F does after it is printed: end the program. */
_Noreturn void zf_log_abort(void);

/* For the macros: is the level printed now; "PREFIX.TAG: " or what there is of it, until the next call; bytes in lines of 16. */
int zf_log_prints(int level);
const char *zf_log_name(const char *tag);
void zf_log_bytes(const void *data, unsigned long size);

/* Compiled in; and printed now. */
#define ZF_LOG_ALLOWED_(level) ((level) >= ZF_LOG_LEVEL)
#define ZF_LOG_OUTPUT_(level)  (ZF_LOG_ALLOWED_(level) && zf_log_prints(level))
#define ZF_LOG_ALLOW_VERBOSE   ZF_LOG_ALLOWED_(ZF_LOG_VERBOSE)
#define ZF_LOG_ALLOW_DEBUG     ZF_LOG_ALLOWED_(ZF_LOG_DEBUG)
#define ZF_LOG_ALLOW_INFO      ZF_LOG_ALLOWED_(ZF_LOG_INFO)
#define ZF_LOG_ALLOW_WARN      ZF_LOG_ALLOWED_(ZF_LOG_WARN)
#define ZF_LOG_ALLOW_ERROR     ZF_LOG_ALLOWED_(ZF_LOG_ERROR)
#define ZF_LOG_ALLOW_FATAL     ZF_LOG_ALLOWED_(ZF_LOG_FATAL)
#define ZF_LOG_OUTPUT_VERBOSE  ZF_LOG_OUTPUT_(ZF_LOG_VERBOSE)
#define ZF_LOG_OUTPUT_DEBUG    ZF_LOG_OUTPUT_(ZF_LOG_DEBUG)
#define ZF_LOG_OUTPUT_INFO     ZF_LOG_OUTPUT_(ZF_LOG_INFO)
#define ZF_LOG_OUTPUT_WARN     ZF_LOG_OUTPUT_(ZF_LOG_WARN)
#define ZF_LOG_OUTPUT_ERROR    ZF_LOG_OUTPUT_(ZF_LOG_ERROR)
#define ZF_LOG_OUTPUT_FATAL    ZF_LOG_OUTPUT_(ZF_LOG_FATAL)

#define ZF_LOG_LINE_(level, letter, format, ...)                                                             \
        (ZF_LOG_OUTPUT_(level) ? report(letter " %s" format, zf_log_name(ZF_LOG_TAG), ##__VA_ARGS__)         \
                               : (void)0)

#define ZF_LOGV(...) ZF_LOG_LINE_(ZF_LOG_VERBOSE, "V", __VA_ARGS__)
#define ZF_LOGD(...) ZF_LOG_LINE_(ZF_LOG_DEBUG, "D", __VA_ARGS__)
#define ZF_LOGI(...) ZF_LOG_LINE_(ZF_LOG_INFO, "I", __VA_ARGS__)
#define ZF_LOGW(...) ZF_LOG_LINE_(ZF_LOG_WARN, "W", __VA_ARGS__)
#define ZF_LOGE(...) ZF_LOG_LINE_(ZF_LOG_ERROR, "E", __VA_ARGS__)
#define ZF_LOGF(...) (ZF_LOG_LINE_(ZF_LOG_FATAL, "F", __VA_ARGS__), zf_log_abort())

/* The line, then `size` bytes of memory. */
#define ZF_LOG_MEM_(level, letter, data, size, ...)                                                          \
        (ZF_LOG_LINE_(level, letter, __VA_ARGS__), ZF_LOG_OUTPUT_(level) ? zf_log_bytes(data, size) : (void)0)
#define ZF_LOGV_MEM(data, size, ...) ZF_LOG_MEM_(ZF_LOG_VERBOSE, "V", data, size, __VA_ARGS__)
#define ZF_LOGD_MEM(data, size, ...) ZF_LOG_MEM_(ZF_LOG_DEBUG, "D", data, size, __VA_ARGS__)
#define ZF_LOGI_MEM(data, size, ...) ZF_LOG_MEM_(ZF_LOG_INFO, "I", data, size, __VA_ARGS__)
#define ZF_LOGW_MEM(data, size, ...) ZF_LOG_MEM_(ZF_LOG_WARN, "W", data, size, __VA_ARGS__)
#define ZF_LOGE_MEM(data, size, ...) ZF_LOG_MEM_(ZF_LOG_ERROR, "E", data, size, __VA_ARGS__)
#define ZF_LOGF_MEM(data, size, ...) (ZF_LOG_MEM_(ZF_LOG_FATAL, "F", data, size, __VA_ARGS__), zf_log_abort())

#include <utils/zf_log_if.h>

#include <aos/sel4_zf_logif.h>
