/* SPDX-License-Identifier: BSD-2-Clause */
/* All steps from a description to a laid-out system. */
#include "tools/microkit/microkit.h"

bool build_system(struct build *b, const char *text, uint64_t size)
{
        struct element *root;

        b->text = text;
        b->text_size = size;
        if (setjmp(b->stop) != 0)
                return false;
        if (b->board.cores == 0)
                board_read(b);
        root = xml_read(b, text, size);
        if (root == NULL)
                return false;
        system_read(b, root);
        system_check(b);
        if (b->errors > 0)
                return false;
        programs_load(b);
        if (b->errors > 0)
                return false;
        system_lay_out(b);
        return b->errors == 0;
}
