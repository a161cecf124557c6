/* SPDX-License-Identifier: BSD-2-Clause */
/* Log lines under a condition, which they name.  Statements. */
#pragma once

#include <utils/zf_log.h>

#define ZF_LOG_IF_(level, condition, text, format, ...)                                                      \
        do {                                                                                                 \
                if (condition)                                                                               \
                        level("[" text "] " format, ##__VA_ARGS__);                                          \
        } while (0)

#define ZF_LOGV_IF(condition, ...) ZF_LOG_IF_(ZF_LOGV, condition, #condition, __VA_ARGS__)
#define ZF_LOGD_IF(condition, ...) ZF_LOG_IF_(ZF_LOGD, condition, #condition, __VA_ARGS__)
#define ZF_LOGI_IF(condition, ...) ZF_LOG_IF_(ZF_LOGI, condition, #condition, __VA_ARGS__)
#define ZF_LOGW_IF(condition, ...) ZF_LOG_IF_(ZF_LOGW, condition, #condition, __VA_ARGS__)
#define ZF_LOGE_IF(condition, ...) ZF_LOG_IF_(ZF_LOGE, condition, #condition, __VA_ARGS__)
#define ZF_LOGF_IF(condition, ...) ZF_LOG_IF_(ZF_LOGF, condition, #condition, __VA_ARGS__)
