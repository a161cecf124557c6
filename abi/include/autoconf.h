/* SPDX-License-Identifier: BSD-2-Clause */
/* All configuration macros: those of the kernel, of the API library, and of the libraries of a full build that
 * are found on the include path. */
#pragma once

#include <kernel/gen_config.h>
#include <sel4/gen_config.h>

#if defined(__has_include)
#if __has_include(<sos/gen_config.h>)
#include <sos/gen_config.h>
#endif
#if __has_include(<utils/gen_config.h>)
#include <utils/gen_config.h>
#endif
#endif
