/* SPDX-License-Identifier: BSD-2-Clause */
/* Pictures of the state of the system, as `dump -s` draws them. */
#pragma once

/* Draws the picture of that name (tree, talk, memory) and returns the path of the file with it, SVG; NULL: there is none of that name.  The
 * file is missing when it could not be drawn.  Cost: a process that reads the whole state; the file stays until picture_forget. */
const char *picture_draw(const char *name);

void picture_forget(void);
