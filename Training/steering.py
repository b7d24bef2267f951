#!/usr/bin/env python3
"""Rewriting by instruction, measured: steering.py [--passages 30] [--seed 1] [--out FILE | --from FILE] CASES PROGRAM [-- OPTION ...] (options of fill).

Rewrites passages of CASES (../shared/judge/cases.jsonl: sentences, one or two) with each preset and prints a table and
twenty results drawn by seed. Of "shorter", the length ratio shall be 0.4 to 0.9. Kept: share of the names (capitalised
words not at the beginning of a sentence) and numbers of the old passage that the new one has. Cut: the new passage does
not end with a sentence's mark where the old one did. Same: the passage came back as it was."""
import argparse, json, random, re, statistics, subprocess, tempfile, time

PRESETS = ["shorter", "more formal", "friendlier", "simpler", "correct the grammar"]
MARK = re.compile(r"""[.!?…]["'”’)\]]*$""")


def facts(text):
    """Names and numbers, small letters."""
    found = set(re.findall(r"\d+", text))
    for match in re.finditer(r"[^\W\d_][\w'’]*", text):
        word, before = match.group(), text[: match.start()].rstrip("\"'“‘( \n")
        if word[0].isupper() and before and before[-1] not in ".!?…" and not re.match(r"I(['’]|$)", word):
            found.add(re.sub(r"['’]s$", "", word.lower()))
    return found


def words(text):
    return {re.sub(r"['’]s$", "", word) for word in re.findall(r"[\w'’]+", text.lower())}


def chosen(path, count):
    cases = [json.loads(line) for line in open(path)]
    cases = [c for c in cases if c["kind"] in ("sentence", "two") and len(c["middle"].split()) >= 8]
    return cases[:count]


def rewrite(case, preset, program, options):
    with tempfile.NamedTemporaryFile("w+", suffix=".txt") as document:
        document.write(case["prefix"] + "⟦" + case["middle"] + "⟧" + case["suffix"])
        document.flush()
        start = time.time()
        command = [program, "fill", document.name, "--marker", "⟦", "⟧", "--instruct", preset, *options]
        run = subprocess.run(command, capture_output=True, text=True)
    if run.returncode or not (run.stdout.startswith(case["prefix"]) and run.stdout.endswith(case["suffix"])):
        raise SystemExit(f"case {case['id']}, {preset}: {run.stderr or 'the text around the passage was touched'}")
    new = run.stdout[len(case["prefix"]) : len(run.stdout) - len(case["suffix"])]
    return {"id": case["id"], "preset": preset, "old": case["middle"], "new": new, "seconds": time.time() - start}


def table(results):
    print("| | passages | length, median | within 0.4 to 0.9 | names and numbers kept | cut | same | seconds, median |")
    print("|---|---|---|---|---|---|---|---|")
    for preset in PRESETS + ["all"]:
        rows = [r for r in results if preset in (r["preset"], "all")]
        if not rows:
            continue
        ratios = [len(r["new"]) / len(r["old"]) for r in rows]
        old = sum(len(facts(r["old"])) for r in rows)
        kept = sum(len(facts(r["old"]) & words(r["new"])) for r in rows)
        marked = [r for r in rows if MARK.search(r["old"].strip())]
        cut = sum(not MARK.search(r["new"].strip()) for r in marked) / max(1, len(marked))
        within = sum(0.4 <= ratio <= 0.9 for ratio in ratios) / len(ratios)
        same = sum(r["new"].split() == r["old"].split() for r in rows) / len(rows)
        print(
            f"| {preset} | {len(rows)} | {statistics.median(ratios):.2f} | {within:.2f} | {kept / max(1, old):.2f} "
            f"| {cut:.2f} | {same:.2f} | {statistics.median(r['seconds'] for r in rows):.1f} |"
        )


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("cases")
    parser.add_argument("program")
    parser.add_argument("--passages", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", help="keep the results, a JSON object a line")
    parser.add_argument("--from", dest="kept", help="print results that were kept")
    parser.add_argument("options", nargs="*", help="further options of fill, after -- at the end")
    given = parser.parse_args()
    if given.kept:
        results = [json.loads(line) for line in open(given.kept)]
    else:
        results = []
        out = open(given.out, "w") if given.out else None
        for case in chosen(given.cases, given.passages):
            for preset in PRESETS:
                results.append(rewrite(case, preset, given.program, given.options))
                if out:
                    print(json.dumps(results[-1], ensure_ascii=False), file=out, flush=True)
    table(results)
    print()
    for result in random.Random(given.seed).sample(results, min(20, len(results))):
        show = lambda text: text.replace("\n", "↵")
        print(f"- {result['preset']}, case {result['id']}\n  was {show(result['old'])}\n  is  {show(result['new'])}")


main()
