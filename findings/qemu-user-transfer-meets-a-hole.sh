#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# QEMU 7.2 (Debian bookworm, qemu-user-static 1:7.2+dfsg-7+deb12u18+b3): a transfer that meets a hole in memory moves nothing.
#
# Linux moves the bytes up to the page that is not there and answers their number; EFAULT comes only if there are none.  The emulator of
# programs looks at the whole range first and answers EFAULT, for read and for write.  A program whose loop goes by that number works on
# Linux and stops here, and a test that compares the two takes the wrong one for the truth.
# Seen: "write -1 error 14, read -1 error 14"; an arm64 Linux answers 4096 twice (as does the host's, if this is compiled for it).
# Exit status: 0 as seen, 1 it behaves otherwise now, 2 it could not be tried.
set -u
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
(cd "$folder" && apt-get -qq download qemu-user-static=1:7.2+dfsg-7+deb12u18+b3 && dpkg -x *.deb .) || exit 2
QEMU=$folder/usr/bin/qemu-aarch64-static
command -v aarch64-linux-gnu-gcc >/dev/null || { echo "gcc-aarch64-linux-gnu is missing"; exit 2; }
cat >"$folder/program.c" <<'END'
#include <errno.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

int main(void)
{
        long page = sysconf(_SC_PAGESIZE), written, got;
        char *memory = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        FILE *file = tmpfile();
        int error;

        munmap(memory + page, page);
        ftruncate(fileno(file), 2 * page);
        errno = 0;
        written = pwrite(fileno(file), memory, 2 * page, 0);
        error = errno;
        errno = 0;
        got = pread(fileno(file), memory, 2 * page, 0);
        printf("write %ld error %d, read %ld error %d\n", written, error, got, errno);
        return 0;
}
END
aarch64-linux-gnu-gcc -w -static "$folder/program.c" -o "$folder/program" && gcc -w "$folder/program.c" -o "$folder/native" || exit 2
out=$("$QEMU" "$folder/program")
"$QEMU" --version | head -n 1
echo "in the emulator: $out"
echo "on this kernel:  $("$folder/native")"
[ "$out" = "write -1 error 14, read -1 error 14" ]
