/* SPDX-License-Identifier: BSD-2-Clause */
/* The application interface of the starter OS: what a native program can ask for.
 *
 * All functions are calls on the server's endpoint in slot 1.  Failure is -1 unless said otherwise; a bad address is a
 * failure, never a fault.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#if __has_include(<sel4/sel4.h>)
#include <sel4/sel4.h> /* as the course's has it; a Linux program that uses this header need not have the API */
#endif

#define SOS_IPC_EP_CAP    1
#define TIMER_IPC_EP_CAP  2
#define PROCESS_MAX_FILES 16
#define MAX_IO_BUF        0x1000
#define N_NAME            32

#define FM_EXEC  1
#define FM_WRITE 2
#define FM_READ  4
typedef int fmode_t;

#define ST_FILE    1
#define ST_SPECIAL 2
typedef int st_type_t;

typedef struct {
        st_type_t st_type;
        fmode_t st_fmode;
        unsigned st_size; /* bytes */
        long st_ctime;    /* ms since 1970, where the machine has a clock that knows; else since boot */
        long st_atime;    /* the same date */
} sos_stat_t;

typedef int pid_t;

typedef struct {
        pid_t pid;
        unsigned size;  /* pages */
        unsigned stime; /* ms since boot */
        char command[N_NAME];
} sos_process_t;

/* A descriptor, at least 3; `mode` is O_RDONLY 0, O_WRONLY 1 or O_RDWR 2.  A missing file is created if `mode` allows writing.
 * PROCESS_MAX_FILES can be open.  The path "console" is the terminal: any number of writers, but one reader. */
int sos_open(const char *path, fmode_t mode);
int sos_close(int file);

/* Bytes; 0 at the end of a file.  The console gives a line at a time; 1 and 2 are the console without being opened. */
int sos_read(int file, char *buf, size_t nbyte);
int sos_write(int file, const char *buf, size_t nbyte);

/* The name of entry `pos` of the root directory, cut to fit and with a NUL: its length; 0 just behind the last entry, -1 beyond that. */
int sos_getdirent(int pos, char *name, size_t nbyte);
int sos_stat(const char *path, sos_stat_t *buf);

pid_t sos_process_create(const char *path);
int sos_process_delete(pid_t pid);
pid_t sos_my_id(void);

/* Fills up to `max` records; how many there were. */
int sos_process_status(sos_process_t *processes, unsigned max);

/* Until that process, or for -1 any child, exits; its id.  -1 when there is none, or it is the caller. */
pid_t sos_process_wait(pid_t pid);

/* Microseconds since boot; sleep at least that long. */
int64_t sos_time_stamp(void);
void sos_usleep(int usec);

/* Share whole pages of ordinary memory (a static array, not heap or stack) with all who declare the same range; the content
 * is that of the first.  Each may write as long as all others have declared it writable.  0 or -1. */
int sos_share_vm(void *adr, size_t size, int writable);
