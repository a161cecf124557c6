/* SPDX-License-Identifier: BSD-2-Clause */
#pragma once

/* One line: what the loader would hand over for this tree (already checked), or why it stops. */
void loader_print(const void *tree);
