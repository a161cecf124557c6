/* SPDX-License-Identifier: BSD-2-Clause */
/* What the initial thread finds at boot: the capabilities in its root CNode, and the frame that lists them. */
#pragma once

#include <sel4/config.h>
#include <sel4/constants.h>
#include <sel4/macros.h>
#include <sel4/sel4_arch/constants.h>
#include <sel4/types.h>

/* Slots of the root CNode. */
enum seL4_RootCNodeCapSlots {
        seL4_CapNull = 0, /* never holds a cap */
        seL4_CapInitThreadTCB = 1,
        seL4_CapInitThreadCNode = 2,
        seL4_CapInitThreadVSpace = 3,
        seL4_CapIRQControl = 4,
        seL4_CapASIDControl = 5,
        seL4_CapInitThreadASIDPool = 6,
        seL4_CapIOPortControl = 7, /* empty on Arm */
        seL4_CapIOSpace = 8,       /* empty on Arm */
        seL4_CapBootInfoFrame = 9,
        seL4_CapInitThreadIPCBuffer = 10,
        seL4_CapDomain = 11,
        seL4_CapSMMUSIDControl = 12, /* empty without an SMMU */
        seL4_CapSMMUCBControl = 13,  /* empty without an SMMU */
        seL4_CapInitThreadSC = 14,
        seL4_CapSMC = 15, /* empty unless the kernel allows firmware calls */
        seL4_NumInitialCaps = 16,
};

#define seL4_CapInitThreadPD SEL4_DEPRECATE_MACRO(seL4_CapInitThreadVSpace)

typedef seL4_Word seL4_SlotPos;

/* Slots start to end - 1. */
typedef struct seL4_SlotRegion_ {
        seL4_SlotPos start;
        seL4_SlotPos end;
} seL4_SlotRegion;

typedef struct seL4_UntypedDesc_ {
        seL4_Word paddr;
        seL4_Uint8 sizeBits;
        seL4_Uint8 isDevice; /* 1: only frames and untypeds can be made of it, and it is never cleared */
        seL4_Uint8 padding[sizeof(seL4_Word) - 2 * sizeof(seL4_Uint8)];
} seL4_UntypedDesc;

typedef struct seL4_BootInfo_ {
        seL4_Word extraLen; /* bytes of the chunks at seL4_BootInfoFrameSize after this record, 0 if none */
        seL4_NodeId nodeID;
        seL4_Word numNodes;
        seL4_Word numIOPTLevels;
        seL4_IPCBuffer *ipcBuffer;
        seL4_SlotRegion empty; /* free slots, up to the end of the root CNode */
        seL4_SlotRegion sharedFrames;
        seL4_SlotRegion userImageFrames; /* 4 KiB frames of the root image, by address */
        seL4_SlotRegion userImagePaging; /* its translation tables, top level first */
        seL4_SlotRegion ioSpaceCaps;
        seL4_SlotRegion extraBIPages;      /* 4 KiB frames of the chunks */
        seL4_Word initThreadCNodeSizeBits; /* slots of the root CNode, log2 */
        seL4_Domain initThreadDomain;
        seL4_SlotRegion schedcontrol; /* one scheduling control cap per core */
        seL4_SlotRegion untyped;
        seL4_UntypedDesc untypedList[CONFIG_MAX_NUM_BOOTINFO_UNTYPED_CAPS]; /* of slot untyped.start + i */
} seL4_BootInfo;

#define seL4_BootInfoFrameBits seL4_PageBits
#define seL4_BootInfoFrameSize LIBSEL4_BIT(seL4_BootInfoFrameBits)

SEL4_COMPILE_ASSERT(bootinfo_fits_in_its_frame, sizeof(seL4_BootInfo) <= seL4_BootInfoFrameSize)

/* Kinds of chunks; on Arm only the device tree. */
__extension__ typedef enum {
        SEL4_BOOTINFO_HEADER_PADDING = 0,
        SEL4_BOOTINFO_HEADER_X86_VBE = 1,
        SEL4_BOOTINFO_HEADER_X86_MBMMAP = 2,
        SEL4_BOOTINFO_HEADER_X86_ACPI_RSDP = 3,
        SEL4_BOOTINFO_HEADER_X86_FRAMEBUFFER = 4,
        SEL4_BOOTINFO_HEADER_X86_TSC_FREQ = 5,
        SEL4_BOOTINFO_HEADER_FDT = 6,
        SEL4_BOOTINFO_HEADER_NUM,
        SEL4_FORCE_LONG_ENUM(seL4_BootInfoID),
} seL4_BootInfoID;

/* In front of each chunk; the next one follows `len` bytes after this one. */
typedef struct seL4_BootInfoHeader {
        seL4_Word id;
        seL4_Word len; /* bytes, with this header */
} seL4_BootInfoHeader;
