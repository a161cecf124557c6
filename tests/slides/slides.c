/* SPDX-License-Identifier: BSD-2-Clause */
/* The lecture's code, fragment by fragment, as a root task of its own: built from the SDK only.
 *
 * The lines between BEGIN and END of each fragment stand on a slide of "Introduction: Using seL4" (courtesy of Gernot
 * Heiser, UNSW Sydney, CC BY 4.0); corrected are only slips that no compiler takes (a comma, a missing argument, a name
 * spelled in two ways on the same slide).  What a slide says must happen is checked right behind it.
 */
#include "slides.h"

#include <sel4/start.h>
#include <string.h>

cspace_t cspace;
vspace_t vspace;
unsigned passed, failed;

void check(bool ok, const char *what)
{
        passed += ok;
        failed += !ok;
        report("%s %s", ok ? "ok  " : "FAIL", what);
}

/* --- "CSpace Operations" --- */

static void cspace_operations(void)
{
        static cspace_t one, two;
        seL4_CPtr slot, copy, ut_slot;
        seL4_Error err;
        ut_t *piece = ut_alloc(seL4_EndpointBits, &cspace);

        check(cspace_create_one_level(&cspace, &one) == 0, "cspace_create_one_level");
        check(cspace_create_two_level(&cspace, &two, bootstrap_alloc(&cspace)) == 0,
              "cspace_create_two_level");
        check(cspace_alloc_slot(&one) == 1, "the first slot of a new CSpace is 1");
        slot = cspace_alloc_slot(&cspace);
        copy = cspace_alloc_slot(&two);
        ut_slot = cspace_alloc_slot(&cspace);
        err = cspace_untyped_retype(&cspace, piece->cap, slot, seL4_EndpointObject, seL4_EndpointBits);
        check(err == seL4_NoError, "cspace_untyped_retype");
        check(cspace_copy(&two, copy, &cspace, slot, seL4_AllRights) == 0, "cspace_copy");
        check(cspace_mint(&cspace, ut_slot, &cspace, slot, seL4_AllRights, 7) == 0,
              "cspace_mint with a badge");
        check(cspace_move(&one, 1, &cspace, ut_slot) == 0, "cspace_move");
        check(cspace_mutate(&cspace, ut_slot, &one, 1, 8) == seL4_IllegalOperation,
              "cspace_mutate refuses an endpoint");
        check(cspace_revoke(&cspace, slot) == 0 && !cspace_is_occupied(&two, copy) &&
                      !cspace_is_occupied(&one, 1),
              "cspace_revoke removes copies and badged capabilities");
        check(cspace_save_reply_cap(&cspace, ut_slot) == seL4_IllegalOperation,
              "cspace_save_reply_cap: not with MCS");
        check(cspace_delete(&cspace, slot) == 0, "cspace_delete");
        cspace_free_slot(&cspace, slot);
        cspace_free_slot(&cspace, ut_slot);
        check(ut_free(piece, seL4_EndpointBits) == UT_OK, "ut_free of an endpoint");
        cspace_destroy(&one);
        cspace_destroy(&two);
}

/* --- "Address Space Operations", "Multiple Frame Mappings: Shared Memory" --- */

static seL4_Error frames(void)
{
        seL4_CPtr pgd = seL4_CapInitThreadVSpace;
        seL4_Word v_addr = 0x20000000;
        seL4_Word new_v_addr = 0x20400000;
        seL4_Error err;

        /* BEGIN */
        seL4_Word p_addr = 0;
        ut_t *ut = ut_alloc_4k_untyped(&p_addr);
        seL4_CPtr frame = cspace_alloc_slot(&cspace);
        err = cspace_untyped_retype(&cspace, ut->cap, frame, seL4_ARM_SmallPageObject, seL4_PageObject);
        if (err != seL4_NoError)
                return err;
        err = map_frame(&cspace, frame, pgd, v_addr, seL4_AllRights, seL4_Default_VMAttributes);
        if (err != seL4_NoError)
                return err;
        /* END */
        check(p_addr == seL4_ARM_Page_GetAddress(frame).paddr,
              "ut_alloc_4k_untyped returns the physical address");
        *(volatile int *)v_addr = 5;
        check(*(volatile int *)v_addr == 5, "a page mapped with map_frame can be used");
        check(map_frame(&cspace, frame, pgd, new_v_addr, seL4_AllRights, seL4_Default_VMAttributes) ==
                      seL4_InvalidArgument,
              "each mapping requires its own frame cap even for the same frame");

        /* BEGIN */
        seL4_CPtr new_frame = cspace_alloc_slot(&cspace);
        err = cspace_copy(&cspace, new_frame, &cspace, frame, seL4_AllRights);
        if (err != seL4_NoError)
                return err;
        err = map_frame(&cspace, new_frame, pgd, new_v_addr, seL4_AllRights, seL4_Default_VMAttributes);
        if (err != seL4_NoError)
                return err;
        /* END */
        *(volatile int *)new_v_addr = 6;
        check(*(volatile int *)v_addr == 6, "both addresses show the same memory");
        check(map_frame(&cspace, new_frame, pgd, v_addr, seL4_AllRights, seL4_Default_VMAttributes) ==
                      seL4_DeleteFirst,
              "nothing is mapped over a page");

        /* BEGIN */
        seL4_ARCH_Page_Unmap(frame);
        cspace_delete(&cspace, frame);
        cspace_free_slot(&cspace, frame);
        seL4_ARCH_Page_Unmap(new_frame);
        cspace_delete(&cspace, new_frame);
        cspace_free_slot(&cspace, new_frame);
        ut_free(ut, seL4_PageBits);
        /* END */
        check(vspace_sweep(&vspace) == 2, "the books notice that the frames are gone");
        check(ut_audit() == 0 && ut_find(p_addr) && cspace_audit_all(&cspace) == 0,
              "and everything came back");
        return err;
}

/* --- "Device Drivers" --- */

static void devices(void)
{
        void *device_vaddr;

        /* BEGIN */
        device_vaddr = sos_map_device(&cspace, 0xA0000000, BIT(seL4_PageBits));
        /* END */
        check(device_vaddr != NULL, "sos_map_device");
        check(vspace_lookup(&vspace, (seL4_Word)device_vaddr).paddr == 0xA0000000, "of the page asked for");
        check(sos_map_device(&cspace, 0x40000000, BIT(seL4_PageBits)) == NULL, "RAM is no device");
        check(sos_unmap_device(device_vaddr, BIT(seL4_PageBits)) == 0, "sos_unmap_device");
}

/* --- "Interrupt Handling", with the UART's line --- */

enum { UART_IRQ = 33, UART_MASK = 0x38, UART_RAW = 0x3c, UART_CLEAR = 0x44, UART_SEND = 1 << 5 };

static void interrupts(volatile uint32_t *uart)
{
        seL4_CPtr notification;
        ut_t *ut = ut_new_object(&cspace, &notification, seL4_NotificationObject, seL4_NotificationBits);
        seL4_Word irq_number = UART_IRQ;
        int true_if_edge_triggered = 0;
        seL4_Word badge = 0;

        /* BEGIN */
        seL4_CPtr irq = cspace_alloc_slot(&cspace);
        seL4_Error err =
                cspace_irq_control_get(&cspace, irq, seL4_CapIRQControl, irq_number, true_if_edge_triggered);
        seL4_IRQHandler_SetNotification(irq, notification);
        seL4_IRQHandler_Ack(irq);
        /* END */
        check(err == seL4_NoError, "cspace_irq_control_get");
        check(cspace_irq_control_get(&cspace, cspace_alloc_slot(&cspace), seL4_CapIRQControl, irq_number,
                                     0) == seL4_RevokeFirst,
              "one handler capability per line");
        uart[UART_MASK / 4] |= UART_SEND; /* there is room to send: interrupts at once */
        for (int i = 0; i < 3; i++) {
                seL4_Wait(notification, &badge);
                if (i == 2)
                        uart[UART_MASK / 4] &= ~UART_SEND;
                uart[UART_CLEAR / 4] = UART_SEND;
                report("..."); /* sending raises it again */
                seL4_IRQHandler_Ack(irq);
        }
        check(true, "three interrupts, each heard after the acknowledgement of the one before");
        check(seL4_IRQHandler_Clear(irq) == 0, "dissociation");
        cspace_delete_and_free(&cspace, irq);
        ut_free_object(&cspace, notification, ut);
}

int main(int argc, char **argv)
{
        static struct uart uart;
        void *registers;

        start_use_libc();
        if (bootstrap(&cspace, &vspace, start_bootinfo()))
                return 1;
        registers = sos_map_device(&cspace, 0x09000000, BIT(seL4_PageBits));
        pl011_open(&uart, registers);
        slides_print_to(&uart);
        check(argc == 1 && !strcmp(argv[0], "rootserver"), "program start");
        cspace_operations();
        check(frames() == seL4_NoError, "every step of the frame slides");
        devices();
        interrupts(registers);
        threads_start(&cspace, bootstrap_info()->schedcontrol.start, seL4_CapInitThreadTCB, false);
        threads_in_own_space();
        threads_in_new_space();
        ipc();
        library_calls();
        beyond_the_slides();
        check(ut_audit() == 0, "ut_audit");
        check(cspace_audit_all(&cspace) == 0, "cspace_audit");
        check(vspace_audit(&vspace) == 0, "vspace_audit");
        report("%u passed, %u failed", passed, failed);
        return 0;
}
