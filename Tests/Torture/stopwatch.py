"""An editor on a pseudo-terminal whose answers are timed by the bytes it writes. They are not drawn:
that would take longer than what is measured."""

import itertools
import math
import os
import random
import select
import time

from editor import Editor

# Characters that no text here has. Those of ASCII are in no sequence of a terminal either, and for
# editors that know no others.
LETTERS = [chr(code) for code in range(0x100, 0x180)]
SIGNS = list("&+%_|^")


def punctual():
    """Has this process run as soon as there is something to read, where it may: else times include how
    long it waited for a processor itself. What it starts runs as usual."""
    try:
        os.sched_setscheduler(0, os.SCHED_RR | os.SCHED_RESET_ON_FORK, os.sched_param(1))
    except OSError:
        pass


class Stopwatch(Editor):
    def __init__(self, command, home, columns=200, rows=60, environment=None):
        self.seen = b""
        self.arrived = 0.0
        super().__init__(command, home, columns, rows,
                         dict({"TERM": "xterm-256color", "HOME": home}, **(environment or {})))

    def pump_once(self, seconds):
        if not select.select([self.terminal], [], [], max(0, seconds))[0]:
            return True
        try:
            data = os.read(self.terminal, 1 << 18)
        except OSError:
            data = b""
        self.arrived = time.monotonic()
        self.seen += data
        return bool(data)

    def time(self, keys, wanted, seconds=30):
        """Milliseconds from keys to the first of some bytes; None where they do not come. Keys None
        stand for the start of the program."""
        self.seen = self.seen if keys is None else b""
        began = self.began if keys is None else time.monotonic()
        if keys is not None:
            os.write(self.terminal, keys)
        while wanted not in self.seen:
            if time.monotonic() > began + seconds or not self.pump_once(0.5):
                return None
        return (self.arrived - began) * 1000

    def echoes(self, count, pauses, marks=LETTERS):
        """Milliseconds from each of `count` keys to its character, and the bytes that came of it. Keys
        are `pauses`, a range in seconds, apart."""
        times, sizes = [], []
        for mark in itertools.islice(itertools.cycle(marks), count):
            taken = self.time(mark.encode(), mark.encode(), 5)
            if taken is None:
                raise RuntimeError(f"the key {mark} has no echo but {self.seen[-400:]}")
            times.append(taken)
            self.pump(random.uniform(*pauses))
            sizes.append(len(self.seen))
        return times, sizes


def quantile(times, part):
    """The least that `part` of the times are not above (nearest rank)."""
    return sorted(times)[max(0, math.ceil(part * len(times)) - 1)]
