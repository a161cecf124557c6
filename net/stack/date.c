/* SPDX-License-Identifier: BSD-2-Clause */
/* The date: lwIP's SNTP asks the servers that DHCP has named, or the one that we were told.
 *
 * Owns the difference between the stack's clock and the date.  An answer counts when it contains the time of the last request
 * (SNTP_CHECK_RESPONSE); half of the round-trip time is subtracted. */
#include "net/stack/stack.h"

#include <lwip/apps/sntp.h>

enum { SECOND = 1000000 };

/* Until a server has answered: a year for which lwIP can still compute the round-trip time (at most 34 years). */
static uint64_t epoch = 1735689600ull * SECOND; /* 2025 */
static bool known;

void net_date_set(uint32_t seconds, uint32_t us)
{
        uint64_t date = (uint64_t)seconds * SECOND + us, up = net_clock();

        epoch = date > up ? date - up : 0;
        known = true;
}

void net_date_get(uint32_t *seconds, uint32_t *us)
{
        uint64_t date = epoch + net_clock();

        *seconds = (uint32_t)(date / SECOND);
        *us = (uint32_t)(date % SECOND);
}

uint64_t net_epoch(void)
{
        return known ? epoch : 0;
}

const ip_addr_t *net_date_server(uint8_t number)
{
        const ip_addr_t *server = sntp_getserver(number);

        return !ip_addr_isany(server) && sntp_getreachability(number) ? server : NULL;
}

/* Starts once there is an address of our own, and a server to ask. */
static void on_address(struct netif *netif, netif_nsc_reason_t reason, const netif_ext_callback_args_t *args)
{
        const unsigned addresses = LWIP_NSC_IPV4_ADDRESS_CHANGED | LWIP_NSC_IPV6_ADDR_STATE_CHANGED;

        (void)args;
        if (!(reason & addresses) || !netif_is_up(netif) || sntp_enabled())
                return;
        if (sntp_getservername(0) || !ip_addr_isany(sntp_getserver(0)))
                sntp_init();
}

void net_ask_date(const char *server)
{
        static netif_ext_callback_t callback;

        sntp_servermode_dhcp(!server);
        sntp_setservername(0, server);
        netif_add_ext_callback(&callback, on_address);
}
