/* SPDX-License-Identifier: BSD-2-Clause */
/* How programs begin: arguments and environment of any number and up to 128 KiB, what the auxiliary vector says, scripts, and threads
 * of a position-independent program.  start SELF: how this program is started; with other words it is one that was started. */
#define _GNU_SOURCE
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;
static int data = 42, *pointer = &data, empty[3000];

static int count(char **strings)
{
        int n = 0;

        while (strings[n])
                n++;
        return n;
}

static long bytes(char **strings)
{
        long n = 0;

        for (; *strings; strings++)
                n += (long)strlen(*strings) + 1;
        return n;
}

/* Started: what has come. */
static int told(int argc, char **argv)
{
        printf("%d arguments, %ld bytes, the last %.10s; %d variables, %ld bytes\n", argc - 2,
               bytes(argv + 2), argv[argc - 1], count(environ), bytes(environ));
        printf("stack %s, argv %s\n", (uintptr_t)__builtin_frame_address(0) % 16 ? "odd" : "even",
               argv[argc] ? "open" : "ends");
        return 0;
}

static void start(const char *what, char *program, char **argv, char **variables)
{
        int status = 0;
        pid_t child;

        fflush(stdout);
        child = fork();
        if (child == 0) {
                execve(program, argv, variables);
                printf("%s: error %d\n", what, errno);
                fflush(stdout);
                _exit(1);
        }
        waitpid(child, &status, 0);
        printf("%s: status %d\n", what, status);
}

/* `n` arguments and variables of `size` bytes each. */
static void start_with(const char *what, char *self, int n, int size)
{
        char **argv = calloc((size_t)n + 3, sizeof(*argv)),
             **variables = calloc((size_t)n + 1, sizeof(*variables));

        argv[0] = self;
        argv[1] = (char *)"told";
        for (int i = 0; i < n; i++) {
                argv[2 + i] = malloc((size_t)size);
                memset(argv[2 + i], 'a' + i % 26, (size_t)size - 1);
                argv[2 + i][size - 1] = '\0';
                variables[i] = argv[2 + i];
        }
        start(what, self, argv, variables);
}

static void file(const char *path, const char *text, mode_t mode)
{
        int fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, mode);

        if (fd < 0 || write(fd, text, strlen(text)) != (ssize_t)strlen(text))
                printf("%s: error %d\n", path, errno);
        close(fd);
}

static void scripts(char *self)
{
        char *argv[] = {(char *)"zero", (char *)"a b", (char *)"c", NULL}, text[600];

        snprintf(text, sizeof(text), "#!%s script  with one \nrest", self);
        file("/tmp/one", text, 0755);
        start("a script", (char *)"/tmp/one", argv, environ);
        file("/tmp/two", "#! /tmp/one\n", 0755);
        start("a script of a script", (char *)"/tmp/two", argv, environ);
        file("/tmp/loop", "#!/tmp/loop\n", 0755);
        start("a script of itself", (char *)"/tmp/loop", argv, environ);
        file("/tmp/none", "#!/tmp/missing\n", 0755);
        start("a script of nothing", (char *)"/tmp/none", argv, environ);
        start("no file", (char *)"/tmp/missing", argv, environ);
        start("below a file", (char *)"/tmp/one/more", argv, environ);
        file("/tmp/short", "\177ELF", 0755);
        start("a piece of a program", (char *)"/tmp/short", argv, environ);
}

static void *add(void *argument)
{
        return (void *)((long)argument + *pointer);
}

/* Built in any layout, position-independent or not, it finds its own parts. */
static void parts(void)
{
        const ElfW(Phdr) *header = (const void *)getauxval(AT_PHDR);
        long loads = 0, sum = 0;
        pthread_t t;
        void *result;

        for (unsigned long i = 0; header && i < getauxval(AT_PHNUM); i++)
                loads += header[i].p_type == PT_LOAD;
        for (int i = 0; i < 3000; i++)
                sum += empty[i];
        printf("segments %s, page %ld, entry %s, random %s, data %d, zeros %ld\n",
               loads > 0 ? "are there" : "missing", (long)getauxval(AT_PAGESZ),
               getauxval(AT_ENTRY) ? "told" : "missing", getauxval(AT_RANDOM) ? "told" : "missing", *pointer,
               sum);
        pthread_create(&t, NULL, add, (void *)1);
        pthread_join(t, &result);
        printf("a thread %ld\n", (long)result);
}

int main(int argc, char **argv)
{
        if (argc > 1 && !strcmp(argv[1], "told"))
                return told(argc, argv);
        if (argc > 1 && !strncmp(argv[1], "script", 6)) {
                for (int i = 1; i < argc; i++)
                        printf("[%s]", argv[i]);
                printf("\n");
                return 0;
        }
        parts();
        for (int n = 0; n < 10; n++)
                start_with("some", argv[1], n, 4);
        start_with("many", argv[1], 2000, 5);
        start_with("long", argv[1], 1, 100000);
        start_with("all", argv[1], 100, 1300);
        start_with("too many", argv[1], 1000, 130000);
        scripts(argv[1]);
        return 0;
}
