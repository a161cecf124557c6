/* SPDX-License-Identifier: BSD-2-Clause */
/* QEMU plugin: instructions from the first one at the address FROM to the first one at TO after it, to the file OUT. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t id_t_;
struct qemu_info;
struct tb;
struct insn;

void qemu_plugin_register_vcpu_tb_trans_cb(id_t_, void (*)(id_t_, struct tb *));
void qemu_plugin_register_vcpu_insn_exec_cb(struct insn *, void (*)(unsigned, void *), int, void *);
size_t qemu_plugin_tb_n_insns(const struct tb *);
struct insn *qemu_plugin_tb_get_insn(const struct tb *, size_t);
uint64_t qemu_plugin_insn_vaddr(const struct insn *);

__attribute__((visibility("default"))) int qemu_plugin_version = 1;
__attribute__((visibility("default"))) int qemu_plugin_install(id_t_ id, const struct qemu_info *info,
                                                               int argc, char **argv);

static uint64_t from, to, count;
static int running;
static const char *out;

static void executed(unsigned cpu, void *data)
{
        uint64_t address = (uint64_t)data;

        (void)cpu;
        if (address == from && !running)
                running = 1;
        if (address == to && running == 1) {
                FILE *f = fopen(out, "w");

                running = 2;
                fprintf(f, "%" PRIu64 "\n", count);
                fclose(f);
        }
        count += running == 1;
}

static void translated(id_t_ id, struct tb *tb)
{
        (void)id;
        for (size_t i = 0; i < qemu_plugin_tb_n_insns(tb); i++) {
                struct insn *n = qemu_plugin_tb_get_insn(tb, i);

                qemu_plugin_register_vcpu_insn_exec_cb(n, executed, 0, (void *)qemu_plugin_insn_vaddr(n));
        }
}

int qemu_plugin_install(id_t_ id, const struct qemu_info *info, int argc, char **argv)
{
        (void)info;
        for (int i = 0; i < argc; i++) {
                if (strncmp(argv[i], "from=", 5) == 0)
                        from = strtoull(argv[i] + 5, NULL, 0);
                else if (strncmp(argv[i], "to=", 3) == 0)
                        to = strtoull(argv[i] + 3, NULL, 0);
                else
                        out = strdup(argv[i] + 4);
        }
        qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
        return 0;
}
