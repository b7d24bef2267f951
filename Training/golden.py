"""Golden values of the default model in float32: golden.json and golden.safetensors.

Each infill case gives the document's token ids around a hole, the canvas, and for every slot the
eight largest logits (before any ban). Each trace is what `decode` of infill.py yields: a canvas after
every step, with DELETE and EXPAND allowed or not, by steps and by threshold.
"""
import argparse
import json

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer

from configuration import BANNED, DELETE, EXPAND, MASK
from infill import Plain, decode, load

TEXTS = [
    ("The old lighthouse stood at the end of the pier. For nearly a century it had guided fishing "
     "boats home through the fog, but now",
     " and the keeper's house was empty. Children from the village dared each other to climb the "
     "iron stairs at night."),
    ("Dear Anna,\n\nThank you for your letter. I was so happy to hear that you and the children",
     ". Please write soon and tell me everything.\n\nYours,\nTom\n"),
    ("func area(width: Double, height: Double) -> Double {\n    ",
     "\n}\n\nprint(area(width: 2, height: 3))\n"),
]
TRACES = {
    "plain": dict(steps=8, settle=False, exact=False),
    "settle": dict(steps=8, exact=False),
    "exact": dict(steps=12),
    "threshold": dict(threshold=0.5, exact=False),
    "blend": dict(threshold=0.5, exact=False, ar_weight=0.3),
}
TOLERANCE = ("fp32 engine: 1e-3 on logits; 8-bit engine: top-1 of slots with a gap above 0.5")

p = argparse.ArgumentParser(description=__doc__)
p.add_argument("--base", required=True)
p.add_argument("--tokenizer", required=True)
p.add_argument("--adapter", required=True)
p.add_argument("--out", required=True, help="a folder, best named by the adapter's SHA-256")
a = p.parse_args()
tokenizer = Tokenizer.from_file(a.tokenizer)
model, metadata = load(a.base, a.adapter)
predictor = Plain(model)


def top(row, count=8):
    values, ids = row.topk(count)
    return [[int(i), round(float(v), 4)] for i, v in zip(ids, values)]


@torch.no_grad()
def continuation(prefix, count=16):
    ids = list(prefix)
    for _ in range(count):
        ids.append(int(model.ar_logits(torch.tensor([ids]))[0, -1].argmax()))
    return ids[len(prefix):]


def cases_of(number, before, after):
    """Yields cases, and puts their first rows of logits into `arrays`."""
    prefix, suffix = (
        tokenizer.encode(x, add_special_tokens=False).ids for x in (before, after))
    with torch.no_grad():
        ar = model.ar_logits(torch.tensor([prefix]))[0, -1]
    arrays[f"ar.{number}"] = ar.contiguous()
    yield {"name": f"ar.{number}", "text": before, "ids": prefix, "top": top(ar),
           "greedy": continuation(prefix), "logits": f"ar.{number}"}
    partial = [MASK, MASK, suffix[0], MASK, DELETE, MASK]
    for name, left, right, canvas in (
            ("mask", prefix, suffix, [MASK] * 8), ("partial", prefix, suffix, partial),
            ("nosuffix", prefix, [], [MASK] * 6), ("noprefix", [], suffix, [MASK] * 5)):
        name = f"{name}.{number}"
        logits = predictor.slots_logits(left, right, canvas)
        arrays[f"{name}.slot0"] = logits[0].contiguous()
        yield {"name": name, "prefix": left, "suffix": right, "canvas": canvas,
               "top": [top(row) for row in logits], "logits0": f"{name}.slot0"}
    for name, options in TRACES.items():
        yield {"name": f"trace.{number}.{name}", "prefix": prefix, "suffix": suffix, "slots": 12,
               "options": options, "trace": list(decode(predictor, prefix, suffix, 12, **options))}


arrays, cases = {}, []
for number, (before, after) in enumerate(TEXTS):
    cases += cases_of(number, before, after)
with open(f"{a.out}/golden.json", "w") as file:
    meta = {**metadata, "tolerance": TOLERANCE, "banned": BANNED}
    json.dump({"meta": meta, "cases": cases}, file)
save_file(arrays, f"{a.out}/golden.safetensors")
for case in cases:
    if "trace" in case:
        ids = [i for i in case["trace"][-1]["canvas"] if i not in (MASK, DELETE, EXPAND)]
        print(case["name"], repr(tokenizer.decode(ids)))
