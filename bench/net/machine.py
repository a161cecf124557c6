# SPDX-License-Identifier: BSD-2-Clause
"""The network card that both systems have when they are measured: no offloads, one way to move frames."""

MAC = "52:54:00:12:34:56"
OFF = ("csum", "gso", "guest_csum", "guest_tso4", "guest_tso6", "guest_ecn", "guest_ufo", "host_tso4", "host_tso6", "host_ecn", "host_ufo",
       "mrg_rxbuf", "event_idx", "indirect_desc", "ctrl_vq", "ctrl_rx", "ctrl_vlan", "ctrl_rx_extra", "ctrl_mac_addr", "guest_announce",
       "ctrl_guest_offloads")


def card():
    return f"virtio-net-device,netdev=n,mac={MAC}," + ",".join(f"{feature}=off" for feature in OFF)
