/* SPDX-License-Identifier: BSD-2-Clause */
/* What sockets between processes have of their own: their names, and pairs (locals.c); how they send and receive (local_moves.c); and what
 * comes with messages besides bytes (control.c).
 *
 * Results: those of calls (posix.h): 0 or more, -SOS_E*, or what call_waits and its like return.
 */
#pragma once

#include "os/calls/linux/sockets/message.h"
#include "os/net/local.h"

/* locals.c: who it is, as the other end of a connection knows it; the calls. */
struct sender posix_end(const struct process *p);
long posix_family(struct process *p, uint16_t *family); /* of the name in the second and third argument */
long posix_local_socket(struct process *p, seL4_Word type, seL4_Word protocol);
long posix_local_bind(struct process *p, struct socket *s);
long posix_local_connect(struct process *p, struct socket *s);
long posix_local_name(struct process *p, const struct socket *s, bool remote);
long posix_local_shutdown(struct socket *s, seL4_Word how);

/* The address at `va`: *name, and *s: the socket that has it; -SOS_ECONNREFUSED: none has.  Another family is -SOS_EINVAL. */
long posix_local_find(struct process *p, seL4_Word va, seL4_Word bytes, struct socket **s);

/* A name as an address; as much as fits, its whole length to `length_va`. */
long posix_write_local(struct process *p, const struct local_name *name, seL4_Word va, seL4_Word length_va);

/* That of the other end, which may have gone. */
long posix_local_peer(struct process *p, const struct socket *s, seL4_Word va, seL4_Word length_va);

/* local_moves.c: what comes with a message besides its bytes.  Sending: files to pass on; receiving: what was with it, which is there until
 * local_taken, if it is not only looked at. */
struct control {
        unsigned count;
        struct file *file[PARCEL_FILES_MAX];
        struct sender by; /* who it says it is; pid 0: it says nothing */
};

struct arrived {
        struct parcel *parcel; /* NULL: no files */
        struct sender by;      /* pid 0: not known */
        struct local_name from;
        uint32_t told; /* flags for the caller */
        bool kept;     /* it was only looked at */
};
long local_send(struct process *p, const struct message *m);
long local_receive(struct process *p, const struct message *m, struct arrived *arrived);

/* What local_receive has found goes, with files that nobody has taken. */
void local_taken(struct socket *s, const struct arrived *arrived);

/* Bytes that one read would give. */
uint32_t local_bytes_there(struct socket *s);

/* control.c: read what a program passes on; and write what has arrived, and how much that was: *bytes, *told. */
long control_read(struct process *p, seL4_Word va, seL4_Word bytes, struct control *control);
long control_write(struct process *p, const struct message *m, const struct arrived *arrived, seL4_Word va,
                   seL4_Word *bytes, uint32_t *told);
