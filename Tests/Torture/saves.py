"""A save that is killed, or in which a call fails, at every system call.

    saves.py [EDITOR ...]

After each the file must be the old text or the new one. Killed saves are followed by another start,
which must come to the new text; failed ones by another save, which must succeed.
"""

import collections
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import subjects

LINE = b"The harbour lay quiet that morning, and nobody spoke of the boat.\n"
OLD = LINE * 900
NEW = b"EDITED " + OLD
CASES = ("plain", "symbolic link", "hard link")

ERRORS = {
    "write": ("ENOSPC", "EIO", "EDQUOT"), "pwrite64": ("ENOSPC",), "fsync": ("EIO", "ENOSPC"),
    "fdatasync": ("EIO",), "ftruncate": ("EIO",), "rename": ("EIO", "EACCES"),
    "renameat2": ("EIO",), "openat": ("EIO", "ENOSPC", "EMFILE", "EACCES"),
    "fallocate": ("ENOSPC", "EOPNOTSUPP"), "fchmod": ("EPERM",), "fchown": ("EPERM",),
    "close": ("EIO",), "read": ("EIO",), "unlink": ("EIO",), "mkdir": ("ENOSPC",),
}

# What strace -y calls a descriptor that is no file: a terminal, a pipe, an event.
NO_FILE = re.compile(r"<(/dev/pts/|/dev/tty|anon_inode|pipe|socket)")


class Desk:
    """A folder with a document, and an editor that has the unsaved edit."""

    def __init__(self, subject, case, folder):
        self.subject = subject
        self.folder = folder
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder + "/home/.config")
        os.makedirs(folder + "/text/real")
        self.path = self.real = folder + "/text/note.txt"
        if case == "symbolic link":
            self.real = folder + "/text/real/note.txt"
            os.symlink("real/note.txt", self.path)
        with open(self.real, "wb") as file:
            file.write(OLD)
        if case == "hard link":
            os.link(self.real, folder + "/text/other.txt")
        self.editor = subject.open(self.path, folder + "/home")
        self.editor.wait("harbour")
        subject.type(self.editor, "EDITED ")
        self.editor.wait("EDITED")
        # What is kept of typing is kept a moment later; a save is to be killed, not that.
        self.editor.pump(1)

    def state(self):
        try:
            with open(self.real, "rb") as file:
                text = file.read()
        except OSError:
            return "missing"
        return "old" if text == OLD else "new" if text == NEW else "damaged"

    def trace(self, *options):
        log = self.folder + "/strace.log"
        process = self.editor.process
        tracer = subprocess.Popen(["strace", "-f", "-y", "-qq", "-o", log, "-p", str(process), *options],
                                  stderr=subprocess.DEVNULL)
        for _ in range(1000):
            try:
                tasks = os.listdir(f"/proc/{process}/task")
                if all("TracerPid:\t0" not in open(f"/proc/{process}/task/{task}/status").read()
                       for task in tasks):
                    break
            except OSError:
                pass
            time.sleep(0.003)
        return tracer, log

    def wait_saved(self, seconds):
        end = time.monotonic() + seconds
        while not self.subject.has_saved(self.editor) and time.monotonic() < end:
            if not self.editor.pump(0.02):
                return False
        return self.subject.has_saved(self.editor)


def stop(tracer):
    """strace can wait for ever for a process that has ended."""
    tracer.terminate()
    try:
        tracer.wait(5)
    except subprocess.TimeoutExpired:
        tracer.kill()
        tracer.wait()


def calls_of_a_save(subject, case, folder):
    desk = Desk(subject, case, folder)
    tracer, log = desk.trace()
    subject.save(desk.editor)
    saved = desk.wait_saved(10)
    desk.editor.pump(0.1)
    desk.editor.end()
    tracer.wait()
    if not saved:
        raise SystemExit(f"{subject.name} does not save: {desk.editor.last()}")
    names = re.findall(r"^\d+ +([a-z_0-9]+)\(", open(log, errors="replace").read(), re.M)
    count = collections.Counter(names)
    for name in ("exit_group", "restart_syscall", "rt_sigreturn"):
        count.pop(name, None)
    return count


def killed(subject, case, folder, call, number):
    desk = Desk(subject, case, folder)
    tracer, _ = desk.trace("-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={number}")
    subject.save(desk.editor, 0.03)
    desk.wait_saved(1)
    desk.editor.end(signal.SIGKILL)
    tracer.wait()
    state = desk.state()
    if desk.state() != "new":
        subject.restore(desk.path, desk.folder + "/home")
    return state, desk.state() == "new"


def failed(subject, case, folder, call, number, error):
    """Whether the editor told the truth about the file, and a second save succeeds. Where the call is
    about the terminal or a wake-up, an editor may say nothing, or end with its edits kept."""
    desk = Desk(subject, case, folder)
    tracer, log = desk.trace("-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={number}")
    subject.save(desk.editor, 0.03)
    claims = desk.wait_saved(0.4) or desk.state() == "new" and desk.wait_saved(5)
    stop(tracer)
    state, screen = desk.state(), desk.editor.foot()
    with open(log, errors="replace") as lines:
        is_file = not any("INJECTED" in line and NO_FILE.search(line) for line in lines)
    text = desk.editor.text()
    # What could not be synced is in the file, and in a copy as well.
    names_copy = "copy" in text or ".save" in text.replace("\n", "") \
        or "the new text is in" in " ".join(text.split())
    honest = state == "new" if claims else state == "old" or names_copy
    for _ in range(2):
        subject.save(desk.editor, 0.2)
        if desk.wait_saved(1) and desk.state() == "new":
            break
    desk.editor.end()
    if not is_file and desk.state() == "old":
        subject.restore(desk.path, desk.folder + "/home")
    again = desk.state() == "new"
    good = again and (honest or not is_file and state in ("old", "new"))
    return (state if good else f"{state}, reported as {'saved' if claims else 'not saved'}, the next save "
            f"{'worked' if again else 'failed'}: {screen!r}"), good


def sweep(subject, case, folder, errors=True):
    """Kills, files damaged by them, texts lost by them; failures, and those that went wrong."""
    count = calls_of_a_save(subject, case, folder)
    kills, damaged, lost = 0, 0, 0
    for call, times in count.items():
        for number in range(1, times + 1):
            state, back = killed(subject, case, folder, call, number)
            kills += 1
            damaged += state not in ("old", "new")
            lost += not back
            if state not in ("old", "new") or not back:
                print(f"  {subject.name}, {case}: killed at {call} {number}: {state}, "
                      f"{'back' if back else 'not back'}", flush=True)
    faults = wrong = 0
    for call, times in count.items() if errors else ():
        for error in ERRORS.get(call, ()):
            for number in range(1, times + 1):
                state, good = failed(subject, case, folder, call, number, error)
                faults += 1
                wrong += not good
                if not good:
                    print(f"  {subject.name}, {case}: {error} at {call} {number}: {state}", flush=True)
    return kills, damaged, lost, faults, wrong


def main(names):
    clean = True
    with tempfile.TemporaryDirectory(prefix="palimpsest-torture-") as folder:
        for subject in subjects.named(names):
            for case in CASES:
                kills, damaged, lost, faults, wrong = sweep(subject, case, folder + "/desk")
                print(f"saves: {subject.name}, {case}: {kills} kills, {damaged} files damaged, "
                      f"{lost} texts lost; {faults} failures, {wrong} wrong", flush=True)
                if subject.name == "palimpsest":
                    clean = clean and not damaged and not lost and not wrong
    return clean


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1:]) else 1)
