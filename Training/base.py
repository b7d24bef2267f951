"""The frozen base model: reading base.safetensors, the quantised blocks of a GGUF file unchanged."""
import json

import numpy as np
import torch
from safetensors import safe_open

from configuration import Configuration


def dequantize(raw, kind, shape):
    """GGUF block bytes -> float32 array of `shape` [rows, columns].

    F32: as it is. Q4_1: blocks of 32 weights, half scale, half minimum, 16 nibble bytes, low
    nibbles first. Q8_0: blocks of 32 weights, half scale, 32 int8.
    """
    if kind == "F32":
        return np.frombuffer(raw, np.float32).reshape(shape)
    if kind == "Q8_0":
        block = np.frombuffer(raw, np.uint8).reshape(-1, 34)
        scale = block[:, :2].copy().view(np.float16).astype(np.float32)
        return (block[:, 2:].view(np.int8).astype(np.float32) * scale).reshape(shape)
    if kind == "Q4_1":
        block = np.frombuffer(raw, np.uint8).reshape(-1, 20)
        scale = block[:, :2].copy().view(np.float16).astype(np.float32)
        least = block[:, 2:4].copy().view(np.float16).astype(np.float32)
        nibbles = np.concatenate([block[:, 4:] & 15, block[:, 4:] >> 4], 1).astype(np.float32)
        return (nibbles * scale + least).reshape(shape)
    raise ValueError(f"unsupported tensor type {kind}")


def read_metadata(path):
    """-> Configuration, {tensor: (kind, shape)}, SHA-256 of the GGUF file it came from."""
    with safe_open(path, "np") as file:
        metadata = file.metadata()
    if "configuration" not in metadata:
        raise SystemExit(f"{path}: no configuration in its metadata; make it again with unpack.py")
    return (
        Configuration.from_json(metadata["configuration"]),
        json.loads(metadata["layout"]),
        metadata["sha256"],
    )


def load_base(path):
    """-> Configuration and {name: float32 tensor}.

    GGUF stores the q and k rows of Llama models for interleaved rotary pairs; here they are put
    back into half-split order.
    """
    shape, layout, _ = read_metadata(path)
    tensors = {}
    with safe_open(path, "np") as file:
        for name, (kind, size) in layout.items():
            weight = dequantize(file.get_tensor(name).tobytes(), kind, size)
            rotated = (("attn_q.weight", shape.query_heads), ("attn_k.weight", shape.kv_heads))
            for suffix, heads in rotated:
                if name.endswith(suffix):
                    pairs = weight.reshape(heads, shape.head_size // 2, 2, shape.width)
                    weight = pairs.swapaxes(1, 2).reshape(size)
            tensors[name] = torch.from_numpy(np.array(weight))
    return shape, tensors
