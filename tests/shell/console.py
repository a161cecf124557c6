# SPDX-License-Identifier: BSD-2-Clause
"""A console on a program in QEMU: type a line, get what comes back up to the next prompt."""
import json
import os
import re
import select
import socket
import subprocess
import time

PROMPT = "$ "
PATIENCE = 900  # host seconds: a safety net in case the machine hangs, which then ends the suite with what can be seen of it


class Console:
    def __init__(self, image, *options, machine="virt"):
        self.text = ""
        self.asked = {}  # every line and the last answer to it
        self.start = time.monotonic()
        self.monitor, theirs = socket.socketpair()
        self.process = subprocess.Popen(
            ["qemu-system-aarch64", "-machine", machine, "-cpu", "cortex-a53", "-m", "1G", "-display", "none", "-nic",
             "none", "-no-reboot", "-monitor", "none", "-chardev", "stdio,id=console,signal=off", "-serial",
             "chardev:console", "-chardev", f"socket,id=asked,fd={theirs.fileno()}", "-mon", "chardev=asked,mode=control",
             "-kernel", image, *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, pass_fds=[theirs.fileno()])
        theirs.close()
        os.set_blocking(self.process.stdin.fileno(), False)

    def read(self, seconds):
        """What has come within that time; None at the end of the program's output."""
        if not select.select([self.process.stdout], [], [], max(seconds, 0))[0]:
            return ""
        piece = os.read(self.process.stdout.fileno(), 65536)
        return piece.decode(errors="replace").replace("\r", "") if piece else None

    def until(self, end, seconds=PATIENCE):
        """Everything up to and including `end`; what there is when it does not come, unless the machine hangs."""
        limit = time.monotonic() + seconds
        while end not in self.text:
            piece = self.read(limit - time.monotonic())
            if piece is None or time.monotonic() > limit:
                if piece is not None and seconds >= PATIENCE:
                    self.hangs(end)
                break
            self.text += piece
        at = self.text.find(end)
        cut = len(self.text) if at < 0 else at + len(end)
        result, self.text = self.text[:cut], self.text[cut:]
        return result

    def command(self, line):
        """What the emulator answers to a line of its monitor."""
        for command, arguments in (("qmp_capabilities", {}), ("human-monitor-command", {"command-line": line})):
            self.monitor.sendall(json.dumps({"execute": command, "arguments": arguments}).encode())
        answer = b""
        while not re.search(rb'"return": "', answer):
            answer += self.monitor.recv(1 << 16)
        return answer.decode().replace("\\r\\n", "\n")

    def thrown_away(self):
        """How many pieces of code the emulator has translated in vain: the guest said that they change, or changed them."""
        return int(re.search(r"TB invalidate count (\d+)", self.command("info jit")).group(1))

    def hangs(self, end):
        """Ends the suite, and shows what was said last, where the processor is, and what the break key brings (docs/dump.md)."""
        report = [f"the machine hangs: {end!r} did not come in {PATIENCE} s", self.text[-2000:]]
        commands = [("human-monitor-command", {"command-line": "info registers -a"})] * 3
        for command, arguments in [("qmp_capabilities", {}), *commands, ("chardev-send-break", {"id": "console"})]:
            self.monitor.sendall(json.dumps({"execute": command, "arguments": arguments}).encode())
            time.sleep(1)
            if select.select([self.monitor], [], [], 10)[0]:
                answer = self.monitor.recv(1 << 20).decode(errors="replace").replace("\\r\\n", "\n")
                report += re.findall(r"CPU#.*|.*PC=.*|.*X30=.*|PSTATE=.*", answer)
        limit, dump = time.monotonic() + 30, ""
        while time.monotonic() < limit and (piece := self.read(1)) is not None:
            dump += piece
        report.append(dump)
        self.kill()
        raise TimeoutError("\n".join(report))

    def send(self, text):
        """Type it.  What comes meanwhile is taken: a machine waits for whoever reads its output, and then it reads no input either."""
        data, pipes = text.encode(), [self.process.stdout]
        while data:
            readable, writable, _ = select.select(pipes, [self.process.stdin], [])
            if readable:
                piece = self.read(0)
                self.text += piece or ""
                pipes = pipes if piece is not None else []
            if writable:
                data = data[os.write(self.process.stdin.fileno(), data[:select.PIPE_BUF]):]

    def ask(self, line, seconds=PATIENCE):
        """Type a line; the answer without echo and prompt."""
        self.send(line + "\n")
        answer = self.until("\n" + PROMPT, seconds)
        self.asked[line] = answer.partition("\n")[2].removesuffix(PROMPT)
        return self.asked[line]

    def hear(self, line, seconds=PATIENCE):
        """Type a line; all that comes, with echo and prompt: what the system says by itself may stand before the echo."""
        self.send(line + "\n")
        return self.until("\n" + PROMPT, seconds)

    def ask_until(self, line, holds, seconds=120, pause_ms=50):
        """Ask again until `holds(answer)`: the last answer, and whether it held.

        The pause is part of it: without one, the questions take the whole processor from programs of lower priority,
        and what they wait for never comes."""
        limit = time.monotonic() + seconds
        while True:
            answer = self.ask(line)
            held = bool(holds(answer))
            if held or time.monotonic() > limit or self.process.poll() is not None:
                return answer, held
            self.ask(f"msleep {pause_ms}")

    def wait_for(self, line, holds, seconds=120):
        """Ask until `holds(answer)`; what never comes ends the suite, so that a wait which cannot end is seen."""
        answer, held = self.ask_until(line, holds, seconds)
        if not held:
            raise TimeoutError(f"{line}: waited {seconds} s in vain; the last answer: {answer!r}")
        return answer

    def end(self, seconds=PATIENCE):
        """Wait for QEMU to end by itself: its status, or None."""
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            return None

    def kill(self):
        self.process.kill()
        self.process.wait()
