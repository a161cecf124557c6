/* SPDX-License-Identifier: BSD-2-Clause */
/* The line editor in front of a terminal: after each key the screen shows prompt and text, blank cells behind them, and the cursor where
 * it belongs; text and cursor are those of a simple model of the keys. */
#include "line/line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lib/test.h"
#include "tests/line/model.h"
#include "tests/line/screen.h"

enum { RUNS = 60, KEYS = 1500, ROWS = 50 };

static struct line l;
static struct screen screen;
static char sent[8 * LINE_ECHO_MAX]; /* everything since `open` that is kept, for terminals without a size */
static size_t sent_length;
static size_t first_row; /* of the prompt; it never moves down */

static void show(void)
{
        CHECK(l.echo_length < LINE_ECHO_MAX);
        screen_put(&screen, l.echo, l.echo_length);
        if (sent_length + l.echo_length < sizeof(sent)) {
                memcpy(sent + sent_length, l.echo, l.echo_length);
                sent_length += l.echo_length;
        }
        l.echo_length = 0;
}

static enum line_event put(char c)
{
        enum line_event event = line_put(&l, c);

        show();
        return event;
}

/* The event of the last character. */
static enum line_event type(const char *text)
{
        enum line_event event = LINE_MORE;

        for (; *text; text++)
                event = put(*text);
        return event;
}

static void answer(void)
{
        char text[SCREEN_ANSWER_MAX];

        memcpy(text, screen.answer, sizeof(text));
        screen.answer[0] = '\0';
        type(text);
}

static void begin(const char *prompt)
{
        screen_put(&screen, prompt, strlen(prompt));
        line_prompt(&l, prompt, strlen(prompt));
        line_start(&l);
        first_row = SCREEN_ROWS_MAX;
}

static void open(unsigned rows, unsigned columns, const char *prompt, bool sized)
{
        memset(&l, 0, sizeof(l));
        sent_length = 0;
        screen_open(&screen, rows, columns);
        begin(prompt);
        if (!sized)
                return;
        line_ask_size(&l);
        show();
        answer();
        CHECK_EQUAL(l.columns, columns);
        CHECK_EQUAL(l.rows, rows);
}

/* One cell per character of `text`. */
static size_t cells(char *to, const char *text, size_t length)
{
        size_t n = 0;

        for (size_t i = 0; i < length; i++) {
                if (((unsigned char)text[i] & 0xc0) != 0x80)
                        to[n++] = text[i];
        }
        return n;
}

static void is_shown(const char *prompt)
{
        char want[2 * LINE_LENGTH_MAX];
        size_t before = cells(want, prompt, strlen(prompt));
        size_t at = before + cells(want + before, l.text, l.cursor);
        size_t length = before + cells(want + before, l.text, l.length), first;

        CHECK_EQUAL(screen.column, at % screen.columns);
        CHECK(!screen.waits);
        CHECK(screen.row >= at / screen.columns);
        first = screen.row - at / screen.columns;
        CHECK(first <= first_row);
        first_row = first;
        first *= screen.columns;
        for (size_t i = 0; first + i < screen.rows * screen.columns; i++) {
                size_t cell = first + i;
                char seen = screen.cell[cell / screen.columns][cell % screen.columns];

                if (seen != (i < length ? want[i] : ' '))
                        test_fail(__FILE__, __LINE__, "cell %zu is '%c', text '%s'", i, seen, l.text);
        }
}

static void is_model(void)
{
        CHECK_EQUAL(l.cursor, model.cursor);
        CHECK(!strcmp(l.text, model.text));
        CHECK_EQUAL(l.length, strlen(model.text));
}

static const char *const keys[] = {
        "a",         "b",       "c",        " ",
        " ",         "word",    "\303\244", "\342\202\254",
        "\b",        "\177",    "\001",     "\002",
        "\005",      "\006",    "\013",     "\025",
        "\027",      "\031",    "\033[A",   "\033[B",
        "\033[C",    "\033[D",  "\033[H",   "\033[F",
        "\033OH",    "\033OF",  "\020",     "\016",
        "\033[3~",   "\033[1~", "\033[4~",  "\033[1;5C",
        "\033[1;5D", "\033b",   "\033f",    "\033d",
        "\033\177",  "\n",      "\033[5~",  "0123456789abcdefghijklmnopqrstuvwxyz",
        "\004",      "\003",    "\014",
};

static void key(const char *prompt)
{
        const char *k = keys[(unsigned)rand() % (sizeof(keys) / sizeof(*keys))];
        enum line_event event;

        if (*k == '\004' && l.length == 0)
                k = "x";
        event = type(k);
        answer();
        CHECK_EQUAL(event, model_key(k));
        if (event != LINE_MORE) {
                begin(prompt);
                model_start();
        }
}

static void background(const char *prompt)
{
        char text[64];
        int length = snprintf(text, sizeof(text), "%.*s\n", rand() % 50,
                              "something else was written here, a long line of it");

        line_hide(&l);
        show();
        screen_put(&screen, text, (size_t)length);
        line_show(&l);
        show();
        first_row = SCREEN_ROWS_MAX;
        is_shown(prompt);
}

static void random_keys(void)
{
        static const char *const prompts[] = {"$ ", "", "a longer prompt of some words > ",
                                              "12345678901234567890"};

        for (unsigned run = 0; run < RUNS; run++) {
                const char *prompt = prompts[run % 4];

                srand(run);
                model_open();
                open(ROWS, 20 + (unsigned)rand() % 100, prompt, true);
                for (unsigned i = 0; i < KEYS; i++) {
                        key(prompt);
                        is_model();
                        is_shown(prompt);
                        if (rand() % 16 == 0)
                                background(prompt);
                }
        }
}

static void plain(void)
{
        open(24, 80, "$ ", false);
        CHECK_EQUAL(type("abc\b\177\n"), LINE_DONE);
        CHECK_EQUAL(sent_length, strlen("abc\b \b\b \b\n"));
        CHECK(!memcmp(sent, "abc\b \b\b \b\n", sent_length));
        CHECK(!strcmp(l.text, "a"));
        line_hide(&l);
        CHECK_EQUAL(l.echo_length, 0);
        line_show(&l);
        show();
        is_shown("$ ");
}

static void unsized(void)
{
        open(24, 80, "$ ", false);
        type("hello\033[D\033[Dxy");
        CHECK(!strcmp(l.text, "helxylo"));
        is_shown("$ ");
        type("\001z\013");
        CHECK(!strcmp(l.text, "z"));
        is_shown("$ ");
        CHECK(strchr(screen.answer, 'R') && !strchr(strchr(screen.answer, 'R') + 1, 'R'));
        answer();
        CHECK_EQUAL(l.columns, 80);
        is_shown("$ ");
}

static void late_size(void)
{
        for (unsigned length = 1; length < 100; length++) {
                open(40, 30, "$ ", false);
                for (unsigned i = 0; i < length; i++)
                        put('x');
                put('\t');
                answer();
                is_shown("$ ");
                type("\002\002yy");
                is_shown("$ ");
        }
}

static void small(void)
{
        open(24, 80, "$ ", false);
        type("\033[5;10R");
        CHECK_EQUAL(l.columns, 0);
        type("\033[99999999999;99999999999R");
        CHECK_EQUAL(l.columns, 10000);
}

static void search(void)
{
        open(ROWS, 60, "$ ", true);
        CHECK_EQUAL(type("first line\n"), LINE_DONE);
        begin("$ ");
        CHECK_EQUAL(type("second\n"), LINE_DONE);
        begin("$ ");
        CHECK_EQUAL(type("third line\n"), LINE_DONE);
        begin("$ ");
        type("mine\022");
        is_shown("$ (search `') ");
        type("ine");
        is_shown("$ (search `ine') ");
        CHECK(!strcmp(l.text, "third line"));
        type("\022");
        CHECK(!strcmp(l.text, "first line"));
        type("\022");
        CHECK(!strcmp(l.text, "first line"));
        type("x");
        is_shown("$ (search `inex', none) ");
        type("\b\033[D");
        CHECK(!strcmp(l.text, "third line"));
        CHECK_EQUAL(l.cursor, strlen("third lin"));
        is_shown("$ ");
        type("\022sec\007");
        CHECK(!strcmp(l.text, "third line"));
        is_shown("$ ");
        CHECK_EQUAL(type("\022sec\n"), LINE_DONE);
        CHECK(!strcmp(l.text, "second"));
        begin("$ ");
        type("mine\022sec");
        CHECK_EQUAL(type("\003"), LINE_CANCELLED);
        CHECK(!strcmp(l.text, "mine"));
        for (unsigned i = 0; i < 2 * LINE_SEARCH_MAX; i++)
                type(i ? "y" : "\022");
        CHECK_EQUAL(strlen(l.pattern), LINE_SEARCH_MAX);
        answer();
}

static void tab(void)
{
        open(24, 80, "$ ", true);
        CHECK_EQUAL(type("cat\tx"), LINE_MORE);
        CHECK_EQUAL(type("\002\t"), LINE_TAB);
        CHECK_EQUAL(l.cursor, 3);
        line_insert(&l, "alog ", 5);
        show();
        answer();
        is_shown("$ ");
        CHECK(!strcmp(l.text, "catalog x"));
        line_bell(&l);
        show();
        CHECK_EQUAL(screen.bells, 1);
}

static void full(void)
{
        open(ROWS, 80, "$ ", true);
        for (unsigned i = 0; i < LINE_LENGTH_MAX; i++)
                put('x');
        CHECK_EQUAL(screen.bells, 0);
        put('y');
        CHECK_EQUAL(screen.bells, 1);
        is_shown("$ ");
        CHECK_EQUAL(type("\b\n"), LINE_DONE);
        begin("$ ");
        for (unsigned i = 0; i < LINE_LENGTH_MAX + 1; i++)
                put('x');
        line_insert(&l, "more", 4);
        show();
        CHECK_EQUAL(type("\n"), LINE_CANCELLED);
        begin("$ ");
        CHECK_EQUAL(put('\004'), LINE_END);
        for (unsigned i = 0; i < LINE_LENGTH_MAX + 1; i++)
                put('x');
        type("\033[A\033[B");
        CHECK_EQUAL(type("\n"), LINE_DONE);
}

static void coloured(void)
{
        open(24, 80, "\033[1;32m$\033[0m ", true);
        type("abc\033[D\033[D-");
        is_shown("$ ");
}

static void long_prompt(void)
{
        char prompt[300];

        memset(prompt, 'p', sizeof(prompt) - 1);
        prompt[sizeof(prompt) - 1] = '\0';
        open(ROWS, 80, "", true);
        line_prompt(&l, prompt, sizeof(prompt) - 1);
        CHECK_EQUAL(strlen(l.prompt), LINE_PROMPT_MAX);
}

int main(int count, char **argument)
{
        static const struct test tests[] = {
                {"plain input is echoed by plain characters", plain},
                {"keys before the size is known", unsized},
                {"the size comes late, at each column", late_size},
                {"sizes that cannot be", small},
                {"random keys on random terminals, as the model has it", random_keys},
                {"search", search},
                {"tab", tab},
                {"a full line", full},
                {"a prompt with colours", coloured},
                {"a prompt that is too long", long_prompt},
        };

        return test_main(TEST_LIST(tests), count > 1 ? argument[1] : NULL);
}
