/* SPDX-License-Identifier: BSD-2-Clause */
/* Keys and keyrings (add_key, request_key, keyctl), compared with Linux as root: what each call does and refuses, who has which keyring
 * after fork, exec and clone, and what happens to keys that are over. */
#define _GNU_SOURCE
#include "ask.h"

#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>

enum {
        THREAD = -1,
        PROCESS = -2,
        SESSION = -3,
        USER = -4,
        USER_SESSION = -5,
        NOBODY = 0x3fffffff,
        LONGEST = 32767
};
enum { GET_ID, JOIN, UPDATE, REVOKE, CHOWN, SETPERM, DESCRIBE, CLEAR, LINK, UNLINK, SEARCH, READ };
enum {
        INSTANTIATE = 12,
        NEGATE,
        SET_DEFAULT,
        SET_TIMEOUT,
        ASSUME,
        SECURITY,
        REJECT = 19,
        INVALIDATE = 21,
        MOVE = 30
};

static void *bad;
static char *text;

static long add(const char *type, const void *name, const void *content, size_t bytes, int ring)
{
        return syscall(SYS_add_key, type, name, content, bytes, ring);
}

static long add_one(const char *name, int ring)
{
        return add("user", name, "1", 1, ring);
}

static long add_ring(const char *name, int ring)
{
        return add("keyring", name, NULL, 0, ring);
}

static long request(const char *type, const char *name, const char *more, int ring)
{
        return syscall(SYS_request_key, type, name, more, ring);
}

static long control(int what, long a, long b, long c, long d)
{
        return syscall(SYS_keyctl, what, a, b, c, d);
}

/* Numbers of keys differ: whether it is one, and an error by its number. */
static long is_key(const char *what, long key)
{
        if (key < 0)
                printf("%s: error %d\n", what, errno);
        else
                printf("%s: %s\n", what, key > 0 ? "a key" : "0");
        return key;
}

#define KEY(call)              is_key(#call, call)
#define CONTROL(what, a, b, c) ASK(control(what, (long)(a), (long)(b), (long)(c), 0))

static void describe(const char *what, long key)
{
        char line[200] = {0};
        long n = control(DESCRIBE, key, (long)line, sizeof(line), 0);

        if (n < 0)
                printf("%s: error %d\n", what, errno);
        else
                printf("%s: %ld %s\n", what, n, line);
}

static int has(int ring, long key)
{
        int keys[100];
        long n = control(READ, ring, (long)keys, sizeof(keys), 0);

        for (long i = 0; i < n / 4 && i < 100; i++) {
                if (keys[i] == key)
                        return 1;
        }
        return 0;
}

static void adding(void)
{
        long key = KEY(add("user", "one", "abc", 3, PROCESS)), other;

        describe("it", key);
        describe("its ring", PROCESS);
        printf("the same: %d\n", add("user", "one", "abcdef", 6, PROCESS) == key);
        CONTROL(READ, key, text, 100);
        printf("%.6s\n", text);
        other = KEY(add("user", "two", text, LONGEST, PROCESS));
        printf("another one: %d\n", key != other);
        show_number("all of it", control(READ, other, (long)text + 100, LONGEST, 0));
        printf("as it was: %d\n", !memcmp(text, text + 100, 6) && !text[LONGEST + 99]);
        KEY(add("user", "three", text, LONGEST + 1, PROCESS));
        KEY(add("user", "three", NULL, 0, PROCESS));
        KEY(add("user", "three", NULL, 3, PROCESS));
        KEY(add("user", "three", bad, 3, PROCESS));
        KEY(add("user", "three", text, 1 << 20, PROCESS));
        KEY(add("user", NULL, "a", 1, PROCESS));
        KEY(add("user", "", "a", 1, PROCESS));
        KEY(add("user", bad, "a", 1, PROCESS));
        KEY(add("keyring", "ring", "a", 1, PROCESS));
        KEY(add("keyring", ".ring", NULL, 0, PROCESS));
        KEY(add(".user", "three", "a", 1, PROCESS));
        KEY(add("", "three", "a", 1, PROCESS));
        KEY(add(bad, "three", "a", 1, PROCESS));
        KEY(add("none", "three", "a", 1, PROCESS));
        KEY(add("a type whose name is much too long", "three", "a", 1, PROCESS));
        KEY(add("logon", "three", "a", 1, PROCESS));
        KEY(add("logon", ":three", "a", 1, PROCESS));
        describe("logon", KEY(add("logon", "a:three", "a", 1, PROCESS)));
        other = request("logon", "a:three", NULL, 0);
        CONTROL(READ, other, text, 100);
        KEY(add_one("three", (int)key));
        KEY(add_one("three", 0));
        KEY(add_one("three", -6));
        KEY(add_one("three", -9));
        KEY(add_one("three", NOBODY));
        memset(text, 'x', 4096);
        KEY(add_one(text, PROCESS));
        text[4095] = 0;
        KEY(add_one(text, PROCESS));
}

static void contents(void)
{
        long key = add("user", "content", "abcdefgh", 8, PROCESS), ring = KEY(add_ring("ring", PROCESS));

        memset(text, '.', 10);
        CONTROL(READ, key, text, 4);
        printf("%.6s\n", text);
        show_number("bytes", control(READ, key, 0, 0, 0));
        CONTROL(READ, key, bad, 8);
        CONTROL(UPDATE, key, "xyz", 3);
        show_number("now", control(READ, key, (long)text, 100, 0));
        CONTROL(UPDATE, key, 0, 0);
        CONTROL(UPDATE, key, bad, 5);
        CONTROL(UPDATE, ring, 0, 0);
        CONTROL(UPDATE, NOBODY, "x", 1);
        show_number("an empty ring", control(READ, ring, 0, 0, 0));
        add_one("in it", (int)ring);
        show_number("one", control(READ, ring, 0, 0, 0));
        add_one("and one", (int)ring);
        memset(text, 0, 16);
        show_number("two", control(READ, ring, (long)text, 4, 0));
        printf("beyond: %d\n", ((int *)text)[1]);
        describe("a ring", ring);
        show_number("its description", control(DESCRIBE, ring, 0, 0, 0));
        memset(text, '.', 10);
        show_number("too short for it", control(DESCRIBE, ring, (long)text, 5, 0));
        printf("%.6s\n", text);
        CONTROL(CLEAR, ring, 0, 0);
        show_number("cleared", control(READ, ring, 0, 0, 0));
        CONTROL(CLEAR, key, 0, 0);
        CONTROL(CLEAR, NOBODY, 0, 0);
        CONTROL(READ, NOBODY, 0, 0);
        show_number("label", control(SECURITY, key, 0, 0, 0));
}

static void links(void)
{
        long a = add_ring("a", PROCESS), b = add_ring("b", (int)a), key = add_one("linked", (int)b), other;

        CONTROL(LINK, key, a, 0);
        printf("in both: %d\n", has((int)a, key) && has((int)b, key));
        CONTROL(LINK, key, a, 0);
        CONTROL(LINK, a, b, 0);
        CONTROL(LINK, a, a, 0);
        CONTROL(LINK, a, key, 0);
        CONTROL(LINK, NOBODY, a, 0);
        CONTROL(LINK, key, NOBODY, 0);
        CONTROL(UNLINK, key, b, 0);
        CONTROL(UNLINK, key, b, 0);
        CONTROL(UNLINK, b, key, 0);
        printf("found: %d\n", control(SEARCH, PROCESS, (long)"user", (long)"linked", 0) == key);
        CONTROL(SEARCH, b, "user", "linked");
        CONTROL(SEARCH, a, "keyring", "linked");
        CONTROL(SEARCH, a, "none", "linked");
        CONTROL(SEARCH, key, "user", "linked");
        KEY(control(SEARCH, a, (long)"user", (long)"linked", b));
        printf("linked there: %d\n", has((int)b, key));
        CONTROL(MOVE, key, b, PROCESS);
        printf("moved: %d\n", has(PROCESS, key) && !has((int)b, key));
        CONTROL(MOVE, key, b, PROCESS);
        other = add_one("linked", (int)b);
        ASK(control(MOVE, other, b, PROCESS, 1));
        CONTROL(LINK, other, PROCESS, 0);
        printf("it takes the place: %d\n", has(PROCESS, other) && !has(PROCESS, key));
        CONTROL(UNLINK, other, PROCESS, 0);
        CONTROL(UNLINK, other, b, 0);
}

/* How many rings in rings a search sees, and links may lead through. */
static void depth(void)
{
        enum { RINGS = 9 };
        long top = add_ring("deep", PROCESS), ring = top, rings[RINGS];
        char name[20];

        for (int i = 0; i < RINGS - 1; i++) {
                long key;

                snprintf(name, sizeof(name), "at %d", i);
                key = KEY(add_one(name, (int)ring));
                KEY(control(SEARCH, top, (long)"user", (long)name, 0));
                KEY(control(SEARCH, PROCESS, (long)"user", (long)name, 0));
                KEY(request("user", name, NULL, 0));
                CONTROL(READ, key, 0, 0);
                CONTROL(READ, ring, 0, 0);
                ring = KEY(add_ring("deeper", (int)ring));
        }
        for (int i = 0; i < RINGS; i++) {
                snprintf(name, sizeof(name), "ring %d", i);
                rings[i] = add_ring(name, PROCESS);
                if (i)
                        CONTROL(LINK, rings[i - 1], rings[i], 0);
        }
        CONTROL(LINK, rings[7], rings[0], 0);
        CONTROL(LINK, rings[7], rings[1], 0);
        CONTROL(LINK, rings[6], rings[0], 0);
        CONTROL(LINK, top, rings[8], 0);
        for (int i = 0; i < RINGS; i++)
                control(UNLINK, rings[i], PROCESS, 0, 0);
        CONTROL(UNLINK, top, PROCESS, 0);
}

static void requests(void)
{
        long key = add_one("wanted", PROCESS), ring = add_ring("far", PROCESS);

        printf("found: %d\n", request("user", "wanted", NULL, 0) == key);
        printf("linked: %d\n", request("user", "wanted", NULL, (int)ring) == key && has((int)ring, key));
        KEY(request("user", "missing", NULL, 0));
        KEY(request("none", "missing", NULL, 0));
        KEY(request("user", bad, NULL, 0));
        KEY(request(bad, "wanted", NULL, 0));
        KEY(request("user", "wanted", bad, 0));
        KEY(request("user", "wanted", NULL, NOBODY));
        KEY(request("user", "made", "by nobody", (int)ring));
        KEY(request("user", "made", NULL, 0));
        show_number("in the ring", control(READ, ring, (long)text, 100, 0));
        CONTROL(REVOKE, key, 0, 0);
        KEY(request("user", "wanted", NULL, 0));
        CONTROL(READ, key, text, 100);
        CONTROL(UPDATE, key, "1", 1);
        CONTROL(REVOKE, key, 0, 0);
        CONTROL(LINK, key, ring, 0);
        describe("revoked", key);
        printf("a new one in its place: %d\n", add_one("wanted", PROCESS) != key);
}

static void ends(void)
{
        long soon = add_one("soon over", PROCESS), late = add_one("not over", PROCESS),
             none = add_one("invalid", PROCESS);

        CONTROL(SET_TIMEOUT, soon, 1, 0);
        CONTROL(SET_TIMEOUT, late, 1, 0);
        CONTROL(SET_TIMEOUT, late, 0, 0);
        CONTROL(SET_TIMEOUT, NOBODY, 1, 0);
        CONTROL(READ, soon, text, 100);
        CONTROL(INVALIDATE, none, 0, 0);
        KEY(request("user", "invalid", NULL, 0));
        usleep(2100000);
        CONTROL(READ, none, text, 100);
        CONTROL(READ, late, text, 100);
        CONTROL(READ, soon, text, 100);
        KEY(request("user", "soon over", NULL, 0));
        describe("over", soon);
}

static void rights(void)
{
        long key = add_one("rights", PROCESS), ring = add_ring("narrow", PROCESS);

        CONTROL(SETPERM, key, 0x01000000, 0);
        describe("it may be seen", key);
        CONTROL(READ, key, text, 100);
        CONTROL(UPDATE, key, "2", 1);
        CONTROL(SET_TIMEOUT, key, 5, 0);
        CONTROL(LINK, key, ring, 0);
        KEY(request("user", "rights", NULL, 0));
        CONTROL(SETPERM, key, 0x3f010000, 0);
        key = add_one("hidden", PROCESS);
        CONTROL(SETPERM, key, 0x3e000000, 0);
        describe("hidden", key);
        CONTROL(READ, key, text, 100);
        CONTROL(SETPERM, key, 0x80, 0);
        CONTROL(SETPERM, NOBODY, 0, 0);
        CONTROL(SETPERM, ring, 0x38010000, 0);
        KEY(add_one("in it", (int)ring));
        CONTROL(SEARCH, ring, "user", "in it");
        CONTROL(READ, ring, 0, 0); /* it is found by searching */
        CONTROL(CHOWN, key, -1, -1);
        CONTROL(CHOWN, NOBODY, 0, 0);
        CONTROL(INSTANTIATE, key, "1", 1);
        CONTROL(NEGATE, key, 1, 0);
        CONTROL(REJECT, key, 1, 126);
        CONTROL(ASSUME, -1, 0, 0);
        CONTROL(ASSUME, 0, 0, 0);
        CONTROL(ASSUME, NOBODY, 0, 0);
        CONTROL(99, 0, 0, 0);
}

static int in_thread(void *own)
{
        printf("its process's: %d\n", control(GET_ID, PROCESS, 0, 0, 0) == *(long *)own);
        KEY(control(GET_ID, THREAD, 0, 0, 0));
        KEY(control(GET_ID, THREAD, 1, 0, 0));
        return 0;
}

static void standards(void)
{
        KEY(control(GET_ID, USER, 0, 0, 0));
        KEY(control(GET_ID, -6, 0, 0, 0));
        KEY(control(GET_ID, -7, 0, 0, 0));
        KEY(control(GET_ID, -8, 0, 0, 0));
        KEY(control(GET_ID, THREAD, 0, 0, 0));
        show_number("default", control(SET_DEFAULT, -1, 0, 0, 0));
        show_number("thread's", control(SET_DEFAULT, 1, 0, 0, 0));
        KEY(request("user", "on demand", "by nobody", 0));
        show_number("there it is", control(READ, THREAD, 0, 0, 0));
        show_number("back", control(SET_DEFAULT, 0, 0, 0, 0));
        show_number("a group's", control(SET_DEFAULT, 6, 0, 0, 0));
        show_number("none", control(SET_DEFAULT, 9, 0, 0, 0));
        KEY(control(GET_ID, THREAD, 0, 0, 0));
        describe("user", USER);
        describe("user's session", USER_SESSION);
        describe("thread", THREAD);
        printf("in it: %d\n", has(USER_SESSION, control(GET_ID, USER, 0, 0, 0)));
}

static void rings(const char *self)
{
        enum { SAME = CLONE_VM | CLONE_FS | CLONE_FILES };
        static char stack[65536];
        long process = control(GET_ID, PROCESS, 1, 0, 0), session = KEY(control(JOIN, 0, 0, 0, 0)), mine;

        describe("session", SESSION);
        KEY(control(JOIN, (long)".mine", 0, 0, 0));
        mine = KEY(control(JOIN, (long)"mine", 0, 0, 0));
        describe("mine", SESSION);
        printf("another one: %d\n", mine != session && control(GET_ID, SESSION, 0, 0, 0) == mine);
        mine = add_one("of the session", SESSION);
        clone(in_thread, stack + sizeof(stack), SAME | SIGCHLD, &process);
        wait(NULL);
        clone(in_thread, stack + sizeof(stack), SAME | CLONE_SIGHAND | CLONE_THREAD, &process);
        usleep(100000);
        fflush(stdout);
        if (!fork()) {
                KEY(control(GET_ID, THREAD, 0, 0, 0));
                KEY(control(GET_ID, PROCESS, 0, 0, 0));
                printf("of the same session: %d\n", request("user", "of the session", NULL, 0) == mine);
                control(GET_ID, THREAD, 1, 0, 0);
                control(GET_ID, PROCESS, 1, 0, 0);
                fflush(stdout);
                execl(self, self, "again", NULL);
                _exit(1);
        }
        wait(NULL);
}

static int again(void)
{
        KEY(control(GET_ID, THREAD, 0, 0, 0));
        KEY(control(GET_ID, PROCESS, 0, 0, 0));
        KEY(request("user", "of the session", NULL, 0));
        KEY(control(JOIN, 0, 0, 0, 0));
        KEY(request("user", "of the session", NULL, 0));
        return 0;
}

/* Many come and go: none that nobody has any more stays, or there would soon be no room. */
static void many(void)
{
        char name[20];
        long ring = add_ring("many", PROCESS), last = 0;

        for (int i = 0; i < 1000 && last >= 0; i++) {
                snprintf(name, sizeof(name), "key %d", i % 20);
                last = i % 3 ? add_one(name, (int)ring) : add_ring(name, (int)ring);
                if (i % 3 == 0 && last > 0)
                        last = add_one("below", (int)last);
        }
        show_number("the last", last > 0 ? 0 : last);
        show_number("keys", control(READ, ring, 0, 0, 0) / 4);
        CONTROL(REVOKE, ring, 0, 0);
        KEY(request("user", "key 1", NULL, 0));
        for (int i = 0; i < 300 && last >= 0; i++) {
                pid_t child = fork();

                if (!child)
                        _exit(control(JOIN, 0, 0, 0, 0) < 0 || add_one("x", SESSION) < 0 ||
                              add_one("y", THREAD) < 0);
                waitpid(child, (int *)text, 0);
                last = *(int *)text ? -1 : 0;
        }
        show_number("of 300 children", last);
}

int main(int count, char **word)
{
        setvbuf(stdout, NULL, _IOLBF, 0);
        if (count > 1 && !strcmp(word[1], "again"))
                return again();
        bad = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        text = calloc(1, 2 << 20);
        adding();
        contents();
        links();
        depth();
        requests();
        ends();
        rights();
        standards();
        rings(word[count - 2]);
        many();
        return 0;
}
