/* SPDX-License-Identifier: BSD-2-Clause */
/* Pseudo terminals: a terminal to the programs on it, whose keys and screen belong to whoever holds the master (telnetd, script, a window).
 * Settings, keys and numbers are those of Linux (termios, N_TTY).
 *
 *      master --write--> [ keys: signals, editing, echo ] --> input --read--> slave
 *      master <--read--- output <-- [ newlines ] <--write--- slave
 *
 * A terminal is there from the opening of /dev/ptmx until both sides are closed; its name, /dev/pts/N, goes with the master.  The sender of
 * signals fetches them from here (pty_signal), because this floor does not know processes.
 * Limits: PTYS; a line that is edited has up to PTY_LINE bytes, further ones ring the bell; what was typed ahead up to PIPE_SIZE.  Who may
 * use a terminal, and how long a read waits for how many bytes, is in calls/linux/files/ptys.c.
 */
#pragma once

#include "os/files/file.h"

enum { PTYS = 16, PTY_LINE = 4095, PTY_STEP = 256, PTY_STOPS = 16, PTY_SIGNALS = 4 };

/* As programs know it. */
struct pty_settings {
        uint32_t input, output, control, local;
        uint8_t discipline, key[19];
};

struct pty {
        struct pipe *in, *out;    /* NULL: free */
        frame_id line;            /* what is edited, */
        uint16_t length;          /* so many bytes */
        uint32_t stop[PTY_STOPS]; /* bytes of the input until a read ends though no line does (Ctrl-D), */
        uint8_t stops;            /* so many */
        uint16_t masters, slaves;
        bool locked;             /* as long as its master has not said otherwise */
        bool came;               /* there was a slave */
        bool halted;             /* Ctrl-S, or by a program: then `held` as well, and no key lets it go on */
        bool held, holds_typing; /* (TCXONC); of the master, what is typed */
        bool packets;            /* a byte in front of what the master reads says what that is (TIOCPKT), */
        uint8_t news;            /* and these have not been told: PTY_FLUSHED_INPUT and so on */
        struct pty_settings settings,
                fixed;      /* no bit that is set in `fixed` can be changed (TIOCSLCKTRMIOS) */
        uint16_t size[4];   /* rows, columns, and in pixels */
        int session, group; /* whose terminal it is, and who gets its signals; 0: nobody */
        uint8_t signal[PTY_SIGNALS], signals; /* to be sent to the group, */
        bool hangs_up;                        /* and SIGHUP to the session besides */
        struct node *node;
};

/* What a master with packets is told, as Linux numbers it. */
enum pty_news {
        PTY_FLUSHED_INPUT = 1,
        PTY_FLUSHED_OUTPUT = 2,
        PTY_HALTS = 4,
        PTY_GOES_ON = 8,
        PTY_OTHER_FLOW = 16,
        PTY_USUAL_FLOW = 32,
        PTY_SETTINGS = 64
};

/* Open a side: a new terminal for /dev/ptmx (NULL: there are too many, or no memory); of a slave: 0 or -SOS_EIO. */
struct pty *pty_make(void);
long pty_open_slave(struct node *n, struct pty **found);
void pty_close(struct pty *p, bool master);

/* Move bytes, as file_read and file_write say it. */
long pty_read(struct pty *p, bool master, char *to, size_t size);
long pty_write(struct pty *p, bool master, const char *from, size_t size);
bool pty_ready(const struct pty *p, bool master, bool write);
bool pty_alone(const struct pty *p, bool master);
struct wait_queue *pty_queue(struct pty *p, bool master, bool write);

/* Other settings; with `flush` what was typed and not read is forgotten. */
void pty_set(struct pty *p, const struct pty_settings *wanted, bool flush);
void pty_flush(struct pty *p, bool in, bool out);
void pty_tell(struct pty *p, unsigned news, unsigned instead_of);

/* A side's output is held, or no more; it says that the other one is to stop or to go on. */
void pty_hold(struct pty *p, bool master, bool on);
void pty_ask_flow(struct pty *p, bool master, bool stop);

/* Take a typed byte; false: there is no room, it must be offered again. */
bool pty_key(struct pty *p, char c);

/* The master reads packets from now on, or no more; it asks for a signal to the group. */
void pty_set_packets(struct pty *p, bool on);
void pty_ask_signal(struct pty *p, int signal);

/* Bytes that a read of the slave waits for (0: it does not wait for the first one), and tenths of a second; `lines`: for a line instead. */
struct pty_waiting {
        bool lines;
        uint8_t least, tenths;
};
struct pty_waiting pty_waiting(const struct pty *p);
void pty_resize(struct pty *p, const uint16_t size[4]);
uint32_t pty_there(const struct pty *p, bool master); /* bytes that a read would give */

/* The terminal of a session, NULL: none of these; its number is that of its node. */
struct pty *pty_of_session(int session);
static inline unsigned pty_number(const struct pty *p)
{
        return (unsigned)p->node->number;
}

/* A session ends: its terminal may become another one's; a number, of the group that had it, or 0. */
int pty_session_ends(int session);

/* A signal to be sent; false: none is left.  `session`: to the first process of that session, else to the group. */
extern bool pty_signals_wait;
bool pty_signal(int *signal, int *group, int *session);
