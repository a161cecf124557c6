/* SPDX-License-Identifier: BSD-2-Clause */
/* QEMU plugin (API of 7.2, declared by hand: Debian ships no header): instructions from the one at the address of from=ADDRESS to the
 * marker `movz xzr, #3`, each time after a marker `movz xzr, #2` has armed it; a line for the file of out=FILE for each.  What counts is
 * the first time that the address is executed after the arming.  One virtual processor only. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t qemu_plugin_id_t;
struct qemu_info;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
typedef void exec_fn(unsigned cpu, void *data);

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t,
                                           void (*)(qemu_plugin_id_t, struct qemu_plugin_tb *));
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *, exec_fn *, int, void *);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *, int op, void *counter,
                                                uint64_t add);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *, size_t);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *);

enum { NO_REGISTERS = 0, ADD = 0, MARKER = 0xd280001f, MARKER_NUMBER = 0x1fffe0, ARM = 2, END = 3 };

int qemu_plugin_version = 1;
static uint64_t executed, from, began;
static bool armed, counts;
static FILE *out;

static void at_start(unsigned cpu, void *unused)
{
        (void)cpu, (void)unused;
        if (!armed)
                return;
        began = executed;
        armed = false;
        counts = true;
}

static void at_marker(unsigned cpu, void *number)
{
        (void)cpu;
        armed = (uintptr_t)number == ARM;
        if ((uintptr_t)number != END || !counts)
                return;
        fprintf(out, "%" PRIu64 "\n", executed - began);
        fflush(out);
        counts = false;
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
        (void)id;
        for (size_t i = 0; i < qemu_plugin_tb_n_insns(tb); i++) {
                struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
                uint32_t word;

                memcpy(&word, qemu_plugin_insn_data(insn), sizeof(word));
                if ((word & ~MARKER_NUMBER) == MARKER)
                        qemu_plugin_register_vcpu_insn_exec_cb(
                                insn, at_marker, NO_REGISTERS,
                                (void *)(uintptr_t)((word & MARKER_NUMBER) >> 5));
                if (qemu_plugin_insn_vaddr(insn) == from)
                        qemu_plugin_register_vcpu_insn_exec_cb(insn, at_start, NO_REGISTERS, NULL);
                qemu_plugin_register_vcpu_insn_exec_inline(insn, ADD, &executed, 1);
        }
}

int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info, int argc, char **argv)
{
        (void)info;
        for (int i = 0; i < argc; i++) {
                if (!strncmp(argv[i], "out=", 4))
                        out = fopen(argv[i] + 4, "w");
                else if (!strncmp(argv[i], "from=", 5))
                        from = strtoull(argv[i] + 5, NULL, 0);
        }
        if (!out || !from)
                return 1;
        qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
        return 0;
}
