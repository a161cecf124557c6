/* SPDX-License-Identifier: BSD-2-Clause */
/* Constants common to all Arm kernels: none. */
#pragma once
