"""Editors on one file that type, save, undo, quit and are killed in any order: what each has not
saved is left, and nothing that nobody wrote.

    neighbours.py      ROUNDS=100
"""

import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time

from editor import ESCAPE, PROGRAM, QUIT, SAVE, Editor


class Session:
    """An editor and what its document must be."""

    def __init__(self, path, home, name, left):
        """`left` are the texts that killed sessions left. A single one is taken up at once: it is
        this session's unsaved text from then on, and is removed from `left`."""
        self.name = name
        with open(path) as file:
            self.before = self.saved = self.text = file.read()
        self.undo = []
        self.editor = Editor([PROGRAM, path], home)
        self.editor.wait("line 1")
        self.editor.pump(0.1)
        # What others left is not this one's business.
        while "Enter take" in self.editor.foot():
            self.editor.send(ESCAPE, 0.1)
        self.typed = 0
        if "Recovered" in self.editor.foot() and left:
            self.text = left.pop()

    def type(self):
        text = f"{self.name}{self.typed}."
        self.typed += 1
        place = self.place()
        self.editor.send(text, 0.05)
        self.text = self.text[:place] + text + self.text[place:]

    def place(self):
        """The place of the cursor, which stays on the first line. The status shows its column."""
        shown = re.search(r" 1:(\d+) of ", self.editor.foot())
        return int(shown.group(1)) - 1

    def reload(self, text):
        """Another session has saved. A session without unsaved text of its own takes that up."""
        if self.text == self.saved:
            self.editor.wait(text.splitlines()[0])
            self.editor.pump(0.1)
            self.saved = self.text = text

    def save(self, path):
        """Where the file has changed, this text is chosen and saved then."""
        for _ in range(20):
            self.editor.send(SAVE, 0.15)
            if "Saved" in self.editor.foot():
                break
            if "o ours" in self.editor.foot():
                self.editor.send("o", 0.15)
        self.saved = self.text
        with open(path) as file:
            return file.read() == self.text


def left(home, path):
    """Texts, each once: a session killed while it took up what another left leaves that again."""
    environment = dict(os.environ, XDG_STATE_HOME=f"{home}/state")
    run = lambda *words: subprocess.run([PROGRAM, "recover", *words], env=environment, check=True,
                                        capture_output=True, text=True).stdout
    found = [json.loads(line) for line in run("list", "--json").splitlines()]
    return sorted({run("show", one["id"]) for one in found if one["document"] == path})


def play(source, folder):
    home, path = folder + "/home", folder + "/note.txt"
    os.makedirs(home)
    with open(path, "w") as file:
        file.write("".join(f"line {number}\n" for number in range(8)))
    sessions, expected, log, opened = [], [], [], 0
    for _ in range(source.randrange(4, 14)):
        action = source.choice(["open", "type", "type", "type", "save", "kill", "quit"])
        if action == "open" and len(sessions) < 3:
            sessions.append(Session(path, home, "ABCDEFGHIJKLMNOP"[opened], expected))
            opened += 1
            log.append(f"open {sessions[-1].name}")
            continue
        if not sessions:
            continue
        one = source.choice(sessions)
        log.append(f"{action} {one.name}")
        if action == "type":
            one.type()
        elif action == "save":
            if not one.save(path):
                return log, "not saved", one.editor.text()
            for other in sessions:
                if other is not one:
                    other.reload(one.text)
        elif action == "kill":
            sessions.remove(one)
            one.editor.end()
            if one.text != one.saved:
                expected.append(one.text)
        elif action == "quit" and one.text == one.saved:
            sessions.remove(one)
            one.editor.send(QUIT, 0.1)
            one.editor.end(None)
    for one in sessions:
        one.editor.pump(0.05)
        one.editor.end()
        if one.text != one.saved:
            expected.append(one.text)
    found = left(home, path)
    expected = sorted(set(expected))
    return (log, expected, found) if found != expected else None


def main(rounds):
    seed = int(os.environ.get("SEED", time.time_ns()))
    source = random.Random(seed)
    print(f"neighbours: seed {seed}")
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="palimpsest-torture-") as folder:
        for number in range(rounds):
            bad = play(source, f"{folder}/{number}")
            if bad:
                wrong += 1
                print(f"  round {number}: {', '.join(bad[0])}\n  expected {bad[1]}\n  found {bad[2]}",
                      flush=True)
    print(f"neighbours: {rounds} rounds of up to three editors on one file, {wrong} wrong")
    return not wrong


if __name__ == "__main__":
    sys.exit(0 if main(int(os.environ.get("ROUNDS", 100))) else 1)
