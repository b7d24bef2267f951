"""Does the denoiser fill a middle better than the frozen base continues it?

Greedy, exact length, on held-out windows PREFIX [16 tokens] SUFFIX. For the original, an
autoregressive continuation, and decoding policies, means over windows of: NLL a token of the fill
under the base (fluency), NLL a token of the first 32 suffix tokens under the base after the fill
(does it join?), both over their 48 tokens (`joint`), share of tokens equal to the original's,
forward passes a fill. Then the NLL of the middle under the denoiser at three rates of masks.
"""
import argparse
import json
import random
import time

import numpy as np
import torch
import torch.nn.functional as F

from cached import Cached
from configuration import MASK
from infill import decode, load

POLICIES = ("steps 16; steps 8; threshold 0.9; threshold 0.7; threshold 0.9 ar 0.5; "
            "threshold 2 ar 0.3; threshold 2 ar 0.5")
JOINED = 32
RATES = (1.0, 0.5, 0.15)


def arguments():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--base", required=True)
    p.add_argument("--adapter", required=True)
    p.add_argument("--heldout", required=True)
    p.add_argument("--n", type=int, default=40)
    p.add_argument("--slots", type=int, default=16)
    p.add_argument("--prefix", type=int, default=160)
    p.add_argument("--suffix", type=int, default=64)
    p.add_argument("--seed", type=int, default=5)
    p.add_argument("--policies", default=POLICIES)
    p.add_argument("--scale", type=float, default=0, help="0: the stored one")
    p.add_argument("--windows", default="", help="write the windows here as JSON lines")
    p.add_argument("--float32", action="store_true")
    p.add_argument("--threads", type=int, default=0)
    return p.parse_args()


def cut(tokens, a):
    """Windows of token ids, and which slots of the middle are open at each rate."""
    rng = random.Random(a.seed)
    for index in range(a.n):
        start = rng.randrange(0, len(tokens) - a.prefix - a.slots - a.suffix)
        ids = [int(t) for t in tokens[start:start + a.prefix + a.slots + a.suffix]]
        own = random.Random(a.seed * 1000 + index)
        opened = {}
        for rate in RATES:
            slots = [i for i in range(a.slots) if own.random() < rate]
            opened[str(rate)] = slots or [own.randrange(a.slots)]
        yield {"prefix": ids[:a.prefix], "middle": ids[a.prefix:a.prefix + a.slots],
               "suffix": ids[a.prefix + a.slots:], "open": opened}


@torch.no_grad()
def masked_nll(predictor, window, opened):
    """NLL of the `opened` slots of the middle, the others showing what they say."""
    canvas = [MASK if i in opened else t for i, t in enumerate(window["middle"])]
    logits = predictor.slots_logits(window["prefix"], window["suffix"], canvas)
    targets = torch.tensor([window["middle"][i] for i in opened])
    return F.cross_entropy(logits[opened], targets, reduction="none").tolist()


def policy(text):
    """"threshold 0.9 ar 0.5" -> arguments of `decode`."""
    words = text.split()
    values = dict(zip(words[::2], words[1::2]))
    return dict(steps=int(values["steps"]) if "steps" in values else None,
                threshold=float(values["threshold"]) if "threshold" in values else None,
                ar_weight=float(values.get("ar", 0)))


def fill(predictor, name, window):
    """-> tokens, forward passes."""
    prefix, middle, suffix = window["prefix"], window["middle"], window["suffix"]
    if name == "original":
        return middle, len(middle)
    if name == "continuation":
        return predictor.continuation(prefix, len(middle)), len(middle)
    trace = list(decode(predictor, prefix, suffix, len(middle), **policy(name)))
    return trace[-1]["canvas"], len(trace)


def main():
    a = arguments()
    if a.threads:
        torch.set_num_threads(a.threads)
    windows = list(cut(np.load(a.heldout, mmap_mode="r"), a))
    if a.windows:
        with open(a.windows, "w") as file:
            file.writelines(json.dumps(window) + "\n" for window in windows)
    dtype = torch.float32 if a.float32 else torch.bfloat16
    predictor = Cached(load(a.base, a.adapter, dtype, a.scale)[0])
    names = ["original", "continuation"] + [s.strip() for s in a.policies.split(";") if s.strip()]
    sums, nll, began = {name: [] for name in names}, {str(r): [] for r in RATES}, time.time()
    for window in windows:
        for rate, opened in window["open"].items():
            nll[rate] += masked_nll(predictor, window, opened)
        middle = window["middle"]
        for name in names:
            tokens, passes = fill(predictor, name, window)
            v = predictor.nll(window["prefix"], tokens + window["suffix"][:JOINED])
            equal = np.mean([x == y for x, y in zip(tokens, middle)])
            count = len(middle)
            sums[name].append((v[:count].mean(), v[count:].mean(), v.mean(), equal, passes))
    print(f"{a.n} windows, {time.time() - began:.0f} s")
    print(f"{'policy':<24}{'fill':>8}{'suffix':>8}{'joint':>8}{'equal':>8}{'passes':>8}")
    for name in names:
        m = np.mean(sums[name], 0)
        print(f"{name:<24}{m[0]:>8.3f}{m[1]:>8.3f}{m[2]:>8.3f}{m[3]:>8.3f}{m[4]:>8.1f}")
    nll = {rate: round(float(np.mean(values)), 4) for rate, values in nll.items()}
    print("NLL of the middle by rate of masks", json.dumps(nll))
    means = {k: [round(float(x), 4) for x in np.mean(v, 0)] for k, v in sums.items()}
    print(json.dumps({**means, "nll": nll}))


if __name__ == "__main__":
    main()
