/* SPDX-License-Identifier: BSD-2-Clause */
/* A domain with a child whose fault it handles, and memory of every kind, whose contents it checks. */
#include <microkit.h>

enum { CHILD = 5, CHANNEL = 7, PAGE = 4096, LARGE = 1 << 21, WORKER_SLOT = 9, DEFERRED = 8 };

/* Written by the builder. */
uintptr_t filled, filled_size, filled_bytes, large, fixed, fixed_address, floating, floating_address, tree;
seL4_Word child_id, channel_id;
extern char microkit_name[];

static void say(const char *text)
{
        microkit_dbg_puts("parent: ");
        microkit_dbg_puts(text);
        microkit_dbg_puts("\n");
}

static void check(bool good, const char *what)
{
        microkit_dbg_puts(good ? "parent: ok " : "parent: FAIL ");
        microkit_dbg_puts(what);
        microkit_dbg_puts("\n");
}

static bool is_zero(uintptr_t at, seL4_Word bytes)
{
        for (seL4_Word i = 0; i < bytes; i += 8)
                if (*(volatile seL4_Word *)(at + i) != 0)
                        return false;
        return true;
}

__attribute__((constructor)) static void constructor(void)
{
        say("constructed");
}

void init(void)
{
        const unsigned char *f = (const unsigned char *)filled;
        bool same = true;

        for (seL4_Word i = 0; i < filled_bytes; i++)
                same = same && f[i] == (unsigned char)(i * 7);
        check(filled_bytes == 5000 && same, "contents of the file");
        check(filled_size == 3 * PAGE && is_zero(filled + 5000, 3 * PAGE - 5000), "zero behind the file");
        check(is_zero(large, 2 * LARGE), "large pages are zero");
        *(volatile seL4_Word *)(large + LARGE) = 1;
        check(*(volatile seL4_Word *)large == 0, "large pages are two");
        check(fixed_address == 0x60200000 && is_zero(fixed, 2 * PAGE), "RAM at an address");
        check(floating_address != 0 && floating_address % PAGE == 0 && is_zero(floating, 4 * PAGE),
              "RAM in one piece");
        check(*(const unsigned *)(tree + 16) == 0xedfe0dd0u, "device tree behind its header");
        check(child_id == CHILD && channel_id == CHANNEL, "numbers");
        check(microkit_cspace_root_slot_to_cptr(0) == 0 && microkit_cspace_root_slot_to_cptr(64) == 0,
              "no such slots");
        check(seL4_TCB_Suspend(microkit_cspace_root_slot_to_cptr(WORKER_SLOT)) == seL4_NoError,
              "thread of another domain");
        microkit_notify(40);
        check(microkit_msginfo_get_count(microkit_ppcall(41, microkit_msginfo_new(0, 0))) == 0,
              "no such procedure");
        microkit_pd_stop(CHILD);
        microkit_pd_resume(CHILD);
}

void notified(microkit_channel ch)
{
        check(ch == CHANNEL, "notified by the child");
        say("done");
}

microkit_msginfo protected(microkit_channel ch, microkit_msginfo msginfo)
{
        check(ch == CHANNEL && microkit_msginfo_get_label(msginfo) == 77, "called by the child");
        microkit_mr_set(0, microkit_mr_get(0) + 1);
        microkit_deferred_notify(DEFERRED);
        return microkit_msginfo_new(78, 1);
}

seL4_Bool fault(microkit_child child, microkit_msginfo msginfo, microkit_msginfo *reply)
{
        (void)reply;
        check(child == CHILD && microkit_msginfo_get_label(msginfo) == seL4_Fault_VMFault &&
                      seL4_GetMR(seL4_VMFault_Addr) == 0x123000,
              "fault of the child");
        microkit_pd_restart(
                CHILD, *(volatile seL4_Word *)(filled + 2 * PAGE)); /* where the child wants to continue */
        return seL4_False;
}
