/* SPDX-License-Identifier: BSD-2-Clause */
/* The page: what the system reports about itself, over HTTP.  Files of /proc unchanged, pictures of its state, and a page that shows and
 * refreshes them.
 *
 * Whoever has asked is answered, one after the other.  Those who have not are CLIENTS at most: the one that has been silent for the longest
 * time makes room for the next one, so that nobody waits for a peer that says nothing. */
#include "apps/page/page.h"
#include "apps/page/picture.h"
#include "base/text.h"
#include "sos/clock.h"
#include "sos/posix.h"
#include "sos/socket.h"

enum { PORT = 80, REQUEST = 2048, PIECE = 4096, WAITING = 16, CLIENTS = 8 };
enum { PATIENCE_MS = 3000, ANSWER_MS = 10000 }; /* for a write, for an answer */
enum { INPUT = 1, PPOLL = 73, DONT_WAIT = 04000 };

/* One that has not asked yet, or not everything; the one that has been silent for the longest time is the first. */
struct client {
        int s;
        size_t length;
        char request[REQUEST];
};

static struct client clients[CLIENTS];
static unsigned count;
static uint64_t end_us; /* of the time that an answer may take */

static const char *const reports[] = {"threads", "mem",  "drivers",  "ifconfig",
                                      "netstat", "caps", "programs", "server"};

/* A write that is not whole has waited as long as it may.  False: it does not read, or so slowly that all others would wait for it;
 * nothing more is tried. */
static bool send_all(int s, const char *bytes, size_t size)
{
        if (clock_us() < end_us && posix_write(s, bytes, size) == (long)size)
                return true;
        sos_shutdown(s, 2);
        return false;
}

static bool send_head(int s, const char *status, const char *kind)
{
        char head[256];
        struct text t = {.buffer = head, .size = sizeof(head)};

        text_add(&t,
                 "HTTP/1.0 %s\r\nServer: Tessera\r\nContent-Type: %s; charset=utf-8\r\nCache-Control: "
                 "no-store\r\n"
                 "Connection: close\r\n\r\n",
                 status, kind);
        end_us = clock_us() + ANSWER_MS * 1000;
        return send_all(s, head, t.length);
}

static void send_file(int s, const char *path, const char *kind)
{
        static char piece[PIECE];
        long file = posix_open(path, 0), n;
        bool goes_on = send_head(s, file < 0 ? "404 Not Found" : "200 OK", file < 0 ? "text/plain" : kind);

        while (file >= 0 && goes_on && (n = posix_read((int)file, piece, sizeof(piece))) > 0)
                goes_on = send_all(s, piece, (size_t)n);
        if (file >= 0)
                posix_close((int)file);
}

/* False: there is none of that name. */
static bool send_picture(int s, const char *name)
{
        const char *path = picture_draw(name);

        if (path)
                send_file(s, path, "image/svg+xml");
        picture_forget();
        return path != NULL;
}

static const char *report_path(const char *name)
{
        static char path[32];
        struct text t = {.buffer = path, .size = sizeof(path) - 1};

        for (unsigned i = 0; i < sizeof(reports) / sizeof(*reports); i++) {
                if (strcmp(name, reports[i]) != 0)
                        continue;
                text_add(&t, "/proc/%s", name);
                path[t.length] = '\0';
                return path;
        }
        return NULL;
}

static void answer(int s, const char *target)
{
        const char *path = !strncmp(target, "/proc/", 6) ? report_path(target + 6) : NULL;

        if (!strcmp(target, "/")) {
                send_head(s, "200 OK", "text/html");
                send_all(s, page_text, (size_t)(page_text_end - page_text));
        } else if (path) {
                send_file(s, path, "text/plain");
        } else if (strncmp(target, "/picture/", 9) != 0 || !send_picture(s, target + 9)) {
                send_head(s, "404 Not Found", "text/plain");
                send_all(s, "There is / and what it links to.\n", 33);
        }
}

/* All up to the empty line, or as much as there is room for? */
static bool is_whole(const char *request, size_t length)
{
        if (length < 4)
                return request[length - 1] == '\n';
        return length == REQUEST - 1 || !memcmp(request + length - 2, "\n\n", 2) ||
               !memcmp(request + length - 4, "\r\n\r\n", 4);
}

/* "GET TARGET VERSION"; a question mark and what follows is of no interest here. */
static void serve(int s, char *request)
{
        char *target = request + 4, *end = strchr(request, '\n');

        if (strncmp(request, "GET ", 4) != 0 || !end) {
                send_head(s, "400 Bad Request", "text/plain");
                return;
        }
        *end = '\0';
        for (end = target; *end && *end != ' ' && *end != '?' && *end != '\r'; end++)
                ;
        *end = '\0';
        answer(s, target);
}

static void drop(unsigned i)
{
        sos_shutdown(clients[i].s, 1);
        posix_close(clients[i].s);
        count--;
        for (; i < count; i++)
                clients[i] = clients[i + 1];
}

static void take(int s)
{
        if (count == CLIENTS)
                drop(0);
        sos_send_timeout(s, PATIENCE_MS);
        clients[count].s = s;
        clients[count++].length = 0;
}

/* It was heard last. */
static struct client *move_to_end(unsigned i)
{
        static struct client heard;

        heard = clients[i];
        for (; i + 1 < count; i++)
                clients[i] = clients[i + 1];
        clients[i] = heard;
        return &clients[i];
}

/* Some of its request has come, or its end. */
static void hear(unsigned i)
{
        struct client *c = move_to_end(i);
        long n = posix_read(c->s, c->request + c->length, REQUEST - 1 - c->length);

        if (n > 0)
                c->length += (size_t)n;
        c->request[c->length] = '\0';
        if (n > 0 && !is_whole(c->request, c->length))
                return;
        if (c->length > 0)
                serve(c->s, c->request);
        drop(count - 1);
}

/* Waits until there is something to read, and reads it; false: there is no network any more.  When there is no socket for the next
 * one, it is tried again a little later. */
static bool serve_some(int listener)
{
        static const int64_t soon[2] = {0, 50000000};
        static bool full;
        struct poll {
                int s;
                short asked, found;
        } p[CLIENTS + 1];
        long s;

        p[0] = (struct poll){full ? -1 : listener, INPUT, 0};
        for (unsigned i = 0; i < count; i++)
                p[i + 1] = (struct poll){clients[i].s, INPUT, 0};
        if (posix_invoke(PPOLL, (long)p, count + 1, full ? (long)soon : 0, 0) < 0)
                return false;
        for (unsigned i = count; i > 0; i--) {
                if (p[i].found)
                        hear(i - 1);
        }
        full = false;
        if (!p[0].found)
                return true;
        s = sos_accept(listener);
        full = s < 0 && s != -SOS_EAGAIN;
        if (s >= 0)
                take((int)s);
        return s != -SOS_ENETDOWN;
}

int main(void)
{
        long listener = sos_socket(SOS_AF_INET6, SOS_SOCK_STREAM | DONT_WAIT, 0);

        if (listener < 0 || sos_listen_on((int)listener, PORT, WAITING) < 0) {
                sos_print("page: port %d is not free, or there is no network\n", PORT);
                return 1;
        }
        while (serve_some((int)listener))
                ;
        sos_print("page: the network is gone\n");
        return 1;
}
