/* SPDX-License-Identifier: BSD-2-Clause */
/* Calls on sockets, as Linux has them: what sockets.c, messages.c and options.c know together.
 *
 * Results: those of calls (posix.h): 0 or more, -SOS_E*, or what call_waits and its like return.
 */
#pragma once

#include "os/calls/linux/posix.h"
#include "os/net/socket.h"

enum { SOCKET_ABORTED = 103 }; /* ECONNABORTED: it has ended, and why was told before */

enum { AF_UNSPEC = 0, AF_LOCAL = 1, AF_INET = 2, AF_INET6 = 10, SOCKADDR_MAX = 128, SOCKET_NAME_MOST = 28 };

/* The socket behind a descriptor; NULL and why: -SOS_EBADF, -SOS_ENOTSOCK. */
struct socket *posix_socket_of(struct process *p, seL4_Word descriptor, struct file **f, long *error);

/* An address in the memory of the process, for a socket of that family; 0 or -SOS_E*.  AF_UNSPEC is family 0. */
long posix_read_name(struct process *p, const struct socket *s, seL4_Word va, seL4_Word bytes,
                     struct socket_name *name);

/* The same of bytes that were read, which begin with the family; and an address as programs know it: its length. */
long posix_name_of(const struct socket *s, const void *raw, seL4_Word bytes, struct socket_name *name);
uint32_t posix_as_address(const struct socket *s, const struct socket_name *name,
                          uint8_t raw[SOCKET_NAME_MOST]);

/* wishes.c: is an option one that changes nothing?  Setting one; what getsockopt says.  And the number that setsockopt is given. */
bool posix_is_wish(const struct socket *s, seL4_Word level, seL4_Word name);
long posix_set_wish(struct process *p, struct socket *s, seL4_Word level, seL4_Word name);
long posix_wish(const struct socket *s, seL4_Word level, seL4_Word name);
long posix_option_number(struct process *p, int32_t *value);

/* Where something goes to: no address is this machine, as on Linux. */
void posix_to_here(struct socket_name *name);

/* And the other way: as much as fits, its whole length to `length_va`; nothing when `va` is NULL. */
long posix_write_name(struct process *p, const struct socket *s, const struct socket_name *name, seL4_Word va,
                      seL4_Word length_va);

/* Before something moves that cannot move twice: is a page on its way (the call waits for it) of those bytes, or of where the name of the
 * other side and its length are to be written?  Addresses that are bad are not seen here. */
bool posix_awaits(struct process *p, seL4_Word va, seL4_Word bytes);
bool posix_awaits_name(struct process *p, seL4_Word va, seL4_Word length_va);

/* A descriptor for a new file of that socket; the socket goes when there is none. */
long posix_give_socket(struct process *p, struct socket *s, uint32_t flags);

/* interfaces.c: how many interfaces there are, from number 1 on, which is `lo`; one of them, and its flags as ioctl tells them; the number
 * of one by its name, which ends with a NUL, a colon (what is behind it is another name for it) or behind `most` characters: 0: there is
 * none. */
struct interface {
        const char *name;
        int32_t mtu, queue;
        uint16_t hardware;
};
unsigned posix_interfaces(const struct socket_info *info);
const struct interface *posix_interface(unsigned index);
uint16_t posix_interface_flags(const struct socket_info *info, unsigned index);
unsigned posix_interface_named(const struct socket_info *info, const char *name, size_t most);

/* What ioctl tells of the interfaces; -SOS_ENOTTY: it is no such request. */
long posix_ioctl_interface(struct process *p, const struct socket *s);

/* Ask the network.  True when it has answered, with the result; else the call waits, and returns *result. */
bool posix_ask(struct process *p, struct socket *s, struct socket_request *r, long *result);

/* Wait in a queue of the socket: for so long at most (0: for ever), then -SOS_EAGAIN. */
long posix_wait_for(struct process *p, struct wait_queue *q, uint64_t limit_us);
