#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# libfdt 1.6.1 (Debian bookworm, libfdt-dev 1.6.1-4+b1): two functions of one library disagree on the empty string.
#
# A node has compatible = "arm,pl011".  fdt_stringlist_search says that "" is not in that list; fdt_node_check_compatible says that
# the node is compatible with "", and fdt_node_offset_by_compatible finds it.  So an empty line in a table of drivers, or a name
# cut to nothing, binds the first node that has any compatible property.  Seen:
#       search -1, check 0, by_compatible uart
# Exit status: 0 as seen, 1 it behaves otherwise now, 2 it could not be tried.
set -u
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
(cd "$folder" && apt-get -qq download libfdt-dev=1.6.1-4+b1 libfdt1=1.6.1-4+b1 && for p in *.deb; do dpkg -x "$p" .; done) || exit 2
cat >"$folder/program.c" <<'END'
#include <libfdt.h>
#include <stdio.h>

int main(void)
{
        static char tree[4096];
        int node, found;

        fdt_create(tree, sizeof(tree));
        fdt_finish_reservemap(tree);
        fdt_begin_node(tree, "");
        fdt_begin_node(tree, "uart");
        fdt_property_string(tree, "compatible", "arm,pl011");
        fdt_end_node(tree);
        fdt_end_node(tree);
        fdt_finish(tree);
        node = fdt_path_offset(tree, "/uart");
        found = fdt_node_offset_by_compatible(tree, -1, "");
        printf("search %d, check %d, by_compatible %s\n", fdt_stringlist_search(tree, node, "compatible", ""),
               fdt_node_check_compatible(tree, node, ""), found < 0 ? "nothing" : fdt_get_name(tree, found, NULL));
        return 0;
}
END
library=$(find "$folder" -name libfdt.a)
gcc -I"$folder/usr/include" "$folder/program.c" "$library" -o "$folder/program" || exit 2
out=$("$folder/program")
echo "$out"
[ "$out" = "search -1, check 0, by_compatible uart" ]
