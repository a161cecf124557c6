/* SPDX-License-Identifier: BSD-2-Clause */
/* Users, groups and capabilities: what root may become, what others may, what follows from that, and what another program begins with. */
#define _GNU_SOURCE
#include "strangers.h"

#include <fcntl.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

enum { BITS_GET = 27, BITS_SET = 28, AMBIENT = 47, RAISE = 2, LOWER = 3, CLEAR = 4, IS_SET = 1 };
enum { KILL_ = 5, SETPCAP = 8, ADMIN = 21, RESOURCE = 24 };

static const char *program;

static void root_users(void)
{
        show_ids();
        show_number("none", syscall(SYS_setuid, -1));
        show_number("real and effective", syscall(SYS_setreuid, SOMEBODY, -1));
        show_ids();
        show_number("effective", syscall(SYS_setreuid, -1, OTHER));
        show_ids();
        show_capabilities();
        show_number("back", syscall(SYS_setreuid, -1, 0));
        show_number("the real one", syscall(SYS_setreuid, -1, SOMEBODY));
        show_ids();
        show_capabilities();
}

static void root_saved(void)
{
        show_number("effective alone", syscall(SYS_setresuid, -1, SOMEBODY, -1));
        show_ids();
        show_capabilities();
        show_number("an old one", syscall(SYS_setresuid, SOMEBODY, 0, SOMEBODY));
        show_ids();
        show_capabilities();
        show_number("all", syscall(SYS_setuid, SOMEBODY));
        show_ids();
        show_capabilities();
        show_number("root again", syscall(SYS_setuid, 0));
        show_number("another", syscall(SYS_setresuid, -1, OTHER, -1));
        show_number("the same", syscall(SYS_setresuid, SOMEBODY, SOMEBODY, SOMEBODY));
        show_number("capabilities of another", prctl(PR_GET_DUMPABLE));
}

static void root_groups(void)
{
        unsigned groups[4] = {7, 3, 5, 1}, seen[4] = {0};

        show_number("set", syscall(SYS_setgroups, 4, groups));
        show_number("how many", syscall(SYS_getgroups, 0, NULL));
        show_number("room for few", syscall(SYS_getgroups, 3, seen));
        show_number("less than none", syscall(SYS_getgroups, -1, seen));
        show_number("all", syscall(SYS_getgroups, 4, seen));
        printf("    %u %u %u %u\n", seen[0], seen[1], seen[2], seen[3]);
        show_number("nowhere", syscall(SYS_getgroups, 4, 8));
        show_number("from nowhere", syscall(SYS_setgroups, 2, 8));
        show_number("too many", syscall(SYS_setgroups, 65537, groups));
        show_number("a group", syscall(SYS_setregid, OTHER, SOMEBODY));
        show_ids();
        show_number("for files", syscall(SYS_setfsgid, 5));
        show_ids();
        show_lines("/proc/self/status", (const char *const[]){"Uid", "Gid", "Groups", NULL});
        become(SOMEBODY);
        show_number("somebody sets groups", syscall(SYS_setgroups, 1, groups));
        show_number("or takes one", syscall(SYS_setgid, OTHER));
        show_number("or his own", syscall(SYS_setgid, SOMEBODY));
        show_number("or both", syscall(SYS_setregid, OTHER, -1));
        show_number("for files", syscall(SYS_setfsgid, OTHER));
        show_number("it stays", syscall(SYS_setfsgid, -1));
}

static void files_user(void)
{
        show_number("for files", syscall(SYS_setfsuid, SOMEBODY));
        show_ids();
        show_capabilities();
        show_number("and back", syscall(SYS_setfsuid, 0));
        show_capabilities();
        show_number("to be seen", prctl(PR_GET_DUMPABLE));
}

static void kept(void)
{
        show_number("keep", prctl(PR_SET_KEEPCAPS, 1));
        show_number("two", prctl(PR_SET_KEEPCAPS, 2));
        become(SOMEBODY);
        show_capabilities();
        show_number("kept", prctl(PR_GET_KEEPCAPS));
        show_number("bits", prctl(BITS_GET));
        show_number("to be seen", prctl(PR_GET_DUMPABLE));
}

static void bits(void)
{
        show_number("none", prctl(BITS_GET));
        show_number("no fixing", prctl(BITS_SET, 4));
        become(SOMEBODY);
        show_capabilities();
        show_number("locked", prctl(BITS_SET, 4 | 8 | 16 | 32));
        show_number("not any more", prctl(BITS_SET, 0));
        show_number("nor this one", prctl(PR_SET_KEEPCAPS, 0));
        show_number("unknown", prctl(BITS_SET, 0x1000));
        show_number("bits", prctl(BITS_GET));
}

static void set_capabilities(void)
{
        struct capabilities c = {{1 << KILL_, 0}, {1 << KILL_ | 1 << ADMIN, 0}, {1 << KILL_, 0}};

        show_number("some", capabilities_call(SYS_capset, 0, &c));
        show_capabilities();
        c.permitted[0] |= 1;
        show_number("more", capabilities_call(SYS_capset, 0, &c));
        c.permitted[0] = 1 << KILL_;
        c.effective[0] = 1 << ADMIN;
        show_number("not permitted", capabilities_call(SYS_capset, 0, &c));
        c.effective[0] = 1 << KILL_;
        c.inheritable[0] |= 1 << ADMIN | 2;
        show_number("not to be inherited", capabilities_call(SYS_capset, 0, &c));
        c.inheritable[0] = 0;
        show_number("of another", capabilities_call(SYS_capset, 1, &c));
        show_number("of nobody", capabilities_call(SYS_capset, -5, &c));
        show_number("fewer", capabilities_call(SYS_capset, getpid(), &c));
        show_capabilities();
        show_lines("/proc/self/status", (const char *const[]){"Cap", NULL});
        show_number("bounds", prctl(PR_CAPBSET_DROP, 1));
        show_number("bits", prctl(BITS_SET, 1));
}

static void bounds(void)
{
        struct capabilities c = {{0}, {0}, {0}};

        show_number("has", prctl(PR_CAPBSET_READ, ADMIN));
        show_number("drops", prctl(PR_CAPBSET_DROP, ADMIN));
        show_number("has not", prctl(PR_CAPBSET_READ, ADMIN));
        show_number("unknown", prctl(PR_CAPBSET_DROP, 41));
        show_number("to read", prctl(PR_CAPBSET_READ, 41));
        show_capabilities();
        capabilities_call(SYS_capget, 0, &c);
        c.inheritable[0] = 1 << ADMIN;
        show_number("to be inherited", capabilities_call(SYS_capset, 0, &c));
        c.inheritable[0] = 1 << RESOURCE | 1 << KILL_;
        show_number("others", capabilities_call(SYS_capset, 0, &c));
        show_number("raised", prctl(AMBIENT, RAISE, RESOURCE, 0, 0));
        show_number("another", prctl(AMBIENT, RAISE, KILL_, 0, 0));
        show_number("it is", prctl(AMBIENT, IS_SET, KILL_, 0, 0));
        show_number("lowered", prctl(AMBIENT, LOWER, KILL_, 0, 0));
        show_number("it is not", prctl(AMBIENT, IS_SET, KILL_, 0, 0));
        show_number("not inheritable", prctl(AMBIENT, RAISE, 0, 0, 0));
        show_number("unknown", prctl(AMBIENT, RAISE, 41, 0, 0));
        show_number("with more", prctl(AMBIENT, RAISE, 5, 1, 0));
        show_lines("/proc/self/status", (const char *const[]){"Cap", NULL});
        become(0);
        execl(program, program, "told", NULL);
}

static void ambient(void)
{
        struct capabilities c = {{0}, {0}, {0}};

        prctl(PR_SET_KEEPCAPS, 1);
        become(SOMEBODY);
        capabilities_call(SYS_capget, 0, &c);
        c.inheritable[0] = c.effective[0] = 1 << KILL_ | 1 << ADMIN;
        show_number("to be inherited", capabilities_call(SYS_capset, 0, &c));
        show_number("raised", prctl(AMBIENT, RAISE, KILL_, 0, 0));
        execl(program, program, "told", NULL);
}

static void as_somebody(void)
{
        become(SOMEBODY);
        execl(program, program, "told", NULL);
}

static void as_root_without_root(void)
{
        show_number("root is nobody", prctl(BITS_SET, 1));
        execl(program, program, "told", NULL);
}

static void real_root(void)
{
        syscall(SYS_setresuid, 0, SOMEBODY, SOMEBODY);
        execl(program, program, "told", NULL);
}

static char copy[] = "/tmp/become.copy";

static void copy_program(unsigned user, unsigned group, unsigned mode)
{
        static char bytes[1 << 16];
        int from = open(program, O_RDONLY), to = open(copy, O_CREAT | O_TRUNC | O_WRONLY, 0700);
        ssize_t n;

        while ((n = read(from, bytes, sizeof(bytes))) > 0) {
                if (write(to, bytes, (size_t)n) != n)
                        printf("it is not copied\n");
        }
        close(from);
        close(to);
        if (chown(copy, user, group) || chmod(copy, mode))
                printf("it is not given away\n");
}

static void run_copy(void)
{
        become(SOMEBODY);
        execl(copy, copy, "told", NULL);
        show_number("not run", -1);
}

static void run_copy_refused(void)
{
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        run_copy();
}

static void programs(void)
{
        in_child("a program of somebody", as_somebody);
        in_child("of root, who is nobody", as_root_without_root);
        in_child("of who is really root", real_root);
        in_child("with a capability that stays", ambient);
        copy_program(OTHER, OTHER, 04755);
        in_child("another user's", run_copy);
        in_child("who has refused more", run_copy_refused);
        copy_program(0, 0, 04755);
        in_child("root's", run_copy);
        copy_program(OTHER, OTHER, 02755);
        in_child("another group's", run_copy);
        copy_program(OTHER, OTHER, 0700);
        in_child("not for others", run_copy);
        unlink(copy);
}

static void told(void)
{
        show_ids();
        show_lines("/proc/self/status", (const char *const[]){"Cap", "Uid", "Gid", NULL});
        printf("    told %lu %lu %lu %lu, careful %lu, seen %d, keep %d, bits %x\n", getauxval(AT_UID),
               getauxval(AT_EUID), getauxval(AT_GID), getauxval(AT_EGID), getauxval(AT_SECURE),
               prctl(PR_GET_DUMPABLE), prctl(PR_GET_KEEPCAPS), prctl(BITS_GET));
}

static void told_of_users(void)
{
        static const char *const files[] = {"/proc/self/uid_map",           "/proc/self/gid_map",
                                            "/proc/self/setgroups",         "/proc/self/timerslack_ns",
                                            "/proc/sys/kernel/overflowuid", "/proc/sys/fs/suid_dumpable",
                                            "/proc/self/loginuid"};

        for (unsigned i = 0; i < sizeof(files) / sizeof(*files); i++)
                show_lines(files[i], (const char *const[]){"", NULL});
        printf("\n");
}

int main(int argc, char **argv)
{
        program = argv[0];
        if (argc > 1 && !strcmp(argv[1], "told")) {
                told();
                return 0;
        }
        program = argv[1];
        show_capabilities();
        told_of_users();
        in_child("users", root_users);
        in_child("saved ones", root_saved);
        in_child("groups", root_groups);
        in_child("for files", files_user);
        in_child("what is kept", kept);
        in_child("bits", bits);
        in_child("capabilities", set_capabilities);
        in_child("bounds", bounds);
        programs();
        return 0;
}
