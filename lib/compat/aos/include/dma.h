/* SPDX-License-Identifier: BSD-2-Clause */
/* The course's name of this header. */
#pragma once

#include <dma/dma.h>
