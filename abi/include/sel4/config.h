/* SPDX-License-Identifier: BSD-2-Clause */
/* The one place through which the API's headers reach the configuration. */
#pragma once

#include <autoconf.h>
