/* SPDX-License-Identifier: BSD-2-Clause */
/* What the tests of virtual processors share: guests, made of a thread, a VCPU and a piece of guest.S. */
#pragma once

#include "tests/suite/ipc_common.h"
#include "tests/suite/obj_common.h"

enum { EL1H = 0x3c5, DONE_CALL = 5, LISTS = 4, VIRTUAL_TIMER = 27, FRESH_SCTLR = 0x34d58820, OTHERS = 13 };

#define CODE(name) extern char guest_##name[]
CODE(identity);
CODE(traps);
CODE(smc_at);
CODE(wfi_at);
CODE(counter_at);
CODE(debug_put);
CODE(vector);
CODE(access);
CODE(load_at);
CODE(store_at);
CODE(pair_at);
CODE(fp);
CODE(jump);
CODE(timer);
CODE(counter);
CODE(poll_v2);
CODE(take_v2);
CODE(poll_v3);
CODE(take_v3);
CODE(interrupted);
CODE(write_others);
CODE(read_others);
CODE(write_every);
CODE(read_every);

CODE(el0);
CODE(el0_vectors);
CODE(tpidr);
CODE(self);
CODE(self_goes_on);
CODE(self_end);
CODE(native_brk);
CODE(native_counter);
CODE(native_timer);
CODE(native_daif);
CODE(native_zva);
CODE(native_el);
CODE(native_hvc);
CODE(native_smc);
CODE(native_load);

struct guest {
        struct agent a; /* its thread, and where its faults go */
        word vcpu, reply;
        word space, space_memory; /* its own, once confined, and what it is made of */
        struct message m;         /* the latest fault */
        seL4_UserContext c;
};

word new_vcpu(void);
void guest_make(struct guest *g);
/* A space of its own, with a page of that code at CODE_AT, and that CSpace; where we see the page. */
enum { CODE_AT = 0x10000000 };
word guest_confine(struct guest *g, word cspace, const char *code, const char *end);

word tcb_of(const struct guest *g);
void guest_run(struct guest *g, const char *code,
               word x0);          /* start at `code` with x0; to its next fault, which is taken */
void guest_go(struct guest *g);   /* answer, and take the next fault */
void guest_skip(struct guest *g); /* ... behind the instruction */
void is_done(struct guest *g);    /* it has come to its end */
word reg(word vcpu, word n);
void set_reg(word vcpu, word n, word value);
word guest_interface(
        void); /* the CPU interface that guests use, mapped for all in this space; 0 with a GICv3 */
