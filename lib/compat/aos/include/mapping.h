/* SPDX-License-Identifier: BSD-2-Clause */
/* The course's name of this header; with the slides' names (aos/seed_compat.h), so that their code needs no other one. */
#pragma once

#include <aos/mapping.h>
#include <aos/seed_compat.h>
