"""Files that others change while edits are unsaved or left: both texts are shown, and kept.

    outside.py
"""

import os
import sys
import tempfile

from editor import ENTER, ESCAPE, PROGRAM, SAVE, Editor

LINE = "The harbour lay quiet that morning, and nobody spoke of the boat.\n"
FAILURES = []


def check(what, holds, editor):
    """`holds` is looked at until it does."""
    good = editor.until(holds)
    print(f"  {'ok' if good else 'WRONG'}  {what}", flush=True)
    if not good:
        FAILURES.append(what)
        print(editor.text())


def write(path, text):
    with open(path, "w") as file:
        file.write(text)


def read(path):
    with open(path) as file:
        return file.read()


def opened(path, home, wanted):
    editor = Editor([PROGRAM, path], home)
    editor.wait(wanted)
    editor.pump(0.2)
    return editor


def a_journal_and_another_text(folder, lines):
    path, home = f"{folder}/{lines}.txt", f"{folder}/{lines}"
    write(path, LINE * lines)
    editor = opened(path, home, "harbour")
    editor.send("AAA ")
    editor.wait("AAA")
    editor.pump(1)
    # Larger texts are copied besides.
    editor.until(lambda: lines < 1000 or any(
        name.endswith(".base") for name in os.listdir(home + "/state/palimpsest/recover")))
    editor.end()
    outside = "OUTSIDE " + LINE * lines
    write(path, outside)
    editor = opened(path, home, "OUTSIDE")
    check(f"{lines} lines: both texts are shown",
          lambda: "AAA" in editor.text() and "OUTSIDE" in editor.text(), editor)
    # A key that means nothing there, and a kill.
    editor.send("x", 0.5)
    editor.end()
    editor = opened(path, home, "OUTSIDE")
    check(f"{lines} lines: they are shown again",
          lambda: "AAA" in editor.text() and read(path) == outside, editor)
    # Left for later, other edits, and a kill: both are left.
    editor.send(ESCAPE, 0.3)
    editor.send("x")
    editor.wait("xOUTSIDE")
    editor.pump(1)
    editor.end()
    editor = opened(path, home, "OUTSIDE")
    check(f"{lines} lines: one of two is offered", lambda: "1/2" in editor.text(), editor)
    editor.send(ENTER, 0.3)
    check(f"{lines} lines: then the other", lambda: "2/2" in editor.text(), editor)
    editor.send(ESCAPE, 0.3)
    editor.send(SAVE, 0.3)
    check(f"{lines} lines: the text is saved", lambda: read(path) == "AAA " + LINE * lines, editor)
    editor.end()


def while_open(folder, what, act, told, keep=""):
    """`told` is what the editor says at once; `keep` is the key that keeps our text where saving asks."""
    name = what.split(",")[0].replace(" ", "-")
    path, home = f"{folder}/{name}.txt", f"{folder}/{name}"
    write(path, LINE * 5)
    editor = opened(path, home, "harbour")
    editor.send("abc", 0.2)
    act(path)
    check(f"{what}: told at once", lambda: told in editor.text(), editor)
    editor.send(SAVE, 0.4)
    if keep:
        check(f"{what}: both texts are shown",
              lambda: "+ is the file" in editor.text() and "abcThe" in editor.text(), editor)
        check(f"{what}: the file is untouched", lambda: read(path) != "abc" + LINE * 5, editor)
        editor.send(keep, 0.4)
        editor.send(SAVE, 0.4)
    check(f"{what}: saved in the end", lambda: read(path) == "abc" + LINE * 5, editor)
    editor.end()


def same_size_and_time(path):
    before = os.stat(path)
    with open(path, "r+") as file:
        file.write("XXX")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def main():
    with tempfile.TemporaryDirectory(prefix="palimpsest-torture-") as folder:
        for lines in (20, 24_000):
            a_journal_and_another_text(folder, lines)
        while_open(folder, "written to", lambda path: write(path, LINE),
                   "changed on disk", "o")
        while_open(folder, "same size and time, other bytes", same_size_and_time,
                   "changed on disk", "o")
        while_open(folder, "touched", os.utime, "abcThe")
        while_open(folder, "removed", os.unlink, "removed from disk")
    print(f"outside: {len(FAILURES)} wrong")
    return not FAILURES


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
