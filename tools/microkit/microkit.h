/* SPDX-License-Identifier: BSD-2-Clause */
/* The builder of systems of protection domains: what its files share.
 *
 *      xml.c       text of a description -> elements with their positions
 *      board.c     what the board's configuration has: cores, guests, calls to the firmware
 *      read.c      elements -> domains, regions, channels ...; each attribute's form is checked here
 *      read_machines.c, read_domains.c   virtual machines and times of threads; scheduling domains
 *      check.c     what only the whole system shows: names, priorities, ids, overlaps
 *      program.c   ELF files of domains -> pages; variables are written
 *      layout.c    objects, slots, maps, capabilities, threads
 *      emit.c      all of that as a root task
 *      report.c, picture.c   the same for people
 *
 * Everything is allocated from the build and freed with it.  A mistake is reported with its position and the build continues, to find
 * more; build_stop ends it at once.
 */
#pragma once

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "lib/program/elf/elf64.h"
#include "tools/microkit/init/system.h"

enum {
        PAGE_BITS = 12,
        PAGE_BYTES = 1 << PAGE_BITS,
        LARGE_BITS = 21,
        DOMAINS_MAX = 63,    /* protection domains of a system */
        IDS = 62,            /* of channels and interrupts, and of children, per domain */
        MACHINES_MAX = 63,   /* virtual machines of a system */
        VCPUS_MAX = 64,      /* of all of them: the monitor's slots */
        USER_SLOTS = 64,     /* of the root CNode of a domain */
        SCHEDULING_MAX = 16, /* scheduling domains */
        SCHEDULE_ENTRIES = 100,
        ERRORS_MAX = 20, /* reported before the build stops */
};

struct place {
        unsigned line, column;
};

struct attribute {
        struct attribute *next;
        const char *name, *value;
        bool used;
};

struct element {
        struct element *next, *first, *last, *parent;
        const char *name;
        struct place at;
        struct attribute *attributes;
};

struct file {
        const unsigned char *data;
        uint64_t size;
};

struct object;

/* A growing array of records of one size. */
struct table {
        unsigned char *data;
        uint64_t count, room, record;
};

/* What the programs of a configuration are compiled for.  `space_bits`: of addresses of a domain and of a guest. */
struct board {
        uint64_t cores;
        bool hypervisor, smc, debug;
        unsigned space_bits;
};

/* --- a system ---------------------------------------------------------------------------------------------------- */

struct region {
        struct region *next;
        const char *name;
        struct place at;
        uint64_t size, paddr;
        unsigned page_bits; /* 0 while it is not decided */
        bool has_size, has_paddr, used, floating;
        const char *prefill_path;
        struct file prefill;
        uint32_t bootinfo; /* kind of extra boot information, 0 for none */
        struct run *runs;  /* its frames, in order */
        unsigned index;    /* among the regions of the root task, if it is one of them */
};

/* Neighbouring slots with frames. */
struct run {
        struct run *next;
        struct object *frames;
        uint64_t count;
        bool mapped;
};

enum setvar_kind { SET_VALUE, SET_PADDR };

struct setvar {
        struct setvar *next;
        const char *symbol;
        struct place at;
        enum setvar_kind kind;
        uint64_t value;
        const char *region_name;
        struct region *region;
};

struct map {
        struct map *next;
        const char *region_name;
        struct region *region;
        struct place at;
        uint64_t vaddr;
        bool write, execute, cached;
        const char *vaddr_symbol, *size_symbol, *prefill_symbol;
};

struct irq {
        struct irq *next;
        struct place at;
        uint64_t number, id;
        bool edge;
};

/* When and where a thread runs. */
struct times {
        unsigned priority;
        uint64_t budget, period, cpu;
};

/* An address space and the page tables that exist in it. */
struct space {
        struct object *vspace;
        struct table tables; /* uint64_t */
};

struct vcpu {
        struct vcpu *next;
        struct place at;
        const char *id_symbol;
        uint64_t id, cpu;
        unsigned number; /* among those of the system */
        struct object *tcb, *sc, *vcpu, *cnode, *fault;
};

struct machine {
        struct machine *next;
        struct pd *pd; /* its parent */
        const char *name;
        struct place at;
        struct times times;
        struct map *maps;
        struct vcpu *vcpus;
        struct space space;
};

enum grant_kind { GRANT_TCB, GRANT_SC, GRANT_VSPACE };

struct grant {
        struct grant *next;
        struct place at;
        enum grant_kind kind;
        uint64_t slot;
        const char *pd_name;
        struct pd *pd;
};

struct pd {
        struct pd *next; /* in the flattened order */
        struct pd *parent;
        const char *name, *path, *symbols_path, *domain_name;
        struct place at, image_at;
        unsigned index, domain;
        struct times times;
        uint64_t stack_size, id;
        bool passive, no_fpu, smc, has_children, is_called;
        struct machine *machine;
        struct map *maps;
        struct irq *irqs;
        struct setvar *setvars;
        struct grant *grants;
        uint64_t irq_ids, notify_ids, call_ids, channel_ids, child_ids; /* bit sets */
        struct program *program;
        uint64_t stack_top, buffer;
        struct space space;
        struct object *cnode, *root, *tcb, *sc, *reply, *endpoint, *notification, *fault;
        struct object *buffer_frame;
        uint64_t buffer_page; /* of that run of frames */
        struct run *stack;
};

struct end {
        const char *pd_name;
        struct pd *pd;
        struct place at;
        uint64_t id;
        const char *id_symbol;
        bool call, notify;
};

struct channel {
        struct channel *next;
        struct place at;
        struct end end[2];
};

struct scheduling_domain {
        struct scheduling_domain *next;
        const char *name;
        struct place at;
        uint64_t id;
        bool has_id;
};

struct entry {
        struct entry *next;
        const char *domain_name; /* NULL: end marker */
        struct place at;
        uint64_t domain, duration;
};

struct system {
        struct pd *pds, *monitor;
        struct machine *machines;
        struct region *regions;
        struct channel *channels;
        struct scheduling_domain *domains;
        struct entry *entries;
        bool has_domains;
        uint64_t start_index, index_shift;
        unsigned pd_count, machine_count, vcpu_count, domain_count;
};

/* --- programs ------------------------------------------------------------------------------------------------------ */

struct segment {
        struct segment *next;
        uint64_t start, count; /* page address, pages */
        bool write, execute;
        unsigned char **page; /* contents of 4 KiB, NULL: zero */
        struct run *runs;
};

struct program {
        const char *path;
        struct file file, symbols_file;
        struct elf64 elf;
        struct segment *segments;
        uint64_t entry, end;
};

/* --- the root task ------------------------------------------------------------------------------------------------- */

/* Objects of the kernel, or slots for other capabilities, one after the other. */
struct object {
        struct object *next;
        unsigned type, size_bits, bytes_bits;
        uint64_t count;
        uint32_t slot;
        bool is_made; /* from untyped memory, by type; otherwise `slot` is set elsewhere or filled by other means */
};

struct build {
        const char *name; /* of the description */
        const char *text; /* its name, for messages about mistakes; set by build_system */
        uint64_t text_size;
        FILE *out; /* for mistakes */
        unsigned errors, warnings;
        jmp_buf stop;
        struct chunk *chunks;
        uint64_t allocated;
        /* Files by name, from the search path; false: not found. */
        bool (*read)(struct build *b, const char *path, struct file *file);
        const char *const *search;
        struct board board;
        struct system system;
        /* layout.c */
        struct object *objects, *page_tables;
        struct table part[PARTS];
        struct table pages; /* const unsigned char *: contents, 4 KiB each */
        struct table refs;  /* where slots of objects are to be written: emit.c */
        uint32_t slots;
};

/* build.c */
void *build_allocate(struct build *b, uint64_t size); /* zeroed */
char *build_text(struct build *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
void build_free(struct build *b);
void build_error(struct build *b, struct place at, const char *format, ...)
        __attribute__((format(printf, 3, 4)));
void build_show(struct build *b,
                struct place at); /* the line of the description, with a mark below the position */
void build_warning(struct build *b, struct place at, const char *format, ...)
        __attribute__((format(printf, 3, 4)));
_Noreturn void build_stop(struct build *b);
void *table_add(struct build *b, struct table *t, uint64_t record); /* a zeroed record */

/* xml.c: NULL after a mistake. */
struct element *xml_read(struct build *b, const char *text, uint64_t size);

/* attribute.c: values of attributes; a missing one that is required, or a wrong form, is reported and leaves the value as it was. */
const char *attribute_text(struct build *b, struct element *e, const char *name, bool required);
bool attribute_number(struct build *b, struct element *e, const char *name, bool required, uint64_t *value);
bool attribute_flag(struct build *b, struct element *e, const char *name, bool otherwise);
void attributes_end(struct build *b, struct element *e);

#define BOARD_OPTIONS "include/kernel/gen_config.h" /* a file of the board's folder */

/* board.c: what the headers of the board's folder say; mistakes are reported. */
void board_read(struct build *b);

/* read.c */
void system_read(struct build *b, struct element *root);
void read_append(void *list, void *record); /* to records that begin with their `next` */
bool read_is(const struct element *e, const char *name);
void read_unknown(struct build *b, const struct element *e);
void read_no_children(struct build *b, struct element *e);
uint64_t read_id(struct build *b, struct element *e, uint64_t *set, const char *what);
void read_map(struct build *b, struct map **maps, struct element *e);
void read_setting(struct build *b, struct pd *pd, struct place at, const char *symbol, uint64_t value);

/* read_machines.c */
void read_times(struct build *b, struct element *e, struct times *t);
void read_cpu(struct build *b, struct element *e, uint64_t *cpu);
void read_machine(struct build *b, struct pd *pd, struct element *e);

/* read_domains.c */
void read_domains(struct build *b, struct element *e);

/* check.c */
void system_check(struct build *b);

/* program.c */
void programs_load(struct build *b);
struct program *program_load(struct build *b, const char *path, const char *symbols_path, struct place at);
void program_write(struct build *b, struct program *p, struct place at, const char *symbol, const void *bytes,
                   uint64_t size, bool optional);
bool program_symbol(const struct program *p, const char *name, uint64_t *address, uint64_t *size);
unsigned char *program_page(struct build *b, struct program *p, uint64_t address);

/* layout.c */
void system_lay_out(struct build *b);

/* objects.c: what the layout is made of. */
struct object *add_object(struct build *b, unsigned type, unsigned size_bits, unsigned bytes_bits,
                          uint64_t count);
struct object *add_slots(struct build *b, uint64_t count); /* for capabilities that are made otherwise */
struct object *add_contents(struct build *b,
                            const unsigned char *page); /* a frame of the root task's image */
struct run *add_run(struct build *b, struct run **runs, struct object *frames, uint64_t count);
void *add_record(struct build *b, enum system_part part);
void add_slot(struct build *b, enum system_part part, void *record, uint32_t *field, struct object *o,
              uint64_t delta);
void add_tables(struct build *b, struct space *space, uint64_t vaddr, uint64_t bytes, unsigned page_bits);
void objects_number(struct build *b);

/* capabilities.c */
void lay_out_capabilities(struct build *b);

/* emit.c: the root task as an ELF file. */
struct file system_emit(struct build *b);
unsigned system_cnode_bits(const struct build *b);

/* report.c, picture.c */
void report_write(const struct build *b, FILE *f);
void picture_write(const struct build *b, FILE *f);

/* build_system.c: all steps on one description; false after mistakes. */
bool build_system(struct build *b, const char *text, uint64_t size);
