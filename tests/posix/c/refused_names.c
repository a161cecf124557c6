/* SPDX-License-Identifier: BSD-2-Clause */
/* What calls with paths return for wrong arguments; compared as refused_files.c is. */
#define _GNU_SOURCE
#include "refused.h"
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { RENAME_EXCHANGES = 2, RENAME_KEEPS = 1 };

/* The same mistakes for a call with the path `p`.  The name of something new may be missing or a link. */
#define ASK_WITH(first, text, call)                                                                          \
        do {                                                                                                 \
                const char *wrong_[] = {"nothing", "loop", "", "file/x", "loop/x", "nothing/x"};             \
                for (int i_ = (first); i_ < 9; i_++) {                                                       \
                        const char *p = i_ < 6 ? wrong_[i_] : i_ == 6 ? bad : i_ == 7 ? name : path;         \
                        printf("%s ", i_ < 6 ? wrong_[i_] : i_ == 6 ? "nowhere" : "too long");               \
                        errno = 0;                                                                           \
                        ask_tell(text, (long)(call));                                                        \
                }                                                                                            \
        } while (0)
#define ASK_PATH(call) ASK_WITH(0, #call, call)
#define ASK_NEW(call)  ASK_WITH(2, #call, call)

static void facts(void)
{
        struct stat s;

        ASK_PATH(stat(p, &s));
        ASK_PATH(lstat(p, &s));
        ASK_PATH(access(p, F_OK));
        ASK_PATH(readlink(p, buffer, 10));
        ASK_PATH(syscall(SYS_statx, AT_FDCWD, p, 0, 0x7ff, buffer));
        ASK(syscall(SYS_newfstatat, AT_FDCWD, "file", bad, 0));
        ASK(syscall(SYS_fstat, file, bad));
        ASK(fstat(CLOSED, &s));
        ASK(fstat(-1, &s));
        ASK(fstat(place, &s));
        ASK(stat("file/", &s));
        ASK(lstat("dirlink/", &s));
        ASK(stat("dangling", &s));
        ASK(lstat("dangling", &s));
        ASK(fstatat(CLOSED, "file", &s, 0));
        ASK(fstatat(file, "file", &s, 0));
        ASK(fstatat(file, "", &s, 0));
        ASK(fstatat(file, "", &s, AT_EMPTY_PATH));
        ASK(fstatat(AT_FDCWD, "file", &s, 0x40));
        ASK(syscall(SYS_statx, AT_FDCWD, "file", 0x40, 0x7ff, buffer));
        ASK(syscall(SYS_statx, AT_FDCWD, "file", 0, 0x80000000u, buffer));
        ASK(syscall(SYS_statx, AT_FDCWD, "file", 0x6000, 0x7ff, buffer));
        ASK(syscall(SYS_statx, AT_FDCWD, "file", 0, 0x7ff, bad));
        ASK(syscall(SYS_statx, CLOSED, "file", 0, 0x7ff, buffer));
        ASK(syscall(SYS_statx, file, "file", 0, 0x7ff, buffer));
        ASK(access("file", 8));
        ASK(access("file", -1));
        ASK(access("file", X_OK));
        ASK(access("dir", X_OK));
        ASK(access("file/", F_OK));
        ASK(syscall(SYS_faccessat, CLOSED, "file", F_OK));
        ASK(syscall(SYS_faccessat, file, "file", F_OK));
        ASK(syscall(439, AT_FDCWD, "file", F_OK, 0x40));
        ASK(syscall(439, AT_FDCWD, "dangling", F_OK, AT_SYMLINK_NOFOLLOW));
        ASK(syscall(439, file, "", R_OK, AT_EMPTY_PATH));
        ASK(syscall(439, CLOSED, "", R_OK, AT_EMPTY_PATH));
}

static void places(void)
{
        struct statfs f;

        ASK_PATH(statfs(p, &f));
        ASK(syscall(SYS_statfs, "file", bad));
        ASK(fstatfs(CLOSED, &f));
        ASK(syscall(SYS_fstatfs, file, bad));
        ASK(fstatfs(end[0], &f));
        ASK(readlink("file", buffer, 10));
        ASK(readlink("dir", buffer, 10));
        ASK(syscall(SYS_readlinkat, AT_FDCWD, "link", buffer, 0));
        ASK(readlink("link", buffer, (size_t)minus));
        ASK(readlink("link", bad, 10));
        ASK(readlink("link/", buffer, 10));
        ASK(readlinkat(CLOSED, "link", buffer, 10));
        ASK(readlinkat(file, "link", buffer, 10));
        ASK(readlinkat(directory, "nothing", buffer, 10));
        ASK(getcwd(buffer, 1) ? 1 : -1);
        ASK(syscall(SYS_getcwd, bad, 100l));
        ASK(syscall(SYS_getcwd, buffer, 0l));
        ASK(syscall(SYS_getdents64, CLOSED, buffer, 400));
        ASK(syscall(SYS_getdents64, file, buffer, 400));
        ASK(syscall(SYS_getdents64, directory, buffer, 1));
        ASK(syscall(SYS_getdents64, directory, bad, 400));
}

static void modes(void)
{
        struct timespec times[2] = {{0, 2000000000}, {0, 0}}, *t = times;

        ASK_PATH(chmod(p, 0644));
        ASK_PATH(chown(p, 0, 0));
        ASK_PATH(lchown(p, 0, 0));
        ASK_PATH(syscall(SYS_utimensat, AT_FDCWD, p, NULL, 0));
        ASK(fchmod(CLOSED, 0644));
        ASK(syscall(SYS_fchmod, place, 0644));
        ASK(syscall(SYS_fchmodat, CLOSED, "file", 0644));
        ASK(syscall(SYS_fchmodat, file, "file", 0644));
        ASK(fchown(CLOSED, 0, 0));
        ASK(syscall(SYS_fchown, place, 0, 0));
        ASK(fchownat(CLOSED, "file", 0, 0, 0));
        ASK(fchownat(file, "file", 0, 0, 0));
        ASK(fchownat(AT_FDCWD, "file", 0, 0, 0x40));
        ASK(fchownat(file, "", 0, 0, AT_EMPTY_PATH));
        ASK(fchownat(CLOSED, "", 0, 0, AT_EMPTY_PATH));
        ASK(fchownat(AT_FDCWD, "dangling", 0, 0, AT_SYMLINK_NOFOLLOW));
        ASK(utimensat(AT_FDCWD, "file", t, 0));
        ASK(syscall(SYS_utimensat, AT_FDCWD, "file", bad, 0));
        ASK(utimensat(AT_FDCWD, "file", NULL, 0x40));
        ASK(utimensat(CLOSED, "file", NULL, 0));
        ASK(utimensat(file, "file", NULL, 0));
        ASK(syscall(SYS_utimensat, file, NULL, NULL, 0));
        ASK(syscall(SYS_utimensat, place, NULL, NULL, 0));
        ASK(syscall(SYS_utimensat, CLOSED, NULL, NULL, 0));
        ASK(syscall(SYS_utimensat, AT_FDCWD, NULL, NULL, 0));
        ASK(syscall(SYS_utimensat, file, NULL, NULL, AT_SYMLINK_NOFOLLOW));
        times[0].tv_nsec = UTIME_OMIT;
        times[1].tv_nsec = UTIME_OMIT;
        ASK(utimensat(AT_FDCWD, "nothing", t, 0));
        ASK(syscall(SYS_utimensat, CLOSED, NULL, t, 0));
}

static void directories(void)
{
        ASK_PATH(rmdir(p));
        ASK_PATH(chdir(p));
        ASK_PATH(unlink(p));
        symlink("loop2", "loop");
        ASK(mkdir("dir", 0755));
        ASK(mkdir("file", 0755));
        ASK(mkdir("link", 0755));
        ASK(mkdir("dangling", 0755));
        ASK(mkdir("file/x", 0755));
        ASK(mkdir("nothing/x", 0755));
        ASK(mkdir("", 0755));
        ASK(mkdir(bad, 0755));
        ASK(mkdir(name, 0755));
        ASK(mkdir(path, 0755));
        ASK(mkdir("loop/x", 0755));
        ASK(mkdir(".", 0755));
        ASK(mkdir("/", 0755));
        ASK(mkdirat(CLOSED, "x", 0755));
        ASK(mkdirat(file, "x", 0755));
        ASK(rmdir("full"));
        ASK(rmdir("file"));
        ASK(rmdir("dirlink"));
        ASK(rmdir("."));
        ASK(rmdir("dir/."));
        ASK(rmdir("full/in/.."));
        ASK(rmdir("/"));
        ASK(unlink("dir"));
        ASK(unlink("dir/"));
        ASK(unlink("file/"));
        ASK(unlink("."));
        ASK(unlink("/"));
        ASK(unlinkat(CLOSED, "x", 0));
        ASK(unlinkat(file, "x", 0));
        ASK(unlinkat(AT_FDCWD, "file", 0x40));
        ASK(unlinkat(AT_FDCWD, "full", AT_REMOVEDIR));
        ASK(unlinkat(AT_FDCWD, "file", AT_REMOVEDIR));
        ASK(fchdir(CLOSED));
        ASK(fchdir(file));
        ASK(fchdir(end[0]));
        ASK(fchdir(place));
        ASK(chdir("file"));
}

static void links(void)
{
        ASK_PATH(link(p, "new"));
        unlink("new");
        ASK_NEW(link("file", p));
        ASK_PATH(symlink(p, "link"));
        ASK_NEW(symlink("file", p));
        ASK(link("dir", "new"));
        ASK(link("file", "dir"));
        ASK(link("file", "file"));
        ASK(link("file", "new/"));
        ASK(link("file", "nothing/x"));
        ASK(linkat(CLOSED, "file", AT_FDCWD, "new", 0));
        ASK(linkat(AT_FDCWD, "file", CLOSED, "new", 0));
        ASK(linkat(file, "file", AT_FDCWD, "new", 0));
        ASK(linkat(AT_FDCWD, "file", AT_FDCWD, "new", 1));
        ASK(linkat(AT_FDCWD, "dangling", AT_FDCWD, "new", AT_SYMLINK_FOLLOW));
        ASK(symlink("x", "new/"));
        ASK(symlink("", "new"));
        ASK(symlinkat("x", CLOSED, "new"));
        ASK(symlinkat("x", file, "new"));
        ASK(mknod("file", S_IFREG | 0600, 0));
        ASK(mknod("nothing/x", S_IFREG | 0600, 0));
        ASK(mknod("file/x", S_IFIFO | 0600, 0));
        ASK(mknod("loop/x", S_IFIFO | 0600, 0));
        ASK(mknod("", S_IFIFO | 0600, 0));
        ASK(mknod(bad, S_IFIFO | 0600, 0));
        ASK(mknod(name, S_IFIFO | 0600, 0));
        ASK(mknod(path, S_IFIFO | 0600, 0));
        ASK(mknod("new", S_IFMT, 0));
        ASK(mknod("new", S_IFDIR | 0600, 0));
        ASK(mknod("new/", S_IFREG | 0600, 0));
        ASK(mknodat(CLOSED, "new", S_IFIFO | 0600, 0));
        ASK(mknodat(file, "new", S_IFIFO | 0600, 0));
}

static void renames(void)
{
        ASK_PATH(rename(p, "new"));
        rename("new", "loop");
        ASK_NEW(rename("file", p));
        ASK(rename("dir", "full"));
        ASK(rename("file", "dir"));
        ASK(rename("dir", "file"));
        ASK(rename("full", "full/in/x"));
        ASK(rename("full/in", "full"));
        ASK(rename("file", "new/"));
        ASK(rename("file/", "new"));
        ASK(rename(".", "new"));
        ASK(rename("dir/..", "new"));
        ASK(rename("file", "."));
        ASK(renameat(CLOSED, "file", AT_FDCWD, "new"));
        ASK(renameat(AT_FDCWD, "file", CLOSED, "new"));
        ASK(renameat(file, "file", AT_FDCWD, "new"));
        ASK(syscall(SYS_renameat2, AT_FDCWD, "file", AT_FDCWD, "new", 0x100));
        ASK(syscall(SYS_renameat2, AT_FDCWD, "file", AT_FDCWD, "new", RENAME_EXCHANGES | RENAME_KEEPS));
        ASK(syscall(SYS_renameat2, AT_FDCWD, "file", AT_FDCWD, "new", RENAME_EXCHANGES));
        ASK(syscall(SYS_renameat2, AT_FDCWD, "file", AT_FDCWD, "dir", RENAME_KEEPS));
        ASK(syscall(SYS_renameat2, AT_FDCWD, "full", AT_FDCWD, "full/in", RENAME_EXCHANGES));
}

int main(void)
{
        setvbuf(stdout, NULL, _IOLBF, 0);
        mkdir("/tmp/refused", 0755);
        chdir("/tmp/refused");
        prepare_names();
        facts();
        places();
        modes();
        directories();
        links();
        renames();
        return 0;
}
