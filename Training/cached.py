"""Predictor for `infill.decode` that keeps the context's keys and values from step to step, as the
engine does: the numbers of `infill.Plain` up to rounding, many times sooner on a CPU."""
import torch
import torch.nn.functional as F

from configuration import MASK, START


def join(a, b):
    """Keys and values (a list of pairs, a layer each) one after the other; either may be None."""
    if a is None or b is None:
        return a or b
    return [tuple(torch.cat(pair, 2) for pair in zip(x, y)) for x, y in zip(a, b)]


def additive(visible, dtype):
    return torch.zeros(visible.shape, dtype=dtype).masked_fill(~visible, -1e9)[None, None]


class Cached:
    """One hole at a time. `prefix`, `settled`, `suffix`: what was last computed, and for what."""

    def __init__(self, model):
        self.model = model
        self.prefix = self.settled = self.suffix = None

    def causal(self, ids, start, past):
        """Base over `ids` from position `start` after `past` -> their (K, V) a layer, states."""
        model, count = self.model, len(ids)
        before = past[0][0].shape[2] if past else 0
        visible = torch.ones(count, before + count, dtype=torch.bool).tril(before)
        x = F.embedding(torch.tensor([ids]), model.weight("token_embd.weight"))
        angles, out = model.angles(torch.arange(start, start + count)[None]), []
        for layer in range(model.shape.layers):
            kv = past[layer] if past else None
            x, own = model.layer(layer, x, angles, additive(visible, model.dtype), False, kv)
            out.append(own)
        return out, model.norm(x[0], model.weight("output_norm.weight"))

    def base_logits(self, states):
        return F.linear(states, self.model.weight("token_embd.weight")).float()

    def prepare(self, prefix):
        if self.prefix is None or self.prefix[0] != prefix:
            kv, states = self.causal(prefix, 0, None) if prefix else (None, None)
            self.prefix = (list(prefix), kv, states)
            self.settled = self.suffix = None

    def settle(self, tokens):
        """Runs the settled tokens that are new through the base, after the prefix."""
        prefix, before, states = self.prefix
        if self.settled is None or self.settled[0] != tokens[:len(self.settled[0])]:
            self.settled = ([], None, states)
        known, kv, _ = self.settled
        new = tokens[len(known):]
        if new:
            own, states = self.causal(new, len(prefix) + len(known), join(before, kv))
            self.settled = (list(tokens), join(kv, own), states)

    def place_suffix(self, suffix, slots):
        """The suffix after the prefix and `slots` slots; it never sees settled tokens."""
        if self.suffix is None or self.suffix[:2] != (suffix, slots):
            kv = None
            if suffix:
                kv, _ = self.causal(suffix, len(self.prefix[0]) + slots, self.prefix[1])
            self.suffix = (list(suffix), slots, kv)

    @torch.no_grad()
    def slots_logits(self, prefix, suffix, canvas, settled=0):
        model = self.model
        self.prepare(prefix)
        self.settle(canvas[:settled])
        self.place_suffix(suffix, len(canvas))
        left = prefix + canvas[:settled]
        ids = [left[-1] if left else START] + canvas[settled:]
        position = [max(len(left) - 1, 0)] + [len(left) + i for i in range(len(ids) - 1)]
        past = join(join(self.prefix[1], self.settled[1]), self.suffix[2])
        over = torch.ones(len(ids), len(left) + len(suffix), dtype=torch.bool)
        if left:
            over[:, len(left) - 1] = False
        own = (torch.tensor(ids) != MASK)[None, :] | torch.eye(len(ids), dtype=torch.bool)
        mask = additive(torch.cat([over, own], 1), model.dtype)
        past = past or [None] * model.shape.layers
        states = model.active(torch.tensor([ids]), torch.tensor([position]), past, mask)
        return model.head(states[0][:-1])

    @torch.no_grad()
    def ar_logits(self, prefix, settled):
        """Logits of the base after prefix and settled tokens."""
        if not prefix:
            return self.model.ar_logits(torch.tensor([settled or [START]]), 1)[0, -1]
        self.prepare(prefix)
        self.settle(settled)
        return self.base_logits(self.settled[2][-1])

    @torch.no_grad()
    def nll(self, prefix, tokens):
        """NLL of each of `tokens` after `prefix` under the base."""
        self.prepare(prefix)
        _, states = self.causal(tokens, len(prefix), self.prefix[1])
        states = torch.cat([self.prefix[2][-1:], states[:-1]])
        return F.cross_entropy(
            self.base_logits(states), torch.tensor(tokens), reduction="none").numpy()

    @torch.no_grad()
    def continuation(self, prefix, count):
        """Greedy autoregressive continuation of `prefix`."""
        out = []
        for _ in range(count):
            out.append(int(self.ar_logits(prefix, out).argmax()))
        return out
