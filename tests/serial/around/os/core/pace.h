/* SPDX-License-Identifier: BSD-2-Clause */
/* Instead of the server's clock (os/core/pace.h): a piece is over after so many keys. */
#pragma once

#include <stdbool.h>

bool pace_is_over(void);
