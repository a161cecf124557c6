/* SPDX-License-Identifier: BSD-2-Clause */
/* Dead objects are out of bounds: with AddressSanitizer, the kernel is caught when it touches one.
 *
 * An object is dead when the checker no longer finds a cap to it; its memory stays poisoned until its untyped is
 * cleared (arch_clear) or the machine is created again.
 */
#pragma once

#include "core/word.h"

/* Without AddressSanitizer nothing is ever poisoned. */
#ifndef __has_feature
#define __has_feature(name) 0 /* clang's question */
#endif
#if defined(__SANITIZE_ADDRESS__) || __has_feature(address_sanitizer)
#define POISON_WORKS 1
#else
#define POISON_WORKS 0
#endif

/* To be called after each check of the whole state, whose findings it uses. */
void poison_dead_objects(void);

/* Forgets earlier objects: the machine is new. */
void poison_reset(void);

/* Is the byte out of bounds? */
bool poison_covers(const void *byte);
