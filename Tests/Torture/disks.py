"""Full disks and state folders that cannot be written. Needs root, for file systems of its own.

    disks.py
"""

import os
import subprocess
import sys
import tempfile

from editor import PROGRAM, SAVE, Editor

LINE = "The harbour lay quiet that morning, and nobody spoke of the boat.\n"
FAILURES = []
MOUNTED = []


def check(what, holds, editor=None):
    """`holds` is looked at until it does."""
    good = editor.until(holds) if editor else holds()
    print(f"  {'ok' if good else 'WRONG'}  {what}", flush=True)
    if not good:
        FAILURES.append(what)
        if editor:
            print(editor.text())


def mount(folder, options):
    os.makedirs(folder)
    MOUNTED.append(folder)
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], check=True)


def fill(path):
    with open(path, "wb", buffering=0) as file:
        try:
            while True:
                file.write(b"x" * 4096)
        except OSError:
            pass


def read(path):
    with open(path) as file:
        return file.read()


def opened(path, home, **variables):
    editor = Editor([PROGRAM, path], home, environment=variables)
    editor.wait("harbour")
    editor.pump(0.1)
    return editor


def saving_on_a_full_disk(folder, link):
    disk = f"{folder}/disk-{link}"
    mount(disk, "size=512k")
    path = disk + "/note.txt"
    with open(path, "w") as file:
        file.write(LINE * 900)
    if link:
        os.link(path, disk + "/other.txt")
    fill(disk + "/fill")
    editor = opened(path, f"{folder}/home-{link}")
    editor.send(f"\x1b[200~{LINE * 400}\x1b[201~", 0.3)
    editor.send(SAVE, 0.4)
    what = "a file with two names" if link else "a file"
    check(f"{what}, disk full: the reason is shown", lambda: "No space" in editor.text(), editor)
    check(f"{what}, disk full: the old text is whole", lambda: read(path) == LINE * 900)
    os.unlink(disk + "/fill")
    editor.send(SAVE, 0.4)
    check(f"{what}: saved once there is room", lambda: read(path) == LINE * 1300, editor)
    editor.end()


def journal_on_a_full_disk(folder):
    disk, path = folder + "/state", folder + "/note.txt"
    mount(disk, "size=512k")
    with open(path, "w") as file:
        file.write(LINE * 900)
    editor = opened(path, folder + "/home", XDG_STATE_HOME=disk)
    editor.send("first ", 0.7)
    editor.wait("first")
    editor.pump(1)
    fill(disk + "/fill")
    editor.send(f"\x1b[200~{'second ' * 1200}\x1b[201~", 0.6)
    check("journal, disk full: it is said", lambda: "edits not kept" in editor.text(), editor)
    os.unlink(disk + "/fill")
    check("journal: said when it works again",
          lambda: "kept again" in editor.text() and "edits not kept" not in editor.text(), editor)
    editor.send("third ", 0.7)
    editor.wait("third")
    editor.pump(1)
    editor.end()
    again = opened(path, folder + "/home", XDG_STATE_HOME=disk)
    again.send(SAVE, 0.3)
    check("journal: nothing is missing after a kill",
          lambda: read(path) == "first " + "second " * 1200 + "third " + LINE * 900, again)
    again.end()


def unusable_state_folders(folder):
    mount(folder + "/read-only", "size=64k,ro")
    with open(folder + "/in-the-way", "w"):
        pass
    path = folder + "/small.txt"
    for what, variables in (("read-only", {"XDG_STATE_HOME": folder + "/read-only"}),
                            ("a file", {"XDG_STATE_HOME": folder + "/in-the-way"}),
                            ("missing, as is HOME", {"XDG_STATE_HOME": "", "HOME": "/nonexistent"})):
        with open(path, "w") as file:
            file.write(LINE)
        editor = opened(path, folder + "/home", **variables)
        editor.send("abc", 0.4)
        # Root may make any folder.
        if not what.startswith("missing"):
            check(f"state folder {what}: it is said",
                  lambda: "edits not kept" in editor.text(), editor)
        editor.send(SAVE, 0.3)
        check(f"state folder {what}: saving works", lambda: read(path) == "abc" + LINE, editor)
        editor.end()


def a_folder_that_may_not_be_read(folder):
    closed = folder + "/closed"
    os.makedirs(closed)
    path = closed + "/note.txt"
    with open(path, "w") as file:
        file.write(LINE)
    os.makedirs(folder + "/other")
    for one in (path, closed, folder + "/other"):
        os.chown(one, 1000, 1000)
    os.chmod(folder, 0o755)
    os.chmod(closed, 0o300)
    editor = Editor([PROGRAM, path], folder + "/other", user=1000,
                    environment={"HOME": folder + "/other"})
    editor.wait("harbour")
    for text in ("abc", "def"):
        editor.send(text, 0.2)
        editor.send(SAVE, 0.4)
        check("a folder of mode 0300: saving works", lambda: "Saved" in editor.last(), editor)
    editor.end()
    os.chmod(closed, 0o700)
    check("a folder of mode 0300: the text is there", lambda: read(path) == "abcdef" + LINE)


def full_output(folder):
    text = folder + "/text.txt"
    with open(text, "w") as file:
        file.write(LINE)
    subprocess.run([PROGRAM + "-dev", "tiny-model", folder + "/tiny"], check=True,
                   stdout=subprocess.DEVNULL)
    moved = subprocess.run(
        ["sh", "-c", '"$0" fill "$1" --span 1:5-1:12 --model "$2" > /dev/full && mv /dev/null "$1"',
         PROGRAM, text, folder + "/tiny"], capture_output=True, text=True)
    check("fill > /dev/full && mv: the document stays",
          lambda: moved.returncode == 1 and read(text) == LINE and "No space" in moved.stderr)


def main():
    with tempfile.TemporaryDirectory(prefix="palimpsest-torture-") as folder:
        full_output(folder)
        if os.geteuid() != 0:
            print("  not root: no file systems to fill")
            return not FAILURES
        try:
            for link in (False, True):
                saving_on_a_full_disk(folder, link)
            journal_on_a_full_disk(folder)
            unusable_state_folders(folder)
            a_folder_that_may_not_be_read(folder)
        finally:
            for mounted in MOUNTED:
                subprocess.run(["umount", "-l", mounted])
    print(f"disks: {len(FAILURES)} wrong")
    return not FAILURES


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
