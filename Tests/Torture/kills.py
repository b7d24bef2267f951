"""Kills while someone types: how many keys does the next start not have?

    kills.py [EDITOR ...]      KILLS=200 of each
"""

import os
import random
import sys
import tempfile
import time

import subjects

LINE = "The harbour lay quiet that morning, and nobody spoke of the boat.\n"


def kill_once(subject, folder, number, source):
    home = f"{folder}/{number}"
    os.makedirs(home + "/.config")
    path = home + "/note.txt"
    text = LINE * source.choice((1, 900))
    with open(path, "w") as file:
        file.write(text)
    editor = subject.open(path, home)
    editor.wait("harbour")
    subject.type(editor, "", 0)
    typed = ""
    end = time.monotonic() + source.uniform(0.05, 1.2)
    while time.monotonic() < end:
        letter = source.choice("abcdefghij ")
        editor.send(letter, source.choice((0.002, 0.01, 0.03)))
        typed += letter
    editor.end()
    subject.restore(path, home)
    with open(path) as file:
        found = file.read()
    kept = len(os.path.commonprefix([found, typed]))
    return len(typed) - kept, found[kept:] == text


def main(names, kills):
    seed = int(os.environ.get("SEED", time.time_ns()))
    print(f"kills: seed {seed}")
    clean = True
    for subject in subjects.named(names):
        source = random.Random(seed)
        lost, most, whole = 0, 0, 0
        with tempfile.TemporaryDirectory(prefix="palimpsest-torture-") as folder:
            for number in range(kills):
                missing, sound = kill_once(subject, folder, number, source)
                lost += missing
                most = max(most, missing)
                whole += sound
        print(f"kills: {subject.name}: {kills} kills while typing, {lost} keys lost, {most} at most "
              f"by one, {kills - whole} texts damaged", flush=True)
        # The last key may be on its way.
        if subject.name == "palimpsest":
            clean = most <= 1 and whole == kills
    return clean


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1:], int(os.environ.get("KILLS", 200))) else 1)
