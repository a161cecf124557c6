/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys and keyrings of which a call has many to look at or to forget; as hostile.c: rings SIZE [PART]: so many, up to the share of a
 * family; without a size there are few, and Linux returns the same. */
#define _GNU_SOURCE
#include "ask.h"
#include "sized.h"

#include <errno.h>
#include <sys/syscall.h>

enum { PROCESS = -2, USER = -4, MOST = 170, LONGEST = 32767 };
enum { REVOKE = 3, SETPERM = 5, LINK = 8, UNLINK, SEARCH };

static char long_name[4096], content[LONGEST];

static long control(int what, long a, long b, long c, long d)
{
        return syscall(SYS_keyctl, what, a, b, c, d);
}

static long add_ring(const char *name, long ring)
{
        return syscall(SYS_add_key, "keyring", name, NULL, 0, ring);
}

static long add_numbered(const char *type, int number, size_t bytes, long ring)
{
        char name[20];

        snprintf(name, sizeof(name), "%s %d", type, number);
        return syscall(SYS_add_key, type, name, bytes ? content : NULL, bytes, ring);
}

/* Numbers of keys differ. */
static void result(const char *what, long value)
{
        printf("%s: %s %d\n", what, value < 0 ? "error" : value ? "more" : "0", value < 0 ? errno : 0);
}

static void look(long ring, const char *name)
{
        result("search", control(SEARCH, ring, (long)"user", (long)name, 0));
        result("request", syscall(SYS_request_key, "user", name, NULL, 0));
        result("in the process's", control(UNLINK, ring, PROCESS, 0, 0));
}

/* Rings in layers, each linked to all of the layers below. */
static void layers(void)
{
        enum { LAYERS = 6 };
        long top = add_ring("top", PROCESS), ring[MOST], links = 0;
        int n = at_most(100);

        for (int i = 0; i < n; i++)
                ring[i] = add_numbered("keyring", i, 0, top);
        for (int i = 0; i < n; i++) {
                for (int k = 0; k < n; k++) {
                        if (i % LAYERS < k % LAYERS)
                                links += control(LINK, ring[i], ring[k], 0, 0) == 0;
                }
        }
        result("linked", links > n);
        result("to what leads there", control(LINK, top, ring[0], 0, 0));
        look(top, "none");
}

/* Each in the one before, and then all of them in nothing. */
static void chain(void)
{
        long top = add_ring("top", PROCESS), ring = top;
        int n = at_most(MOST), linked = 0;

        for (int i = 0; i < n; i++) {
                long next = add_numbered("keyring", i, 0, PROCESS);

                linked += control(LINK, next, ring, 0, 0) == 0;
                if (ring != top)
                        control(UNLINK, ring, PROCESS, 0, 0);
                ring = next;
        }
        control(UNLINK, ring, PROCESS, 0, 0);
        printf("linked all: %d\n", linked == n);
        result("the last", control(SEARCH, ring, (long)"user", (long)"none", 0));
        look(top, "none");
}

/* Keys of one long name in many rings, which say why they are none. */
static void names(void)
{
        int n = at_most(MOST) / 2;
        long top = add_ring("top", PROCESS);

        memset(long_name, 'n', sizeof(long_name) - 1);
        for (int i = 0; i < n; i++) {
                long ring = add_numbered("keyring", i, 0, top);
                long key = syscall(SYS_add_key, "user", long_name, "1", 1, ring);

                control(SETPERM, key, 0x37000000, 0, 0);
        }
        look(top, long_name);
}

/* Much content goes at once. */
static void contents(void)
{
        int n = at_most(MOST);
        long top = add_ring("top", PROCESS);

        for (int i = 0; i < n; i++)
                add_numbered("user", i, size > FEW ? sizeof(content) : 10, top);
        look(top, "none");
}

/* Nobody makes what is asked for: keys that say so do not fill the table, nor do revoked ones. */
static void over(void)
{
        char name[20];
        long top = add_ring("top", PROCESS), error = 0;

        for (int i = 0; i < at_most(400); i++) {
                snprintf(name, sizeof(name), "missing %d", i);
                if (syscall(SYS_request_key, "user", name, "by nobody", top) != -1 || errno != ENOENT)
                        error = errno;
        }
        printf("other errors: %ld\n", error);
        for (int i = 0; i < at_most(400); i++) {
                if (control(REVOKE, add_numbered("user", i, 1, top), 0, 0, 0))
                        error = errno;
        }
        printf("other errors: %ld\n", error);
        look(top, "none");
}

/* What programs leave with the user that are over then does not stop others. */
static void left(void)
{
        char name[40];
        int n = at_most(MOST), added = 0;

        for (int i = 0; i < n; i++) {
                snprintf(name, sizeof(name), "left by %d: %d", getpid(), i);
                added += syscall(SYS_add_key, "user", name, "1", 1, USER) > 0;
        }
        printf("added all: %d\n", added == n);
}

static const struct part parts[] = {
        {"layers", layers},     {"chain", chain}, {"names", names},
        {"contents", contents}, {"over", over},   {"left", left},
};

int main(int count, char **argument)
{
        return run_parts(parts, sizeof(parts) / sizeof(*parts), "/bin/rings-musl", count, argument);
}
