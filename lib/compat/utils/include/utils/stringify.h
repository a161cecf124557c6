/* SPDX-License-Identifier: BSD-2-Clause */
/* Names out of tokens. */
#pragma once

#define STRINGIFY_(x) #x
#define STRINGIFY(x)  STRINGIFY_(x)
#define JOIN_(a, b)   a##b
#define JOIN(a, b)    JOIN_(a, b)
