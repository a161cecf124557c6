/* SPDX-License-Identifier: BSD-2-Clause */
/* Names: symbolic and further ones, FIFOs, what rename does, and which error each mistake gets. */
#define _GNU_SOURCE
#include "ask.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static char *volatile bad = (char *)8;
static char long_name[300], long_path[5000], buffer[64];

static void put(const char *path, const char *text)
{
        int f = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

        if (f < 0 || write(f, text, strlen(text)) != (ssize_t)strlen(text))
                printf("put %s fails\n", path);
        close(f);
}

static void show_place(const char *path)
{
        struct stat s;
        char text[200] = "";
        ssize_t n = readlink(path, text, sizeof(text) - 1);

        if (lstat(path, &s)) {
                printf("%s: %s\n", path, strerror(errno));
                return;
        }
        printf("%s: mode %o links %u size %d%s%s\n", path, s.st_mode, (unsigned)s.st_nlink,
               S_ISDIR(s.st_mode) ? 0 : (int)s.st_size, n > 0 ? " -> " : "", n > 0 ? text : "");
}

static void symbolic(void)
{
        puts("-- symbolic");
        put("f", "content");
        TRY(mkdir("d", 0755));
        TRY(symlink("f", "s"));
        TRY(symlink("d", "sd"));
        TRY(symlink("nothing", "dangling"));
        TRY(symlink("loop2", "loop1"));
        TRY(symlink("loop1", "loop2"));
        TRY(symlink("", "empty"));
        TRY(symlink("x", "f"));
        TRY(symlink("x", "d"));
        TRY(symlink("x", "none/x"));
        TRY(symlink("x", "f/x"));
        TRY(symlink("x", "new/"));
        TRY(symlink("x", long_name));
        TRY(symlink(long_path, "longer"));
        TRY(symlink(bad, "bad"));
        TRY(symlink("x", bad));
        show_place("s");
        show_place("sd");
        show_place("dangling");
        TRY(readlink("s", buffer, 1));
        TRY(readlink("f", buffer, sizeof(buffer)));
        TRY(readlink("d", buffer, sizeof(buffer)));
        TRY(readlink("none", buffer, sizeof(buffer)));
        TRY(readlink("s", buffer, 0));
        TRY(readlink("s", bad, 10));
        TRY(readlink("f/x", buffer, sizeof(buffer)));
        TRY(readlink("loop1", buffer, sizeof(buffer)));
        TRY(readlink("loop1/x", buffer, sizeof(buffer)));
        TRY(open("loop1", O_RDONLY));
        TRY(open("loop1", O_RDONLY | O_NOFOLLOW));
        TRY(open("s", O_RDONLY | O_NOFOLLOW));
        TRY(open("sd", O_RDONLY | O_NOFOLLOW | O_DIRECTORY));
        TRY(close(open("sd", O_RDONLY | O_DIRECTORY)));
        TRY(open("s/", O_RDONLY));
        TRY(close(open("sd/", O_RDONLY)));
        TRY(open("dangling", O_RDONLY));
        TRY(open("dangling", O_WRONLY | O_CREAT | O_EXCL, 0644));
        TRY(close(open("dangling", O_WRONLY | O_CREAT, 0600)));
        show_place("nothing");
        TRY(chdir("sd/../sd/."));
        TRY(open("../f", O_RDONLY) >= 0);
        TRY(chdir(".."));
        TRY(mkdir("sd", 0755));
        TRY(mkdir("dangling", 0755));
        TRY(rmdir("sd"));
        TRY(rmdir("sd/"));
        TRY(unlink("s/"));
        TRY(unlink("s"));
        show_place("f");
        TRY(access("loop1", F_OK));
        TRY(faccessat(AT_FDCWD, "loop1", F_OK, AT_SYMLINK_NOFOLLOW));
        TRY(chown("loop1", 0, 0));
        TRY(truncate("loop1", 0));
}

static void further(void)
{
        struct stat a, b;

        puts("-- further names");
        TRY(link("f", "d/h"));
        TRY(link("f", "h2"));
        show_place("f");
        stat("f", &a);
        stat("d/h", &b);
        TRY(a.st_ino == b.st_ino);
        TRY(link("f", "h2"));
        TRY(link("d", "dd"));
        TRY(link("none", "x"));
        TRY(link("f", "none/x"));
        TRY(link("f", "f/x"));
        TRY(link("f", "new/"));
        TRY(link("f", long_name));
        TRY(link(long_name, "x"));
        TRY(link(bad, "x"));
        TRY(link("dangling", "sl"));
        show_place("sl");
        TRY(linkat(AT_FDCWD, "dangling", AT_FDCWD, "fl", AT_SYMLINK_FOLLOW));
        show_place("fl");
        TRY(linkat(AT_FDCWD, "f", AT_FDCWD, "x", 1));
        TRY(linkat(77, "f", AT_FDCWD, "x", 0));
        TRY(rename("f", "h2"));
        show_place("h2");
        TRY(unlink("f"));
        show_place("d/h");
        put("h2", "new content");
        show_place("d/h");
        TRY(rename("d/h", "h3"));
        TRY(unlink("h2"));
        show_place("h3");
        TRY(rename("h3", "f"));
}

static void moves(void)
{
        puts("-- rename");
        TRY(mkdir("e", 0755));
        TRY(mkdir("e/inner", 0755));
        TRY(mkdir("empty", 0755));
        TRY(rename("none", "x"));
        TRY(rename("f", "d"));
        TRY(rename("d", "f"));
        TRY(rename("d", "e"));
        TRY(rename("d", "d/x"));
        TRY(rename("e", "e/inner/x"));
        TRY(rename("e/inner", "e"));
        TRY(rename("d", "empty"));
        TRY(rename("f", "x/"));
        TRY(rename("empty", "d/"));
        TRY(rename(".", "x"));
        TRY(rename("d", ".."));
        TRY(rename("d/.", "x"));
        TRY(rename("f", "none/x"));
        TRY(rename("f", "f/x"));
        TRY(rename("f", long_name));
        TRY(rename("f", bad));
        TRY(rename("f", ""));
        TRY(rename("f", "f"));
        TRY(rename("loop1", "loop3"));
        show_place("loop3");
        put("g", "g");
        TRY(syscall(SYS_renameat2, AT_FDCWD, "f", AT_FDCWD, "g", 1));
        TRY(syscall(SYS_renameat2, AT_FDCWD, "f", AT_FDCWD, "g", 2));
        show_place("f");
        show_place("g");
        TRY(syscall(SYS_renameat2, AT_FDCWD, "f", AT_FDCWD, "e", 2));
        show_place("e");
        TRY(syscall(SYS_renameat2, AT_FDCWD, "f", AT_FDCWD, "e", 2));
        TRY(syscall(SYS_renameat2, AT_FDCWD, "f", AT_FDCWD, "none", 2));
        TRY(syscall(SYS_renameat2, AT_FDCWD, "f", AT_FDCWD, "g", 3));
        TRY(syscall(SYS_renameat2, AT_FDCWD, "f", AT_FDCWD, "g", 64));
}

static void removals(void)
{
        puts("-- removals");
        TRY(rmdir("."));
        TRY(rmdir("e/.."));
        TRY(rmdir("e"));
        TRY(rmdir("f"));
        TRY(rmdir("none"));
        TRY(unlink("d"));
        TRY(unlink("none"));
        TRY(unlink(""));
        TRY(unlink("f/x"));
        TRY(unlink(bad));
        TRY(unlinkat(AT_FDCWD, "f", 1));
        TRY(mkdir("f/x", 0755));
        TRY(mkdir("d", 0755));
        TRY(mkdir("", 0755));
        TRY(mkdir(".", 0755));
        TRY(mkdir("slash/", 0755));
        show_place("slash");
        TRY(open("d", O_WRONLY));
        TRY(open("d", O_RDONLY | O_CREAT, 0644));
        TRY(open("none/", O_WRONLY | O_CREAT, 0644));
        TRY(open("f/x", O_RDONLY));
        TRY(open(long_name, O_RDONLY));
        TRY(open(long_path, O_RDONLY));
        TRY(open("f", O_RDONLY | O_DIRECTORY));
        TRY(open("f", O_WRONLY | O_CREAT | O_EXCL, 0644));
        TRY(openat(open("f", O_RDONLY), "x", O_RDONLY));
        TRY(openat(77, "x", O_RDONLY));
}

static void quiet(int signal)
{
        (void)signal;
}

static void fifos(void)
{
        struct sigaction action = {.sa_handler = quiet};
        struct pollfd p = {.events = POLLIN};
        int f, g, status;
        pid_t child;

        puts("-- FIFOs");
        TRY(mkfifo("p", 0640));
        TRY(mkfifo("p", 0640));
        TRY(mknod("q", S_IFIFO | 0600, 0));
        TRY(mknod("r", S_IFREG | 0600, 0));
        TRY(mknod("x", 0170000, 0));
        show_place("p");
        show_place("r");
        TRY(open("p", O_WRONLY | O_NONBLOCK));
        f = open("p", O_RDONLY | O_NONBLOCK);
        TRY(read(f, buffer, 10));
        g = open("p", O_WRONLY | O_NONBLOCK);
        TRY(read(f, buffer, 10));
        TRY(write(g, "hello", 5));
        p.fd = f;
        TRY(poll(&p, 1, 0));
        TRY(read(f, buffer, 10));
        TRY(lseek(f, 0, SEEK_SET));
        TRY(ftruncate(g, 0));
        close(g);
        TRY(read(f, buffer, 10));
        close(f);
        f = open("p", O_RDWR);
        TRY(write(f, "both", 4));
        TRY(read(f, buffer, 10));
        close(f);
        fflush(stdout);
        child = fork();
        if (child == 0) {
                f = open("p", O_WRONLY);
                _exit(write(f, "from the child", 14) != 14);
        }
        f = open("p", O_RDONLY);
        TRY(read(f, buffer, sizeof(buffer)));
        TRY(read(f, buffer, sizeof(buffer)));
        close(f);
        wait(&status);
        TRY(status);
        sigaction(SIGALRM, &action, NULL);
        TRY(RUNG(open("p", O_RDONLY)));
        TRY(open("p", O_WRONLY | O_NONBLOCK)); /* the interrupted one is no reader */
        TRY(unlink("p"));
}

static void places(void)
{
        int f = open("f", O_PATH), g, t;
        struct stat s;

        puts("-- places");
        TRY(read(f, buffer, 1));
        TRY(write(f, buffer, 1));
        TRY(fstat(f, &s));
        TRY(fcntl(f, F_GETFL) & O_ACCMODE);
        close(f);
        f = open("dangling", O_PATH | O_NOFOLLOW);
        TRY(fstat(f, &s));
        TRY(S_ISLNK(s.st_mode));
        TRY(readlinkat(f, "", buffer, sizeof(buffer)));
        close(f);
        f = open("d", O_PATH);
        g = openat(f, "../f", O_RDONLY);
        TRY(g >= 0);
        TRY(fchdir(f));
        TRY(chdir(".."));
        TRY(fchdir(g));
        close(g);
        close(f);
        t = open(".", O_TMPFILE | O_RDWR, 0600);
        TRY(t >= 0);
        TRY(write(t, "temporary", 9));
        TRY(fstat(t, &s));
        TRY(s.st_nlink);
        TRY(open("f", O_TMPFILE | O_RDWR, 0600));
        TRY(open(".", O_TMPFILE | O_RDONLY, 0600));
        close(t);
}

/* A directory whose entries go while it is read: each that stays is listed once. */
static void listing(void)
{
        enum { COUNT = 300 };
        char name[300];
        int stays = 0;
        struct dirent *e;
        DIR *d;

        puts("-- listing");
        TRY(mkdir("many", 0755));
        for (int i = 0; i < COUNT; i++) {
                snprintf(name, sizeof(name), "many/a rather long name %d", i);
                put(name, "");
        }
        d = opendir("many");
        while ((e = readdir(d)) != NULL) {
                int i;

                if (sscanf(e->d_name, "a rather long name %d", &i) != 1)
                        continue;
                snprintf(name, sizeof(name), "many/%s", e->d_name);
                unlink(name);
                stays++;
        }
        closedir(d);
        TRY(stays);
        TRY(rmdir("many"));
}

/* Directories that lie one in the other. */
static void deep(void)
{
        enum { LEVELS = 200 };
        static char path[2 * LEVELS + 8], deepest[sizeof(path)], where[4096];
        int here = open(".", O_RDONLY | O_DIRECTORY), made = 0, entered = 0, gone = 0;

        puts("-- deep");
        TRY(mkdir("top", 0755));
        TRY(mkdir("high", 0755));
        TRY(chdir("top"));
        for (int i = 0; i < LEVELS; i++) {
                made += !mkdir("d", 0755);
                entered += !chdir("d");
        }
        put("file", "at the end");
        printf("%d made, %d entered, a path of %zu\n", made, entered, strlen(getcwd(where, sizeof(where))));
        fchdir(here);
        TRY(rename("top", "high/top"));
        TRY(rename("high", "high/top/d/d/high"));
        for (int i = 0; i < LEVELS; i++)
                memcpy(path + 2 * i, "d/", 3);
        chdir("high/top");
        snprintf(deepest, sizeof(deepest), "%s", path);
        strcat(path, "file");
        show_place(path);
        TRY(unlink(path));
        for (size_t i = 2 * LEVELS; i > 0; i -= 2) {
                deepest[i - 1] = '\0';
                gone += !rmdir(deepest);
        }
        printf("%d gone\n", gone);
        fchdir(here);
        TRY(rmdir("high/top"));
        TRY(rmdir("high"));
        close(here);
}

int main(void)
{
        char place[] = "/tmp/links.XXXXXX";

        memset(long_name, 'n', sizeof(long_name) - 1);
        memset(long_path, 'p', sizeof(long_path) - 1);
        umask(022);
        if (!mkdtemp(place) || chdir(place))
                return 1;
        symbolic();
        further();
        moves();
        removals();
        fifos();
        places();
        listing();
        deep();
        fflush(stdout);
        chdir("/");
        return system("rm -r /tmp/links.*") != 0;
}
