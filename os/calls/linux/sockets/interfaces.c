/* SPDX-License-Identifier: BSD-2-Clause */
/* The interfaces of the network, as ioctl tells them: `lo`, and `eth0` if there is a card.  Nothing is set in this way: addresses come
 * from DHCP, and who wants others says so to the network's program. */
#include "base/text.h"
#include "os/calls/linux/sockets/sockets.h"

enum {
        GET_NAME = 0x8910,
        GET_ALL = 0x8912,
        GET_FLAGS = 0x8913,
        GET_ADDRESS = 0x8915,
        GET_PEER = 0x8917,
        GET_BROADCAST = 0x8919,
        GET_MASK = 0x891b,
        GET_METRIC = 0x891d,
        GET_MTU = 0x8921,
        GET_HARDWARE = 0x8927,
        GET_INDEX = 0x8933,
        GET_QUEUE = 0x8942,
};

enum {
        LO = 1,
        CARD = 2,
        NAME = 16,
        MTU_LO = 65536,
        MTU_CARD = 1500,
        QUEUE = 1000,
        HARDWARE_LO = 772,
        HARDWARE_CARD = 1,
};

/* What is asked about, and the answer: an address, a number, or flags. */
struct asked {
        char name[NAME];
        union {
                struct {
                        uint16_t family, port;
                        uint8_t address[20];
                } at;
                int32_t number;
                uint16_t flags;
        };
};
_Static_assert(sizeof(struct asked) == 40, "as programs know it");

static const struct interface interfaces[] = {
        [LO] = {"lo", MTU_LO, QUEUE, HARDWARE_LO}, [CARD] = {"eth0", MTU_CARD, QUEUE, HARDWARE_CARD}};

const struct interface *posix_interface(unsigned index)
{
        return &interfaces[index];
}

static bool has_card(const struct socket_info *info)
{
        static const uint8_t none[sizeof(info->mac)];

        return info && memcmp(info->mac, none, sizeof(none)) != 0;
}

unsigned posix_interfaces(const struct socket_info *info)
{
        return has_card(info) ? CARD : info ? LO : 0;
}

unsigned posix_interface_named(const struct socket_info *info, const char *name, size_t most)
{
        size_t n = 0;

        while (n < most && name[n] && name[n] != ':')
                n++;
        for (unsigned index = posix_interfaces(info); index >= LO; index--) {
                if (strlen(interfaces[index].name) == n && !memcmp(name, interfaces[index].name, n))
                        return index;
        }
        return 0;
}

static bool put_name(const struct socket_info *info, int index, char name[NAME])
{
        if (index < LO || index > (int)posix_interfaces(info))
                return false;
        memset(name, 0, NAME);
        memcpy(name, interfaces[index].name, strlen(interfaces[index].name));
        return true;
}

/* Its address, its mask, or the address for all; false: it has none. */
static bool put_address(const struct socket_info *info, unsigned index, seL4_Word what, struct asked *a)
{
        static const struct socket_name own = {.address = {127, 0, 0, 1}}, mask = {.address = {255}};
        const struct socket_name *name = index == LO ? &own : &info->address[0],
                                 *under = index == LO ? &mask : &info->mask;

        if (index == CARD && name->family != 4)
                return false;
        memset(&a->at, 0, sizeof(a->at));
        a->at.family = AF_INET;
        for (unsigned i = 0; i < 4; i++) {
                uint8_t bits = under->address[i], byte = name->address[i];

                a->at.address[i] = what == GET_MASK        ? bits
                                   : what == GET_BROADCAST ? (index == LO ? 0 : (uint8_t)(byte | ~bits))
                                                           : byte;
        }
        return true;
}

static void put_hardware(const struct socket_info *info, unsigned index, struct asked *a)
{
        memset(&a->at, 0, sizeof(a->at));
        a->at.family = interfaces[index].hardware;
        if (index == CARD)
                memcpy(&a->at.port, info->mac, sizeof(info->mac));
}

uint16_t posix_interface_flags(const struct socket_info *info, unsigned index)
{
        enum { UP = 1, BROADCAST = 2, LOOPBACK = 8, RUNNING = 0x40, MULTICAST = 0x1000 };

        if (index == LO)
                return UP | LOOPBACK | RUNNING;
        return UP | BROADCAST | MULTICAST | (info->up ? RUNNING : 0);
}

static long answer(const struct socket_info *info, unsigned index, seL4_Word what, struct asked *a)
{
        switch (what) {
        case GET_FLAGS:
                a->flags = posix_interface_flags(info, index);
                return 0;
        case GET_METRIC:
                a->number = 0;
                return 0;
        case GET_MTU:
                a->number = interfaces[index].mtu;
                return 0;
        case GET_INDEX:
                a->number = (int32_t)index;
                return 0;
        case GET_QUEUE:
                a->number = interfaces[index].queue;
                return 0;
        case GET_HARDWARE:
                put_hardware(info, index, a);
                return 0;
        default:
                return put_address(info, index, what, a) ? 0 : -SOS_EADDRNOTAVAIL;
        }
}

/* All that have an address, as far as there is room; without an address to write to, the room that they need. */
static long tell_all(struct process *p, const struct socket_info *info)
{
        struct {
                int32_t bytes, rest;
                seL4_Word to;
        } list;
        struct asked a = {0};
        int32_t done = 0;

        if (!space_read(p->space, p->call.argument[2], &list, sizeof(list)))
                return -SOS_EFAULT;
        for (unsigned index = LO; index <= CARD; index++) {
                if (!put_name(info, (int)index, a.name) || !put_address(info, index, GET_ADDRESS, &a))
                        continue;
                if (list.to && list.bytes - done < (int32_t)sizeof(a))
                        break;
                if (list.to && !space_write(p->space, list.to + (seL4_Word)done, &a, sizeof(a)))
                        return -SOS_EFAULT;
                done += (int32_t)sizeof(a);
        }
        return space_write(p->space, p->call.argument[2], &done, sizeof(done)) ? 0 : -SOS_EFAULT;
}

/* Addresses of IPv4 are told by its sockets alone. */
static bool is_known(const struct socket *s, seL4_Word what)
{
        switch (what) {
        case GET_ADDRESS:
        case GET_PEER:
        case GET_BROADCAST:
        case GET_MASK:
                return s->family == 4;
        case GET_NAME:
        case GET_FLAGS:
        case GET_METRIC:
        case GET_MTU:
        case GET_HARDWARE:
        case GET_INDEX:
        case GET_QUEUE:
                return true;
        default:
                return false;
        }
}

long posix_ioctl_interface(struct process *p, const struct socket *s)
{
        const struct socket_info *info = sockets_there() ? sockets_info() : NULL;
        seL4_Word what = (uint32_t)p->call.argument[1], va = p->call.argument[2];
        struct asked a;
        unsigned index;
        long error;

        if (what == GET_ALL)
                return tell_all(p, info);
        if (!is_known(s, what))
                return -SOS_ENOTTY;
        if (!space_read(p->space, va, &a, sizeof(a)))
                return -SOS_EFAULT;
        if (what == GET_NAME) {
                if (!put_name(info, a.number, a.name))
                        return -SOS_ENODEV;
        } else {
                index = posix_interface_named(info, a.name, NAME);
                error = index ? answer(info, index, what, &a) : -SOS_ENODEV;
                if (error)
                        return error;
        }
        return space_write(p->space, va, &a, sizeof(a)) ? 0 : -SOS_EFAULT;
}
