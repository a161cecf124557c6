#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# lwIP 2.1.3 (Debian bookworm, source package lwip 2.1.3+dfsg1-2): ip6addr_aton takes what is no address, and refuses what is one.
#
# A group of five digits loses its first one (12345:: becomes 2345::), a colon too many at the end adds a group, and the form with an
# IPv4 address at its end is known for ::ffff: alone.  libc's inet_pton says the opposite each time.  Where text from a person becomes an
# address, lwIP's function does not tell a mistyped one.
# Seen (lwip, libc): "12345:: 1 2345::, 0", "2001:db8::1: 1 2001:DB8::1:0, 0", "::192.0.2.1 0, 1".
# Exit status: 0 as seen, 1 it behaves otherwise now, 2 it could not be tried.
set -u
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 2
mkdir -p lists/partial cache/archives/partial options/arch
echo "deb-src http://deb.debian.org/debian bookworm main" >sources.list
cat >apt.conf <<END
Dir::Etc::sourcelist "$folder/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::State::lists "$folder/lists";
Dir::Cache "$folder/cache";
APT::Sandbox::User "root";
END
APT_CONFIG=$folder/apt.conf apt-get -qq update && APT_CONFIG=$folder/apt.conf apt-get -qq source lwip=2.1.3+dfsg1-2 >said 2>&1 || exit 2
printf '#define NO_SYS 1\n#define LWIP_SOCKET 0\n#define LWIP_NETCONN 0\n#define LWIP_IPV6 1\n#define SYS_LIGHTWEIGHT_PROT 0\n' >options/lwipopts.h
echo '#include <stdlib.h>' >options/arch/cc.h
cat >program.c <<'END'
#include "lwip/ip_addr.h"
#include <arpa/inet.h>
#include <stdio.h>

int main(void)
{
        static const char *const text[] = {"12345::", "2001:db8::1:", "::192.0.2.1"};
        unsigned char bytes[16];

        for (int i = 0; i < 3; i++) {
                ip6_addr_t address = {0};
                int taken = ip6addr_aton(text[i], &address);

                printf("%s %d%s%s, %d\n", text[i], taken, taken ? " " : "", taken ? ip6addr_ntoa(&address) : "",
                       inet_pton(AF_INET6, text[i], bytes));
        }
        return 0;
}
END
source=$(echo lwip-*/src)
gcc -ffunction-sections -Wl,--gc-sections -Ioptions -I"$source/include" program.c "$source/core/ipv6/ip6_addr.c" "$source/core/ipv4/ip4_addr.c" \
        "$source/core/def.c" -o program || exit 2
./program | tee out
printf '12345:: 1 2345::, 0\n2001:db8::1: 1 2001:DB8::1:0, 0\n::192.0.2.1 0, 1\n' | cmp -s - out
