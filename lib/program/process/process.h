/* SPDX-License-Identifier: BSD-2-Clause */
/* Processes: an address space, a CSpace and a thread, made from an ELF image.
 *
 *      process_config_t config = {.name = "shell", .image = image, .image_size = size, .endpoint = ep, .badge = 101};
 *      process_t shell;
 *      if (process_create(&shell, &config) == 0) ...
 *      process_destroy(&shell);                             every byte and slot is back
 *
 * A process gets one capability: a copy of the server's endpoint with its badge, in slot 1, good for calling and nothing
 * else.  It has no capability to its own thread, CSpace or address space.  What is not in its image, stack or IPC buffer is not
 * mapped; pages are executable only where the image says so.
 */
#pragma once

#include <cspace/cspace.h>
#include <sel4/sel4.h>
#include <threads/threads.h>
#include <vspace/vspace.h>

#ifndef PROCESS_STACK_TOP
#define PROCESS_STACK_TOP  0x90000000ul
#define PROCESS_IPC_BUFFER 0xA0000000ul
#define PROCESS_VMEM_START 0xC0000000ul
#endif

enum { PROCESS_STACK_DEFAULT = 64 * 1024, PROCESS_ENDPOINT_SLOT = 1 };

typedef struct {
        const char *name;
        const void *image; /* an ELF file, static, AArch64 */
        size_t image_size;
        const char *const *argv; /* NULL-terminated; NULL: the name alone */
        seL4_CPtr endpoint;      /* the server's; 0: none */
        seL4_Word badge;         /* of the endpoint copy and of faults */
        seL4_CPtr fault_ep;      /* 0: `endpoint` */
        size_t stack_bytes;
        uint64_t budget, period; /* microseconds; 0: the defaults of threads.h */
        uint8_t prio, mcp;
        uint8_t core; /* as threads.h has it */
} process_config_t;

typedef struct process {
        vspace_t vspace;
        cspace_t cspace;
        thread_t *thread;
        bool has_vspace, has_cspace;
} process_t;

/* 0, or an error (seL4_Error, -1 for memory) with a report; then nothing is left behind.  The process runs on return. */
int process_create(process_t *process, const process_config_t *config);
int process_destroy(process_t *process);

/* --- the steps, for those who build processes themselves --- */

/* Check an image and map its segments in `vspace`.  0, seL4_InvalidArgument for a bad image, seL4_DeleteFirst where
 * something is mapped already, -1 for memory.  What was mapped before a failure stays: destroy the address space. */
int process_load(vspace_t *vspace, const void *image, size_t size, seL4_Word *entry);

/* Fill the stack page below `top` of `vspace` (mapped already) with arguments, an empty environment and the auxiliary
 * vector.  Returns the initial stack pointer, 0 (reported) if they do not fit in it. */
seL4_Word process_stack(vspace_t *vspace, seL4_Word top, const process_config_t *config);
