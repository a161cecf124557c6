/* SPDX-License-Identifier: BSD-2-Clause */
/* Configuration of this library: there is none beyond the kernel's. */
#pragma once

#include <autoconf.h>
