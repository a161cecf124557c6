/* SPDX-License-Identifier: BSD-2-Clause */
        .section .rodata
        .globl page_text, page_text_end
page_text:
        .incbin "apps/page/page.html"
page_text_end:
        .section .note.GNU-stack, "", %progbits
