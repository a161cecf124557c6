/* SPDX-License-Identifier: BSD-2-Clause */
/* What Linux's calls for requests (io_submit and its kin) take and give: the C libraries have no header for it. */
#pragma once

#include <stdint.h>

typedef unsigned long aio_context_t;
enum {
        IOCB_CMD_PREAD,
        IOCB_CMD_PWRITE,
        IOCB_CMD_FSYNC,
        IOCB_CMD_PREADV = 7,
        IOCB_CMD_PWRITEV,
        IOCB_FLAG_RESFD = 1,
        IOCB_FLAG_IOPRIO = 2
};

struct iocb {
        uint64_t aio_data;
        uint32_t aio_key, aio_rw_flags;
        uint16_t aio_lio_opcode, aio_reqprio;
        uint32_t aio_fildes;
        uint64_t aio_buf, aio_nbytes, aio_offset, aio_reserved2;
        uint32_t aio_flags, aio_resfd;
};

struct io_event {
        uint64_t data, obj;
        int64_t res, res2;
};
