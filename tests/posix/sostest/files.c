/* SPDX-License-Identifier: BSD-2-Clause */
#include "tests/posix/sostest/check.h"

enum { PAGE = 4096, LONGEST = 255, FAR = 0x7fffffff };

static const char text[] = "some text to write";

static void fill(char *to, size_t size, unsigned seed)
{
        for (size_t i = 0; i < size; i++)
                to[i] = (char)(seed + i * 7 + i / 251);
}

/* A transfer of `size` bytes from and to an address that lies across pages. */
static void transfer(size_t size)
{
        static char out[4 * PAGE], in[4 * PAGE];
        int file = sos_open("sos-a", 2);

        fill(out + 100, size, (unsigned)size);
        memset(in, 0, sizeof(in));
        check("write", sos_write(file, out + 100, size) == (int)size);
        check("read at the end", sos_read(file, in, 10) == 0);
        sos_close(file);
        file = sos_open("sos-a", 0);
        check("read", sos_read(file, in + 3000, size) == (int)size);
        check("the same bytes", !memcmp(out + 100, in + 3000, size) && !in[2999] && !in[3000 + size]);
        check("no more of them", sos_read(file, in, sizeof(in)) == 0);
        sos_close(file);
        posix_unlink("sos-a");
}

static void bad_buffers(void)
{
        int file = sos_open("sos-b", 2);

        sos_write(file, text, sizeof(text));
        for (int i = 0; bad_address(i); i++) {
                posix_seek(file, 0, 0);
                check("read to a bad address", sos_read(file, bad_address(i), 10) == -1);
                check("write from a bad address", sos_write(file, bad_address(i), 10) == -1);
                check("open a bad path", sos_open(bad_address(i), 2) == -1);
                check("console from a bad address", sos_write(1, bad_address(i), 10) == -1);
        }
        check("read to what is read only", sos_read(file, (char *)text, 4) == -1);
        check("read to code", sos_read(file, (char *)bad_buffers, 4) == -1);
        sos_close(file);
        posix_unlink("sos-b");
}

static void lengths(void)
{
        int file = sos_open("sos-c", 2);
        char c;

        check("length 0", sos_read(file, &c, 0) == 0 && sos_write(file, &c, 0) == 0);
        check("length 0 nowhere", sos_read(file, NULL, 0) == 0 && sos_write(file, NULL, 0) == 0);
        check("console, length 0", sos_write(1, NULL, 0) == 0);
        for (size_t size = (size_t)FAR + 1; size; size *= 16) {
                check("a length that is too large", sos_read(file, &c, size) == -1);
                check("too large to write", sos_write(file, &c, size) == -1);
                check("too large for the console", sos_write(1, &c, size) == -1);
        }
        check("the largest number", sos_read(file, &c, ~0ul) == -1 && sos_write(file, &c, ~0ul) == -1);
        sos_close(file);
        posix_unlink("sos-c");
}

static void untouched(void)
{
        unsigned long start = (unsigned long)posix_brk(0);
        int file = sos_open("/bin/busybox", 0);

        posix_brk(start + 16 * PAGE);
        check("read into untouched memory", sos_read(file, (char *)start + 10, 10 * PAGE) == 10 * PAGE);
        check("what was read", !memcmp((char *)start + 10, "\177ELF", 4));
        check("write untouched memory", sos_write(1, (char *)start + 12 * PAGE, 0) == 0);
        check("read half into nothing", sos_read(file, (char *)start + 14 * PAGE, 4 * PAGE) == 2 * PAGE);
        sos_close(file);
        posix_brk(start);
}

static void descriptors(void)
{
        int file[PROCESS_MAX_FILES], n = 0;
        char c;

        while (n < PROCESS_MAX_FILES && (file[n] = sos_open("sos-d", 2)) >= 3)
                n++;
        check("16 files", n == PROCESS_MAX_FILES);
        check("one more", sos_open("sos-d", 2) == -1);
        check("close one", sos_close(file[7]) == 0);
        check("and open again", sos_open("sos-d", 2) == file[7]);
        for (int i = 0; i < n; i++)
                check("close", sos_close(file[i]) == 0);
        check("close again", sos_close(file[0]) == -1);
        for (int bad = -1; bad <= 1 << 20; bad += bad < 0 ? 20 : bad * 3) {
                check("read a closed one", sos_read(bad, &c, 1) == -1);
                check("write a closed one", sos_write(bad, &c, 1) == -1);
                check("close a closed one", sos_close(bad) == -1);
        }
        sos_close(1);
        n = sos_open("sos-d", 2);
        check("0 to 2 are not given", n >= 3);
        sos_close(n);
        posix_invoke(24, 2, 1, 0, 0); /* dup3 */
        posix_unlink("sos-d");
}

static void names(void)
{
        char name[LONGEST + 2];
        int file;

        memset(name, 'n', sizeof(name));
        name[LONGEST] = '\0';
        file = sos_open(name, 1);
        check("a name of 255 bytes", file >= 3 && sos_close(file) == 0 && posix_unlink(name) == 0);
        name[LONGEST] = 'n';
        name[LONGEST + 1] = '\0';
        check("one of 256", sos_open(name, 1) == -1);
        check("no name", sos_open("", 2) == -1);
        check("a missing one to read", sos_open("sos-missing", 0) == -1);
        check("a missing directory", sos_open("missing/a", 2) == -1);
        check("a program to write", sos_open("/bin/sostest", 2) == -1);
        check("a directory to write", sos_open("/tmp", 1) == -1);
        check("a bad mode", sos_open("sos-x", 3) == -1);
        file = sos_open("sos-e", 01102);
        check("other flags do not matter", file >= 3);
        check("written", sos_write(file, text, 4) == 4);
        sos_close(file);
        file = sos_open("sos-e", 1);
        check("read what is write only", sos_read(file, name, 1) == -1);
        sos_close(file);
        file = sos_open("sos-e", 0);
        check("write what is read only", sos_write(file, text, 1) == -1);
        check("nothing was cut", sos_read(file, name, 10) == 4);
        sos_close(file);
        posix_unlink("sos-e");
}

static void console(void)
{
        int reader = sos_open("console", 0), writer = sos_open("console", 1), second;

        check("read the console", reader >= 3);
        check("write it", writer >= 3 && sos_write(writer, text, 0) == 0);
        check("any number of writers", (second = sos_open("console", 1)) >= 3);
        sos_close(second);
        check("no second reader", sos_open("console", 0) == -1 && sos_open("console", 2) == -1);
        check("nor in another process",
              (second = start_again("reader")) > 0 && sos_process_wait(second) == second);
        check("the reader cannot write", sos_write(reader, text, 1) == -1);
        sos_close(reader);
        reader = sos_open("console", 2);
        check("a reader after it", reader >= 3);
        sos_close(reader);
        sos_close(writer);
}

void check_files(void)
{
        static const size_t sizes[] = {1, 2, 1000, PAGE - 1, PAGE, PAGE + 1, 3 * PAGE + 7};

        for (unsigned i = 0; i < sizeof(sizes) / sizeof(*sizes); i++)
                transfer(sizes[i]);
        bad_buffers();
        lengths();
        untouched();
        descriptors();
        names();
        console();
}
