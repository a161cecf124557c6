/* SPDX-License-Identifier: BSD-2-Clause */
/* What firmware does last: enter the image with the device tree in x0.  Both addresses follow. */
        ldr     x0, tree
        ldr     x1, image
        br      x1
        .balign 8
tree:
        .equ    image, tree + 8
