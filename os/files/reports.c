/* SPDX-License-Identifier: BSD-2-Clause */
/* Reading files whose text is made when it is read (NODE_REPORT); see file.h. */
#include "base/text.h"
#include "os/core/trace.h"
#include "os/files/file.h"
#include "os/server/proc.h"
#include "os/server/report.h"

enum { REPORT_BYTES = 256 << 10 };

/* The text is made at the beginning of the file, and again when somebody else has read one meanwhile: what is read in pieces fits
 * together, though things change. */
static long read_report(struct file *f, char *to, size_t size)
{
        static char text[REPORT_BYTES];
        static const struct file *of;
        static size_t length;

        if (f->offset == 0 || of != f) {
                if (!proc_count_some(f->node, &f->text_place))
                        return FILE_GOES_ON;
                f->text_place = 0;
                length = f->node->report < REPORTS
                                 ? report_make((enum sos_report)f->node->report, text, sizeof(text))
                                 : proc_text(f->node, text, sizeof(text));
        }
        of = f;
        if (f->offset >= length)
                return 0;
        if (size > length - f->offset)
                size = length - f->offset;
        memcpy(to, text + f->offset, size);
        return (long)size;
}

long file_read_report(struct file *f, void *to, size_t size)
{
        switch (f->node->report) {
        case REPORT_TRACE_MEMORY:
                return (long)trace_read(f->offset, to, size);
        case REPORT_DUMP:
                return report_dump(f, f->offset, to, size);
        case PROC_QUEUES:
        case PROC_SEMAPHORES:
        case PROC_SEGMENTS:
        case PROC_PROCESS_MAPS:
        case PROC_PROCESS_SMAPS:
        case PROC_PROCESS_SMAPS_ROLLUP:
                return proc_parts(f, to, size);
        default:
                return read_report(f, to, size);
        }
}
