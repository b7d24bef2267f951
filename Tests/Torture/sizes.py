"""Large files: what opening, finding and saving cost, in time and memory, and whether the text stays
whole while others write to the file.

    sizes.py [CASE ...]

Prints milliseconds and megabytes of this machine; files come from memory, as they do when they have
just been written. What must hold is that every step comes to its end, and that files have the bytes
they should.
"""

import hashlib
import itertools
import os
import shutil
import signal
import sys
import subprocess
import tempfile
import time

from editor import ENTER, ESCAPE, PROGRAM, SAVE, Editor, control

HOME = b"\x1b[H"
LINE = b"The harbour lay quiet that morning, and nobody spoke of the boat.\n"
PART = LINE * 16384


def write(path, size, ending=b""):
    with open(path, "wb") as file:
        for _ in range(size // len(PART)):
            file.write(PART)
        file.write(LINE * ((size % len(PART)) // len(LINE)) + ending)


def digest(path, before=b""):
    """Of some bytes and those of a file."""
    result = hashlib.sha256(before)
    with open(path, "rb") as file:
        while part := file.read(1 << 22):
            result.update(part)
    return result.digest()


def memory(editor, field="VmHWM"):
    with open(f"/proc/{editor.process}/status") as status:
        for line in status:
            if line.startswith(field):
                return int(line.split()[1]) / 1000
    return 0


class Watch:
    """Steps of one editor, each until something is on the screen."""

    def __init__(self, path, home, wanted):
        self.results = {}
        self.good = True
        began = time.monotonic()
        self.editor = Editor([PROGRAM, path], home, environment={"HOME": home})
        self.finish("paint", began, wanted)
        self.results["peak after paint"] = f"{memory(self.editor):.0f} MB"

    def finish(self, name, began, wanted, seconds=120):
        end = began + seconds
        while wanted not in self.editor.text() and time.monotonic() < end:
            if not self.editor.pump_once(0.5):
                break
        good = wanted in self.editor.text()
        self.results[name] = f"{(time.monotonic() - began) * 1000:.0f} ms" if good else "never"
        self.good = self.good and good

    def step(self, name, keys, wanted, seconds=120):
        began = time.monotonic()
        os.write(self.editor.terminal, keys)
        self.finish(name, began, wanted, seconds)

    def hold(self, name, good):
        self.results[name] = "held" if good else "DID NOT HOLD"
        self.good = self.good and good

    def end(self, settle=0.5):
        self.editor.pump(settle)
        self.results["peak"] = f"{memory(self.editor):.0f} MB"
        self.results["now"] = f"{memory(self.editor, 'VmRSS'):.0f} MB"
        self.editor.end(signal.SIGKILL)
        return self.results, self.good


def plain(size):
    def run(folder):
        path = folder + "/note.txt"
        write(path, size, b"needle at the end\n")
        edited = digest(path, b"Q")
        watch = Watch(path, folder + "/home", "harbour")
        watch.editor.pump(2)
        watch.results["peak idle"] = f"{memory(watch.editor):.0f} MB"
        watch.step("first key", b"Q", "QThe harbour")
        watch.editor.pump(0.5)
        watch.step("first find", control("F") + b"needle", "needle at the end")
        watch.editor.send(ESCAPE, 0.5)
        watch.step("save", SAVE, "Saved")
        watch.hold("saved text", digest(path) == edited)
        return watch.end()
    return run


def outside(folder):
    """Another process shortens the file and writes over it; then the editor is killed."""
    path, copy = folder + "/note.txt", folder + "/copy.txt"
    write(path, 300_000_000, b"needle at the end\n")
    edited = digest(path, b"Q")
    watch = Watch(path, folder + "/home", "harbour")
    watch.editor.send(b"Q", 2)
    began = time.monotonic()
    subprocess.run(["sh", "-c", 'echo from elsewhere > "$0"', path], check=True)
    watch.results["the other waits"] = f"{(time.monotonic() - began) * 1000:.0f} ms"
    watch.step("find", control("F") + b"needle", "needle at the end")
    watch.editor.send(ESCAPE, 0.5)
    watch.step("save", SAVE, "has changed on disk")
    watch.hold("the other's text", open(path).read() == "from elsewhere\n")
    watch.editor.pump(5)
    watch.editor.end(signal.SIGKILL)
    again = Watch(path, folder + "/home", "unsaved edit")
    again.editor.send(ENTER, 1)
    again.step("save again", SAVE, "Saved")
    again.hold("recovered text", digest(path) == edited)
    results, good = again.end()
    return watch.results | {f"then {key}": value for key, value in results.items()}, watch.good and good


def longest_wait(editor, wanted, seconds=20):
    """The longest that the cursor took to follow a key, until something is on the screen."""
    longest = 0
    os.write(editor.terminal, HOME)
    editor.pump(0.05)
    end = time.monotonic() + seconds
    for number in itertools.count():
        if wanted and wanted in editor.text() or time.monotonic() > end:
            return longest
        # To the right and back: the status line has the column.
        began = time.monotonic()
        os.write(editor.terminal, b"\x1b[C" if number % 2 == 0 else b"\x1b[D")
        column = "1:2" if number % 2 == 0 else "1:1"
        while column not in editor.text() and time.monotonic() < end:
            editor.pump_once(0.05)
        longest = max(longest, time.monotonic() - began)
        editor.pump(0.02)


def line(folder):
    path = folder + "/line.txt"
    with open(path, "wb") as file:
        file.write((LINE[:-1] + b" ") * (50_000_000 // len(LINE)))
    watch = Watch(path, folder + "/home", "harbour")
    watch.editor.pump(1)
    watch.step("key at the start", b"Q", "QThe harbour")
    watch.step("go to the end", b"\x1b[1;5F", "1:49")
    watch.step("key at the end", b"W", "boat. W")
    return watch.end()


def replace(folder):
    path = folder + "/note.txt"
    count = 1_600_000
    write(path, count * len(LINE))
    watch = Watch(path, folder + "/home", "harbour")
    watch.editor.pump(1)
    watch.editor.send(control("R") + b"harbour" + ENTER, 0.3)
    began = time.monotonic()
    os.write(watch.editor.terminal, b"haven" + ENTER)
    watch.results["longest wait"] = f"{longest_wait(watch.editor, 'The haven lay') * 1000:.0f} ms"
    watch.finish("replace", began, "The haven lay")
    watch.results["longest wait after"] = f"{longest_wait(watch.editor, None, 2) * 1000:.0f} ms"
    watch.editor.pump(2)
    watch.results["text"] = f"{os.path.getsize(path) / 1e6:.0f} MB"
    return watch.end(2)


CASES = {
    "100 MB": plain(100_000_000), "1 GB": plain(1_000_000_000), "50 MB line": line,
    "replace": replace, "outside": outside, "2.5 GB": plain(2_500_000_000),
}


def main(names):
    held = True
    for name in names or CASES:
        folder = tempfile.mkdtemp(prefix="sizes-")
        os.makedirs(folder + "/home")
        try:
            results, good = CASES[name](folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        held = held and good
        print(f"{name}: " + ", ".join(f"{key} {value}" for key, value in results.items()), flush=True)
    return held


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1:]) else 1)
