#!/bin/sh
# SPDX-License-Identifier: BSD-2-Clause
# QEMU 7.2 (Debian bookworm, qemu-system-arm 1:7.2+dfsg-7+deb12u18+b3; device-tree-compiler 1.6.1-4+b1): the tree of `-dtb FILE` is not
# the tree that the guest gets.
#
# On the virt machine a tree is given by hand whose /psci says: called by smc, CPU_ON has the number 0x1234.  A board's firmware with such
# a tree is just what one gives `-dtb` for.  The guest's tree has another /psci, called by hvc, with the standard number and three
# values of `compatible`; the size of the memory is that of `-m`.  Other nodes stay, and nothing is printed about it.
# Exit status: 0 as seen, 1 it behaves otherwise now, 2 it could not be tried.
set -u
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 2
apt-get -qq download qemu-system-arm="1:7.2+dfsg-7+deb12u18+b3" device-tree-compiler=1.6.1-4+b1 || exit 2
for package in *.deb; do
	dpkg -x "$package" . || exit 2
done
QEMU=$folder/usr/bin/qemu-system-aarch64
LD_LIBRARY_PATH=$folder/usr/lib/$(gcc -print-multiarch)
export LD_LIBRARY_PATH
if ldd $QEMU usr/bin/dtc | grep -q 'not found'; then # what they stand on is not installed here
	apt-get -qq download $(apt-cache depends --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces \
		--no-enhances qemu-system-arm device-tree-compiler | grep '^lib' | sort -u) || exit 2
	for package in lib*.deb; do
		dpkg -x "$package" . || exit 2
	done
fi
cat >in.dts <<'END'
/dts-v1/;
/ {
	compatible = "linux,dummy-virt";
	#address-cells = <2>;
	#size-cells = <2>;
	memory@40000000 { device_type = "memory"; reg = <0 0x40000000 0 0x1000000>; };
	psci { compatible = "arm,psci-0.2"; method = "smc"; cpu_on = <0x1234>; };
	board { note = "kept"; };
	cpus { #address-cells = <1>; #size-cells = <0>;
		cpu@0 { device_type = "cpu"; compatible = "arm,cortex-a53"; reg = <0>; }; };
};
END
usr/bin/dtc -q -o in.dtb in.dts || exit 2
head -c 4096 /dev/zero >kernel
$QEMU -M virt,dumpdtb=out.dtb -cpu cortex-a53 -m 64M -nographic -nic none -dtb in.dtb -kernel kernel >said 2>&1 || exit 2
usr/bin/dtc -q -I dtb -O dts -o out.dts out.dtb || exit 2
$QEMU --version | head -n 1
grep -E 'method|cpu_on|psci-|note|reg = <0x00 0x4' out.dts
grep -q 'method = "hvc"' out.dts && grep -q 'cpu_on = <0xc4000003>' out.dts && ! grep -q 0x1234 out.dts && grep -q 'note = "kept"' out.dts &&
	grep -q '0x40000000 0x00 0x4000000>' out.dts
