/* SPDX-License-Identifier: BSD-2-Clause */
/* The page: what the system reports about itself, over HTTP.  Files of /proc unchanged, pictures of its state, and a page that shows and
 * refreshes them.
 *
 * One connection after the other; a silent peer is dropped after PATIENCE_MS, so that it keeps the others waiting no longer. */
#include "apps/page/page.h"
#include "apps/page/picture.h"
#include "base/text.h"
#include "sos/posix.h"
#include "sos/socket.h"

enum { PORT = 80, REQUEST = 2048, PIECE = 4096, PATIENCE_MS = 3000, WAITING = 16 };

static const char *const reports[] = {"threads", "mem",  "drivers",  "ifconfig",
                                      "netstat", "caps", "programs", "server"};

static void send_all(int s, const char *bytes, size_t size)
{
        while (size > 0) {
                long n = posix_write(s, bytes, size);

                if (n <= 0)
                        return;
                bytes += n;
                size -= (size_t)n;
        }
}

static void send_head(int s, const char *status, const char *kind)
{
        char head[256];
        struct text t = {.buffer = head, .size = sizeof(head)};

        text_add(&t,
                 "HTTP/1.0 %s\r\nServer: Tessera\r\nContent-Type: %s; charset=utf-8\r\nCache-Control: "
                 "no-store\r\n"
                 "Connection: close\r\n\r\n",
                 status, kind);
        send_all(s, head, t.length);
}

static void send_file(int s, const char *path, const char *kind)
{
        static char piece[PIECE];
        long file = posix_open(path, 0), n;

        send_head(s, file < 0 ? "404 Not Found" : "200 OK", file < 0 ? "text/plain" : kind);
        while (file >= 0 && (n = posix_read((int)file, piece, sizeof(piece))) > 0)
                send_all(s, piece, (size_t)n);
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

/* Up to the empty line, or as much as there is room for. */
static size_t read_request(int s, char *request, size_t size)
{
        size_t length = 0;

        while (length < size - 1) {
                long n = posix_read(s, request + length, size - 1 - length);

                if (n <= 0)
                        break;
                length += (size_t)n;
                request[length] = '\0';
                if (strchr(request, '\n') && (!memcmp(request + length - 2, "\n\n", 2) || length < 4 ||
                                              !memcmp(request + length - 4, "\r\n\r\n", 4)))
                        break;
        }
        request[length] = '\0';
        return length;
}

/* "GET TARGET VERSION"; a question mark and what follows is of no interest here. */
static void serve(int s)
{
        static char request[REQUEST];
        char *target = request + 4, *end;

        if (read_request(s, request, sizeof(request)) == 0)
                return;
        end = strchr(target, '\n');
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

int main(void)
{
        long listener = sos_socket(SOS_AF_INET6, SOS_SOCK_STREAM, 0), s;

        if (listener < 0 || sos_listen_on((int)listener, PORT, WAITING) < 0) {
                sos_print("page: port %d is not free, or there is no network\n", PORT);
                return 1;
        }
        while ((s = sos_accept((int)listener)) >= 0) {
                sos_receive_timeout((int)s, PATIENCE_MS);
                serve((int)s);
                sos_shutdown((int)s, 1);
                posix_close((int)s);
        }
        sos_print("page: the network is gone (%ld)\n", s);
        return 1;
}
