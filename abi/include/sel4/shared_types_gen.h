/* SPDX-License-Identifier: BSD-2-Clause */
/* Bitfield types with their accessors.
 *
 * T_new makes a value, T_get_f reads field f, T_set_f gives a copy with another f; the T_ptr_ forms work in place.
 * A value that does not fit into its field fails an assertion unless NDEBUG is defined, and is cut. All take
 * constant time.
 *
 * Made by tools/gen-abi; do not edit. */
/* clang-format off */
#pragma once

#include <sel4/config.h>
#include <sel4/debug_assert.h>
#include <sel4/macros.h>
#include <sel4/simple_types.h>

/* Message info: what a message is about and how long it is. */
typedef struct seL4_MessageInfo {
        seL4_Uint64 words[1];
} seL4_MessageInfo_t;

LIBSEL4_INLINE_FUNC seL4_MessageInfo_t seL4_MessageInfo_new(
                seL4_Uint64 label, seL4_Uint64 capsUnwrapped, seL4_Uint64 extraCaps, seL4_Uint64 length)
{
        seL4_MessageInfo_t seL4_MessageInfo;

        seL4_DebugAssert((label & ~0xffffffffffffful) == 0);
        seL4_DebugAssert((capsUnwrapped & ~0x7ul) == 0);
        seL4_DebugAssert((extraCaps & ~0x3ul) == 0);
        seL4_DebugAssert((length & ~0x7ful) == 0);
        seL4_MessageInfo.words[0] = (label << 12) | ((capsUnwrapped & 0x7ul) << 9) | ((extraCaps & 0x3ul) << 7) | (length & 0x7ful);
        return seL4_MessageInfo;
}

LIBSEL4_INLINE_FUNC void seL4_MessageInfo_ptr_new(
                seL4_MessageInfo_t *seL4_MessageInfo_ptr, seL4_Uint64 label, seL4_Uint64 capsUnwrapped,
                seL4_Uint64 extraCaps, seL4_Uint64 length)
{
        seL4_DebugAssert((label & ~0xffffffffffffful) == 0);
        seL4_DebugAssert((capsUnwrapped & ~0x7ul) == 0);
        seL4_DebugAssert((extraCaps & ~0x3ul) == 0);
        seL4_DebugAssert((length & ~0x7ful) == 0);
        seL4_MessageInfo_ptr->words[0] = (label << 12) | ((capsUnwrapped & 0x7ul) << 9) | ((extraCaps & 0x3ul) << 7) | (length & 0x7ful);
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_MessageInfo_get_label(seL4_MessageInfo_t seL4_MessageInfo)
{
        return seL4_MessageInfo.words[0] >> 12;
}

LIBSEL4_INLINE_FUNC seL4_MessageInfo_t seL4_MessageInfo_set_label(
                seL4_MessageInfo_t seL4_MessageInfo, seL4_Uint64 v64)
{
        seL4_DebugAssert((v64 & ~0xffffffffffffful) == 0);
        seL4_MessageInfo.words[0] = (seL4_MessageInfo.words[0] & 0xffful) | (v64 << 12);
        return seL4_MessageInfo;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_MessageInfo_ptr_get_label(seL4_MessageInfo_t *seL4_MessageInfo_ptr)
{
        return seL4_MessageInfo_ptr->words[0] >> 12;
}

LIBSEL4_INLINE_FUNC void seL4_MessageInfo_ptr_set_label(
                seL4_MessageInfo_t *seL4_MessageInfo_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((v64 & ~0xffffffffffffful) == 0);
        seL4_MessageInfo_ptr->words[0] = (seL4_MessageInfo_ptr->words[0] & 0xffful) | (v64 << 12);
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_MessageInfo_get_capsUnwrapped(seL4_MessageInfo_t seL4_MessageInfo)
{
        return (seL4_MessageInfo.words[0] >> 9) & 0x7ul;
}

LIBSEL4_INLINE_FUNC seL4_MessageInfo_t seL4_MessageInfo_set_capsUnwrapped(
                seL4_MessageInfo_t seL4_MessageInfo, seL4_Uint64 v64)
{
        seL4_DebugAssert((v64 & ~0x7ul) == 0);
        seL4_MessageInfo.words[0] = (seL4_MessageInfo.words[0] & 0xfffffffffffff1fful) | ((v64 & 0x7ul) << 9);
        return seL4_MessageInfo;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_MessageInfo_ptr_get_capsUnwrapped(
                seL4_MessageInfo_t *seL4_MessageInfo_ptr)
{
        return (seL4_MessageInfo_ptr->words[0] >> 9) & 0x7ul;
}

LIBSEL4_INLINE_FUNC void seL4_MessageInfo_ptr_set_capsUnwrapped(
                seL4_MessageInfo_t *seL4_MessageInfo_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((v64 & ~0x7ul) == 0);
        seL4_MessageInfo_ptr->words[0] = (seL4_MessageInfo_ptr->words[0] & 0xfffffffffffff1fful) | ((v64 & 0x7ul) << 9);
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_MessageInfo_get_extraCaps(seL4_MessageInfo_t seL4_MessageInfo)
{
        return (seL4_MessageInfo.words[0] >> 7) & 0x3ul;
}

LIBSEL4_INLINE_FUNC seL4_MessageInfo_t seL4_MessageInfo_set_extraCaps(
                seL4_MessageInfo_t seL4_MessageInfo, seL4_Uint64 v64)
{
        seL4_DebugAssert((v64 & ~0x3ul) == 0);
        seL4_MessageInfo.words[0] = (seL4_MessageInfo.words[0] & 0xfffffffffffffe7ful) | ((v64 & 0x3ul) << 7);
        return seL4_MessageInfo;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_MessageInfo_ptr_get_extraCaps(seL4_MessageInfo_t *seL4_MessageInfo_ptr)
{
        return (seL4_MessageInfo_ptr->words[0] >> 7) & 0x3ul;
}

LIBSEL4_INLINE_FUNC void seL4_MessageInfo_ptr_set_extraCaps(
                seL4_MessageInfo_t *seL4_MessageInfo_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((v64 & ~0x3ul) == 0);
        seL4_MessageInfo_ptr->words[0] = (seL4_MessageInfo_ptr->words[0] & 0xfffffffffffffe7ful) | ((v64 & 0x3ul) << 7);
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_MessageInfo_get_length(seL4_MessageInfo_t seL4_MessageInfo)
{
        return seL4_MessageInfo.words[0] & 0x7ful;
}

LIBSEL4_INLINE_FUNC seL4_MessageInfo_t seL4_MessageInfo_set_length(
                seL4_MessageInfo_t seL4_MessageInfo, seL4_Uint64 v64)
{
        seL4_DebugAssert((v64 & ~0x7ful) == 0);
        seL4_MessageInfo.words[0] = (seL4_MessageInfo.words[0] & 0xffffffffffffff80ul) | (v64 & 0x7ful);
        return seL4_MessageInfo;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_MessageInfo_ptr_get_length(seL4_MessageInfo_t *seL4_MessageInfo_ptr)
{
        return seL4_MessageInfo_ptr->words[0] & 0x7ful;
}

LIBSEL4_INLINE_FUNC void seL4_MessageInfo_ptr_set_length(
                seL4_MessageInfo_t *seL4_MessageInfo_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((v64 & ~0x7ful) == 0);
        seL4_MessageInfo_ptr->words[0] = (seL4_MessageInfo_ptr->words[0] & 0xffffffffffffff80ul) | (v64 & 0x7ful);
}

/* A set of rights. */
typedef struct seL4_CapRights {
        seL4_Uint64 words[1];
} seL4_CapRights_t;

LIBSEL4_INLINE_FUNC seL4_CapRights_t seL4_CapRights_new(
                seL4_Uint64 capAllowGrantReply, seL4_Uint64 capAllowGrant, seL4_Uint64 capAllowRead,
                seL4_Uint64 capAllowWrite)
{
        seL4_CapRights_t seL4_CapRights;

        seL4_DebugAssert((capAllowGrantReply & ~0x1ul) == 0);
        seL4_DebugAssert((capAllowGrant & ~0x1ul) == 0);
        seL4_DebugAssert((capAllowRead & ~0x1ul) == 0);
        seL4_DebugAssert((capAllowWrite & ~0x1ul) == 0);
        seL4_CapRights.words[0] = ((capAllowGrantReply & 0x1ul) << 3) | ((capAllowGrant & 0x1ul) << 2) | ((capAllowRead & 0x1ul) << 1) | (capAllowWrite & 0x1ul);
        return seL4_CapRights;
}

LIBSEL4_INLINE_FUNC void seL4_CapRights_ptr_new(
                seL4_CapRights_t *seL4_CapRights_ptr, seL4_Uint64 capAllowGrantReply,
                seL4_Uint64 capAllowGrant, seL4_Uint64 capAllowRead, seL4_Uint64 capAllowWrite)
{
        seL4_DebugAssert((capAllowGrantReply & ~0x1ul) == 0);
        seL4_DebugAssert((capAllowGrant & ~0x1ul) == 0);
        seL4_DebugAssert((capAllowRead & ~0x1ul) == 0);
        seL4_DebugAssert((capAllowWrite & ~0x1ul) == 0);
        seL4_CapRights_ptr->words[0] = ((capAllowGrantReply & 0x1ul) << 3) | ((capAllowGrant & 0x1ul) << 2) | ((capAllowRead & 0x1ul) << 1) | (capAllowWrite & 0x1ul);
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_CapRights_get_capAllowGrantReply(seL4_CapRights_t seL4_CapRights)
{
        return (seL4_CapRights.words[0] >> 3) & 0x1ul;
}

LIBSEL4_INLINE_FUNC seL4_CapRights_t seL4_CapRights_set_capAllowGrantReply(
                seL4_CapRights_t seL4_CapRights, seL4_Uint64 v64)
{
        seL4_DebugAssert((v64 & ~0x1ul) == 0);
        seL4_CapRights.words[0] = (seL4_CapRights.words[0] & 0xfffffffffffffff7ul) | ((v64 & 0x1ul) << 3);
        return seL4_CapRights;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_CapRights_ptr_get_capAllowGrantReply(
                seL4_CapRights_t *seL4_CapRights_ptr)
{
        return (seL4_CapRights_ptr->words[0] >> 3) & 0x1ul;
}

LIBSEL4_INLINE_FUNC void seL4_CapRights_ptr_set_capAllowGrantReply(
                seL4_CapRights_t *seL4_CapRights_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((v64 & ~0x1ul) == 0);
        seL4_CapRights_ptr->words[0] = (seL4_CapRights_ptr->words[0] & 0xfffffffffffffff7ul) | ((v64 & 0x1ul) << 3);
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_CapRights_get_capAllowGrant(seL4_CapRights_t seL4_CapRights)
{
        return (seL4_CapRights.words[0] >> 2) & 0x1ul;
}

LIBSEL4_INLINE_FUNC seL4_CapRights_t seL4_CapRights_set_capAllowGrant(
                seL4_CapRights_t seL4_CapRights, seL4_Uint64 v64)
{
        seL4_DebugAssert((v64 & ~0x1ul) == 0);
        seL4_CapRights.words[0] = (seL4_CapRights.words[0] & 0xfffffffffffffffbul) | ((v64 & 0x1ul) << 2);
        return seL4_CapRights;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_CapRights_ptr_get_capAllowGrant(seL4_CapRights_t *seL4_CapRights_ptr)
{
        return (seL4_CapRights_ptr->words[0] >> 2) & 0x1ul;
}

LIBSEL4_INLINE_FUNC void seL4_CapRights_ptr_set_capAllowGrant(
                seL4_CapRights_t *seL4_CapRights_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((v64 & ~0x1ul) == 0);
        seL4_CapRights_ptr->words[0] = (seL4_CapRights_ptr->words[0] & 0xfffffffffffffffbul) | ((v64 & 0x1ul) << 2);
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_CapRights_get_capAllowRead(seL4_CapRights_t seL4_CapRights)
{
        return (seL4_CapRights.words[0] >> 1) & 0x1ul;
}

LIBSEL4_INLINE_FUNC seL4_CapRights_t seL4_CapRights_set_capAllowRead(
                seL4_CapRights_t seL4_CapRights, seL4_Uint64 v64)
{
        seL4_DebugAssert((v64 & ~0x1ul) == 0);
        seL4_CapRights.words[0] = (seL4_CapRights.words[0] & 0xfffffffffffffffdul) | ((v64 & 0x1ul) << 1);
        return seL4_CapRights;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_CapRights_ptr_get_capAllowRead(seL4_CapRights_t *seL4_CapRights_ptr)
{
        return (seL4_CapRights_ptr->words[0] >> 1) & 0x1ul;
}

LIBSEL4_INLINE_FUNC void seL4_CapRights_ptr_set_capAllowRead(
                seL4_CapRights_t *seL4_CapRights_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((v64 & ~0x1ul) == 0);
        seL4_CapRights_ptr->words[0] = (seL4_CapRights_ptr->words[0] & 0xfffffffffffffffdul) | ((v64 & 0x1ul) << 1);
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_CapRights_get_capAllowWrite(seL4_CapRights_t seL4_CapRights)
{
        return seL4_CapRights.words[0] & 0x1ul;
}

LIBSEL4_INLINE_FUNC seL4_CapRights_t seL4_CapRights_set_capAllowWrite(
                seL4_CapRights_t seL4_CapRights, seL4_Uint64 v64)
{
        seL4_DebugAssert((v64 & ~0x1ul) == 0);
        seL4_CapRights.words[0] = (seL4_CapRights.words[0] & 0xfffffffffffffffeul) | (v64 & 0x1ul);
        return seL4_CapRights;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_CapRights_ptr_get_capAllowWrite(seL4_CapRights_t *seL4_CapRights_ptr)
{
        return seL4_CapRights_ptr->words[0] & 0x1ul;
}

LIBSEL4_INLINE_FUNC void seL4_CapRights_ptr_set_capAllowWrite(
                seL4_CapRights_t *seL4_CapRights_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((v64 & ~0x1ul) == 0);
        seL4_CapRights_ptr->words[0] = (seL4_CapRights_ptr->words[0] & 0xfffffffffffffffeul) | (v64 & 0x1ul);
}

/* Guard of a CNode cap: the low guardSize bits of guard. */
typedef struct seL4_CNode_CapData {
        seL4_Uint64 words[1];
} seL4_CNode_CapData_t;

LIBSEL4_INLINE_FUNC seL4_CNode_CapData_t seL4_CNode_CapData_new(seL4_Uint64 guard, seL4_Uint64 guardSize)
{
        seL4_CNode_CapData_t seL4_CNode_CapData;

        seL4_DebugAssert((guard & ~0x3fffffffffffffful) == 0);
        seL4_DebugAssert((guardSize & ~0x3ful) == 0);
        seL4_CNode_CapData.words[0] = (guard << 6) | (guardSize & 0x3ful);
        return seL4_CNode_CapData;
}

LIBSEL4_INLINE_FUNC void seL4_CNode_CapData_ptr_new(
                seL4_CNode_CapData_t *seL4_CNode_CapData_ptr, seL4_Uint64 guard, seL4_Uint64 guardSize)
{
        seL4_DebugAssert((guard & ~0x3fffffffffffffful) == 0);
        seL4_DebugAssert((guardSize & ~0x3ful) == 0);
        seL4_CNode_CapData_ptr->words[0] = (guard << 6) | (guardSize & 0x3ful);
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_CNode_CapData_get_guard(seL4_CNode_CapData_t seL4_CNode_CapData)
{
        return seL4_CNode_CapData.words[0] >> 6;
}

LIBSEL4_INLINE_FUNC seL4_CNode_CapData_t seL4_CNode_CapData_set_guard(
                seL4_CNode_CapData_t seL4_CNode_CapData, seL4_Uint64 v64)
{
        seL4_DebugAssert((v64 & ~0x3fffffffffffffful) == 0);
        seL4_CNode_CapData.words[0] = (seL4_CNode_CapData.words[0] & 0x3ful) | (v64 << 6);
        return seL4_CNode_CapData;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_CNode_CapData_ptr_get_guard(seL4_CNode_CapData_t *seL4_CNode_CapData_ptr)
{
        return seL4_CNode_CapData_ptr->words[0] >> 6;
}

LIBSEL4_INLINE_FUNC void seL4_CNode_CapData_ptr_set_guard(
                seL4_CNode_CapData_t *seL4_CNode_CapData_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((v64 & ~0x3fffffffffffffful) == 0);
        seL4_CNode_CapData_ptr->words[0] = (seL4_CNode_CapData_ptr->words[0] & 0x3ful) | (v64 << 6);
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_CNode_CapData_get_guardSize(seL4_CNode_CapData_t seL4_CNode_CapData)
{
        return seL4_CNode_CapData.words[0] & 0x3ful;
}

LIBSEL4_INLINE_FUNC seL4_CNode_CapData_t seL4_CNode_CapData_set_guardSize(
                seL4_CNode_CapData_t seL4_CNode_CapData, seL4_Uint64 v64)
{
        seL4_DebugAssert((v64 & ~0x3ful) == 0);
        seL4_CNode_CapData.words[0] = (seL4_CNode_CapData.words[0] & 0xffffffffffffffc0ul) | (v64 & 0x3ful);
        return seL4_CNode_CapData;
}

LIBSEL4_INLINE_FUNC seL4_Uint64 seL4_CNode_CapData_ptr_get_guardSize(
                seL4_CNode_CapData_t *seL4_CNode_CapData_ptr)
{
        return seL4_CNode_CapData_ptr->words[0] & 0x3ful;
}

LIBSEL4_INLINE_FUNC void seL4_CNode_CapData_ptr_set_guardSize(
                seL4_CNode_CapData_t *seL4_CNode_CapData_ptr, seL4_Uint64 v64)
{
        seL4_DebugAssert((v64 & ~0x3ful) == 0);
        seL4_CNode_CapData_ptr->words[0] = (seL4_CNode_CapData_ptr->words[0] & 0xffffffffffffffc0ul) | (v64 & 0x3ful);
}
