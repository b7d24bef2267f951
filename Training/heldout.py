"""Mean negative log-likelihood (NLL, nats a token) on held-out windows: the table of a training log.

Windows are 256 tokens cut by fixed seeds. `frontier`, `+1`, `+2`: the first slots of a fully masked
hole that ends 16 tokens after a fixed place and starts anywhere before. `0.5`, `0.15`: holes of 64
tokens in all at those rates of masks.
"""
import random

import numpy as np
import torch
import torch.nn.functional as F

from configuration import MASK
from holes import place_holes
from noise import build
from packing import masks, pack

WINDOW = 256
FIRST = ("frontier", "+1", "+2")
RATES = (0.5, 0.15)


def losses(model, x, context=None, active=None):
    """Packed examples -> NLL of every target, and the targets' weights."""
    device = model.special.device
    x = {name: value.to(device, non_blocking=True) for name, value in x.items()}
    causal, visible = masks(x, model.dtype)
    past = (context or model.context)(x["context"], x["context_position"], causal)
    states = (active or model.active)(x["active"], x["active_position"], past, visible)
    chosen = x["target"] != -100
    nll = F.cross_entropy(model.head(states[chosen]), x["target"][chosen], reduction="none")
    return nll, x["weight"][chosen]


def windows(tokens, count):
    """Yields (name, document, first hole's start, Example): three of a document."""
    for index in range(count):
        rng = random.Random(9000 + index)
        start = rng.randrange(0, len(tokens) - WINDOW)
        document, place = tokens[start:start + WINDOW], rng.randrange(0, 14)
        hole = (140 + place, 16 - place)
        yield "first", document, [hole], build(document, [hole], rng, rate=1.0)
        for rate in RATES:
            holes = place_holes(WINDOW, 64, 8, rng)
            yield str(rate), document, holes, build(document, holes, rng, rate=rate)


@torch.no_grad()
def table(model, tokens, count=48):
    """-> {name: mean NLL}."""
    out = {name: [] for name in FIRST + tuple(map(str, RATES))}
    for name, _, _, example in windows(tokens, count):
        x = pack([example], len(example.context), len(example.active))
        nll = losses(model, x)[0].tolist()
        if name == "first":
            for first, value in zip(FIRST, nll):
                out[first].append(value)
        else:
            out[name] += nll
    return {name: round(float(np.mean(values)), 3) for name, values in out.items()}


@torch.no_grad()
def baseline(model, tokens, count=48):
    """The frozen base on the same frontier tokens, from the left context alone."""
    nll = []
    for name, document, holes, _ in windows(tokens, count):
        if name != "first":
            continue
        at = holes[0][0]
        ids = torch.tensor([[int(t) for t in document[:at + 1]]], device=model.special.device)
        nll.append(F.cross_entropy(model.ar_logits(ids)[0, -2:-1], ids[0, -1:]).item())
    return round(float(np.mean(nll)), 3)


def lines(tokens, count=48):
    """The windows with every random choice made, as JSON-ready records."""
    for name, document, holes, example in windows(tokens, count):
        shown, at = [], 0
        for start, length in holes:
            block = example.active[at + 1:at + 1 + length]
            shown.append({"start": start, "length": length,
                          "open": [i for i, token in enumerate(block) if token == MASK]})
            at += length + 1
        yield {"table": name, "document": [int(t) for t in document], "holes": shown}
