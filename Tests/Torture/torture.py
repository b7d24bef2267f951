"""Everything that tries to lose a text, at full size, and the table of it.

    torture.py [NAME ...]

Names choose among saves, kills, neighbours, outside, disks, sizes, endings, echo, load, models and table;
without any, all but the last run. Takes hours. Needs strace; what is installed of vim, nano, micro and kak is
held to the same, for the first two and the table, which is the quickest way to compare. PALIMPSEST names the program, by default the release build.
"""

import os
import random
import re
import subprocess
import sys

import disks
import echo
import endings
import kills
import load
import neighbours
import outside
import saves
import sizes
import table
from editor import PROGRAM

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")

# The tests against plain models, at full length.
MODELS = {
    "PALIMPSEST_PROPERTY_OPS": "1000000", "PALIMPSEST_DEPTH": "5", "PALIMPSEST_SOAK": "5000",
}
MODEL_TESTS = ("TextTests|StoredTextTests|DocumentTests|TransactionTests|LineDiffTests|JournalModelTests"
               "|InterleavingTests|SoakTests|KeyDecoderPropertyTests")
MODEL_BUILD = ["-c", "release", "-Xswiftc", "-enable-testing", "-Xcc", "-O2",
               "--scratch-path", ".build-models"]


def models():
    """One seed for all of them: PALIMPSEST_SEED, or a new one."""
    seed = os.environ.get("PALIMPSEST_SEED") or str(random.getrandbits(64))
    sizes = dict(MODELS, PALIMPSEST_SEED=seed)
    sizes |= {name: os.environ[name] for name in MODELS if name in os.environ}
    print("models: " + " ".join(f"{name}={value}" for name, value in sizes.items()), flush=True)
    done = subprocess.run(
        ["swift", "test", *MODEL_BUILD, "--filter", MODEL_TESTS], cwd=ROOT,
        env=dict(os.environ, **sizes), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    told = r"Test .* (passed|failed) after|Test run with|recorded an issue|Fatal error|error:"
    for line in done.stdout.splitlines():
        if re.search(told, line):
            print(f"models: {line.strip()}", flush=True)
    return done.returncode == 0


ALL = {
    "disks": disks.main,
    "outside": outside.main,
    "neighbours": lambda: neighbours.main(int(os.environ.get("ROUNDS", 100))),
    "kills": lambda: kills.main([], int(os.environ.get("KILLS", 200))),
    "saves": lambda: saves.main([]),
    "sizes": lambda: sizes.main([]),
    "endings": lambda: endings.main(int(os.environ.get("RUNS", 20_000))),
    "echo": lambda: echo.main([], int(os.environ.get("KEYS", 100))),
    "load": lambda: load.main(
        int(os.environ.get("CLIENTS", 64)), float(os.environ.get("SECONDS", 60))),
    "models": models,
}


def main(names):
    print(f"of {os.path.relpath(PROGRAM)}", flush=True)
    chosen = dict(ALL, table=lambda: table.main([]))
    results = {name: chosen[name]() for name in names or ALL}
    for name, good in results.items():
        print(f"{name}: {'held' if good else 'DID NOT HOLD'}")
    return all(results.values())


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1:]) else 1)
