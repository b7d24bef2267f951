"""The held-out table of a training log for an adapter or a checkpoint, and its windows.

`--windows` writes them with every random choice made, for `palimpsest-dev evaluate --windows`.
"""
import argparse
import json

import numpy as np
import torch

import heldout
from infill import load

p = argparse.ArgumentParser(description=__doc__)
p.add_argument("--base", required=True)
p.add_argument("--adapter", required=True)
p.add_argument("--heldout", required=True)
p.add_argument("--n", type=int, default=48)
p.add_argument("--scale", type=float, default=0, help="0: the stored one")
p.add_argument("--windows", default="")
p.add_argument("--float32", action="store_true")
p.add_argument("--threads", type=int, default=0)
a = p.parse_args()
if a.threads:
    torch.set_num_threads(a.threads)
tokens = np.load(a.heldout, mmap_mode="r")
if a.windows:
    with open(a.windows, "w") as file:
        file.writelines(json.dumps(line) + "\n" for line in heldout.lines(tokens, a.n))
model, _ = load(a.base, a.adapter, torch.float32 if a.float32 else torch.bfloat16, a.scale)
print(json.dumps({
    "windows": a.n, "scale": model.scale, "base": heldout.baseline(model, tokens, a.n),
    **heldout.table(model, tokens, a.n)}))
