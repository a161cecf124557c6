/* SPDX-License-Identifier: BSD-2-Clause */
/* The smallest root task on the SDK's libraries: prints what it was given.
 *
 *   by one line:   aarch64-linux-gnu-gcc main.c $(pkg-config --cflags --libs tessera) -o root.elf && mkimage root.elf -o root.img
 *   by CMake:      cmake -B build -DCMAKE_TOOLCHAIN_FILE=SDK/cmake/gcc.cmake -DTessera_DIR=SDK/cmake && cmake --build build
 */
#include <sel4/report.h>
#include <sel4/start.h>

int main(void)
{
        const seL4_BootInfo *info = start_bootinfo();

        start_report_to_kernel();
        report("root task: %u untypeds, %u empty slots", (unsigned)(info->untyped.end - info->untyped.start),
               (unsigned)(info->empty.end - info->empty.start));
        return 0;
}
