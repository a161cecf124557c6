/* SPDX-License-Identifier: BSD-2-Clause */
/* Old names common to all Arm kernels: none. */
#pragma once
