/* SPDX-License-Identifier: BSD-2-Clause */
/* See object.h. */
#include "os/core/object.h"

cspace_t root_cspace;
vspace_t root_vspace;
