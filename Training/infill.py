"""Inference with the adapter: load it, logits of a hole's slots, greedy decoding."""
import torch
from safetensors import safe_open

from base import load_base
from configuration import BANNED, DELETE, EXPAND, MASK, START
from denoiser import Denoiser
from noise import Example
from packing import masks, pack


def load(base, weights, dtype=torch.float32, scale=0.0):
    """`weights`: adapter.safetensors or a checkpoint of train.py -> model, metadata or {}.

    A `scale` other than 0 takes the place of the stored one.
    """
    shape, tensors = load_base(base)
    if not weights.endswith(".safetensors"):
        saved = torch.load(weights, map_location="cpu")
        model = Denoiser(shape, tensors, saved["rank"], scale or saved["scale"], dtype).eval()
        model.load_state_dict(saved["model"])
        return model, {}
    state = {}
    with safe_open(weights, "pt") as file:
        metadata = file.metadata()
        for name in file.keys():
            part, value = name.split("."), file.get_tensor(name).float()
            if name == "token_embd.special":
                state["special"] = value
            elif name == "output_norm.weight":
                state["N.output_norm"] = value
            elif part[-1] == "weight":
                state[f"N.{part[1]}_{part[2]}"] = value
            else:
                state[f"{part[-1][-1].upper()}.{part[1]}_{part[2]}"] = value
    scale = scale or float(metadata["lora.scale"])
    model = Denoiser(shape, tensors, int(metadata["lora.rank"]), scale, dtype).eval()
    model.load_state_dict(state)
    return model, metadata


class Plain:
    """Predictor for `decode` that computes everything at every step: the reference."""

    def __init__(self, model):
        self.model = model

    @torch.no_grad()
    def slots_logits(self, prefix, suffix, canvas, settled=0):
        """Logits [slots - settled, vocabulary] of the canvas's slots from `settled` on.

        The settled ones are context after the prefix. The suffix's context entries stay those of
        prefix and suffix alone.
        """
        model, left, rest = self.model, prefix + canvas[:settled], canvas[settled:]
        start, count = len(left), len(rest)
        example = Example(
            context=left + suffix,
            context_position=list(range(start)) + [start + count + i for i in range(len(suffix))],
            active=[left[-1] if left else START] + rest,
            active_position=[max(start - 1, 0)] + list(range(start, start + count)),
            target=[-100] * (count + 1),
            weight=[0.0] * (count + 1),
            group=[0] * (count + 1),
            copied=[start - 1] * (count + 1),
        )
        x = pack([example], max(1, len(example.context)), count + 1)
        causal, visible = masks(x, model.dtype)
        causal[:, :, start:, len(prefix):start] = -1e9
        past = model.context(x["context"], x["context_position"], causal)
        return model.head(model.active(x["active"], x["active_position"], past, visible)[0][:-1])

    @torch.no_grad()
    def ar_logits(self, prefix, settled):
        """Logits of the base after prefix and settled tokens, [vocabulary]."""
        return self.model.ar_logits(torch.tensor([prefix + settled or [START]]), 1)[0, -1]


def decode(predictor, prefix, suffix, n, steps=None, threshold=None, settle=True, ar_weight=0.0,
           exact=True):
    """Greedy denoising of `n` slots; yields a record a step.

    With `steps`: at most that many, linear schedule, most confident first, ties to the left. With
    `threshold`: every step commits the frontier (first open slot) and each slot at least that
    confident. `exact` keeps the length; else DELETE may close slots and EXPAND becomes two open
    slots (banned in the last step and once the canvas is 2n long). Settling stops at a DELETE.
    `conf` and `commit` name slots as they were before the step's growth.
    """
    canvas, step = [MASK] * n, 0
    while MASK in canvas and (steps is None or step < steps):
        settled = 0
        if settle:
            stops = (i for i, token in enumerate(canvas) if token in (MASK, DELETE))
            settled = next(stops, len(canvas))
        logits = predictor.slots_logits(prefix, suffix, canvas, settled)
        banned = list(BANNED)
        if exact:
            banned += [DELETE, EXPAND]
        elif len(canvas) >= 2 * n or step + 1 == steps:
            banned += [EXPAND]
        logits[:, banned] = float("-inf")
        shares = logits.softmax(-1)
        if ar_weight and settle and canvas[settled] == MASK:
            ar = predictor.ar_logits(prefix, canvas[:settled])
            ar[BANNED + [DELETE, EXPAND]] = float("-inf")
            shares[0] = (1 - ar_weight) * shares[0] + ar_weight * ar.softmax(-1)
        confidence, best = shares.max(-1)
        still = [i for i in range(settled, len(canvas)) if canvas[i] == MASK]
        if steps is not None:
            take = max(1, round(len(still) / (steps - step)))
            ranked = sorted(still, key=lambda i: (-float(confidence[i - settled]), i))
            chosen = ranked[:take]
        else:
            chosen = [
                i for i in still
                if i == still[0] or float(confidence[i - settled]) >= threshold
            ]
        for i in chosen:
            canvas[i] = int(best[i - settled])
        canvas = [c for x in canvas for c in ([MASK, MASK] if x == EXPAND else [x])]
        step += 1
        sure = [[i, int(best[i - settled]), round(float(confidence[i - settled]), 6)]
                for i in still]
        yield {"settled": settled, "conf": sure, "commit": sorted(chosen), "canvas": list(canvas)}
