# SPDX-License-Identifier: BSD-2-Clause
"""The other end of the wire: frames as QEMU's `dgram` back end carries them, made and judged here from the standards.

A Host answers ARP and DHCP, and offers a few steps of UDP, ICMP and TCP to tests.  Every checksum that comes is checked.
"""
import random
import socket
import struct
import time

GUEST, HERE, MASK = bytes([192, 0, 2, 10]), bytes([192, 0, 2, 1]), bytes([255, 255, 255, 0])
MAC = bytes([2, 0, 0, 0, 0, 0xfe])
PATIENCE = 60  # seconds until the wire counts as dead


def checksum(data):
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack(f">{len(data) // 2}H", data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return ~total & 0xffff


def pseudo(src, dst, proto, length):
    return src + dst + struct.pack(">BBH", 0, proto, length)


class Dead(Exception):
    pass


class Wire:
    def __init__(self, folder):
        self.mac = None  # the guest's, from its first frame
        self.errors = []
        self.bind(folder)

    def bind(self, folder):
        self.path, self.guest = f"{folder}/here", f"{folder}/guest"
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(self.path)

    def now(self):
        return time.monotonic()

    def options(self):
        return ["-netdev", f"dgram,id=n,local.type=unix,local.path={self.guest},remote.type=unix,remote.path={self.path}",
                "-device", "virtio-net-device,netdev=n"]

    def send(self, frame):
        self.socket.settimeout(5)
        try:
            self.socket.sendto(frame, self.guest)
        except (FileNotFoundError, ConnectionRefusedError, TimeoutError, socket.timeout):
            pass  # it has not started yet, has ended, or does not listen: frames may be lost

    def receive(self, seconds):
        self.socket.settimeout(max(seconds, 0.001))
        try:
            frame = self.socket.recv(65536)
        except (TimeoutError, socket.timeout):
            return None
        self.mac = frame[6:12]
        return frame


class Host(Wire):
    """One that has an address, gives the guest one, and hands what is for a test to it."""

    def __init__(self, folder, silent=0, refuse=0):
        super().__init__(folder)
        self.silent, self.refuse = silent, refuse  # discovers not answered, requests refused
        self.lease, self.address = 3600, GUEST  # what DHCP gives
        self.dhcp = []  # types of the guest's messages
        self.names = {}
        self.date = None  # seconds since 1970 that a time server here returns; None: there is none
        self.named = True  # DHCP announces it
        self.dates = []  # what was asked: the guest's own times
        self.queue = []
        self.ident = 0

    # --- out ---

    def ethernet(self, kind, payload, dst=None):
        self.send((dst or self.mac) + MAC + struct.pack(">H", kind) + payload)

    def ip(self, proto, payload, dst=None, offset=0, more=False, ident=None, **bad):
        dst = dst or self.address
        if ident is None:
            self.ident = ident = self.ident + 1 & 0xffff
        head = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), ident, (0x2000 if more else 0) | offset // 8, 64, proto, 0)
        head = head[:10] + struct.pack(">H", checksum(head + HERE + dst) ^ bad.get("wrong", 0)) + HERE + dst
        self.ethernet(0x0800, head + payload, b"\xff" * 6 if dst == b"\xff" * 4 else None)

    def udp_bytes(self, src, dst, data, to=None):
        to = to or self.address
        head = struct.pack(">HHHH", src, dst, 8 + len(data), 0)
        total = checksum(pseudo(HERE, to, 17, 8 + len(data)) + head + data) or 0xffff
        return head[:6] + struct.pack(">H", total) + data

    def udp(self, src, dst, data, to=None):
        self.ip(17, self.udp_bytes(src, dst, data, to), to)

    # --- in ---

    def wait(self, want, seconds=PATIENCE):
        """The first packet (proto, payload) that `want` likes; others are kept.  None after the time."""
        for i, packet in enumerate(self.queue):
            if want(*packet):
                return self.queue.pop(i)
        end = self.now() + seconds
        while self.now() < end:
            frame = self.receive(end - self.now())
            packet = frame and self.take(frame)
            if packet:
                if want(*packet):
                    return packet
                self.queue.append(packet)
        return None

    def take(self, frame):
        kind, = struct.unpack(">H", frame[12:14])
        if kind == 0x0806:
            self.arp(frame[14:])
        elif kind == 0x0800:
            return self.take_ip(frame[14:])
        return None

    def arp(self, p):
        operation, = struct.unpack(">H", p[6:8])
        if operation == 1 and p[24:28] == HERE:
            self.ethernet(0x0806, struct.pack(">HHBBH", 1, 0x0800, 6, 4, 2) + MAC + HERE + p[8:14] + p[14:18], p[8:14])

    def take_ip(self, p):
        size = (p[0] & 15) * 4
        total, = struct.unpack(">H", p[2:4])
        if checksum(p[:size]) or total > len(p):
            self.errors.append("IP header")
            return None
        src, dst, data = p[12:16], p[16:20], p[size:total]
        proto = p[9]
        if struct.unpack(">H", p[6:8])[0] & 0x3fff:
            return proto + 256, p[4:8] + data  # a fragment: left to whoever reassembles them
        if proto in (6, 17) and checksum(pseudo(src, dst, proto, len(data)) + data):
            self.errors.append(f"checksum of protocol {proto}")
            return None
        if proto == 1 and checksum(data):
            self.errors.append("checksum of ICMP")
        if proto == 17 and data[2:4] == b"\0\x43":
            self.serve_dhcp(data[8:])
            return None
        if proto == 17 and data[2:4] == b"\0\x7b":
            self.serve_date(data)
            return None
        if proto == 17 and data[2:4] == b"\0\x35":
            self.serve_dns(data)
            return None
        return proto, data

    def serve_dhcp(self, m):
        options, i = {}, 240
        while i < len(m) and m[i] != 255:
            if m[i] == 0:
                i += 1
                continue
            options[m[i]] = m[i + 2:i + 2 + m[i + 1]]
            i += 2 + m[i + 1]
        kind = options[53][0]
        self.dhcp.append(kind)
        if kind == 1 and self.silent > 0:
            self.silent -= 1
            return
        if kind not in (1, 3):
            return
        answer = 2 if kind == 1 else 5
        if kind == 3 and self.refuse > 0:
            self.refuse -= 1
            answer = 6
        reply = bytes([2, 1, 6, 0]) + m[4:8] + bytes(8) + (self.address if answer != 6 else bytes(4)) + HERE + bytes(4) + m[28:44] + bytes(192)
        reply += bytes([99, 130, 83, 99, 53, 1, answer, 54, 4]) + HERE
        if answer != 6:
            reply += bytes([51, 4]) + struct.pack(">I", self.lease) + bytes([1, 4]) + MASK + bytes([3, 4]) + HERE + bytes([6, 4]) + HERE
            reply += bytes([42, 4]) + HERE if self.date and self.named else b""
        self.udp(67, 68, reply + b"\xff", b"\xff" * 4)

    def serve_date(self, data):
        """An answer to another question, one that calls itself unfit, one from elsewhere: none counts.  Then the true one."""
        if len(data) != 56 or data[8] & 7 != 3 or not self.date:
            self.errors.append("a question for the date that is none")
            return
        src, asked = struct.unpack(">H", data[:2])[0], data[48:56]
        self.dates.append(asked)

        def answer(seconds, origin=asked, stratum=1, mode=4, port=123):
            now = struct.pack(">II", seconds + 2208988800 & 0xffffffff, 1 << 31)
            self.udp(port, src, bytes([0x20 | mode, stratum, 6, 0xec]) + bytes(12) + now + origin + now + now)

        answer(86400, origin=bytes(8))
        answer(86400, mode=3)
        answer(86400, port=124)
        answer(self.date)

    def serve_dns(self, data):
        src, = struct.unpack(">H", data[:2])
        query = data[8:]
        labels, i = [], 12
        while query[i]:
            labels.append(query[i + 1:i + 1 + query[i]].decode())
            i += 1 + query[i]
        address = self.names.get(".".join(labels))
        kind, = struct.unpack(">H", query[i + 1:i + 3])
        found = address is not None and kind == 1
        head = query[:2] + struct.pack(">HHHHH", 0x8180 | (0 if address else 3), 1, int(found), 0, 0)
        answer = b"\xc0\x0c" + struct.pack(">HHIH", 1, 1, 60, 4) + address if found else b""
        self.udp(53, src, head + query[12:i + 5] + answer)


FIN, SYN, RST, PSH, ACK = 1, 2, 4, 8, 16


class Connection:
    """A TCP connection to the guest, as simple as may be; `loss` per cent of the segments vanish, each way.  Without `mss` the guest has to
    assume segments of 536 bytes."""
    port = 40000

    def __init__(self, host, port, loss=0, seed=1, mss=None):
        Connection.port += 1
        self.host, self.src, self.dst, self.loss, self.mss = host, Connection.port, port, loss, mss
        self.random = random.Random(seed)
        self.seq, self.ack, self.got, self.ended, self.reset = self.random.getrandbits(32), 0, b"", False, False
        self.acked, self.window = self.seq, 60000

    def segment(self, flags, data=b"", seq=None):
        if self.random.randrange(100) < self.loss:
            return
        options = struct.pack(">BBH", 2, 4, self.mss) if self.mss and flags & SYN else b""
        head = struct.pack(">HHIIBBHHH", self.src, self.dst, (self.seq if seq is None else seq) & 0xffffffff, self.ack,
                           (20 + len(options)) // 4 << 4, flags, self.window, 0, 0) + options
        total = checksum(pseudo(HERE, self.host.address, 6, len(head) + len(data)) + head + data)
        self.host.ip(6, head[:16] + struct.pack(">H", total) + head[18:] + data)

    def next(self, seconds):
        ports = struct.pack(">HH", self.dst, self.src)
        packet = self.host.wait(lambda proto, p: proto == 6 and p[:4] == ports, seconds)
        if packet is None or self.random.randrange(100) < self.loss:
            return None
        p = packet[1]
        seq, ack, offset, flags = struct.unpack(">IIBB", p[4:14])
        return seq, ack, flags, p[(offset >> 4) * 4:]

    def open(self):
        for _ in range(30):
            self.segment(SYN)
            got = self.next(0.2)
            if got and got[2] & RST:
                self.reset = True
                return False
            if got and got[2] & (SYN | ACK) == SYN | ACK:
                self.seq = self.acked = self.seq + 1 & 0xffffffff
                self.ack = got[0] + 1 & 0xffffffff
                self.segment(ACK)
                return True
        return False

    def take(self, seconds):
        """One segment; what is not in order is answered again and forgotten."""
        got = self.next(seconds)
        if not got:
            return False
        seq, ack, flags, data = got
        if flags & RST:
            self.reset = True
            return True
        if (ack - self.acked & 0xffffffff) < 0x80000000:
            self.acked = ack
        old = self.ack - seq & 0xffffffff
        if old <= len(data) and (data or flags & FIN):
            self.got += data[old:]
            self.ack = seq + len(data) & 0xffffffff
            if flags & FIN and not self.ended:
                self.ended = True
                self.ack = self.ack + 1 & 0xffffffff
        if data or flags & FIN:
            self.segment(ACK)
        return True

    def send(self, data, wanted=None):
        """Send, again and again, until all is acknowledged and `wanted` bytes have come."""
        start, wanted = self.seq, len(self.got) + len(data) if wanted is None else wanted
        for _ in range(200 + len(data) // 50):
            done = self.acked - start & 0xffffffff
            if done >= len(data) and len(self.got) >= wanted:
                break
            for at in range(done, min(len(data), done + 5600), 1400):
                self.segment(ACK | PSH, data[at:at + 1400], start + at)
            while self.take(0.1 if self.loss else 1):
                if (self.acked - start & 0xffffffff) >= min(len(data), done + 5600) and len(self.got) >= min(wanted, done + 5600):
                    break
        self.seq = start + len(data) & 0xffffffff
        return len(self.got) >= wanted

    def close(self):
        for _ in range(30):
            self.segment(FIN | ACK)
            while self.take(0.5):
                if self.ended and self.acked == (self.seq + 1 & 0xffffffff):
                    return True
        return self.ended

