/* SPDX-License-Identifier: BSD-2-Clause */
/* Options of lwIP: one thread owns the stack and calls it (no system layer), memory is a heap that the card can access, so that
 * what the stack sends goes out without being copied. */
#pragma once

#define NO_SYS               1
#define SYS_LIGHTWEIGHT_PROT 0
#define LWIP_SOCKET          0
#define LWIP_NETCONN         0

/* Memory.  The heap begins in the memory that net_start was given (net/stack/stack.h). */
extern char *net_heap;
#define MEM_ALIGNMENT            8
#define MEM_SIZE                 (512 * 1024)
#define LWIP_RAM_HEAP_POINTER    net_heap
#define LWIP_SUPPORT_CUSTOM_PBUF 1
#define PBUF_POOL_SIZE           8
#define MEMP_NUM_PBUF            256
#define MEMP_NUM_TCP_PCB         512
#define MEMP_NUM_TCP_PCB_LISTEN  120
#define MEMP_NUM_TCP_SEG         1024
#define MEMP_NUM_UDP_PCB         128
#define MEMP_NUM_RAW_PCB         120
#define MEMP_NUM_SYS_TIMEOUT     32
#define IP_REASS_MAX_PBUFS       16
#define IPV6_FRAG_COPYHEADER     1
#define MEMP_NUM_REASSDATA       8

/* What there is. */
#define LWIP_IPV4                      1
#define LWIP_IPV6                      1
#define LWIP_ARP                       1
#define LWIP_ICMP                      1
#define LWIP_RAW                       1
#define LWIP_UDP                       1
#define LWIP_TCP                       1
#define LWIP_DHCP                      1
#define LWIP_DNS                       1
#define LWIP_IPV6_AUTOCONFIG           1
#define LWIP_IPV6_MLD                  1
#define LWIP_ND6_RDNSS_MAX_DNS_SERVERS 2
#define DNS_MAX_SERVERS                4
#define LWIP_BROADCAST_PING            0
#define LWIP_MULTICAST_PING            0
#define IP_FORWARD                     0
#define LWIP_NETIF_HOSTNAME            1
#define LWIP_NETIF_EXT_STATUS_CALLBACK 1
#define LWIP_HAVE_LOOPIF               1
#define LWIP_NETIF_LOOPBACK            1
#define LWIP_DHCP_GET_NTP_SRV          1
#define LWIP_DHCP_MAX_NTP_SERVERS      2
#define LWIP_DHCP_DOES_ACD_CHECK       0
#define DHCP_DOES_ARP_CHECK            0

#define TCP_MSS                    1460
#define LWIP_WND_SCALE             1
#define TCP_RCV_SCALE              0
#define TCP_WND                    (32 * TCP_MSS)
#define TCP_SND_BUF                (32 * TCP_MSS)
#define TCP_SND_QUEUELEN           128
#define TCP_LISTEN_BACKLOG         1
#define TCP_DEFAULT_LISTEN_BACKLOG 64
#define LWIP_TCP_KEEPALIVE         1
#define LWIP_DISABLE_TCP_SANITY_CHECKS                                                                       \
        1 /* these checks concern PBUF_POOL, which received frames do not come from */
#define LWIP_TCP_SACK_OUT 1
#define TCP_QUEUE_OOSEQ   1
#define SO_REUSE          1

/* The date (net/stack/date.c).  A server that does not answer is asked again after 5, 10, ... seconds. */
#define SNTP_SERVER_DNS                  1
#define SNTP_CHECK_RESPONSE              2
#define SNTP_COMP_ROUNDTRIP              1
#define SNTP_STARTUP_DELAY_FUNC          (LWIP_RAND() % 500)
#define SNTP_RECV_TIMEOUT                5000
#define SNTP_RETRY_TIMEOUT_MAX           600000
#define SNTP_SET_SYSTEM_TIME_US(sec, us) net_date_set(sec, us)
#define SNTP_GET_SYSTEM_TIME(sec, us)    net_date_get(&(sec), &(us))

/* No offloads: every checksum is computed and checked here. */
#define LWIP_CHECKSUM_ON_COPY 0

#define LWIP_STATS         1
#define LWIP_STATS_DISPLAY 0
#define LWIP_STATS_LARGE   1

/* The http server serves what net/services/page.c makes. */
#define LWIP_HTTPD_CUSTOM_FILES      1
#define LWIP_HTTPD_DYNAMIC_FILE_READ 0
#define LWIP_HTTPD_DYNAMIC_HEADERS   0
#define HTTPD_FSDATA_FILE            "net/services/no_files.h"
#define HTTPD_SERVER_AGENT           "Tessera"
/* A page exists until the http server closes it, which may be before the other side has received it. */
#define HTTP_IS_DATA_VOLATILE(hs) TCP_WRITE_FLAG_COPY
