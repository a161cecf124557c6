/* SPDX-License-Identifier: BSD-2-Clause */
/* What one user may do with files of another one, and root without some capability: modes, directories, names, owners, dates. */
#define _GNU_SOURCE
#include "strangers.h"

#include <fcntl.h>
#include <ftw.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/xattr.h>
#include <time.h>

enum { OVERRIDE = 1 << 1, SEARCH = 1 << 2, CHOWN = 1, FOWNER = 1 << 3, FSETID = 1 << 4 };

static char room[] = "/tmp/guarded.XXXXXX";

static void file(const char *name, unsigned user, unsigned group, unsigned mode)
{
        int f = open(name, O_CREAT | O_WRONLY | O_TRUNC, 0600);

        if (f < 0 || write(f, "#!/bin/busybox true\n", 20) != 20 || fchown(f, user, group) || fchmod(f, mode))
                printf("no %s: %d\n", name, errno);
        close(f);
}

static void directory(const char *name, unsigned user, unsigned group, unsigned mode)
{
        if (mkdir(name, 0700) || chown(name, user, group) || chmod(name, mode))
                printf("no %s: %d\n", name, errno);
}

static void show_open(const char *name, int flags)
{
        int f = open(name, flags, 0644);
        char what[80];

        snprintf(what, sizeof(what), "open %s %o", name, flags);
        show_number(what, f < 0 ? f : 0);
        if (f >= 0)
                close(f);
}

static void show_mode(const char *name)
{
        struct stat s = {0};

        show_number(name, lstat(name, &s));
        printf("    %o of %d, %d\n", s.st_mode, (int)s.st_uid, (int)s.st_gid);
}

static void make_all(void)
{
        file("own", SOMEBODY, SOMEBODY, 0600);
        file("not-own", SOMEBODY, SOMEBODY, 0077);
        file("group", OTHER, SOMEBODY, 0460);
        file("others", OTHER, OTHER, 0754);
        file("secret", OTHER, OTHER, 0700);
        file("plain", OTHER, OTHER, 0666);
        directory("open", OTHER, OTHER, 0777);
        directory("sticky", OTHER, OTHER, 01777);
        directory("listed", OTHER, OTHER, 0754);
        directory("entered", OTHER, OTHER, 0711);
        directory("closed", OTHER, OTHER, 0700);
        directory("takes", OTHER, OTHER, 02777);
        file("open/f", OTHER, OTHER, 0644);
        file("open/g", OTHER, OTHER, 0644);
        file("sticky/f", OTHER, OTHER, 0666);
        file("sticky/own", SOMEBODY, SOMEBODY, 0666);
        file("listed/f", OTHER, OTHER, 0666);
        file("entered/f", OTHER, OTHER, 0666);
        file("closed/f", OTHER, OTHER, 0666);
        directory("open/d", OTHER, OTHER, 0755);
}

static const char *const names[] = {"own",    "not-own",  "group",     "others",  "secret",
                                    "plain",  "open",     "sticky",    "listed",  "entered",
                                    "closed", "closed/f", "entered/f", "listed/f"};
enum { NAMES = sizeof(names) / sizeof(*names) };

static void opens(void)
{
        static const int ways[] = {O_RDONLY, O_WRONLY, O_RDWR, O_RDONLY | O_PATH, O_RDONLY | O_NOATIME};

        for (int i = 0; i < NAMES; i++) {
                for (unsigned way = 0; way < sizeof(ways) / sizeof(*ways); way++)
                        show_open(names[i], ways[way]);
                printf("    access %d %d %d, as he acts %d\n", access(names[i], R_OK), access(names[i], W_OK),
                       access(names[i], X_OK), faccessat(AT_FDCWD, names[i], R_OK | W_OK, AT_EACCESS));
        }
        show_open("open/new", O_CREAT | O_EXCL | O_RDWR);
        show_mode("open/new");
        show_open("listed/new", O_CREAT | O_RDWR);
        show_open("others", O_RDONLY | O_TRUNC);
        show_open("takes/new", O_CREAT | O_RDWR);
        show_mode("takes/new");
        show_number("a directory", mkdir("takes/d", 0755));
        show_mode("takes/d");
        show_number("without any right", open("open/none", O_CREAT | O_RDWR, 0) < 0);
        show_open("open/none", O_RDONLY);
        show_open("listed", O_TMPFILE | O_RDWR);
}

static void changes(void)
{
        show_number("cut", truncate("others", 1));
        show_number("cut", truncate("plain", 1));
        show_number("enter", chdir("listed"));
        show_number("enter", chdir("entered"));
        show_number("back", chdir(".."));
        show_number("remove", unlink("open/f"));
        show_number("remove", unlink("sticky/f"));
        show_number("remove", unlink("sticky/own"));
        show_number("remove", unlink("entered/f"));
        show_number("remove", rmdir("open/d"));
        show_number("not there", unlink("entered/none"));
        show_number("there", mkdir("entered/f", 0700));
        show_number("make", mkdir("entered/d", 0700));
        show_number("make", mkfifo("listed/p", 0600));
        show_number("link", symlink("x", "closed/l"));
        show_number("link", link("plain", "entered/l"));
        show_number("link", link("plain", "open/l"));
        show_number("move", rename("open/g", "sticky/g"));
        show_number("move", rename("sticky/g", "open/g"));
        show_number("move", rename("plain", "open/plain"));
        show_number("through", access("closed/../own", F_OK));
        show_number("look", (long)readlink("closed/l", (char[9]){0}, 8));
        show_number("told", inotify_add_watch(inotify_init(), "secret", IN_MODIFY));
        show_number("run", execl("secret", "secret", NULL));
        show_number("run", execl("own", "own", NULL));
        show_number("in a place", execl("closed/f", "f", NULL));
}

static void owners(void)
{
        struct timespec dates[2] = {{1, 0}, {2, 0}}, now[2] = {{0, UTIME_NOW}, {0, UTIME_NOW}},
                        mixed[2] = {{0, UTIME_NOW}, {0, UTIME_OMIT}};

        show_number("mode", chmod("others", 0777));
        show_number("mode", chmod("own", 06755));
        show_mode("own");
        show_number("give away", chown("own", OTHER, -1));
        show_number("give to a group", chown("own", -1, OTHER));
        show_number("keep", chown("own", SOMEBODY, SOMEBODY));
        show_mode("own");
        show_number("nothing", chown("others", -1, -1));
        show_number("take", chown("others", SOMEBODY, -1));
        show_number("dates", utimensat(AT_FDCWD, "own", dates, 0));
        show_number("dates", utimensat(AT_FDCWD, "others", dates, 0));
        show_number("now", utimensat(AT_FDCWD, "plain", now, 0));
        show_number("now", utimensat(AT_FDCWD, "plain", NULL, 0));
        show_number("one", utimensat(AT_FDCWD, "plain", mixed, 0));
        show_number("now", utimensat(AT_FDCWD, "others", now, 0));
        show_number("attribute", setxattr("others", "trusted.x", "y", 1, 0));
        show_number("device", mknod("open/dev", S_IFCHR | 0600, 0x103));
        show_number("root", chroot("open"));
}

static void set_ids(void)
{
        int f;

        chmod("own", 06777);
        show_mode("own");
        f = open("own", O_WRONLY);
        show_number("write", write(f, "x", 1));
        show_mode("own");
        chmod("own", 04711);
        show_number("cut", ftruncate(f, 0));
        show_mode("own");
        close(f);
        file("open/of-other", SOMEBODY, SOMEBODY, 0600);
        show_number("another group's", chmod("takes/new", 02755));
        show_mode("takes/new");
}

static void somebody(void)
{
        become(SOMEBODY);
        opens();
        changes();
        owners();
        set_ids();
}

static void other(void)
{
        become(OTHER);
        changes();
        owners();
}

static void without(void)
{
        static const unsigned sets[] = {OVERRIDE, SEARCH, OVERRIDE | SEARCH, CHOWN, FOWNER, FSETID};

        for (unsigned i = 0; i < sizeof(sets) / sizeof(*sets); i++) {
                drop_effective(sets[i]);
                printf("without %x\n", sets[i]);
                for (int n = 0; n < NAMES; n++) {
                        show_open(names[n], O_RDONLY);
                        show_open(names[n], O_WRONLY);
                }
                show_number("list", access("closed", R_OK | X_OK));
                show_number("mode", chmod("own", 06750));
                show_number("owner", chown("group", OTHER, SOMEBODY));
                show_number("made", mkdir("entered/x", 0700) ? -1 : rmdir("entered/x"));
                show_mode("own");
        }
}

static void by_files(void)
{
        syscall(SYS_setresuid, -1, SOMEBODY, 0);
        show_open("own", O_RDONLY);
        show_open("secret", O_RDONLY);
        printf("    access %d %d\n", access("secret", R_OK), faccessat(AT_FDCWD, "secret", R_OK, AT_EACCESS));
        syscall(SYS_setresuid, -1, 0, 0);
        syscall(SYS_setfsuid, OTHER);
        show_open("own", O_RDONLY);
        show_open("secret", O_RDONLY);
        show_number("made", mkdir("open/x", 0700));
        show_mode("open/x");
}

static void names_of_sockets(void)
{
        struct sockaddr_un name = {AF_UNIX, "closed-socket"};
        int a = socket(AF_UNIX, SOCK_STREAM, 0), b = socket(AF_UNIX, SOCK_STREAM, 0);

        show_number("bind", bind(a, (struct sockaddr *)&name, sizeof(name)));
        chmod(name.sun_path, 0700);
        listen(a, 1);
        become(SOMEBODY);
        show_number("connect", connect(b, (struct sockaddr *)&name, sizeof(name)));
        strcpy(name.sun_path, "entered/s");
        show_number("bind", bind(b, (struct sockaddr *)&name, sizeof(name)));
}

/* What cannot be had is refused before any of it is taken. */
static void too_much(void)
{
        int f = open("large", O_CREAT | O_RDWR, 0600);
        struct timespec from, to;

        clock_gettime(CLOCK_MONOTONIC, &from);
        show_number("4 GiB", fallocate(f, 0, 0, 1l << 32));
        clock_gettime(CLOCK_MONOTONIC, &to);
        show_number("at once",
                    (to.tv_sec - from.tv_sec) * 1000 + (to.tv_nsec - from.tv_nsec) / 1000000 < 100);
        close(f);
        unlink("large");
}

static int away(const char *name, const struct stat *s, int kind, struct FTW *at)
{
        (void)s;
        (void)kind;
        (void)at;
        return remove(name);
}

int main(void)
{
        umask(022);
        if (!mkdtemp(room) || chmod(room, 0777) || chdir(room))
                printf("no room: %d\n", errno);
        make_all();
        too_much();
        in_child("somebody", somebody);
        in_child("another", other);
        in_child("root without capabilities", without);
        in_child("as others", by_files);
        in_child("sockets", names_of_sockets);
        show_number("away", nftw(room, away, 8, FTW_DEPTH | FTW_PHYS));
        return 0;
}
