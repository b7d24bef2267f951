"""What an editor costs, this project's and others that are installed, as a Markdown table.

    bars.py [EDITOR ...]       LARGE=1 opens 1 GB as well, in all of them

Times are milliseconds on a pseudo-terminal of 200 columns and 60 rows, with the settings that an editor
has when it is new. The figures are worth what the machine is: nothing else should run.
"""

import glob
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

import echo
from editor import ENTER, ESCAPE, PROGRAM, control
from stopwatch import SIGNS, Stopwatch, punctual, quantile

LINE = b"the harbour lay quiet that morning, and nobody spoke of the boat.\n"
# Of the last word no letter is where one of the line is: editors that write only what differs write
# all of it.
FIRST, LAST = b"harbour", b"NEEDLE"


class Peer:
    """How an editor is started and driven; `insert` comes before typed text."""

    def __init__(self, name, insert=b"", end=b"", find=(b"", b""), missing=b"", package=None):
        self.name, self.insert, self.end = name, insert, end
        self.find, self.missing, self.package = find, missing, package or name

    def version(self):
        """As Debian's packages tell it."""
        try:
            done = subprocess.run(["dpkg-query", "-W", "-f", "${Version}", self.package],
                                  capture_output=True, text=True)
        except OSError:
            return ""
        found = re.match(r"(?:\d+:)?(\d[\d.]*)", done.stdout)
        return " " + found.group(1) if found else ""

    def command(self, path):
        return [PROGRAM if self.name == "palimpsest" else self.name, path]

    def open(self, path, home):
        # What a killed vim leaves would be asked about.
        for left in glob.glob(f"{os.path.dirname(path)}/.*.sw?"):
            os.remove(left)
        return Stopwatch(self.command(path), home)


PEERS = [
    Peer("palimpsest", end=b"\x1b[1;5F", find=(control("F"), b""), missing=b"o match"),
    Peer("nano", end=b"\x1b[1;5F", find=(control("W"), ENTER), missing=b"not found"),
    Peer("vim", insert=b"i", end=b"G", find=(b"/", ENTER), missing=b"E486"),
    Peer("micro", end=b"\x1b[1;5F", find=(control("F"), ENTER), missing=b"No matches"),
    Peer("kak", insert=b"i", end=b"ge", find=(b"/", ENTER), missing=b"no matches",
         package="kakoune"),
    Peer("ne", end=b"\n9999999\r", find=(control("F"), ENTER), missing=b"ot found"),
    Peer("joe", end=control("K") + b"v", find=(control("K") + b"f", ENTER + ENTER), missing=b"ot found"),
    Peer("mg", end=b"\x1b>", find=(control("S"), b""), missing=b"ailing"),
]


def present(names):
    return [peer for peer in PEERS if (peer.name == "palimpsest" or shutil.which(peer.name))
            and (not names or peer.name in names)]


def write(path, size):
    part = LINE * 16384
    with open(path, "wb") as file:
        for _ in range(size // len(part)):
            file.write(part)
        file.write(LINE * (size % len(part) // len(LINE)) + LAST + b"\n")


# What this editor is to reach, by row.
GOALS = {
    "first paint of 15 kB, median": "8",
    "memory after it, MB": "14",
    "wake-ups a second when idle": "0",
    "key to its letter: median, p95": "0.5, 1.0",
    "bytes a key, median": "80",
    "100 MB: first paint": "50",
    "100 MB: memory, MB": "130",
    "100 MB: to the end": "50",
    "100 MB: search in vain": "60",
    "1 GB: first paint": "100",
    "1 GB: key to its letter, p95": "2",
    "frame, a passage of 256 slots, median": "1",
    "a passage to its masks": "50",
    "Esc to its answer": "50",
    "a step back, median": "4",
    "p99 while 16 tries are written": "8",
}


def shown(value, digits=1):
    return "never" if value is None else f"{value:.{digits}f}"


def resident(editor):
    with open(f"/proc/{editor.process}/status") as status:
        return next(int(line.split()[1]) for line in status if line.startswith("VmRSS")) / 1000


def wakeups(editor):
    """Times that its threads went to sleep so far, and with that woke."""
    count = 0
    for task in os.listdir(f"/proc/{editor.process}/task"):
        with open(f"/proc/{editor.process}/task/{task}/status") as status:
            count += next(int(line.split()[1]) for line in status if line.startswith("voluntary"))
    return count


def start(peer, path, home):
    """An editor that has painted, and milliseconds until then."""
    editor = peer.open(path, home)
    return editor, editor.time(None, FIRST, 120)


def paint(peer, path, home, rows):
    times = []
    for _ in range(25):
        editor, taken = start(peer, path, home)
        times.append(taken)
        editor.end()
    rows["first paint of 15 kB, median"] = shown(
        None if None in times else statistics.median(times))


def idle(peer, path, home, rows):
    editor, _ = start(peer, path, home)
    editor.pump(3)
    rows["memory after it, MB"] = shown(resident(editor))
    before = wakeups(editor)
    editor.pump(5)
    rows["wake-ups a second when idle"] = shown((wakeups(editor) - before) / 5)
    editor.send(peer.insert, 0.5)
    times, sizes = editor.echoes(200, (0.03, 0.06), SIGNS)
    rows["key to its letter: median, p95"] = f"{quantile(times, 0.5):.2f}, {quantile(times, 0.95):.2f}"
    rows["bytes a key, median"] = shown(statistics.median(sizes), 0)
    # As many processes as there are processors that do nothing but count.
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(os.cpu_count())]
    try:
        times, _ = editor.echoes(200, (0.01, 0.03), SIGNS)
    finally:
        for process in busy:
            process.kill()
            process.wait()
    rows["p99 with all processors busy"] = shown(quantile(times, 0.99), 2)
    editor.end()


def large(peer, path, home, name, rows):
    editor, taken = start(peer, path, home)
    rows[f"{name}: first paint"] = shown(taken, 0)
    if taken is None:
        return editor.end()
    editor.pump(2)
    rows[f"{name}: memory, MB"] = shown(resident(editor), 0)
    rows[f"{name}: to the end"] = shown(editor.time(peer.end, LAST, 60), 0)
    editor.end()
    # From the beginning: some search only what follows.
    editor, _ = start(peer, path, home)
    editor.pump(2)
    rows[f"{name}: search in vain"] = miss(peer, editor)
    editor.end()
    editor, _ = start(peer, path, home)
    editor.pump(2)
    editor.send(peer.insert, 0.5)
    try:
        times, _ = editor.echoes(50, (0.03, 0.06), SIGNS)
        rows[f"{name}: key to its letter, p95"] = shown(quantile(times, 0.95), 2)
    except RuntimeError:
        rows[f"{name}: key to its letter, p95"] = "never"
    editor.end()


def miss(peer, editor):
    """Milliseconds from the last key of a search for a word that is not there to the message."""
    prompt, enter = peer.find
    word = b"xyzzy"
    editor.send(prompt, 0.3)
    # Where the search follows each key, the last letter decides; elsewhere the key that starts it.
    editor.send(word if enter else word[:-1], 0.5)
    return shown(editor.time(enter or word[-1:], peer.missing, 60), 0)


def passage(home, rows):
    """What only this editor has, with the default model."""
    echo.prepare(home, {})
    editor = echo.open_letter("passage", home)
    if editor.time(None, b"Dear Clara") is None:
        return editor.end()
    # Loads the model, and shows that there is one.
    if editor.time(echo.ALT_ENTER, "░".encode()) is None:
        return editor.end()
    editor.pump(3)
    editor.send(ESCAPE, 0.5)
    editor.send(ESCAPE, 1)
    rows["a passage to its masks"] = shown(editor.time(echo.ALT_ENTER, "░".encode()))
    editor.pump(0.3)
    rows["Esc to its answer"] = shown(editor.time(ESCAPE, b"Stopped", 5))
    editor.send(ESCAPE, 1)
    editor.send(echo.ALT_ENTER, 8)
    times = [editor.time(b"\x1b[D", b"\x1b", 5) for _ in range(10) if editor.pump(0.1)]
    rows["a step back, median"] = shown(None if None in times else statistics.median(times))
    editor.end()
    busy = echo.play("tries", home, 200)
    rows["p99 while 16 tries are written"] = shown(quantile(busy, 0.99), 2)


def frames(rows):
    """Frames of 200 columns and 60 rows, without a terminal."""
    done = subprocess.run([PROGRAM + "-dev", "bench", "editor"], stdout=subprocess.PIPE, text=True)
    for name in ("frame, highlighted code", "key to frame, highlighted code",
                 "frame, a passage of 256 slots", "scrub one step of 64, frame included"):
        found = re.search(rf"^{re.escape(name)} +\S+ +(\S+)$", done.stdout, re.MULTILINE)
        rows[f"{name}, median"] = found.group(1) if found else "never"


def measure(peer, folder):
    rows = {}
    home = f"{folder}/{peer.name}"
    os.makedirs(home)
    paint(peer, f"{folder}/note.txt", home, rows)
    idle(peer, f"{folder}/note.txt", home, rows)
    large(peer, f"{folder}/100.txt", home, "100 MB", rows)
    if peer.name == "palimpsest" or os.environ.get("LARGE"):
        large(peer, f"{folder}/1000.txt", home, "1 GB", rows)
    if peer.name == "palimpsest":
        frames(rows)
        passage(home, rows)
    return rows


def main(names):
    punctual()
    columns = {}
    with tempfile.TemporaryDirectory(prefix="palimpsest-bars-") as folder:
        write(f"{folder}/note.txt", 15_000)
        write(f"{folder}/100.txt", 100_000_000)
        write(f"{folder}/1000.txt", 1_000_000_000)
        for peer in present(names):
            print(f"bars: {peer.name}", file=sys.stderr, flush=True)
            columns[peer.name + peer.version()] = measure(peer, folder)
    every = list(dict.fromkeys(row for column in columns.values() for row in column))
    print(f"\nLoad {os.getloadavg()[0]:.1f}, {os.cpu_count()} processors.\n")
    print("| | goal | " + " | ".join(columns) + " |")
    print("|---" * (len(columns) + 2) + "|")
    for row in every:
        cells = [row, GOALS.get(row, "")] + [column.get(row, "") for column in columns.values()]
        print(f"| {' | '.join(cells)} |")


if __name__ == "__main__":
    main(sys.argv[1:])
