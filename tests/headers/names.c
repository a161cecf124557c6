/* SPDX-License-Identifier: BSD-2-Clause */
/* Every name of the course's headers (userland.md, section 2), used with the types its clients use. */
#include <aos/debug.h>
#include <aos/registers.h>
#include <aos/strerror.h>
#include <bootstrap.h>
#include <clock/clock.h>
#include <clock/device.h>
#include <clock/timestamp.h>
#include <cpio/cpio.h>
#include <cspace/bitfield.h>
#include <dma.h>
#include <drivers/uart.h>
#include <elf/elf.h>
#include <elfload.h>
#include <frame_table.h>
#include <irq.h>
#include <mapping.h>
#include <sel4/sel4_arch/mapping.h>
#include <sel4runtime.h>
#include <tests.h>
#include <threads.h>
#include <ut.h>
#include <utils.h>
#include <vmem_layout.h>

cspace_t cspace;
char _cpio_archive[1], _cpio_archive_end[1]; /* a server's build provides them */

typedef void any(void);

#define FUNCTION(name) ((any *)(name))

any *const functions[] = {
        FUNCTION(cspace_create_one_level),
        FUNCTION(cspace_create_two_level),
        FUNCTION(cspace_destroy),
        FUNCTION(cspace_alloc_slot),
        FUNCTION(cspace_free_slot),
        FUNCTION(cspace_copy),
        FUNCTION(cspace_delete),
        FUNCTION(cspace_mint),
        FUNCTION(cspace_move),
        FUNCTION(cspace_mutate),
        FUNCTION(cspace_revoke),
        FUNCTION(cspace_save_reply_cap),
        FUNCTION(cspace_irq_control_get),
        FUNCTION(cspace_untyped_retype),
        FUNCTION(ut_pages_for_region),
        FUNCTION(ut_init),
        FUNCTION(ut_size),
        FUNCTION(ut_add_untyped_range),
        FUNCTION(ut_alloc_4k_untyped),
        FUNCTION(ut_alloc),
        FUNCTION(ut_free),
        FUNCTION(ut_alloc_4k_device),
        FUNCTION(sos_bootstrap),
        FUNCTION(bootstrap_map_frame),
        FUNCTION(bootstrap_cspace_map_frame),
        FUNCTION(bootstrap_cspace_alloc_4k_ut),
        FUNCTION(bootstrap_cspace_free_4k_ut),
        FUNCTION(map_frame),
        FUNCTION(map_frame_cspace),
        FUNCTION(sos_map_device),
        FUNCTION(frame_table_init),
        FUNCTION(frame_table_cspace),
        FUNCTION(alloc_frame),
        FUNCTION(free_frame),
        FUNCTION(frame_data),
        FUNCTION(frame_page),
        FUNCTION(frame_from_ref),
        FUNCTION(init_threads),
        FUNCTION(thread_create),
        FUNCTION(spawn),
        FUNCTION(debugger_spawn),
        FUNCTION(thread_suspend),
        FUNCTION(thread_resume),
        FUNCTION(sos_init_irq_dispatch),
        FUNCTION(sos_register_irq_handler),
        FUNCTION(sos_handle_irq_notification),
        FUNCTION(start_timer),
        FUNCTION(get_time),
        FUNCTION(register_timer),
        FUNCTION(remove_timer),
        FUNCTION(timer_irq),
        FUNCTION(stop_timer),
        FUNCTION(timestamp_get_freq),
        FUNCTION(timestamp_ticks),
        FUNCTION(timestamp_ms),
        FUNCTION(timestamp_us),
        FUNCTION(udelay),
        FUNCTION(dma_init),
        FUNCTION(sos_dma_malloc),
        FUNCTION(sos_dma_phys_to_virt),
        FUNCTION(sos_dma_virt_to_phys),
        FUNCTION(sos_dma_cache_clean),
        FUNCTION(sos_dma_cache_invalidate),
        FUNCTION(sos_dma_cache_clean_invalidate),
        FUNCTION(uart_init),
        FUNCTION(uart_putchar),
        FUNCTION(cpio_get_file),
        FUNCTION(cpio_get_entry),
        FUNCTION(cpio_info),
        FUNCTION(cpio_ls),
        FUNCTION(elf_newFile),
        FUNCTION(elf_checkFile),
        FUNCTION(elf_getEntryPoint),
        FUNCTION(elf_getNumProgramHeaders),
        FUNCTION(elf_getProgramHeaderType),
        FUNCTION(elf_getProgramHeaderOffset),
        FUNCTION(elf_getProgramHeaderVaddr),
        FUNCTION(elf_getProgramHeaderPaddr),
        FUNCTION(elf_getProgramHeaderFileSize),
        FUNCTION(elf_getProgramHeaderMemorySize),
        FUNCTION(elf_getProgramHeaderFlags),
        FUNCTION(elf_getProgramHeaderAlign),
        FUNCTION(elf_getProgramSegment),
        FUNCTION(elf_getNumSections),
        FUNCTION(elf_getSectionNamed),
        FUNCTION(elf_getSectionName),
        FUNCTION(elf_getSection),
        FUNCTION(elf_getSectionAddr),
        FUNCTION(elf_getSectionOffset),
        FUNCTION(elf_getSectionSize),
        FUNCTION(elf_getSectionFlags),
        FUNCTION(elf_getSectionType),
        FUNCTION(elf_getMemoryBounds),
        FUNCTION(elf_load),
        FUNCTION(sel4runtime_bootinfo),
        FUNCTION(sel4runtime_process_name),
        FUNCTION(sel4runtime_argc),
        FUNCTION(sel4runtime_argv),
        FUNCTION(sel4runtime_envp),
        FUNCTION(sel4runtime_auxv),
        FUNCTION(sel4runtime_get_tls_size),
        FUNCTION(sel4runtime_write_tls_image),
        FUNCTION(sel4runtime_set_tls_base),
        FUNCTION(sel4runtime_get_tls_base),
        FUNCTION(sel4runtime_move_initial_tls),
        FUNCTION(sel4runtime_initial_tls_enabled),
        FUNCTION(sel4runtime_set_exit),
        FUNCTION(sel4runtime_set_pre_exit),
        FUNCTION(sel4runtime_exit),
        FUNCTION(run_tests),
        FUNCTION(sel4_strerror),
        FUNCTION(__sel4_error),
        FUNCTION(debug_cap_identify),
        FUNCTION(debug_print_bootinfo),
        FUNCTION(debug_print_fault),
        FUNCTION(debug_dump_registers),
        FUNCTION(debug_is_read_fault),
        FUNCTION(print_backtrace),
        FUNCTION(utils_run_on_stack),
        FUNCTION(untyped_in_range),
        FUNCTION(alloc_retype),
        FUNCTION(bf_set_bit),
        FUNCTION(bf_clr_bit),
        FUNCTION(bf_get_bit),
        FUNCTION(bf_first_free),
};

/* The macros of utils/util.h have these values. */
compile_time_assert(bits, BIT(3) == 8 && LLBIT(40) == 1ull << 40 && MASK(12) == 0xfff && MASK(64) == ~0ul);
compile_time_assert(align, IS_ALIGNED(0x1000, 12) && !IS_ALIGNED(0x1001, 12) && ALIGN_UP(5ul, 8) == 8 &&
                                   ALIGN_DOWN(15ul, 8) == 8);
compile_time_assert(rounding, ROUND_UP(11, 5) == 15 && ROUND_DOWN(14, 5) == 10 && DIV_ROUND_UP(11, 5) == 3);
compile_time_assert(logs, LOG_BASE_2(1) == 0 && LOG_BASE_2(4096) == 12 && LOG_BASE_2(4097) == 12);
compile_time_assert(powers, IS_POWER_OF_2(8) && !IS_POWER_OF_2(0) && !IS_POWER_OF_2(12));
compile_time_assert(pages, PAGE_BITS_4K == 12 && PAGE_SIZE_4K == 4096 && PAGE_MASK_4K == 0xfff &&
                                   PAGE_ALIGN_4K(0x1fff) == 0x1000 && IS_ALIGNED_4K(0x2000) &&
                                   BYTES_TO_4K_PAGES(4097) == 2);
compile_time_assert(sizes, BYTES_TO_SIZE_BITS(4096) == 12 && SIZE_BITS_TO_BYTES(12) == 4096);
compile_time_assert(find, CTZ(8) == 3 && CTZL(8ul) == 3 && CLZ(1) == 31 && CLZL(1ul) == 63 && FFS(8) == 4 &&
                                  FFSL(8l) == 4 && POPCOUNT(7) == 3 && POPCOUNTL(7ul) == 3);
compile_time_assert(times, US_IN_S == 1000000 && US_IN_MS == 1000 && MS_IN_S == 1000 && NS_IN_US == 1000 &&
                                   NS_IN_MS == 1000000 && NS_IN_S == 1000000000 && sizeof(NS_IN_S) == 8);
compile_time_assert(array, ARRAY_SIZE(functions) > 100);
compile_time_assert(levels, SEL4_MAPPING_LOOKUP_NO_PT == 21 && SEL4_MAPPING_LOOKUP_NO_PD == 30 &&
                                    SEL4_MAPPING_LOOKUP_NO_PUD == 39 && SEL4_MAPPING_LOOKUP_LEVEL == 2);
compile_time_assert(cspaces, MAPPING_SLOTS == 3 && WATERMARK_SLOTS == 4 && CNODE_SIZE_BITS == 12 &&
                                     CNODE_SLOT_BITS(12) == 7 && CNODE_SLOTS(12) == 128 &&
                                     BOT_LVL_PER_NODE >= 64 && INITIAL_TASK_CNODE_SIZE_BITS == 18 &&
                                     INITIAL_TASK_CSPACE_BITS == 20 && INITIAL_TASK_CSPACE_SLOTS == 1 << 20);
compile_time_assert(clocks,
                    CLOCK_R_OK == 0 && CLOCK_R_UINT == -1 && CLOCK_R_CNCL == -2 && CLOCK_R_FAIL == -3);
compile_time_assert(lists, NULL_FRAME == 0 && NO_LIST == 1 && FREE_LIST == 2 && ALLOCATED_LIST == 3);
compile_time_assert(vectors, AT_NULL == 0 && AT_PHDR == 3 && AT_PAGESZ == 6 && AT_SYSINFO == 32 &&
                                     AT_SEL4_BOOT_INFO == 64 && AT_SEL4_IPC_BUFFER_PTR == 67 &&
                                     AT_SEL4_ASID_POOL == 72);
compile_time_assert(layout, PROCESS_STACK_TOP == 0x90000000 && PROCESS_IPC_BUFFER == 0xA0000000 &&
                                    PROCESS_VMEM_START == 0xC0000000 && SOS_STACK_PAGES == 100 &&
                                    SOS_DMA_SIZE_BITS == 21);
compile_time_assert(priority, SOS_THREAD_PRIORITY == 100);

struct packed {
        char a;
        int b;
} PACKED;
compile_time_assert(attribute, sizeof(struct packed) == 5);

static int quiet(int error, int *word) WARN_UNUSED_RESULT NONNULL(2);
static int quiet(int error, int *word)
{
        ZF_LOGV("%d", error);
        ZF_LOGD("%d", error);
        ZF_LOGI("%d", error);
        ZF_LOGW("%d", error);
        ZF_LOGE("%d", error);
        ZF_LOGE_IF(error == 3, "three");
        ZF_LOGW_IFERR(error, "while %s", "trying");
        ZF_LOGF_IFERR(error, "and %d", error);
        RAW_WRITE32(RAW_READ32(word) + RAW_READ16(word) + RAW_READ8(word), word);
        RAW_WRITE16(1, word);
        RAW_WRITE8(1, word);
        COMPILER_MEMORY_FENCE();
        COMPILER_MEMORY_ACQUIRE();
        COMPILER_MEMORY_RELEASE();
        THREAD_MEMORY_FENCE();
        THREAD_MEMORY_ACQUIRE();
        THREAD_MEMORY_RELEASE();
        return likely(error) ? MAX(error, 1) : unlikely(error) ? MIN(error, 2) : 0;
}

int main(void)
{
        static int word ALIGN(64);
        UNUSED char unused;
        cspace_alloc_t alloc = bootstrap_alloc(&cspace);

        if (!cspace.two_level && cspace.top_lvl_size_bits && !cspace.bootstrap && !current_thread)
                ZF_LOGF("%p", (void *)alloc.cookie);
        NAME_THREAD(seL4_CapInitThreadTCB, "main");
        return quiet(0, &word) + (int)seL4_MappingFailedLookupLevel();
}
