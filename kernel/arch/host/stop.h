/* SPDX-License-Identifier: BSD-2-Clause */
/* A broken invariant of the release kernel as a program of this machine: tests want the words. */
#pragma once

_Noreturn void panic(const char *what, const char *file, int line);

static inline _Noreturn void stop_broken(const char *what, const char *file, int line)
{
        panic(what, file, line);
}
