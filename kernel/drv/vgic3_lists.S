/* SPDX-License-Identifier: BSD-2-Clause */
/* The list registers of a GICv3, ICH_LR0_EL2 to ICH_LR15_EL2: each number is a pair of instructions. */
        .text
        .global vgic3_list_read
vgic3_list_read:
        adr     x2, 1f
        add     x2, x2, x0, lsl #3
        br      x2
1:
        .irp    name, s3_4_c12_c12_0, s3_4_c12_c12_1, s3_4_c12_c12_2, s3_4_c12_c12_3, s3_4_c12_c12_4, s3_4_c12_c12_5, s3_4_c12_c12_6, s3_4_c12_c12_7, s3_4_c12_c13_0, s3_4_c12_c13_1, s3_4_c12_c13_2, s3_4_c12_c13_3, s3_4_c12_c13_4, s3_4_c12_c13_5, s3_4_c12_c13_6, s3_4_c12_c13_7
        mrs     x0, \name
        ret
        .endr

        .global vgic3_list_write
vgic3_list_write:
        adr     x2, 2f
        add     x2, x2, x0, lsl #3
        br      x2
2:
        .irp    name, s3_4_c12_c12_0, s3_4_c12_c12_1, s3_4_c12_c12_2, s3_4_c12_c12_3, s3_4_c12_c12_4, s3_4_c12_c12_5, s3_4_c12_c12_6, s3_4_c12_c12_7, s3_4_c12_c13_0, s3_4_c12_c13_1, s3_4_c12_c13_2, s3_4_c12_c13_3, s3_4_c12_c13_4, s3_4_c12_c13_5, s3_4_c12_c13_6, s3_4_c12_c13_7
        msr     \name, x1
        ret
        .endr
