/* SPDX-License-Identifier: BSD-2-Clause */
/* Files of several users: who may open, name, remove and change them, and whose a program is that runs. Run as root; each
 * part is a child, which is somebody else afterwards. */
#define _GNU_SOURCE
#include "users.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>

static char place[] = "/tmp/usersXXXXXX";

static void who(void)
{
        printf("user %d %d, group %d %d\n", getuid(), geteuid(), getgid(), getegid());
        fflush(stdout);
}

/* Of a file, by mode and owner: what somebody may do with it. */
static void file(const char *name, int mode, int user, int group)
{
        int f = open(name, O_CREAT | O_EXCL | O_RDWR, 0600);

        if (f < 0 || write(f, "text", 4) != 4 || fchown(f, user, group) || fchmod(f, mode))
                puts("not made");
        close(f);
}

static void directory(const char *name, int mode, int user, int group)
{
        if (mkdir(name, 0700) || chown(name, user, group) || chmod(name, mode))
                puts("not made");
}

static long closed(int f)
{
        int error = errno;

        if (f >= 0)
                close(f);
        errno = error;
        return f;
}

static void owner_of(const char *name)
{
        struct stat s;

        if (lstat(name, &s))
                printf("%s: error %d\n", name, errno);
        else
                printf("%s: %o of %d, %d\n", name, s.st_mode, s.st_uid, s.st_gid);
}

static void opened(const char *name)
{
        printf("%s:\n", name);
        ASK(closed(open(name, O_RDONLY)));
        ASK(closed(open(name, O_WRONLY)));
        ASK(closed(open(name, O_RDWR)));
        ASK(closed(open(name, O_RDONLY | O_TRUNC)));
        ASK(closed(open(name, O_RDONLY | O_CREAT, 0600)));
        ASK(closed(open(name, O_PATH)));
        ASK(closed(open(name, O_RDONLY | O_NOATIME)));
        ASK(access(name, R_OK));
        ASK(access(name, W_OK));
        ASK(access(name, X_OK));
        ASK(truncate(name, 2));
}

static void make_files(void)
{
        file("own", 0600, SOMEBODY, SOMEBODY);
        file("own-none", 0077, SOMEBODY, SOMEBODY);
        file("others", 0640, OTHER, OTHER);
        file("readable", 0644, OTHER, OTHER);
        file("writable", 0622, OTHER, OTHER);
        file("teams", 0660, OTHER, TEAM);
        file("teams-not", 0606, OTHER, TEAM);
        file("roots", 0600, 0, 0);
        file("run", 0711, 0, 0);
        directory("closed", 0700, OTHER, OTHER);
        file("closed/in", 0666, OTHER, OTHER);
        directory("seen", 0744, OTHER, OTHER);
        file("seen/in", 0666, OTHER, OTHER);
        directory("searched", 0711, OTHER, OTHER);
        file("searched/in", 0666, OTHER, OTHER);
        directory("open", 0777, OTHER, OTHER);
        file("open/in", 0600, OTHER, OTHER);
        directory("shared", 01777, 0, 0);
        file("shared/in", 0666, OTHER, OTHER);
        file("shared/own", 0666, SOMEBODY, SOMEBODY);
        directory("team", 02775, 0, TEAM);
        directory("own-place", 0755, SOMEBODY, SOMEBODY);
}

static void open_files(void)
{
        static const char *const names[] = {"own",       "own-none",  "others",  "readable",   "writable",
                                            "teams",     "teams-not", "roots",   "run",        "closed",
                                            "closed/in", "seen",      "seen/in", "searched",   "searched/in",
                                            "open/in",   "shared/in", "none",    "closed/none"};

        be(SOMEBODY, TEAM);
        for (unsigned i = 0; i < sizeof(names) / sizeof(*names); i++)
                opened(names[i]);
}

static void root_opens(void)
{
        opened("own-none");
        opened("run");
        opened("closed");
}

static void names(void)
{
        be(SOMEBODY, SOMEBODY);
        ASK(closed(open("new", O_CREAT | O_RDWR, 0600)));
        ASK(mkdir("closed/new", 0700));
        ASK(mkdir("searched/new", 0700));
        ASK(mkdir("searched/in", 0700));
        ASK(mkdir("open/new", 0700));
        ASK(symlink("to", "open/link"));
        ASK(mknod("open/fifo", S_IFIFO | 0600, 0));
        ASK(mknod("open/device", S_IFCHR | 0600, 0x103));
        owner_of("open/new");
        owner_of("open/link");
        owner_of("open/fifo");
        ASK(unlink("searched/in"));
        ASK(unlink("searched/none"));
        ASK(unlink("seen/in"));
        ASK(unlink("open/in"));
        ASK(unlink("shared/in"));
        ASK(rename("shared/own", "shared/in"));
        ASK(rename("shared/in", "shared/own"));
        ASK(rename("shared/own", "shared/mine"));
        ASK(rename("open/new", "own-place/new"));
        ASK(rename("searched/in", "own-place/in"));
        ASK(rename("shared/mine", "searched/mine"));
        ASK(unlink("shared/mine"));
        ASK(rmdir("open"));
        ASK(rmdir("own-place/new"));
        ASK(link("readable", "own-place/readable"));
        ASK(link("own", "own-place/own"));
        ASK(link("own", "searched/own"));
        ASK(linkat(AT_FDCWD, "own", AT_FDCWD, "closed/own", 0));
        ASK(chdir("closed"));
        ASK(chdir("seen"));
        ASK(readlink("closed/in", (char[4]){0}, 4));
        ASK(closed(open("closed", O_RDONLY | O_DIRECTORY)));
        ASK(chdir("searched"));
        ASK(closed(open(".", O_RDONLY)));
        ASK(closed(open(".", O_TMPFILE | O_RDWR, 0600)));
}

static void team(void)
{
        gid_t list[] = {TEAM};

        if (syscall(SYS_setgroups, 1, list) || syscall(SYS_setresgid, SOMEBODY, SOMEBODY, SOMEBODY) ||
            syscall(SYS_setresuid, SOMEBODY, SOMEBODY, SOMEBODY))
                puts("it is not");
        ASK(closed(open("team/in", O_CREAT | O_RDWR, 0600)));
        owner_of("team/in");
        ASK(mkdir("team/below", 0700));
        owner_of("team/below");
        ASK(chown("own", -1, TEAM));
        ASK(chmod("own", 02750));
        owner_of("own");
        ASK(chown("own", -1, SOMEBODY));
        owner_of("own");
        ASK(chown("own", -1, OTHER));
        ASK(chown("own", SOMEBODY, -1));
        ASK(chown("own", OTHER, -1));
        ASK(chown("others", -1, -1));
        ASK(chown("others", -1, OTHER));
        ASK(chmod("others", 0666));
        ASK(fchmodat(AT_FDCWD, "team/in", 02770, 0));
        owner_of("team/in");
}

static void set_group_bit(void)
{
        be(SOMEBODY, SOMEBODY);
        if (access("foreign", F_OK) == 0)
                ASK(chmod("foreign", 02755));
        owner_of("foreign");
}

static void dates(void)
{
        struct timespec now[2] = {{0, UTIME_NOW}, {0, UTIME_NOW}}, then[2] = {{5, 0}, {5, 0}};
        struct timespec one[2] = {{0, UTIME_NOW}, {0, UTIME_OMIT}};

        be(SOMEBODY, SOMEBODY);
        ASK(utimensat(AT_FDCWD, "own", then, 0));
        ASK(utimensat(AT_FDCWD, "others", NULL, 0));
        ASK(utimensat(AT_FDCWD, "others", now, 0));
        ASK(utimensat(AT_FDCWD, "others", then, 0));
        ASK(utimensat(AT_FDCWD, "others", one, 0));
        ASK(utimensat(AT_FDCWD, "writable", NULL, 0));
        ASK(utimensat(AT_FDCWD, "writable", now, 0));
        ASK(utimensat(AT_FDCWD, "writable", then, 0));
        ASK(utimensat(AT_FDCWD, "writable", one, 0));
        ASK(utimensat(AT_FDCWD, "closed/in", now, 0));
}

/* access asks for the real user, an open file for what was true when it was opened. */
static void real_and_effective(void)
{
        int f = open("roots", O_RDWR), d = open("closed", O_RDONLY);

        ASK(syscall(SYS_setresuid, SOMEBODY, 0, 0));
        ASK(access("roots", R_OK));
        ASK(faccessat(AT_FDCWD, "roots", R_OK, AT_EACCESS));
        ASK(access("closed/in", F_OK));
        ASK(closed(open("roots", O_RDONLY)));
        ASK(syscall(SYS_setresuid, 0, SOMEBODY, 0));
        ASK(access("roots", R_OK));
        ASK(access("closed/in", R_OK));
        ASK(closed(open("roots", O_RDONLY)));
        ASK(write(f, "x", 1));
        ASK(ftruncate(f, 1));
        ASK(fchmod(f, 0644));
        ASK(fchown(f, SOMEBODY, -1));
        ASK(fchdir(d));
        ASK(closed(openat(d, "in", O_RDONLY)));
}

static char program[200];

/* It says who it is: with `bit` on its file, it is the file's owner. */
static void runs(void)
{
        be(SOMEBODY, SOMEBODY);
        ASK(execl("others", "others", NULL));
        ASK(execl("closed/in", "in", NULL));
        execl("set", "set", "who", NULL);
        printf("not run: %d\n", errno);
}

static void runs_plain(void)
{
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        runs();
}

static void copy_program(void)
{
        static char bytes[65536];
        int in = open(program, O_RDONLY), out = open("set", O_CREAT | O_WRONLY, 0755);
        long n;

        while ((n = read(in, bytes, sizeof(bytes))) > 0) {
                if (write(out, bytes, (size_t)n) != n)
                        puts("not copied");
        }
        close(in);
        close(out);
        if (chown("set", OTHER, TEAM) || chmod("set", 06755))
                puts("not set");
}

int main(int count, char **argument)
{
        if (count > 1 && !strcmp(argument[1], "who")) {
                who();
                return 0;
        }
        setvbuf(stdout, NULL, _IOLBF, 0);
        snprintf(program, sizeof(program), "%s", count > 1 ? argument[1] : argument[0]);
        umask(022);
        if (!mkdtemp(place) || chdir(place) || chmod(place, 0755))
                return 1;
        make_files();
        file("foreign", 0644, SOMEBODY, OTHER);
        copy_program();
        part("open", open_files);
        part("root", root_opens);
        part("names", names);
        part("team", team);
        part("set-group", set_group_bit);
        part("dates", dates);
        part("real and effective", real_and_effective);
        part("runs", runs);
        part("runs plain", runs_plain);
        return system("rm -r /tmp/users??????") != 0;
}
