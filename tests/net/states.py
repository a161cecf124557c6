# SPDX-License-Identifier: BSD-2-Clause
"""What takes minutes, or a link that loses, doubles and delays: the stack in time that is a number (virtual.py).  Called by tests/net/run."""
import os
import random
import struct

from virtual import Virtual
from wire import ACK, FIN, PSH, RST, SYN, Connection

LONG = os.environ.get("NET_LONG") == "1"
OTHER = bytes([192, 0, 2, 77])
IDLE = 300  # seconds: SERVICE_IDLE_S


def beginning(**facts):
    h = Virtual(**facts)
    h.pass_time(6)
    return h


def echo(h, data=b"still there?"):
    h.udp(5000, 7, data)
    got = h.wait(lambda proto, p: proto == 17 and p[:4] == struct.pack(">HH", 7, 5000), 5)
    return got is not None and got[1][8:] == data


def ended(h, check, name):
    check(f"{name}: no checksum was wrong, no memory was", h.end() and not h.errors, h.errors[:3])


def test_disorder(check):
    """Every byte arrives, whatever the link does."""
    bad = []
    for seed in range(200 if LONG else 4):
        h = beginning(seed=seed)
        h.loss, h.double, h.late = ((10, 0, 0), (0, 30, 0), (0, 0, 40), (5, 10, 30))[seed % 4]
        c = Connection(h, 7)
        data = random.Random(seed).randbytes(20000)
        good = c.open() and c.send(data) and c.got == data
        h.loss = h.double = h.late = 0
        if not (good and echo(h) and h.end() and not h.errors):
            bad.append((seed, len(c.got), h.errors[:2]))
    check("link: lost, doubled, late segments: every byte comes back", not bad, bad)


def probes(h, c, seconds):
    """What comes while the window is shut: (time, number of its first byte, bytes)."""
    seen, end = [], h.now() + seconds
    while h.now() < end:
        got = c.next(end - h.now())
        if got:
            seen.append((h.now(), got[0], got[3]))
            c.segment(ACK)
    return seen


def test_closed_window(check):
    h = beginning()
    c = Connection(h, 7)
    c.open()
    data = random.Random(1).randbytes(5000)
    c.window = 0
    first = c.ack
    for at in range(0, 5000, 1000):
        c.segment(ACK | PSH, data[at:at + 1000], c.seq + at)
    c.seq += 5000
    seen = probes(h, c, 200)
    gaps = [b[0] - a[0] for a, b in zip(seen[-6:], seen[-5:])]
    check("closed window: it is asked for again and again, ever more seldom", len(seen) > 5 and gaps == sorted(gaps) and gaps[-1] > 3 * gaps[0], gaps)
    check("closed window: by at most a byte, of what comes next", all(s[1] - first & 0xffffffff <= 1 and len(s[2]) <= 1 for s in seen[-6:]), seen[-6:])
    c.window = 60000  # the segment that says so is lost: the next request finds out
    got = c.next(200)
    c.segment(ACK)
    while len(c.got) < 5000 and c.take(5):
        pass
    check("closed window: everything comes when it is open", got and c.got == data, (len(c.got), got))
    ended(h, check, "closed window")


def test_full(check):
    """We read nothing, send more than the service may send back, and end: all of it comes before the service's end."""
    h = beginning()
    c = Connection(h, 7, mss=1460)
    c.open()
    data, start = random.Random(1).randbytes(70000), c.seq
    c.window = 0
    for at in range(0, len(data), 1400):
        c.segment(ACK | PSH, data[at:at + 1400], start + at)
    c.seq = start + len(data)
    c.segment(FIN | ACK)
    c.seq += 1
    h.wait(lambda *_: False, 5)
    held = len(c.got)
    c.window = 60000
    c.segment(ACK)
    while not c.ended and c.take(100):
        pass
    check("full: what waits is sent when there is room, and the end behind it", held == 0 and c.got == data and c.ended and not c.reset, (len(c.got), c.ended))
    ended(h, check, "full")


def test_idle(check):
    """Who says nothing for long makes room for others."""
    h = beginning()
    c = Connection(h, 7)
    good = c.open() and c.send(b"a word")
    h.wait(lambda *_: False, IDLE / 2)
    good = good and c.send(b"another") and not c.reset
    while not c.reset and c.take(2 * IDLE):
        pass
    check("idle: the connection is given up, and not before", good and c.reset, (good, c.reset))
    ended(h, check, "idle")


def flags_of(frame):
    ip = frame[14:]
    return ip[(ip[0] & 15) * 4 + 13] if frame[12:14] == b"\x08\0" and ip[9] == 6 else 0


class Once:
    """Loses the first segment that has these flags, on its way out of the guest or into it."""

    def __init__(self, outwards, flags, without=0):
        self.what, self.done = (outwards, flags, without), False

    def __call__(self, outwards, frame):
        flags = flags_of(frame)
        if self.done or outwards != self.what[0] or flags & self.what[1] != self.what[1] or flags & self.what[2]:
            return False
        self.done = True
        return True


def close_first(h, lose):
    """We close first; the service answers with its end."""
    c = Connection(h, 7)
    good = c.open() and c.send(b"last words")
    h.lose = lose
    return good and c.close() and c.got == b"last words" and not c.reset


def close_second(h, lose, at_once):
    """The service closes first, which it does when it is told to; `at_once`: we do at the same time."""
    c = Connection(h, 2323)
    good, request = c.open(), b"quit\n"
    h.lose = lose
    for _ in range(60):
        c.segment(ACK | PSH | (FIN if at_once else 0), request, c.seq)
        if c.take(1):
            break
    c.seq = c.seq + len(request) & 0xffffffff
    for _ in range(200):
        if c.ended:
            break
        c.take(1)
    return good and c.ended and (c.acked == (c.seq + 1 & 0xffffffff) or c.close()) and not c.reset


def test_closing(check):
    """Who closes first, and what of it is lost: each ends, and nothing of it is left."""
    losses = {"nothing": lambda: lambda *_: False, "our end": lambda: Once(False, FIN), "its end": lambda: Once(True, FIN),
              "what it answers": lambda: Once(True, ACK, FIN), "what we answer": lambda: Once(False, ACK, FIN)}
    ways = {"we first": close_first, "it first": lambda h, lose: close_second(h, lose, False), "both": lambda h, lose: close_second(h, lose, True)}
    h = beginning()
    before, bad = h.state(), []
    for way, close in ways.items():
        for loss, lose in losses.items():
            if not close(h, lose()):
                bad.append((way, loss))
            h.lose = lambda *_: False
            h.queue.clear()
    h.pass_time(150)
    after = h.state()
    check("closing: each of 15 ways ends, whole", not bad, bad)
    check("closing: nothing of it is left", after[0] == 0 and after[1] <= before[1] and after[2] == before[2], (before, after))
    ended(h, check, "closing")


def test_leases(check):
    h = beginning(lease=120)
    check("lease: an address", echo(h) and h.dhcp == [1, 3], h.dhcp)
    h.dhcp.clear()
    h.pass_time(100)
    check("lease: it is renewed in time, and nothing is asked besides", h.dhcp and set(h.dhcp) == {3} and echo(h), h.dhcp)
    h.lose = lambda outwards, frame: frame[12:14] == b"\x08\0" and frame[14 + 9] == 17 and b"\x63\x82\x53\x63" in frame
    h.pass_time(240)
    check("lease: without a server the address goes when its time is over", not echo(h))
    h.lose = lambda *_: False
    h.pass_time(120)
    check("lease: and comes again with the server", echo(h))
    h.refuse, h.address, known = 1, OTHER, h.address
    h.pass_time(200)
    check("lease: one that is refused at its renewal is given up for another", echo(h))
    h.address = known
    check("lease: the one before is no longer answered", not echo(h))
    h.pass_time(200)
    check("lease: a server that gives another one at the renewal is obeyed", echo(h))
    ended(h, check, "lease")


def test_many(check):
    """Short connections that either side ends, or a reset; then a flood of half-open ones."""
    count, flood = (10000, 10000) if LONG else (150, 600)
    h = beginning()
    before, bad = h.state(), []
    for i in range(count):
        if i % 3 == 0:
            good = close_first(h, lambda *_: False)
        elif i % 3 == 1:
            good = close_second(h, lambda *_: False, False)
        else:
            c = Connection(h, 7)
            good = c.open() and c.send(b"x")
            c.segment(RST | ACK)
        if not good:
            bad.append(i)
        h.queue.clear()
    for port in range(10000, 10000 + flood):
        c = Connection(h, 7)
        c.src = port
        c.segment(SYN)
        if port % 50 == 0:
            h.pass_time(0.01)
    h.pass_time(0.01)
    check(f"many: {count} connections ended by either side or a reset", not bad, bad[:5])
    check(f"many: {flood} half-open ones leave datagrams alone", echo(h))
    h.pass_time(150)
    after = h.state()
    check("many: memory is as before", after[0] == 0 and after[1] <= before[1] and after[2] == before[2], (before, after))
    ended(h, check, "many")


def test_no_memory(check):
    """The heap full, and what comes meanwhile: nothing is answered that cannot be, and all is well afterwards."""
    h = beginning()
    c = Connection(h, 7)
    good = c.open() and c.send(b"before")
    before = h.state()
    h.fill(True)
    for i in range(300):
        h.udp(5100, 7, bytes(100 + i))
        c.segment(ACK | PSH, b"while it is full", c.seq)
        Connection(h, (7, 80, 2323)[i % 3]).segment(SYN)
        h.ip(1, struct.pack(">BBHHH", 8, 0, 0xf7ff - i & 0xffff, i, 0))
        h.wait(lambda *_: False, 0.05)
    h.fill(False)
    h.queue.clear()
    check("no memory: the connection of before goes on", good and c.send(b"while it is full") and c.got == b"beforewhile it is full", c.got)
    c.close()
    h.pass_time(150)
    after = h.state()
    check("no memory: and everything is as before", echo(h) and after[0] == 0 and after[1] <= before[1] and after[2] <= before[2], (before, after))
    ended(h, check, "no memory")


def run(check, only):
    for name, test in list(globals().items()):
        if name.startswith("test_") and only in name:
            test(check)
