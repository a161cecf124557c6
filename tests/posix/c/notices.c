/* SPDX-License-Identifier: BSD-2-Clause */
/* inotify: what is reported of files and directories, in which order, and which mistakes are refused. */
#define _GNU_SOURCE
#include "ask.h"
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int instance, directory, file;
static uint32_t cookie; /* of the move before */

static const char *kind(uint32_t mask)
{
        static const char *const names[] = {"access",        "modify", "attrib",      "close_write",
                                            "close_nowrite", "open",   "moved_from",  "moved_to",
                                            "create",        "delete", "delete_self", "move_self"};

        for (int i = 0; i < 12; i++) {
                if (mask & 1u << i)
                        return names[i];
        }
        return mask & IN_IGNORED ? "ignored" : mask & IN_Q_OVERFLOW ? "overflow" : "other";
}

static void show_events(const char *what)
{
        char bytes[4096] __attribute__((aligned(8)));
        ssize_t n = read(instance, bytes, sizeof(bytes));

        printf("%s:\n", what);
        for (ssize_t at = 0; at < n;) {
                const struct inotify_event *e = (const void *)(bytes + at);

                printf("  %s %s%s%s",
                       e->wd == directory ? "directory"
                       : e->wd == file    ? "file"
                                          : "another",
                       kind(e->mask), e->mask & IN_ISDIR ? " of a directory" : "", e->len ? " " : "");
                if (e->len)
                        printf("%s, %u bytes", e->name, e->len);
                if (e->cookie)
                        printf(", a move%s", e->cookie == cookie ? ", the same" : "");
                puts("");
                cookie = e->cookie;
                at += (ssize_t)(sizeof(*e) + e->len);
        }
}

static void files(void)
{
        int f;
        char c;

        directory = inotify_add_watch(instance, "d", IN_ALL_EVENTS);
        f = open("d/one", O_CREAT | O_RDWR, 0644);
        show_events("made");
        write(f, "x", 1);
        write(f, "y", 1);
        show_events("written twice, told once");
        pread(f, &c, 1, 0);
        close(f);
        show_events("read and closed");
        chmod("d/one", 0600);
        truncate("d/one", 0);
        show_events("mode and size");
        file = inotify_add_watch(instance, "d/one", IN_ALL_EVENTS);
        printf("the same watch: %d\n", inotify_add_watch(instance, "d/one", IN_ALL_EVENTS) == file);
        close(open("d/one", O_RDONLY));
        show_events("both watch");
        link("d/one", "d/two");
        show_events("a further name");
        unlink("d/two");
        show_events("it goes");
        rename("d/one", "d/three");
        show_events("moved");
        unlink("d/three");
        show_events("removed");
        symlink("x", "d/link");
        mkfifo("d/fifo", 0600);
        unlink("d/link");
        unlink("d/fifo");
        show_events("of other kinds");
}

static void directories(void)
{
        int own;

        mkdir("d/sub", 0755);
        show_events("a directory");
        own = inotify_add_watch(instance, "d/sub", IN_ALL_EVENTS | IN_ONLYDIR);
        file = own;
        rename("d/sub", "d/other");
        show_events("moved");
        close(open("d/other", O_RDONLY));
        show_events("opened");
        rmdir("d/other");
        show_events("removed");
        ASK(inotify_rm_watch(instance, directory));
        show_events("no more");
}

static void waiting(void)
{
        struct pollfd p = {.fd = instance, .events = POLLIN};
        int bytes = -1, status;
        pid_t pid;

        file = inotify_add_watch(instance, "d", IN_CREATE | IN_ONESHOT);
        ioctl(instance, FIONREAD, &bytes);
        printf("nothing: %d, %d\n", poll(&p, 1, 0), bytes);
        pid = fork();
        if (pid == 0) {
                usleep(20000);
                mkdir("d/new", 0755);
                _exit(0);
        }
        printf("one waits: %d\n", poll(&p, 1, 10000));
        waitpid(pid, &status, 0);
        ioctl(instance, FIONREAD, &bytes);
        printf("bytes: %d\n", bytes);
        ASK(read(instance, &bytes, 4));
        show_events("once");
        rmdir("d/new");
        mkdir("d/new", 0755);
        rmdir("d/new");
        fcntl(instance, F_SETFL, O_NONBLOCK);
        ASK(read(instance, &bytes, 4));
        show_events("nothing more");
}

static void mistakes(void)
{
        void *bad = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        ASK(inotify_init1(0x777));
        ASK(inotify_add_watch(instance, "nothing", IN_ALL_EVENTS));
        ASK(inotify_add_watch(instance, bad, IN_ALL_EVENTS));
        ASK(inotify_add_watch(instance, "d", 0));
        ASK(inotify_add_watch(900, "d", IN_ALL_EVENTS));
        ASK(inotify_add_watch(0, "d", IN_ALL_EVENTS));
        close(open("plain", O_CREAT | O_WRONLY, 0600));
        ASK(inotify_add_watch(instance, "plain", IN_ALL_EVENTS | IN_ONLYDIR));
        inotify_add_watch(instance, "plain", IN_MODIFY);
        ASK(inotify_add_watch(instance, "plain", IN_MODIFY | 0x10000000));
        ASK(inotify_add_watch(instance, "plain", IN_OPEN | IN_MASK_ADD | 0x10000000));
        ASK(inotify_rm_watch(instance, 12345));
        ASK(inotify_rm_watch(900, 1));
        ASK(inotify_rm_watch(0, 1));
        ASK(write(instance, "x", 1));
}

int main(void)
{
        setvbuf(stdout, NULL, _IOLBF, 0);
        mkdir("/tmp/notices", 0755);
        chdir("/tmp/notices");
        mkdir("d", 0755);
        instance = inotify_init1(IN_CLOEXEC);
        files();
        directories();
        waiting();
        mistakes();
        return 0;
}
