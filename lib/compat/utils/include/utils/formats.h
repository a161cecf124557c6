/* SPDX-License-Identifier: BSD-2-Clause */
/* Formats and colours of output. */
#pragma once

#define COLOR_ERROR  "\033[1;31m"
#define COLOR_NORMAL "\033[0m"
#define DFMT         "%ld"
#define XFMT         "%lx"
