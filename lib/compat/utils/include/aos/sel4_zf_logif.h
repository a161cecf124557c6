/* SPDX-License-Identifier: BSD-2-Clause */
/* Log lines for kernel errors, statements: printed when `error` is one, behind its name. */
#pragma once

#include <aos/strerror.h>
#include <utils/zf_log.h>

#define ZF_LOG_IFERR_(level, error, format, ...)                                                             \
        do {                                                                                                 \
                int zf_error_ = (int)(error);                                                                \
                if (zf_error_)                                                                               \
                        level("[%s] " format, sel4_strerror(zf_error_), ##__VA_ARGS__);                      \
        } while (0)

#define ZF_LOGV_IFERR(error, ...) ZF_LOG_IFERR_(ZF_LOGV, error, __VA_ARGS__)
#define ZF_LOGD_IFERR(error, ...) ZF_LOG_IFERR_(ZF_LOGD, error, __VA_ARGS__)
#define ZF_LOGI_IFERR(error, ...) ZF_LOG_IFERR_(ZF_LOGI, error, __VA_ARGS__)
#define ZF_LOGW_IFERR(error, ...) ZF_LOG_IFERR_(ZF_LOGW, error, __VA_ARGS__)
#define ZF_LOGE_IFERR(error, ...) ZF_LOG_IFERR_(ZF_LOGE, error, __VA_ARGS__)
#define ZF_LOGF_IFERR(error, ...) ZF_LOG_IFERR_(ZF_LOGF, error, __VA_ARGS__)
