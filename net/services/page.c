/* SPDX-License-Identifier: BSD-2-Clause */
/* Pages of the http server: made when they are asked for, kept until the connection lets go of them. */
#include "net/services/services.h"

#include <lwip/apps/fs.h>
#include <lwip/apps/httpd.h>
#include <lwip/mem.h>
#include <string.h>

enum { PAGE_BYTES = 16 * 1024 };

struct net *services_net;

static void head(struct text *t, const char *status, const char *kind)
{
        text_add(t,
                 "HTTP/1.0 %s\r\nServer: Tessera\r\nContent-Type: %s; charset=utf-8\r\nConnection: close\r\n"
                 "Cache-Control: no-store\r\n\r\n",
                 status, kind);
}

static void index_page(struct text *t)
{
        head(t, "200 OK", "text/html");
        text_add(t, "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">"
                    "<meta name=\"viewport\" content=\"width=device-width\"><title>Tessera</title>"
                    "<h1>Tessera</h1><h2>Interfaces</h2><pre>");
        show_interfaces(t);
        text_add(t, "</pre><h2>Connections</h2><pre>");
        show_connections(t);
        text_add(t, "</pre></html>\n");
}

static void interfaces_page(struct text *t)
{
        head(t, "200 OK", "text/plain");
        show_interfaces(t);
}

static void connections_page(struct text *t)
{
        head(t, "200 OK", "text/plain");
        show_connections(t);
}

static void missing_page(struct text *t)
{
        head(t, "404 Not Found", "text/plain");
        text_add(t, "There is no such page; there are / and /ifconfig and /netstat.\n");
}

static const struct {
        const char *name;
        void (*make)(struct text *t);
} pages[] = {
        {"/index.html", index_page},
        {"/ifconfig", interfaces_page},
        {"/netstat", connections_page},
        {"/404.html", missing_page},
};

int fs_open_custom(struct fs_file *file, const char *name);
int fs_open_custom(struct fs_file *file, const char *name)
{
        struct text t = {.size = PAGE_BYTES};
        unsigned i = 0;

        while (i < sizeof(pages) / sizeof(*pages) && strcmp(name, pages[i].name) != 0)
                i++;
        if (i == sizeof(pages) / sizeof(*pages) || !(t.buffer = mem_malloc(PAGE_BYTES)))
                return 0;
        pages[i].make(&t);
        text_mark(&t);
        *file = (struct fs_file){.data = t.buffer,
                                 .len = (int)t.length,
                                 .index = (int)t.length,
                                 .pextension = t.buffer,
                                 .flags = FS_FILE_FLAGS_HEADER_INCLUDED};
        return 1;
}

void fs_close_custom(struct fs_file *file);
void fs_close_custom(struct fs_file *file)
{
        mem_free(file->pextension);
        file->pextension = NULL;
}

bool services_start(struct net *n)
{
        services_net = n;
        httpd_init();
        return echo_start() && command_start();
}
