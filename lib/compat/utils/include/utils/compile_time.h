/* SPDX-License-Identifier: BSD-2-Clause */
/* Checks by the compiler. */
#pragma once

#define compile_time_assert(name, expression) _Static_assert(expression, #name)
