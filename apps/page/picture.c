/* SPDX-License-Identifier: BSD-2-Clause */
/* See picture.h.  One is there at a time, as the page serves one connection at a time. */
#include "apps/page/picture.h"
#include "base/text.h"
#include "sos/posix.h"
#include "sos/sos_calls.h"

#define FILE_OF_IT "/tmp/page.svg"

enum { PRIORITY = 50, SLICE_US = 10000 };

static const struct {
        const char *name, *command;
} pictures[] = {
        {"tree", "dump -s tree >" FILE_OF_IT},
        {"talk", "dump -s talk >" FILE_OF_IT},
        {"memory", "dump -s memory >" FILE_OF_IT},
};

static void run(const char *command)
{
        static const char option[] = "-c";
        struct sos_spawn s = {.name = "sh",
                              .program = "sh",
                              .priority = PRIORITY,
                              .budget_us = SLICE_US,
                              .period_us = SLICE_US};
        int status = 0;
        long pid;

        memcpy(s.arguments, option, sizeof(option));
        memcpy(s.arguments + sizeof(option), command, strlen(command) + 1);
        s.argument_bytes = sizeof(option) + strlen(command) + 1;
        pid = sos_spawn(&s);
        if (pid < 0 || posix_wait(pid, &status) < 0 || status != 0)
                picture_forget();
}

const char *picture_draw(const char *name)
{
        for (unsigned i = 0; i < sizeof(pictures) / sizeof(*pictures); i++) {
                if (strcmp(name, pictures[i].name) != 0)
                        continue;
                run(pictures[i].command);
                return FILE_OF_IT;
        }
        return NULL;
}

void picture_forget(void)
{
        posix_unlink(FILE_OF_IT);
}
