"""From a key to its letter on the screen, while an engine does what no engine should.

    echo.py [CASE ...]       KEYS=100

Cases are `idle`, the faults of `palimpsest-dev faulty-server`, and `tries`, in which the local model
writes 16 tries at once. A passage is begun and left pending; then keys come in another line, the first
ones at once. Where the engine fails, the local model goes on, as it does for anybody. Prints
milliseconds; 99 of 100 keys have to be there within 8 in each case. Nothing else should run: on its way
through a pseudo-terminal a key waits for worker threads of the kernel twice, which wait for a processor.
"""

import os
import subprocess
import sys
import tempfile

from editor import PROGRAM
from stopwatch import Stopwatch, punctual, quantile

BAR = 8.0
LETTER = os.path.join(os.path.dirname(__file__), "../../Samples/letter.txt")
ALT_ENTER, ALT_N, ALT_B, END = b"\x1b\r", b"\x1bn", b"\x1bb", b"\x1b[1;5F\r"


def faults():
    """The servers, a process that ends with its input, and their ports by fault."""
    process = subprocess.Popen([PROGRAM + "-dev", "faulty-server"], text=True,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    ports = {}
    while line := process.stdout.readline().strip():
        fault, port = line.split()
        ports[fault] = int(port)
    return process, ports


def settings(ports):
    lines = ["[infill]", "candidates = 16"]
    for fault, port in ports.items():
        lines += [f"[engine.{fault}]", 'kind = "openai-completions"', f'base = "http://127.0.0.1:{port}"']
    return "\n".join(lines) + "\n"


def folder_of(kind, default):
    return os.environ.get(f"XDG_{kind}_HOME") or os.path.expanduser(default)


def prepare(home, ports):
    """Settings with the engines at some ports."""
    os.makedirs(f"{home}/config/palimpsest", exist_ok=True)
    with open(f"{home}/config/palimpsest/config.toml", "w") as file:
        file.write(settings(ports))


def open_letter(case, home):
    """An editor on a fresh letter, the cursor in a sentence; with the engine of that name, if it is one
    of a fault."""
    path = f"{home}/{case}.txt"
    with open(LETTER) as letter, open(path, "w") as copy:
        copy.write(letter.read())
    command = [PROGRAM, "+8:327", path]
    with open(f"{home}/config/palimpsest/config.toml") as file:
        if f"[engine.{case}]" in file.read():
            command[1:1] = ["--engine", case]
    # The model and its packed weights are those of this machine.
    return Stopwatch(command, home, environment={
        "XDG_DATA_HOME": folder_of("DATA", "~/.local/share"),
        "XDG_CACHE_HOME": folder_of("CACHE", "~/.cache")})


def play(case, home, keys):
    """The times of the keys of one case."""
    editor = open_letter(case, home)
    try:
        if editor.time(None, b"Dear Clara") is None:
            raise RuntimeError("nothing was painted")
        editor.pump(0.3)
        if case == "tries":
            if editor.time(ALT_N, b"16 candidates") is None:
                raise RuntimeError("no tries began")
            editor.pump(0.5)
            os.write(editor.terminal, ALT_B + END)
        elif case != "idle":
            os.write(editor.terminal, ALT_ENTER + ALT_B + END)
        else:
            os.write(editor.terminal, END)
        # As a key repeats, and as fingers type.
        quick, _ = editor.echoes(keys // 2, (0.012, 0.02))
        slow, _ = editor.echoes(keys - keys // 2, (0.03, 0.09))
        return quick + slow
    finally:
        editor.end()


def main(names, keys):
    punctual()
    server, ports = faults()
    slow, everything = [], []
    try:
        with tempfile.TemporaryDirectory(prefix="palimpsest-torture-") as home:
            prepare(home, ports)
            for case in names or ["idle", *ports, "tries"]:
                try:
                    times = play(case, home, keys)
                except RuntimeError as error:
                    slow.append(case)
                    print(f"echo: {case:22} {str(error)[:200]}", flush=True)
                    continue
                everything += times if case != "idle" else []
                row = [quantile(times, part) for part in (0.5, 0.99, 1)]
                if row[1] > BAR:
                    slow.append(case)
                print(f"echo: {case:22} p50 {row[0]:6.2f}  p99 {row[1]:6.2f}  max {row[2]:6.2f} ms",
                      flush=True)
    finally:
        server.stdin.close()
        server.wait(60)
    if everything:
        row = [quantile(everything, part) for part in (0.5, 0.99, 1)]
        print(f"echo: {len(everything)} keys, p50 {row[0]:.2f}, p99 {row[1]:.2f}, max {row[2]:.2f} ms, "
              f"load {os.getloadavg()[0]:.1f}"
              + (f"; above {BAR:.0f} ms: {', '.join(slow)}" if slow else ""))
    return not slow


if __name__ == "__main__":
    sys.exit(0 if main(sys.argv[1:], int(os.environ.get("KEYS", 100))) else 1)
