/* SPDX-License-Identifier: BSD-2-Clause */
/* Litmus tests as text.  A test is
 *
 *      litmus NAME
 *      init LOC=N ...                  everything else begins as 0
 *      thread                          and then its instructions, one a line, or a label, `NAME:`
 *      forbid ATOM ...                 no end has all of these; ATOM is THREAD:REG=N or LOC=N, or with != for =
 *      allow ATOM ...                  some end has
 *      end
 *
 * with the instructions
 *
 *      ld REG LOC [acq|pc] [ex|watch] [addr REG]       LDR, LDAR, LDAPR; LDXR; of a watched word a write sets the event
 *      st LOC VALUE [rel] [ex] [addr REG]              STR, STLR, STXR; VALUE: N, REG, REG+N, REG|N, REG&~N
 *      dmb  dmbld  dmbst  dsb  dsbst  isb
 *      beq REG N|REG LABEL  bne REG N|REG LABEL  b LABEL      bset REG N LABEL  bclr REG N LABEL: some bit of N is set, none is
 *      wfi LINE  ring LINE  wfe  sev
 */
#include "litmus.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS = 16, LABELS = 60, NAME = 24 };

struct label {
        char name[NAME];
        uint8_t at;
};

static struct {
        char location[LOCATIONS][NAME];
        struct label label[LABELS], use[LABELS]; /* of the thread that is read */
        unsigned labels, uses;
        unsigned line;
} text;

static void refuse(const char *what, const char *word)
{
        fprintf(stderr, "litmus: line %u: %s '%s'\n", text.line, what, word);
        exit(2);
}

static void keep_name(char to[NAME], const char *name)
{
        if (strlen(name) >= NAME)
                refuse("longer than 23 characters:", name);
        strcpy(to, name);
}

static uint8_t location_of(struct program *p, const char *name)
{
        for (uint8_t i = 0; i < p->locations; i++) {
                if (!strcmp(text.location[i], name))
                        return i;
        }
        if (p->locations == LOCATIONS)
                refuse("too many locations:", name);
        keep_name(text.location[p->locations], name);
        return p->locations++;
}

static uint8_t number_of(const char *word)
{
        char *end;
        unsigned long n = strtoul(word, &end, 10);

        if (*end || end == word || n > 255)
                refuse("no number up to 255:", word);
        return (uint8_t)n;
}

static bool is_register(const char *word)
{
        return word[0] == 'r' && word[1] >= '0' && word[1] < '0' + REGISTERS && !word[2];
}

static uint8_t register_of(const char *word)
{
        if (!is_register(word))
                refuse("no register r0 to r9:", word);
        return (uint8_t)(word[1] - '0');
}

static void read_value(struct instruction *n, char *word)
{
        size_t at = strcspn(word, "+|&");

        n->reg = NO_REGISTER;
        n->how = word[at] ? word[at] : '=';
        if (n->how == '=' && !is_register(word)) {
                n->constant = number_of(word);
                return;
        }
        if (n->how != '=')
                n->constant = number_of(word + at + (n->how == '&' ? 2 : 1));
        word[at] = 0;
        n->reg = register_of(word);
}

/* The words after those of a load or store. */
static void read_manner(struct instruction *n, char **word)
{
        for (; *word; word++) {
                if (!strcmp(*word, "acq") || !strcmp(*word, "pc"))
                        n->acquire = true, n->weak = **word == 'p';
                else if (!strcmp(*word, "rel"))
                        n->release = true;
                else if (!strcmp(*word, "ex"))
                        n->exclusive = true;
                else if (!strcmp(*word, "watch"))
                        n->watch = true;
                else if (!strcmp(*word, "addr") && word[1])
                        n->address = register_of(*++word);
                else
                        refuse("unknown:", *word);
        }
}

static const struct {
        const char *name;
        enum op op;
        uint8_t before, after;
        uint8_t words;
} NAMED[] = {
        {"dmb", FENCE, READS | WRITES, READS | WRITES, 1},
        {"dmbld", FENCE, READS, READS | WRITES, 1},
        {"dmbst", FENCE, WRITES, WRITES, 1},
        {"dsb", FENCE, READS | WRITES, READS | WRITES | EFFECTS, 1},
        {"dsbst", FENCE, WRITES, READS | WRITES | EFFECTS, 1},
        {"isb", ISB, 0, 0, 1},
        {"wfe", WAIT_EVENT, 0, 0, 1},
        {"sev", SEND_EVENT, 0, 0, 1},
        {"wfi", WAIT_INTERRUPT, 0, 0, 2},
        {"ring", RING, 0, 0, 2},
        {"b", JUMP, 0, 0, 2},
        {"beq", BRANCH, 0, 0, 4},
        {"bne", BRANCH, 0, 0, 4},
        {"bset", BRANCH, 0, 0, 4},
        {"bclr", BRANCH, 0, 0, 4},
        {"ld", LOAD, 0, 0, 3},
        {"st", STORE, 0, 0, 3},
};

static void use_label(const char *name, uint8_t at)
{
        if (text.uses == LABELS)
                refuse("too many branches:", name);
        keep_name(text.use[text.uses].name, name);
        text.use[text.uses++].at = at;
}

static void read_operands(struct program *p, struct instruction *n, char **word, uint8_t at)
{
        n->other = n->address = n->reg = NO_REGISTER;
        switch (n->op) {
        case LOAD:
                n->reg = register_of(word[1]);
                n->location = location_of(p, word[2]);
                read_manner(n, word + 3);
                break;
        case STORE:
                n->location = location_of(p, word[1]);
                read_value(n, word[2]);
                read_manner(n, word + 3);
                break;
        case BRANCH:
                n->how = "=!10"[strchr("ensc", word[0][1]) - "ensc"];
                n->reg = register_of(word[1]);
                if (is_register(word[2]))
                        n->other = register_of(word[2]);
                else
                        n->constant = number_of(word[2]);
                use_label(word[3], at);
                break;
        case JUMP:
                use_label(word[1], at);
                break;
        case RING:
        case WAIT_INTERRUPT:
                n->location = location_of(p, word[1]);
                break;
        default:
                break;
        }
}

static void read_instruction(struct program *p, char **word, unsigned words)
{
        unsigned t = p->threads - 1u;
        struct instruction *n = &p->code[t][p->length[t]];

        for (unsigned i = 0; i < sizeof(NAMED) / sizeof(NAMED[0]); i++) {
                if (strcmp(NAMED[i].name, word[0]))
                        continue;
                if (words < NAMED[i].words || p->length[t] == CODE)
                        refuse("no room or too few words:", word[0]);
                n->op = NAMED[i].op;
                n->before = NAMED[i].before;
                n->after = NAMED[i].after;
                read_operands(p, n, word, p->length[t]++);
                return;
        }
        refuse("no instruction:", word[0]);
}

static void read_label(const struct program *p, char *word)
{
        word[strlen(word) - 1] = 0;
        if (text.labels == LABELS)
                refuse("too many labels:", word);
        keep_name(text.label[text.labels].name, word);
        text.label[text.labels++].at = p->length[p->threads - 1];
}

static void end_thread(struct program *p)
{
        for (unsigned u = 0; u < text.uses; u++) {
                unsigned i = 0;
                while (i < text.labels && strcmp(text.label[i].name, text.use[u].name) != 0)
                        i++;
                if (i == text.labels)
                        refuse("no label", text.use[u].name);
                p->code[p->threads - 1][text.use[u].at].target = text.label[i].at;
        }
        text.uses = text.labels = 0;
}

static void read_atom(struct program *p, struct atom *a, char *word)
{
        char *value = strchr(word, '='), *colon = strchr(word, ':');

        if (!value || value == word)
                refuse("neither LOC=N nor THREAD:REG=N:", word);
        a->equal = value[-1] != '!';
        value[a->equal ? 0 : -1] = 0;
        a->value = number_of(value + 1);
        a->thread = colon ? (uint8_t)(word[0] - '0') : THREADS;
        if (colon && a->thread >= p->threads)
                refuse("no thread", word);
        a->index = colon ? register_of(colon + 1) : location_of(p, word);
}

static void read_clause(struct program *p, const char *line, char **word, unsigned words)
{
        struct clause *c = &p->clause[p->clauses];

        if (p->clauses == CLAUSES || words > ATOMS + 1)
                refuse("too many clauses or atoms:", line);
        p->clauses++;
        snprintf(c->text, sizeof(c->text), "%s", line);
        c->allowed = word[0][0] == 'a';
        for (c->atoms = 0; word[1 + c->atoms]; c->atoms++)
                read_atom(p, &c->atom[c->atoms], word[1 + c->atoms]);
}

static void read_init(struct program *p, char **word)
{
        for (; *word; word++) {
                struct atom a;
                read_atom(p, &a, *word);
                p->initial[a.index] = a.value;
        }
}

static uint16_t register_bit(uint8_t reg)
{
        return (uint16_t)(reg == NO_REGISTER ? 0 : 1u << reg);
}

static uint16_t live_before(const struct program *p, unsigned t, unsigned pc)
{
        const struct instruction *n = &p->code[t][pc];
        uint16_t live = n->op == JUMP ? p->live[t][n->target] : p->live[t][pc + 1];

        if (n->op == BRANCH)
                live |= p->live[t][n->target] | register_bit(n->reg) | register_bit(n->other);
        if (n->op == LOAD)
                live &= (uint16_t)~register_bit(n->reg);
        if (n->op == STORE)
                live |= register_bit(n->reg);
        return live | register_bit(n->address);
}

/* From the end on, which the clauses look at, until nothing changes. */
static void find_live(struct program *p, unsigned t)
{
        for (unsigned c = 0; c < p->clauses; c++) {
                for (unsigned i = 0; i < p->clause[c].atoms; i++) {
                        const struct atom *a = &p->clause[c].atom[i];
                        if (a->thread == t)
                                p->live[t][p->length[t]] |= register_bit(a->index);
                }
        }
        for (bool again = true; again;) {
                again = false;
                for (unsigned pc = p->length[t]; pc-- > 0;) {
                        uint16_t live = live_before(p, t, pc);
                        again |= live != p->live[t][pc];
                        p->live[t][pc] = live;
                }
        }
}

/* False: the test is over. */
static bool read_line(struct program *p, const char *line, char **word, unsigned words)
{
        if (!strcmp(word[0], "end")) {
                for (unsigned t = 0; t < p->threads; t++)
                        find_live(p, t);
                return false;
        }
        if (!strcmp(word[0], "litmus")) {
                snprintf(p->name, sizeof(p->name), "%s", word[1] ? word[1] : "?");
        } else if (!strcmp(word[0], "init")) {
                read_init(p, word + 1);
        } else if (!strcmp(word[0], "forbid") || !strcmp(word[0], "allow")) {
                end_thread(p);
                read_clause(p, line, word, words);
        } else if (!strcmp(word[0], "thread")) {
                if (p->threads == THREADS)
                        refuse("too many threads:", p->name);
                if (p->threads)
                        end_thread(p);
                p->threads++;
        } else if (p->threads == 0) {
                refuse("an instruction before the first thread:", word[0]);
        } else if (word[0][strlen(word[0]) - 1] == ':') {
                read_label(p, word[0]);
        } else {
                read_instruction(p, word, words);
        }
        return true;
}

bool read_program(struct program *p)
{
        char line[240], whole[240], *word[WORDS + 1];

        memset(p, 0, sizeof(*p));
        while (fgets(line, sizeof(line), stdin)) {
                unsigned words = 0;
                text.line++;
                line[strcspn(line, "#\n")] = 0;
                strcpy(whole, line);
                for (char *w = strtok(line, " \t"); w && words < WORDS; w = strtok(NULL, " \t"))
                        word[words++] = w;
                word[words] = NULL;
                if (words && !read_line(p, whole, word, words))
                        return true;
        }
        return false;
}
