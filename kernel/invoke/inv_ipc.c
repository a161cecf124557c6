/* SPDX-License-Identifier: BSD-2-Clause */
/* Invoking endpoints, notifications and reply objects (spec objects.md 13).  The label is the user's. */
#include "invoke/invoke.h"
#include "ipc/endpoint.h"
#include "ipc/fault.h"
#include "ipc/notification.h"

enum outcome invoke_endpoint(struct request *r)
{
        word rights = cap_rights(r->cap);

        if (!(rights & RIGHT_WRITE))
                return refuse_capability(r, 0);
        return endpoint_send(cap_object(r->cap), r->caller,
                             (struct sending){
                                     .badge = cap_badge(r->cap),
                                     .blocking = r->blocking,
                                     .call = r->call,
                                     .grant = rights & RIGHT_GRANT,
                                     .grant_reply = rights & RIGHT_GRANT_REPLY,
                                     .may_donate = r->call || r->first,
                             });
}

enum outcome invoke_notification(struct request *r)
{
        if (!(cap_rights(r->cap) & RIGHT_WRITE))
                return refuse_capability(r, 0);
        notification_signal(cap_object(r->cap), cap_badge(r->cap));
        return DONE;
}

enum outcome invoke_reply(struct request *r)
{
        return reply_send(cap_object(r->cap), r->caller, cap_rights(r->cap) & RIGHT_GRANT);
}
