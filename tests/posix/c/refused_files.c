/* SPDX-License-Identifier: BSD-2-Clause */
/* What calls on files return for wrong arguments: hundreds of them, each with the number of its error.  They are compared with what the
 * host's own kernel returns to the same program (tests/posix/run). */
#define _GNU_SOURCE
#include "refused.h"
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <unistd.h>

enum { ALL_BITS = -1 };

static int only_read, only_write, any, event, sock;

static void prepare(void)
{
        prepare_names();
        if (write(file, "123456789", 9) != 9)
                puts("nothing is written");
        only_read = open("file", O_RDONLY);
        only_write = open("file", O_WRONLY);
        fcntl(end[0], F_SETFL, O_NONBLOCK);
        any = open("/dev/null", O_RDWR);
        event = eventfd(0, EFD_NONBLOCK);
        sock = socket(AF_UNIX, SOCK_STREAM, 0);
}

static void opens(void)
{
        ASK(open("nothing", O_RDONLY));
        ASK(open("", O_RDONLY));
        ASK(open(bad, O_RDONLY));
        ASK(open(name, O_RDONLY));
        ASK(open(path, O_RDONLY));
        ASK(open("loop", O_RDONLY));
        ASK(open("loop/x", O_RDONLY));
        ASK(open("link", O_RDONLY | O_NOFOLLOW));
        ASK(open("dirlink", O_RDONLY | O_NOFOLLOW | O_DIRECTORY));
        ASK(open("file/x", O_RDONLY));
        ASK(open("file/", O_RDONLY));
        ASK(open("file", O_RDONLY | O_DIRECTORY));
        ASK(open("file", O_CREAT | O_EXCL, 0600));
        ASK(open("dangling", O_CREAT | O_EXCL, 0600));
        ASK(open("dir", O_CREAT | O_EXCL, 0600));
        ASK(open("dir", O_WRONLY));
        ASK(open("dir", O_RDWR));
        ASK(open("dir", O_RDONLY | O_CREAT, 0600));
        ASK(open("dir", O_RDONLY | O_TRUNC));
        ASK(open("new/", O_WRONLY | O_CREAT, 0600));
        ASK(open("nothing/new", O_WRONLY | O_CREAT, 0600));
        ASK(open("fifo", O_WRONLY | O_NONBLOCK));
        ASK(open("dir", O_TMPFILE | O_RDONLY, 0600));
        ASK(open("file", O_TMPFILE | O_RDWR, 0600));
        ASK(open("nothing", O_TMPFILE | O_RDWR, 0600));
        ASK(openat(CLOSED, "file", O_RDONLY));
        ASK(openat(file, "file", O_RDONLY));
        ASK(openat(ALL_BITS, "file", O_RDONLY));
        ASK(openat(directory, "nothing", O_RDONLY));
        ASK(openat(CLOSED, "/nothing", O_RDONLY));
        ASK(close(CLOSED));
        ASK(close(-1));
        ASK(syscall(SYS_close_range, 5, 4, 0));
        ASK(syscall(SYS_close_range, 800, 900, 0x80));
        ASK(syscall(SYS_close_range, 800, 900, 0));
        ASK(creat("dir", 0600));
        ASK(creat("file/x", 0600));
        ASK(creat("loop", 0600));
        ASK(creat(bad, 0600));
        ASK(creat(name, 0600));
}

static void descriptors(void)
{
        struct flock l = {.l_type = F_RDLCK, .l_whence = 77};

        ASK(dup(CLOSED));
        ASK(dup(-1));
        ASK(dup2(CLOSED, 20));
        ASK(dup2(file, -1));
        ASK(dup2(file, 5000000));
        ASK(dup3(file, file, 0));
        ASK(dup3(file, 20, O_APPEND));
        ASK(dup3(CLOSED, 20, 0));
        ASK(fcntl(CLOSED, F_GETFD));
        ASK(fcntl(-1, F_DUPFD, 1));
        ASK(fcntl(file, F_DUPFD, -1));
        ASK(fcntl(file, F_DUPFD, 5000000));
        ASK(fcntl(file, 9999, 0));
        ASK(fcntl(file, F_SETLK, bad));
        ASK(fcntl(file, F_GETLK, bad));
        ASK(fcntl(file, F_SETLKW, bad));
        ASK(fcntl(file, F_SETLK, &l));
        l.l_whence = 0;
        l.l_type = 99;
        ASK(fcntl(file, F_SETLK, &l));
        ASK(fcntl(file, F_GETLK, &l));
        l.l_type = F_UNLCK;
        ASK(fcntl(file, F_GETLK, &l));
        l.l_type = F_WRLCK;
        ASK(fcntl(only_read, F_SETLK, &l));
        l.l_type = F_RDLCK;
        ASK(fcntl(only_write, F_SETLK, &l));
        l.l_start = -5;
        ASK(fcntl(file, F_SETLK, &l));
        ASK(fcntl(end[0], F_SETPIPE_SZ, -1));
        ASK(fcntl(file, F_GETPIPE_SZ));
        ASK(fcntl(end[0], F_GETPIPE_SZ));
        ASK(fcntl(place, F_GETFL));
        ASK(fcntl(place, F_SETFL, O_APPEND));
        ASK(fcntl(file, F_ADD_SEALS, 1));
        ASK(fcntl(file, F_GET_SEALS));
        ASK(flock(CLOSED, LOCK_EX));
        ASK(flock(file, 77));
        ASK(flock(place, LOCK_EX));
        ASK(flock(file, LOCK_SH | LOCK_EX));
        ASK(pipe(bad));
        ASK(pipe2(end + 1, O_APPEND));
        ASK(ioctl(CLOSED, FIONREAD, buffer));
        ASK(ioctl(file, TCGETS, buffer));
        ASK(ioctl(end[0], TIOCGWINSZ, buffer));
        ASK(ioctl(end[0], FIONREAD, bad));
        ASK(ioctl(end[0], FIONREAD, buffer));
        ASK(ioctl(file, FIONREAD, buffer));
        ASK(ioctl(directory, FIONREAD, buffer));
        ASK(ioctl(any, FIONREAD, buffer));
        ASK(ioctl(file, FIONBIO, bad));
        ASK(ioctl(file, FIOCLEX));
        ASK(ioctl(place, FIOCLEX));
        ASK(ioctl(file, 0x12345678, buffer));
}

static void moves(void)
{
        struct iovec v[IOV_MAX + 1] = {{buffer, 4}, {buffer, (size_t)-1}}, w = {bad, 5}, none = {NULL, 0};

        ASK(read(CLOSED, buffer, 1));
        ASK(read(-1, buffer, 1));
        ASK(read(file, bad, 1));
        ASK(pread(file, bad, 1, 0));
        ASK(read(only_write, buffer, 1));
        ASK(read(only_write, buffer, 0));
        ASK(read(directory, buffer, 1));
        ASK(read(place, buffer, 1));
        ASK(read(end[0], buffer, 1));
        ASK(read(end[0], buffer, 0));
        ASK(read(end[1], buffer, 1));
        ASK(read(event, buffer, 4));
        ASK(read(event, buffer, 8));
        ASK(read(sock, buffer, 8));
        ASK(write(CLOSED, buffer, 1));
        ASK(write(only_read, buffer, 1));
        ASK(write(only_read, buffer, 0));
        ASK(write(directory, buffer, 1));
        ASK(write(file, bad, 1));
        ASK(write(end[1], bad, 1));
        ASK(write(end[0], buffer, 1));
        ASK(write(place, buffer, 1));
        ASK(write(event, buffer, 4));
        memset(buffer, 0xff, 8);
        ASK(write(event, buffer, 8));
        ASK(write(sock, buffer, 8));
        ASK(readv(file, v, minus));
        ASK(readv(file, v, IOV_MAX + 1));
        ASK(readv(file, v, 2));
        ASK(readv(file, v, 0));
        ASK(readv(file, bad, 1));
        ASK(readv(directory, v, 1));
        ASK(readv(CLOSED, v, 1));
        ASK(readv(only_write, v, 1));
        ASK(preadv(file, &w, 1, 0));
        ASK(readv(file, &none, 1));
        ASK(writev(file, v, minus));
        ASK(writev(file, v, 2));
        ASK(writev(file, bad, 1));
        ASK(writev(file, &w, 1));
        ASK(writev(only_read, v, 1));
        ASK(writev(CLOSED, v, 1));
        ASK(writev(any, v, 0));
}

static void moves_at(void)
{
        struct iovec v[1] = {{buffer, 4}};

        ASK(pread(end[0], buffer, 1, 0));
        ASK(pread(file, buffer, 1, -1));
        ASK(pread(directory, buffer, 1, 0));
        ASK(pread(only_write, buffer, 1, 0));
        ASK(pread(CLOSED, buffer, 1, 0));
        ASK(pwrite(end[1], buffer, 1, 0));
        ASK(pwrite(file, buffer, 1, -1));
        ASK(pwrite(only_read, buffer, 1, 0));
        ASK(pwrite(CLOSED, buffer, 1, 0));
        ASK(pwrite(file, bad, 1, 0));
        ASK(preadv(file, v, 1, -5));
        ASK(preadv(end[0], v, 1, 0));
        ASK(preadv(directory, v, 1, 0));
        ASK(preadv(only_write, v, 1, 0));
        ASK(pwritev(file, v, 1, -5));
        ASK(pwritev(end[1], v, 1, 0));
        ASK(pwritev(only_read, v, 1, 0));
        ASK(syscall(SYS_preadv2, file, v, 1, 0, 0, 0x8000));
        ASK(syscall(SYS_pwritev2, file, v, 1, 0, 0, 0x8000));
        ASK(syscall(SYS_preadv2, file, v, 1, 0l, 0, 1));
        ASK(syscall(SYS_preadv2, file, v, 1, -1l, -1l, 0));
        ASK(lseek(CLOSED, 0, SEEK_SET));
        ASK(lseek(file, 0, 99));
        ASK(lseek(file, -1, SEEK_SET));
        ASK(lseek(end[0], 0, SEEK_SET));
        ASK(lseek(sock, 0, SEEK_SET));
        ASK(lseek(place, 0, SEEK_SET));
        ASK(lseek(file, 5000, SEEK_DATA));
        ASK(lseek(file, 5000, SEEK_HOLE));
        ASK(lseek(file, -5, SEEK_DATA));
        ASK(lseek(any, 5, SEEK_SET));
}

static void sizes(void)
{
        ASK(truncate("nothing", 0));
        ASK(truncate("", 0));
        ASK(truncate(bad, 0));
        ASK(truncate(name, 0));
        ASK(truncate(path, 0));
        ASK(truncate("dir", 0));
        ASK(truncate("file/x", 0));
        ASK(truncate("file", -1));
        ASK(truncate("loop", 0));
        ASK(truncate("fifo", 0));
        ASK(truncate("/dev/null", 0));
        ASK(ftruncate(CLOSED, 0));
        ASK(ftruncate(only_read, 0));
        ASK(ftruncate(file, -1));
        ASK(ftruncate(end[1], 0));
        ASK(ftruncate(sock, 0));
        ASK(ftruncate(directory, 0));
        ASK(ftruncate(place, 0));
        ASK(fallocate(CLOSED, 0, 0, 1));
        ASK(fallocate(only_read, 0, 0, 1));
        ASK(fallocate(file, 0, -1, 1));
        ASK(fallocate(file, 0, 0, 0));
        ASK(fallocate(file, 0, 0, -1));
        ASK(fallocate(end[1], 0, 0, 1));
        ASK(fallocate(directory, 0, 0, 1));
        ASK(fallocate(file, 0x4000, 0, 1));
        ASK(fallocate(file, 2, 0, 1));
        ASK(fallocate(file, 0, 0x7fffffffffffffff, 2));
        ASK(fallocate(sock, 0, 0, 1));
        ASK(fsync(CLOSED));
        ASK(fsync(end[0]));
        ASK(fsync(sock));
        ASK(fsync(directory));
        ASK(fsync(any));
        ASK(fdatasync(CLOSED));
        ASK(fdatasync(end[0]));
        ASK(syncfs(CLOSED));
        ASK(syncfs(file));
        ASK(syncfs(place));
        ASK(syscall(SYS_fadvise64, file, 0l, 0l, POSIX_FADV_SEQUENTIAL));
        ASK(syscall(SYS_fadvise64, file, 0l, 0l, 77));
        ASK(syscall(SYS_fadvise64, file, 0l, -1l, POSIX_FADV_NORMAL));
        ASK(syscall(SYS_fadvise64, CLOSED, 0l, 0l, 0));
        ASK(syscall(SYS_fadvise64, end[0], 0l, 0l, 0));
        ASK(readahead(CLOSED, 0, 1));
        ASK(readahead(only_write, 0, 1));
        ASK(readahead(end[0], 0, 1));
        ASK(readahead(file, 0, 1));
        ASK(readahead(directory, 0, 1));
        ASK(readahead(sock, 0, 1));
        ASK(sync_file_range(CLOSED, 0, 1, 2));
        ASK(sync_file_range(file, -1, 1, 2));
        ASK(sync_file_range(file, 0, -1, 2));
        ASK(sync_file_range(file, 0, 1, 99));
        ASK(sync_file_range(end[0], 0, 1, 2));
        ASK(sync_file_range(file, 0, 1, 2));
}

/* Between two files, without the program's memory. */
static void transfers(void)
{
        long at = -1, *there = &at;

        ASK(sendfile(CLOSED, file, NULL, 1));
        ASK(sendfile(any, CLOSED, NULL, 1));
        ASK(sendfile(only_read, file, NULL, 1));
        ASK(sendfile(any, only_write, NULL, 1));
        ASK(sendfile(any, file, bad, 1));
        ASK(sendfile(any, end[0], NULL, 1));
        ASK(sendfile(any, file, there, 1));
        at = 3;
        ASK(sendfile(any, file, there, 3));
        printf("then it is %ld\n", at);
        ASK(sendfile(any, directory, NULL, 1));
        ASK(splice(CLOSED, NULL, end[1], NULL, 1, 0));
        ASK(splice(file, NULL, CLOSED, NULL, 1, 0));
        ASK(splice(file, NULL, any, NULL, 1, 0));
        ASK(splice(file, NULL, end[0], NULL, 1, 0));
        ASK(splice(only_write, NULL, end[1], NULL, 1, 0));
        ASK(splice(end[0], NULL, only_read, NULL, 1, 0));
        ASK(splice(end[0], there, any, NULL, 1, 0));
        ASK(splice(file, NULL, end[1], there, 1, 0));
        ASK(splice(file, bad, end[1], NULL, 1, 0));
        ASK(splice(end[0], NULL, end[1], NULL, 1, 0));
        ASK(splice(file, NULL, end[1], NULL, 1, 0x100));
        ASK(splice(file, NULL, end[1], NULL, 0, 0));
        ASK(tee(file, end[1], 1, 0));
        ASK(tee(end[0], file, 1, 0));
        ASK(tee(end[0], end[1], 1, 0));
        ASK(tee(CLOSED, end[1], 1, 0));
        ASK(tee(end[0], end[1], 1, 0x100));
        ASK(tee(end[0], end[1], 0, 0));
        ASK(vmsplice(CLOSED, bad, 1, 0));
        ASK(vmsplice(end[1], bad, 1, 0));
        ASK(vmsplice(end[1], bad, IOV_MAX + 1, 0));
        ASK(syscall(SYS_copy_file_range, CLOSED, NULL, file, NULL, 1l, 0));
        ASK(syscall(SYS_copy_file_range, file, NULL, CLOSED, NULL, 1l, 0));
        ASK(syscall(SYS_copy_file_range, only_write, NULL, file, NULL, 1l, 0));
        ASK(syscall(SYS_copy_file_range, file, NULL, only_read, NULL, 1l, 0));
        ASK(syscall(SYS_copy_file_range, directory, NULL, file, NULL, 1l, 0));
        ASK(syscall(SYS_copy_file_range, file, NULL, directory, NULL, 1l, 0));
        ASK(syscall(SYS_copy_file_range, end[0], NULL, file, NULL, 1l, 0));
        ASK(syscall(SYS_copy_file_range, file, NULL, end[1], NULL, 1l, 0));
        ASK(syscall(SYS_copy_file_range, any, NULL, file, NULL, 1l, 0));
        ASK(syscall(SYS_copy_file_range, file, NULL, file, NULL, 1l, 1));
        at = 0;
        ASK(syscall(SYS_copy_file_range, file, there, file, there, 4l, 0));
        ASK(syscall(SYS_copy_file_range, file, bad, file, there, 4l, 0));
        ASK(syscall(SYS_copy_file_range, file, NULL, file, NULL, 0l, 0));
}

int main(void)
{
        setvbuf(stdout, NULL, _IOLBF, 0);
        mkdir("/tmp/refused", 0755);
        chdir("/tmp/refused");
        prepare();
        opens();
        descriptors();
        moves();
        moves_at();
        sizes();
        transfers();
        return 0;
}
