/* SPDX-License-Identifier: BSD-2-Clause */
/* QEMU plugin (API of 7.2, declared by hand: Debian ships no header): instructions executed in all, for the file of out=FILE when the
 * machine ends.  One virtual processor only. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t qemu_plugin_id_t;
struct qemu_info;
struct qemu_plugin_tb;
struct qemu_plugin_insn;

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t,
                                           void (*)(qemu_plugin_id_t, struct qemu_plugin_tb *));
void qemu_plugin_register_atexit_cb(qemu_plugin_id_t, void (*)(qemu_plugin_id_t, void *), void *);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *, int op, void *counter,
                                                uint64_t add);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *, size_t);

int qemu_plugin_version = 1;
static uint64_t executed;
static const char *out;

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
        (void)id;
        for (size_t i = 0; i < qemu_plugin_tb_n_insns(tb); i++)
                qemu_plugin_register_vcpu_insn_exec_inline(qemu_plugin_tb_get_insn(tb, i), 0, &executed, 1);
}

static void end(qemu_plugin_id_t id, void *unused)
{
        FILE *f = fopen(out, "w");

        (void)id, (void)unused;
        if (f) {
                fprintf(f, "%" PRIu64 "\n", executed);
                fclose(f);
        }
}

int qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info, int argc, char **argv)
{
        (void)info;
        for (int i = 0; i < argc; i++) {
                if (!strncmp(argv[i], "out=", 4))
                        out = strdup(argv[i] + 4);
        }
        if (!out)
                return 1;
        qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
        qemu_plugin_register_atexit_cb(id, end, NULL);
        return 0;
}
