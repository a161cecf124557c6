/* SPDX-License-Identifier: BSD-2-Clause */
/* The calls for files that a monitor makes, which devices.c answers here. */
#pragma once

#include <stddef.h>

long posix_open(const char *path, int flags);
long posix_seek(int file, long offset, int whence);
long posix_read(int file, void *to, size_t size);
long posix_write(int file, const void *from, size_t size);
long posix_fsync(int file);
