/* SPDX-License-Identifier: BSD-2-Clause */
/* A plugin for QEMU 7.2: the longest run of kernel instructions without a look at ISR_EL1 and without going to EL0.
 *
 * User code announces an operation by `movz xzr, #LABEL`, and its end by label 0; then a line is printed:
 *      label N longest RUN at PC total INSTRUCTIONS looks LOOKS
 * Interrupts are masked in the kernel, so a run is how long an interrupt may have to wait.  Debian ships no header for plugins:
 * what is used of the interface is declared here.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef uint64_t plugin_id;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
typedef void on_execution(unsigned cpu, void *data);

void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id id,
                                           void (*on_translation)(plugin_id, struct qemu_plugin_tb *));
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *tb, on_execution *f, int flags, void *data);
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *i, on_execution *f, int flags,
                                            void *data);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t i);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *i);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *i);

__attribute__((visibility("default"))) int qemu_plugin_version = 1;

enum { LABELS = 65536, PAGE = 4096, CPUS = 8 };
static const uint64_t KERNEL_AT_EL2 = 0xffc0000000; /* and above; at EL1 it is in the upper half */
static const uint32_t READ_ISR = 0xd538c100, READ_ISR_MASK = 0xffffffe0, MARK = 0xd280001f,
                      MARK_MASK = 0xffe0001f;

static struct {
        uint64_t longest, pc, total, looks;
} labels[LABELS];

static uint64_t label, run[CPUS], last_pc;
static bool booted;
static FILE *out;

static void end_run(unsigned cpu)
{
        if (booted && run[cpu] > labels[label].longest) {
                labels[label].longest = run[cpu];
                labels[label].pc = last_pc;
        }
        run[cpu] = 0;
}

/* A block of kernel code runs: its address in the upper bits, its number of instructions in the lower ones. */
static void in_kernel(unsigned cpu, void *data)
{
        uintptr_t block = (uintptr_t)data;

        run[cpu] += block % PAGE;
        last_pc = 0xffffff8000000000 | block / PAGE;
        if (booted)
                labels[label].total += block % PAGE;
}

static void in_user(unsigned cpu, void *data)
{
        (void)data;
        booted = true;
        end_run(cpu);
}

static void looks(unsigned cpu, void *data)
{
        (void)data;
        end_run(cpu);
        labels[label].looks++;
}

/* The figures of the label that ends; QEMU that counts instructions may have to be killed, so nothing waits for its end. */
static void print_label(void)
{
        if (label)
                fprintf(out, "label %lu longest %lu at %lx total %lu looks %lu\n", label,
                        labels[label].longest, labels[label].pc, labels[label].total, labels[label].looks);
        fflush(out);
}

static void marks(unsigned cpu, void *data)
{
        print_label();
        label = (uintptr_t)data;
        run[cpu] = 0;
}

static void translated(plugin_id id, struct qemu_plugin_tb *tb)
{
        uint64_t start = qemu_plugin_insn_vaddr(qemu_plugin_tb_get_insn(tb, 0));
        size_t n = qemu_plugin_tb_n_insns(tb);
        bool kernel = start >= KERNEL_AT_EL2;

        (void)id;
        qemu_plugin_register_vcpu_tb_exec_cb(tb, kernel ? in_kernel : in_user, 0,
                                             (void *)(uintptr_t)((start & 0x7fffffffff) * PAGE + n));
        for (size_t i = 0; i < n; i++) {
                struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
                uint32_t word;

                memcpy(&word, qemu_plugin_insn_data(insn), sizeof(word));
                if (kernel && (word & READ_ISR_MASK) == READ_ISR)
                        qemu_plugin_register_vcpu_insn_exec_cb(insn, looks, 0, NULL);
                if (!kernel && (word & MARK_MASK) == MARK)
                        qemu_plugin_register_vcpu_insn_exec_cb(insn, marks, 0,
                                                               (void *)(uintptr_t)(word >> 5 & 0xffff));
        }
}

/* The second argument, the machine, is not looked at. */
__attribute__((visibility("default"))) int qemu_plugin_install(plugin_id id, const void *machine, int argc,
                                                               char **argv)
{
        (void)machine;
        out = stderr;
        for (int i = 0; i < argc; i++)
                if (strncmp(argv[i], "out=", 4) == 0)
                        out = fopen(argv[i] + 4, "w");
        if (!out)
                return 1;
        qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
        return 0;
}
