/* SPDX-License-Identifier: BSD-2-Clause */
/* QEMU plugin (API of 7.2, declared by hand: Debian ships no header): what happens between two readings of PMCCNTR_EL0.
 *
 * An interval begins after `mrs x9, pmccntr_el0` and ends before the `isb; mrs x10, pmccntr_el0` that follows it; the marker
 * `movz xzr, #1` says that the last complete interval is to be recorded.  Boot is an interval of its own, from the first
 * instruction of the kernel (argument kernel=ADDRESS) to the first one of user level.  Records go to the file of out=FILE:
 *
 *      interval NUMBER             NUMBER counts from 1; boot is 0
 *      NAME VALUE                  counters, as in `counters` below
 *      at ADDRESS COUNT            instructions executed at each address
 *      end
 *
 * `longest` is the longest run of kernel instructions without a check for pending interrupts in the interval; `longest_since` the
 * longest at any time since the record before.
 *
 * Lines are 64 bytes.  Kernel means addresses of the upper half.  Everything counts for processor 0 only; `shared_lines` are
 * those that its kernel wrote in the interval and that the kernel of another processor had written before, at any time.  (What another only
 * reads does not count: it looks at what is processor 0's when it is alone in the kernel.)
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t qemu_plugin_id_t;
typedef uint32_t qemu_plugin_meminfo_t;
struct qemu_info;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
struct qemu_plugin_hwaddr;

enum { NO_REGISTERS = 0, READ_AND_WRITE = 3 };

typedef void exec_fn(unsigned cpu, void *data);
typedef void memory_fn(unsigned cpu, qemu_plugin_meminfo_t info, uint64_t address, void *data);

void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t,
                                           void (*)(qemu_plugin_id_t, struct qemu_plugin_tb *));
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *, exec_fn *, int, void *);
void qemu_plugin_register_vcpu_mem_cb(struct qemu_plugin_insn *, memory_fn *, int, int, void *);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *, size_t);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *);
struct qemu_plugin_hwaddr *qemu_plugin_get_hwaddr(qemu_plugin_meminfo_t, uint64_t);
uint64_t qemu_plugin_hwaddr_phys_addr(const struct qemu_plugin_hwaddr *);
bool qemu_plugin_hwaddr_is_io(const struct qemu_plugin_hwaddr *);
bool qemu_plugin_mem_is_store(qemu_plugin_meminfo_t);

__attribute__((visibility("default"))) int qemu_plugin_version = 1;

/* --- what an instruction is --- */

static const uint32_t BEGIN = 0xd53b9d09, END = 0xd53b9d0a, MARK = 0xd280003f, ISB = 0xd5033fdf,
                      LOOK = 0xd538c100, RETURN_TO_USER = 0xd69f03e0;

enum kind {
        INSTRUCTIONS, /* all of them */
        BARRIERS,
        TLB_MAINTENANCE,
        REGISTER_WRITES, /* msr */
        TIMER_WRITES,
        CACHE_MAINTENANCE,
        KINDS,
};

static const char *const kind_names[KINDS] = {"kernel", "barriers", "tlbi", "msr", "timer", "cache"};

/* A64, system instructions: what matters here is in bits 31-22 and by op1, CRn, CRm, op2. */
static enum kind kind_of(uint32_t op)
{
        uint32_t n = op >> 12 & 15, m = op >> 8 & 15, op0 = op >> 19 & 3;

        if ((op & 0xffc00000) != 0xd5000000 || op & 1u << 21)
                return INSTRUCTIONS;
        if (op0 == 0 && n == 3)
                return BARRIERS;
        if (op0 == 1)
                return n == 8 ? TLB_MAINTENANCE : n == 7 ? CACHE_MAINTENANCE : INSTRUCTIONS;
        if (op0 == 0)
                return INSTRUCTIONS;
        return n == 14 && m >= 2 ? TIMER_WRITES : REGISTER_WRITES;
}

/* --- an interval: counters, a set of lines, a count per address --- */

struct instruction {
        uint64_t address, executed;
        uint32_t op;
        enum kind kind;
        struct instruction *next; /* of those executed in this interval */
};

enum line_of { CODE = 1, DATA, WRITTEN };
enum { SET_BITS = 20 };

static struct {
        uint64_t key;
        uint32_t generation;
} set[1u << SET_BITS];
static uint32_t generation;

static struct {
        uint64_t user, kinds[KINDS], loads, stores, code_lines, data_lines, written_lines, shared_lines,
                user_lines, longest, run;
} count;

static struct instruction *executed, *isb; /* isb: the last one at user level, if nothing came after it */
static bool counting, whole, booting, booted;
static uint64_t kernel_entry, run, longest_since;
static unsigned records;
static FILE *out;

static bool is_kernel(uint64_t address)
{
        return address >> 63;
}

static bool is_new(uint64_t line, enum line_of what)
{
        uint64_t key = line | (uint64_t)what << 60, h = key * 0x9e3779b97f4a7c15ull >> (64 - SET_BITS);

        for (; set[h].generation == generation; h = (h + 1) & ((1u << SET_BITS) - 1)) {
                if (set[h].key == key)
                        return false;
        }
        set[h].key = key;
        set[h].generation = generation;
        return true;
}

/* Lines that other processors wrote, in a table that is never emptied; 0 is no line of RAM. */
enum { OTHERS_BITS = 18 };
static uint64_t others[1u << OTHERS_BITS];
static unsigned others_count;

static uint64_t *find_others(uint64_t line)
{
        uint64_t h = line * 0x9e3779b97f4a7c15ull >> (64 - OTHERS_BITS);

        while (others[h] && others[h] != line)
                h = (h + 1) & ((1u << OTHERS_BITS) - 1);
        return &others[h];
}

static void note_other(uint64_t line)
{
        uint64_t *place = find_others(line);

        if (*place)
                return;
        *place = line;
        if (++others_count > 1u << (OTHERS_BITS - 1)) {
                fprintf(stderr, "count: other processors write more lines than fit\n");
                abort();
        }
}

static void begin(void)
{
        memset(&count, 0, sizeof count);
        generation++;
        for (struct instruction *i = executed; i; i = i->next)
                i->executed = 0;
        executed = NULL;
        isb = NULL;
        counting = true;
        whole = false;
}

static void finish(void)
{
        counting = false;
        whole = true;
        if (isb) { /* of the reading that ends it */
                count.user--;
                isb->executed--;
        }
}

static void record(unsigned number)
{
        fprintf(out, "interval %u\nuser %" PRIu64 "\n", number, count.user);
        for (int i = 0; i < KINDS; i++)
                fprintf(out, "%s %" PRIu64 "\n", kind_names[i], count.kinds[i]);
        fprintf(out,
                "loads %" PRIu64 "\nstores %" PRIu64 "\ncode_lines %" PRIu64 "\ndata_lines %" PRIu64
                "\nwritten_lines %" PRIu64 "\nshared_lines %" PRIu64 "\nuser_lines %" PRIu64
                "\nlongest %" PRIu64 "\nlongest_since %" PRIu64 "\n",
                count.loads, count.stores, count.code_lines, count.data_lines, count.written_lines,
                count.shared_lines, count.user_lines, count.longest, longest_since);
        longest_since = 0;
        for (struct instruction *i = executed; i; i = i->next)
                if (i->executed)
                        fprintf(out, "at %" PRIx64 " %" PRIu64 "\n", i->address, i->executed);
        fprintf(out, "end\n");
        fflush(out);
}

static uint64_t max(uint64_t a, uint64_t b)
{
        return a > b ? a : b;
}

/* A run of the kernel ends at user level and where it checks for pending interrupts (ISR_EL1). */
static void end_run(void)
{
        count.longest = max(count.longest, run);
        longest_since = max(longest_since, run);
        run = 0;
}

static void follow_run(const struct instruction *i)
{
        run++;
        if ((i->op & ~31u) == LOOK || i->op == RETURN_TO_USER)
                end_run();
}

static void note_kernel(const struct instruction *i)
{
        count.kinds[INSTRUCTIONS]++;
        if (i->kind != INSTRUCTIONS)
                count.kinds[i->kind]++;
        count.code_lines += is_new(i->address >> 6, CODE);
}

static void note(struct instruction *i)
{
        if (!i->executed++) {
                i->next = executed;
                executed = i;
        }
        if (is_kernel(i->address)) {
                note_kernel(i);
        } else {
                count.user++;
                isb = i->op == ISB ? i : NULL;
                count.user_lines += is_new(i->address >> 6, CODE);
        }
}

/* The boot is the first record: from the kernel's entry to its first exit. */
static void step_boot(const struct instruction *i)
{
        if (i->address == kernel_entry) {
                begin();
                booting = true;
        }
        if (booting && !is_kernel(i->address)) {
                booted = true;
                isb = NULL;
                finish();
                record(0);
        }
}

static void step(unsigned cpu, void *data)
{
        struct instruction *i = data;

        if (cpu)
                return;
        if (!booted)
                step_boot(i);
        if (i->op == END && counting && booted)
                finish();
        if (i->op == MARK && whole)
                record(++records);
        if (is_kernel(i->address))
                follow_run(i);
        if (counting)
                note(i);
        if (i->op == BEGIN && booted)
                begin();
}

static void access(unsigned cpu, qemu_plugin_meminfo_t info, uint64_t address, void *data)
{
        const struct instruction *i = data;
        struct qemu_plugin_hwaddr *where;
        bool store = qemu_plugin_mem_is_store(info);

        if (!is_kernel(i->address) || !(counting || cpu))
                return;
        where = qemu_plugin_get_hwaddr(info, address);
        if (where && qemu_plugin_hwaddr_is_io(where))
                return;
        if (where)
                address = qemu_plugin_hwaddr_phys_addr(where);
        if (cpu) {
                if (store)
                        note_other(address >> 6);
                return;
        }
        count.loads += !store;
        count.stores += store;
        count.data_lines += is_new(address >> 6, DATA);
        if (store && is_new(address >> 6, WRITTEN)) {
                count.written_lines++;
                count.shared_lines += *find_others(address >> 6) != 0;
        }
}

/* Instructions are translated again now and then; one record per address and opcode keeps counts together. */
enum { KNOWN_BITS = 16 };
static struct known {
        struct instruction i;
        struct known *next;
} * known[1u << KNOWN_BITS];

static struct instruction *know(uint64_t address, uint32_t op)
{
        struct known **list = &known[address >> 2 & ((1u << KNOWN_BITS) - 1)], *k;

        for (k = *list; k && (k->i.address != address || k->i.op != op); k = k->next)
                ;
        if (!k) {
                k = calloc(1, sizeof *k);
                if (!k)
                        abort();
                k->i = (struct instruction){.address = address, .op = op, .kind = kind_of(op)};
                k->next = *list;
                *list = k;
        }
        return &k->i;
}

static void translate(qemu_plugin_id_t id, struct qemu_plugin_tb *tb)
{
        (void)id;
        for (size_t j = 0; j < qemu_plugin_tb_n_insns(tb); j++) {
                struct qemu_plugin_insn *q = qemu_plugin_tb_get_insn(tb, j);
                struct instruction *i;
                uint32_t op;

                memcpy(&op, qemu_plugin_insn_data(q), sizeof op);
                i = know(qemu_plugin_insn_vaddr(q), op);
                qemu_plugin_register_vcpu_insn_exec_cb(q, step, NO_REGISTERS, i);
                if (is_kernel(i->address))
                        qemu_plugin_register_vcpu_mem_cb(q, access, NO_REGISTERS, READ_AND_WRITE, i);
        }
}

__attribute__((visibility("default"))) int
qemu_plugin_install(qemu_plugin_id_t id, const struct qemu_info *info, int argc, char **argv)
{
        (void)info;
        for (int i = 0; i < argc; i++) {
                if (!strncmp(argv[i], "kernel=", 7))
                        kernel_entry = strtoull(argv[i] + 7, NULL, 0);
                if (!strncmp(argv[i], "out=", 4))
                        out = fopen(argv[i] + 4, "w");
        }
        if (!out || !kernel_entry) {
                fprintf(stderr, "count: usage: -plugin FILE.so,out=FILE,kernel=ADDRESS\n");
                return -1;
        }
        qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
        return 0;
}
