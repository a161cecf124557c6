# SPDX-License-Identifier: BSD-2-Clause
"""A Host whose guest is build/host/virtual: time is a number that moves when both sides wait, so minutes take no time and runs repeat."""
import heapq
import random
import struct
import subprocess

from wire import Dead, Host


class Virtual(Host):
    """`loss`, `double` and `late` say how many of 100 frames vanish, come twice, or up to 200 ms late, each way (1 ms is the way itself); `lose` is a function that takes
    (from the guest?, frame) and says whether this one vanishes."""

    def __init__(self, loss=0, double=0, late=0, seed=1, **facts):
        self.guest_process = subprocess.Popen(["build/host/virtual"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.time, self.random, self.count = 0, random.Random(seed), 0
        self.loss, self.double, self.late, self.lose = loss, double, late, lambda *_: False
        self.way = []  # what is on its way: (time, number, from the guest?, frame)
        super().__init__(None)
        vars(self).update(facts)

    def bind(self, _):
        pass

    def now(self):
        return self.time / 1000

    def end(self):
        self.guest_process.stdin.close()
        status = self.guest_process.wait()
        self.guest_process.stdout.close()
        return status == 0

    # --- the wire ---

    def put(self, outwards, frame):
        if self.lose(outwards, frame) or self.random.randrange(100) < self.loss:
            return
        for _ in range(2 if self.random.randrange(100) < self.double else 1):
            self.count += 1
            late = self.random.randrange(200) if self.random.randrange(100) < self.late else 0
            heapq.heappush(self.way, (self.time + 1 + late, self.count, outwards, frame))

    def send(self, frame):
        self.put(False, frame)

    def tell(self, letter, *numbers):
        self.guest_process.stdin.write(struct.pack(f"={1 + len(numbers)}I", ord(letter), *numbers))

    def hear(self, count):
        self.guest_process.stdin.flush()
        data = self.guest_process.stdout.read(4 * count)
        if len(data) != 4 * count:
            raise Dead("the stack has ended")
        return struct.unpack(f"={count}I", data)

    def receive(self, seconds):
        end = self.time + max(1, int(seconds * 1000))
        while True:
            while self.way and self.way[0][0] <= self.time:
                _, _, outwards, frame = heapq.heappop(self.way)
                if outwards:
                    self.mac = frame[6:12]
                    return frame
                self.tell("F", len(frame))
                self.guest_process.stdin.write(frame)
            if self.time >= end:
                return None
            self.tell("T", min(end, self.way[0][0] if self.way else end) - self.time)
            passed, length = self.hear(2)
            self.time += passed
            if length:
                self.put(True, self.guest_process.stdout.read(length))

    # --- the guest ---

    def state(self):
        """Buffers of the card that are lent, bytes of the heap, TCP control blocks."""
        self.tell("S")
        return self.hear(3)

    def fill(self, full):
        self.tell("M", int(full))

    def pass_time(self, seconds):
        self.wait(lambda *_: False, seconds)
        self.queue.clear()
