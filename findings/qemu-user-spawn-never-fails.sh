#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# QEMU 7.2 (Debian bookworm, qemu-user-static 1:7.2+dfsg-7+deb12u18+b3): posix_spawn of a program that does not exist succeeds.
#
# glibc makes the child in the parent's memory (CLONE_VM with CLONE_VFORK), and the child leaves there why exec failed.  The emulator of
# programs copies the parent instead, so that word never arrives: posix_spawn answers 0, and a child ends with status 127.  Code that
# falls back on another program when posix_spawn fails cannot be tried in it.
# Seen: "spawn 0, then a child with status 127"; Linux answers 2 (ENOENT) and leaves no child.
# Exit status: 0 as seen, 1 it behaves otherwise now, 2 it could not be tried.
set -u
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
(cd "$folder" && apt-get -qq download qemu-user-static=1:7.2+dfsg-7+deb12u18+b3 && dpkg -x *.deb .) || exit 2
QEMU=$folder/usr/bin/qemu-aarch64-static
command -v aarch64-linux-gnu-gcc >/dev/null || { echo "gcc-aarch64-linux-gnu is missing"; exit 2; }
cat >"$folder/program.c" <<'END'
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>

int main(void)
{
        char *words[] = {"missing", NULL};
        int status = 0, error;
        pid_t pid;

        error = posix_spawn(&pid, "/missing", NULL, NULL, words, words + 1);
        if (error)
                printf("spawn %d\n", error);
        else if (waitpid(pid, &status, 0) == pid)
                printf("spawn 0, then a child with status %d\n", WEXITSTATUS(status));
        return 0;
}
END
aarch64-linux-gnu-gcc -static "$folder/program.c" -o "$folder/program" && gcc "$folder/program.c" -o "$folder/native" || exit 2
out=$("$QEMU" "$folder/program")
"$QEMU" --version | head -n 1
echo "in the emulator: $out"
echo "on this kernel:  $("$folder/native")"
[ "$out" = "spawn 0, then a child with status 127" ]
