/* SPDX-License-Identifier: BSD-2-Clause */
/* All of the small change of systems code, and what has no header of its own. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <utils/arith.h>
#include <utils/attribute.h>
#include <utils/builtin.h>
#include <utils/compile_time.h>
#include <utils/fence.h>
#include <utils/formats.h>
#include <utils/gen_config.h>
#include <utils/io.h>
#include <utils/page.h>
#include <utils/stringify.h>
#include <utils/time.h>
#include <utils/zf_log.h>
#include <utils/zf_log_if.h>

#define LOG_ERROR(...) ZF_LOGE(__VA_ARGS__)
#define LOG_INFO(...)  ZF_LOGI(__VA_ARGS__)

/* Call fn(arg) on the stack that ends at `stack_top` (16-byte aligned) and return its result on the present one. */
void *utils_run_on_stack(void *stack_top, void *(*fn)(void *), void *arg);
