"""Examples of different lengths as tensors of one shape, and who attends to whom in them."""
import numpy as np
import torch

from configuration import MASK


def pack(examples, context, active):
    """Pads to [B, context] and [B, active]. What is longer is cut, its targets with it."""
    batch = len(examples)

    def table(columns, value=0):
        return np.full((batch, columns), value, np.int64)

    out = {
        "context": table(context),
        "context_position": table(context),
        "context_valid": np.zeros((batch, context), bool),
        "active": table(active),
        "active_position": table(active),
        "target": table(active, -100),
        "weight": np.zeros((batch, active), np.float32),
        "group": table(active, -1),
        "copied": table(active, -1),
    }
    for row, example in enumerate(examples):
        count = min(len(example.context), context)
        out["context_valid"][row, :count] = True
        for name in ("context", "context_position"):
            out[name][row, :count] = getattr(example, name)[:count]
        count = min(len(example.active), active)
        for name in ("active", "active_position", "target", "weight", "group", "copied"):
            out[name][row, :count] = getattr(example, name)[:count]
    return {name: torch.from_numpy(value) for name, value in out.items()}


def masks(x, dtype):
    """Additive masks: context, causal [B, 1, C, C]; active over context and active [B, 1, A, C + A].

    An active token sees all context but the entry it is a copy of, and of its own block itself and
    the slots that show a token: open slots carry no content.
    """
    valid = x["context_valid"]
    index = torch.arange(valid.shape[1], device=valid.device)
    causal = (index[None, :] <= index[:, None])[None] & valid[:, None, :]
    causal = causal | (index[None, :] == index[:, None])[None]
    over = valid[:, None, :] & (index[None, None, :] != x["copied"][:, :, None])
    own = x["group"][:, :, None] == x["group"][:, None, :]
    itself = torch.eye(own.shape[1], dtype=torch.bool, device=valid.device)[None]
    own = own & ((x["active"] != MASK)[:, None, :] | itself)

    def additive(visible):
        zero = torch.zeros(visible.shape, dtype=dtype, device=visible.device)
        return zero.masked_fill(~visible, -1e9)[:, None]

    return additive(causal), additive(torch.cat([over, own], 2))
