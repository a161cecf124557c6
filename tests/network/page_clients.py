# SPDX-License-Identifier: BSD-2-Clause
"""Clients of the page that would hold it, or take it from others."""
import socket
import time

from wire import ACK, PSH, RST, Connection


def stays_by_speaking(check, port):
    """Eight, as many as the page has room for; the first one speaks, and the ninth takes the place of another."""
    some = []

    def connect():
        some.append(socket.create_connection(("127.0.0.1", port), 20))
        time.sleep(0.2)

    for _ in range(8):
        connect()
    some[0].sendall(b"GET / HT")
    time.sleep(0.5)
    connect()
    some[0].sendall(b"TP/1.0\r\n\r\n")
    check("page: one that speaks stays, however old", some[0].recv(15) == b"HTTP/1.0 200 OK")
    check("page: the one that is silent for the longest time goes", some[1].recv(1) == b"")
    for s in some:
        s.close()


def asks(host, path, window):
    c = Connection(host, 80)
    c.open()
    c.window = window
    request = f"GET {path} HTTP/1.0\r\n\r\n".encode()
    c.segment(ACK | PSH, request)
    c.seq += len(request)
    return c


def reads_slowly(check, host, path):
    """One that takes two KiB a second of a long answer, enough for each write of the page to end in time, and one that asks meanwhile."""
    end = time.monotonic() + 20
    slow = asks(host, path, 536)
    while not slow.got and time.monotonic() < end:
        slow.take(0.1)
    other = asks(host, "/", 60000)
    while not other.ended and time.monotonic() < end:
        slow.take(0.1)
        pause = time.monotonic() + 0.2
        while not other.ended and time.monotonic() < pause:
            other.take(0.1)
    slow.segment(RST)  # what is left of its answer would take memory for a minute
    check("page: one that reads slowly does not hold it", other.got.endswith(b"</html>\n"), (other.got[-20:], len(slow.got)))
    check("page: it has had a part of its answer", 4096 < len(slow.got) < 100000, len(slow.got))
