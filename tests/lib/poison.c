/* SPDX-License-Identifier: BSD-2-Clause */
/* See poison.h. */
#include "tests/lib/poison.h"
#include "debug/check.h"
#include "debug/checker.h"

#include <sanitizer/asan_interface.h>

/* The objects found by the previous check. */
static struct {
        word start, end;
} before[CHECKER_CAPS];
static word before_count;

bool poison_covers(const void *byte)
{
        (void)byte;
#if POISON_WORKS
        return __asan_address_is_poisoned(byte);
#else
        return false;
#endif
}

void poison_reset(void)
{
        before_count = 0;
}

/* The memory was given out and not cleared since: it is inside an untyped, and below the watermark of each one around it.
 * Objects made at boot are inside none.  A container among them whose last cap dies inside another container is detached for
 * good (objects.md 14.4): no revoke from above can find it, and what its slots hold stays in the derivation lists. */
static bool is_used_up(word start, word end)
{
        bool inside = false;

        for (word i = 0; i < checker.untypeds && checker.untyped[i].start <= start; i++) {
                const struct found *u = &checker.untyped[i];

                if (end > u->end)
                        continue;
                if (end > u->start + u->slot->cap.b)
                        return false;
                inside = true;
        }
        return inside;
}

void poison_dead_objects(void)
{
        word now = 0;

        for (word i = 0; i < before_count; i++) {
                word start = before[i].start, end = before[i].end;

                while (now < checker.objects && checker.object[now].end <= start)
                        now++;
                if (now < checker.objects && checker.object[now].start < end)
                        continue;
                check_not_from(start, end);
                if (is_used_up(start, end))
                        ASAN_POISON_MEMORY_REGION(window(start), end - start);
        }
        before_count = 0;
        for (word i = 0; i < checker.objects; i++) {
                if (frame_is_device(checker.object[i].slot->cap) &&
                    cap_kind(checker.object[i].slot->cap) == CAP_FRAME)
                        continue;
                before[before_count].start = checker.object[i].start;
                before[before_count++].end = checker.object[i].end;
        }
}
