"""Saves that are killed at every system call, of all editors that are installed, as a table.

    table.py [EDITOR ...]

A file is damaged when it is neither the old text nor the new one after the kill; an edit is lost when
the next start, with whatever the editor keeps and offers, does not come to the new text.
"""

import re
import subprocess
import sys
import tempfile

import saves
import subjects

CASES = ("plain", "hard link")


def version(subject):
    if subject.name == "palimpsest":
        return ""
    text = subprocess.run([subject.name, subject.version], capture_output=True, text=True).stdout
    found = re.search(r"\d+\.[\d.]*\d", text)
    return " " + found.group() if found else ""


def main(names):
    clean = True
    print("| editor | file | kills | files damaged | edits lost |")
    print("|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory(prefix="palimpsest-torture-") as folder:
        for subject in subjects.named(names):
            for case in CASES:
                kills, damaged, lost, _, _ = saves.sweep(
                    subject, case, f"{folder}/desk", errors=False)
                print(f"| {subject.name}{version(subject)} | {case} | {kills} | {damaged} | {lost} |",
                      flush=True)
                if subject.name == "palimpsest":
                    clean = clean and not damaged and not lost
    return clean


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1:]) else 1)
