/* SPDX-License-Identifier: BSD-2-Clause */
/* The files of lwIP's http server: none; every page is made when it is asked for (page.c). */
#define FS_ROOT NULL
