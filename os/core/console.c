/* SPDX-License-Identifier: BSD-2-Clause */
/* See console.h. */
#include "os/core/console.h"
#include "base/text.h"
#include "line/line.h"
#include "os/core/pace.h"
#include "sos/proto.h"

enum { RING = 4096, CTRL_C = 3, CTRL_D = 4 };

static struct {
        void (*shows)(const char *text, size_t length);
        size_t (*typed)(char *to, size_t size);
        bool (*has_room)(void);
        void (*on_key)(void);
        bool terminal;
        struct wait_queue input, output;
        struct line line;
        bool editing, shown; /* the line has begun; it is on the terminal */
        bool cut;            /* a piece was over before the keys were */
        bool full;           /* somebody was told that there is no room, and nobody that there is again */
        bool completes;      /* the reader completes words */
        bool reader;         /* the shell waits for a line */
        bool raw;            /* no lines, no echo: characters as they come */
        char row[LINE_PROMPT_MAX];
        size_t row_length; /* what was written behind the last newline: the prompt of a reader */
        char ring[RING];
        size_t head, tail;     /* free-running: [head, tail) waits to be read */
        enum line_event event; /* of the editing, for whoever reads next; LINE_MORE: none */
        char done[LINE_LENGTH_MAX + 1];
        size_t done_at, done_size; /* what is left of the last line */
} console;

void console_init(void (*put)(const char *text, size_t length), size_t (*get)(char *to, size_t size),
                  bool (*room)(void))
{
        console.shows = put;
        console.typed = get;
        console.has_room = room;
}

void console_begin(void (*on_key)(void), bool terminal)
{
        console.on_key = on_key;
        console.terminal = terminal;
}

/* --- output --- */

static void show_echo(void)
{
        if (console.line.echo_length > 0)
                console.shows(console.line.echo, console.line.echo_length);
        console.line.echo_length = 0;
}

/* Text of programs; the end of it that fits, behind its last newline, may be the prompt of what is read next. */
static void put_output(const char *text, size_t length)
{
        size_t start = length > LINE_PROMPT_MAX ? length - LINE_PROMPT_MAX : 0;

        console.shows(text, length);
        for (size_t i = start; i < length; i++) {
                if (console.row_length == LINE_PROMPT_MAX)
                        memmove(console.row, console.row + 1, --console.row_length);
                console.row[console.row_length++] = text[i];
                if (text[i] == '\n')
                        console.row_length = 0;
        }
}

/* A line begins behind what was written last, or goes on there after it was taken off the terminal. */
static void begin_line(void)
{
        if (!console.editing || console.row_length > 0)
                line_prompt(&console.line, console.row, console.row_length);
        console.row_length = 0;
        if (!console.editing) {
                line_start(&console.line);
                if (console.terminal)
                        line_ask_size(&console.line);
        } else if (!console.shown) {
                line_show(&console.line);
        }
        console.editing = console.shown = true;
        show_echo();
}

static bool awaited(void)
{
        return console.reader || wait_first(&console.input);
}

/* While a line is being edited it gives way, and stands below afterwards. */
void console_write(const char *text, seL4_Word size)
{
        bool waits = awaited();

        if (!console.editing || console.raw || (waits && console.line.columns == 0)) {
                put_output(text, size);
                return;
        }
        if (console.shown)
                line_hide(&console.line);
        show_echo();
        console.shown = false;
        put_output(text, size);
        if (!waits)
                return;
        if (console.row_length > 0)
                put_output("\n", 1);
        begin_line();
}

bool console_has_room(void)
{
        bool room = console.has_room();

        console.full |= !room;
        return room;
}

/* --- input --- */

static bool waits_here(void)
{
        return console.head != console.tail;
}

/* Move what the driver has into the ring, in one piece or two: how much it was. */
static size_t pull(void)
{
        size_t n = 0, want = 0, tail = console.tail;

        do {
                size_t at = console.tail % RING, room = RING - (console.tail - console.head);

                want = room < RING - at ? room : RING - at;
                n = want > 0 ? console.typed(console.ring + at, want) : 0;
                console.tail += n;
        } while (n > 0 && n == want);
        return console.tail - tail;
}

/* Is there a key?  What the driver has counts: who has read all that was here goes on with that. */
static bool key_waits(void)
{
        if (!waits_here())
                pull();
        return waits_here();
}

static char next_key(void)
{
        return console.ring[console.head++ % RING];
}

/* One key that waits in the ring. */
static enum line_event edit_key(void)
{
        enum line_event event = line_put(&console.line, next_key());

        if (event == LINE_TAB && !console.completes) {
                line_bell(&console.line);
                event = LINE_MORE;
        }
        if (event == LINE_END)
                line_ask_size(&console.line);
        show_echo();
        return event;
}

/* Edit with what waits in the ring, for a piece. */
static enum line_event edit(void)
{
        enum line_event event = LINE_MORE;

        if (!console.editing || !console.shown)
                begin_line();
        console.cut = false;
        while (event == LINE_MORE && !console.cut && key_waits()) {
                event = edit_key();
                console.cut = event == LINE_MORE && pace_is_over();
        }
        if (event == LINE_DONE) {
                console.done_at = 0;
                console.done_size = console.line.length + 1;
                memcpy(console.done, console.line.text, console.line.length);
                console.done[console.line.length] = '\n';
        }
        if (event != LINE_MORE && event != LINE_TAB) {
                line_start(&console.line);
                console.editing = false;
        }
        return event;
}

/* A line, or another end of one, for whoever reads next. */
static bool is_done(void)
{
        return console.event != LINE_MORE || console.done_at < console.done_size;
}

/* For somebody who reads, or asks whether he could: true when he can. */
static bool line_is_ready(void)
{
        if (!is_done())
                console.event = edit();
        return is_done();
}

static long take_done(char *to, size_t size)
{
        size_t n = console.done_size - console.done_at;

        n = n < size ? n : size;
        memcpy(to, console.done + console.done_at, n);
        console.done_at += n;
        return (long)n;
}

/* What stands before the cursor, for somebody who can complete it. */
static long take_word(char *to, size_t size)
{
        size_t n = console.line.cursor < size ? console.line.cursor : size;

        memcpy(to, console.line.text, n);
        return (long)(SERIAL_TAB + n);
}

static long take_line(char *to, size_t size)
{
        enum line_event event;

        if (!line_is_ready())
                return CONSOLE_EMPTY;
        event = console.event;
        console.event = LINE_MORE;
        switch (event) {
        case LINE_TAB:
                return console.completes ? take_word(to, size) : CONSOLE_EMPTY;
        case LINE_END:
                return 0;
        case LINE_CANCELLED:
                return -SOS_EINTR;
        default:
                return take_done(to, size);
        }
}

/* First what was a line before. */
static long take_keys(char *to, size_t size)
{
        size_t n = (size_t)take_done(to, size);

        while (n < size && key_waits())
                to[n++] = next_key();
        return n > 0 ? (long)n : CONSOLE_EMPTY;
}

long console_take(char *to, seL4_Word size)
{
        if (size == 0)
                return 0;
        if (console.raw)
                return take_keys(to, size);
        if (!console.reader)
                console.completes = false;
        return take_line(to, size);
}

long console_read(char *to, seL4_Word size, bool completes)
{
        long result;

        console.completes = completes;
        result = take_line(to, size);
        console.reader = result == CONSOLE_EMPTY;
        return result;
}

void console_insert(const char *text, size_t length)
{
        if (!console.editing || console.reader)
                return;
        if (!console.shown)
                begin_line();
        line_insert(&console.line, text, length);
        show_echo();
}

bool console_ready(void)
{
        if (console.raw)
                return is_done() || key_waits();
        if (!console.reader)
                console.completes = false;
        return is_done() || (key_waits() && line_is_ready());
}

struct wait_queue *console_queue(bool write)
{
        return write ? &console.output : &console.input;
}

/* --- what comes in --- */

/* While a program runs, Ctrl-C is for it, and what was typed before is forgotten. */
static void find_interrupt(void)
{
        bool found = false;

        for (size_t i = console.head; i != console.tail; i++) {
                if (console.ring[i % RING] != CTRL_C)
                        continue;
                console.head = i + 1;
                found = true;
        }
        if (!found)
                return;
        put_output("^C\n", 3);
        console.on_key();
}

/* Those who wait are woken for characters in raw mode, else for a whole line: keys are echoed without them.  That there is room, or are
 * keys, is news even when nobody waits: who asked may look only later whether there were any. */
void console_hear(void)
{
        bool came = console.cut;

        console.cut = false;
        if (console.full && console_has_room()) {
                console.full = false;
                wait_wake(&console.output);
        }
        came = pull() > 0 || came;
        if (!console.reader && !console.raw)
                find_interrupt();
        if (waits_here() && (awaited() ? console.raw || line_is_ready() : came))
                wait_wake(&console.input);
}

bool console_has_keys(void)
{
        return console.cut;
}

/* A line that is not whole is characters again, as it has been edited so far, and an end of input that nobody has read is its key.  What
 * is being edited began when no other line was left. */
static void give_line_back(void)
{
        if (console.editing) {
                memcpy(console.done, console.line.text, console.line.length);
                console.done_at = 0;
                console.done_size = console.line.length;
        }
        if (console.event == LINE_END && console.done_at == console.done_size) {
                console.done[0] = CTRL_D;
                console.done_at = 0;
                console.done_size = 1;
        }
        line_start(&console.line);
        console.editing = console.shown = false;
        console.event = LINE_MORE;
}

void console_raw(bool on)
{
        if (on && !console.raw && !console.reader)
                give_line_back();
        console.raw = on;
        wait_wake(&console.input);
}

bool console_is_raw(void)
{
        return console.raw;
}

/* Bytes of the terminal's answer to the question for its size, when that is what waits first. */
static size_t answer_waits(void)
{
        size_t i = console.head;

        for (const char *c = "\033["; *c; c++, i++) {
                if (i == console.tail || console.ring[i % RING] != *c)
                        return 0;
        }
        while (i != console.tail && strchr("0123456789;", console.ring[i % RING]))
                i++;
        return i != console.tail && console.ring[i % RING] == 'R' ? i + 1 - console.head : 0;
}

unsigned console_size(void)
{
        for (size_t n = answer_waits(); n > 0; n--)
                line_put(&console.line, next_key());
        show_echo();
        return console.line.rows << 16 | console.line.columns;
}
