"""Many short runs: does one of them ever end by a signal?

    endings.py [RUNS]

Each fills a passage with a model of a few random layers, so that threads of every kind begin and end.
"""

import os
import subprocess
import sys
import tempfile

from editor import PROGRAM

TEXT = b"The harbour lay quiet that morning.\n"


def main(runs):
    with tempfile.TemporaryDirectory(prefix="palimpsest-torture-") as home:
        environment = dict(os.environ, SWIFT_BACKTRACE="enable=no")
        for kind in ("CACHE", "STATE", "CONFIG", "DATA"):
            environment[f"XDG_{kind}_HOME"] = f"{home}/{kind.lower()}"
        model = f"{home}/tiny"
        subprocess.run([PROGRAM + "-dev", "tiny-model", model], env=environment, check=True,
                       stdout=subprocess.DEVNULL)
        command = [PROGRAM, "fill", "-", "--span", "1:5-1:12", "--steps", "3", "--model", model]
        wrong = []
        for number in range(1, runs + 1):
            done = subprocess.run(command, input=TEXT, capture_output=True, env=environment)
            if done.returncode != 0:
                wrong.append(done.returncode)
                print(f"run {number}: {done.returncode} {done.stderr[-200:]!r}", flush=True)
            if number % 1000 == 0:
                print(f"{number} runs, {len(wrong)} not clean", flush=True)
        print(f"endings: {runs} runs, {len(wrong)} not clean")
        return not wrong


if __name__ == "__main__":
    sys.exit(0 if main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000) else 1)
