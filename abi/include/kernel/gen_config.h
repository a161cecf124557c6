/* SPDX-License-Identifier: BSD-2-Clause */
/* Kernel options as the preprocessor sees them.  An option that is off is not defined at all.
 *
 * Three ways to choose:
 *      nothing               the debug kernel
 *      -DTESSERA_RELEASE=1   the release kernel: no debug system calls, no kernel console
 *      -DCONFIG_NAME=VALUE   options that have an #ifndef here, and options that are off in both kernels; the
 *                            latter only shape declarations, the kernel does not gain an option by them
 *
 * The hypervisor interface (mkimage --el2): -DCONFIG_ARM_HYPERVISOR_SUPPORT=1, for address spaces of 44 bits (--el2=44) also
 * -DCONFIG_ARM_PA_SIZE_BITS_44=1; on a machine with a GICv3 -DCONFIG_ARM_GIC_V3_SUPPORT=1.
 * Made by tools/gen-config; do not edit. */
/* clang-format off */
#pragma once

/* Architecture and platform. */
#define CONFIG_WORD_SIZE 64
#define CONFIG_ARCH arm
#define CONFIG_ARCH_ARM 1
#define CONFIG_SEL4_ARCH aarch64
#define CONFIG_ARCH_AARCH64 1
#define CONFIG_ARCH_ARM_V8A 1
#define CONFIG_ARM_CORTEX_A53 1
#define CONFIG_PLAT qemu-arm-virt
#define CONFIG_ARM_PLAT qemu-arm-virt
#define CONFIG_PLAT_QEMU_ARM_VIRT 1
#ifndef CONFIG_ARM_PA_SIZE_BITS_44
#define CONFIG_ARM_PA_SIZE_BITS_40 1 /* which of the two it is matters only with ARM_HYPERVISOR_SUPPORT */
#endif
#ifdef CONFIG_ARM_PA_SIZE_BITS_44
#define CONFIG_PADDR_USER_DEVICE_TOP 17592186044416
#else
#define CONFIG_PADDR_USER_DEVICE_TOP 1099511627776
#endif
#define CONFIG_L1_CACHE_LINE_SIZE_BITS 6
#define CONFIG_TIMER_FREQUENCY 62500000 /* Hz */
#define CONFIG_HAVE_FPU 1
#define CONFIG_AARCH64_USER_CACHE_ENABLE 1 /* cache maintenance by address at EL0 */
#define CONFIG_ARM_TLS_REG tpidru
#define CONFIG_ARM_TLS_REG_TPIDRU 1 /* TPIDR_EL0 holds the TLS base */

/* Scheduling. */
#define CONFIG_KERNEL_MCS 1
#ifndef CONFIG_MAX_NUM_NODES
#define CONFIG_MAX_NUM_NODES 1 /* cores: K for an image of mkimage --cores K, with -DCONFIG_ENABLE_SMP_SUPPORT=1 */
#endif
#define CONFIG_NUM_PRIORITIES 256
#define CONFIG_BOOT_THREAD_TIME_SLICE 5 /* ms, budget and period of the initial thread */
#define CONFIG_KERNEL_WCET_SCALE 1
#define CONFIG_KERNEL_STATIC_MAX_PERIOD_US 0 /* 0: follows from the timer */
#define CONFIG_FASTPATH 1

/* Domains.  The image may ask for more (mkimage --domains). */
#ifndef CONFIG_NUM_DOMAINS
#define CONFIG_NUM_DOMAINS 1
#endif
#ifndef CONFIG_NUM_DOMAIN_SCHEDULES
#define CONFIG_NUM_DOMAIN_SCHEDULES 2 /* the last entry is always an end marker */
#endif

/* Capability space.  The image may ask for another root CNode; bootinfo has the size it got. */
#ifndef CONFIG_ROOT_CNODE_SIZE_BITS
#define CONFIG_ROOT_CNODE_SIZE_BITS 13
#endif
#define CONFIG_RETYPE_FAN_OUT_LIMIT 256
#define CONFIG_MAX_NUM_WORK_UNITS_PER_PREEMPTION 100
#define CONFIG_RESET_CHUNK_BITS 8
#define CONFIG_MAX_NUM_BOOTINFO_UNTYPED_CAPS 230

/* Debugging. */
#ifndef TESSERA_RELEASE
#define CONFIG_DEBUG_BUILD 1
#define CONFIG_PRINTING 1
#define CONFIG_IRQ_REPORTING 1
#define CONFIG_COLOUR_PRINTING 1
#define CONFIG_USER_STACK_TRACE_LENGTH 16 /* words */
#else
#define CONFIG_USER_STACK_TRACE_LENGTH 0 /* words */
#endif
#ifdef TESSERA_RELEASE
#define CONFIG_KERNEL_FWHOLE_PROGRAM 1
#endif
#define CONFIG_NO_BENCHMARKS 1
#ifndef CONFIG_MAX_NUM_TRACE_POINTS
#define CONFIG_MAX_NUM_TRACE_POINTS 0
#endif
