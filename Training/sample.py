"""Fill holes of held-out documents with a trained adapter and print them: a look, not a measure.

The places are drawn by seed, none is left out.
"""
import argparse
import random

import numpy as np
from tokenizers import Tokenizer

from cached import Cached
from configuration import DELETE, EXPAND, MASK
from infill import decode, load

p = argparse.ArgumentParser(description=__doc__)
p.add_argument("--base", required=True)
p.add_argument("--tokenizer", required=True)
p.add_argument("--adapter", required=True)
p.add_argument("--heldout", required=True)
p.add_argument("--n", type=int, default=6)
p.add_argument("--slots", type=int, default=16)
p.add_argument("--threshold", type=float, default=0.9)
p.add_argument("--ar", type=float, default=0.3)
p.add_argument("--window", type=int, default=192)
p.add_argument("--seed", type=int, default=3)
p.add_argument("--exact", action="store_true")
a = p.parse_args()
predictor = Cached(load(a.base, a.adapter)[0])
tokenizer, rng = Tokenizer.from_file(a.tokenizer), random.Random(a.seed)
tokens = np.load(a.heldout, mmap_mode="r")


def text(ids):
    ids = [i for i in ids if i not in (MASK, DELETE, EXPAND)]
    return tokenizer.decode(ids, skip_special_tokens=False).replace("\n", "\\n")


for _ in range(a.n):
    start, half = rng.randrange(0, len(tokens) - a.window), a.window // 2
    document = [int(x) for x in tokens[start:start + a.window]]
    true, suffix = document[half:half + a.slots], document[half + a.slots:]
    trace = list(decode(predictor, document[:half], suffix, a.slots, threshold=a.threshold,
                        ar_weight=a.ar, exact=a.exact))
    print("...", text(document[half - 60:half]))
    print("  TRUE [", text(true), "]")
    print("  FILL [", text(trace[-1]["canvas"]), "] in", len(trace), "passes")
    print(" ", text(suffix[:40]), "...\n")
