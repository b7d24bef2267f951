"""Checkpoint -> adapter.safetensors (bf16), as the engine reads it."""
import argparse

import torch
from safetensors import safe_open
from safetensors.torch import save_file

from configuration import DELETE, EXPAND, MASK, START

p = argparse.ArgumentParser(description=__doc__)
p.add_argument("checkpoint")
p.add_argument("output")
p.add_argument("--base", required=True)
p.add_argument("--name", default="SmolLM2-135M-Instruct Q4_1", help="the base, for people")
p.add_argument("--scale", type=float, default=0,
               help="of the low-rank part; 0: the checkpoint's. Try 0.5 to 1 times that first")
a = p.parse_args()
state, out = torch.load(a.checkpoint, map_location="cpu"), {}
for key, value in state["model"].items():
    kind, _, name = key.partition(".")
    value = value.to(torch.bfloat16).contiguous()
    if kind in ("A", "B"):
        layer, linear = name.split("_", 1)
        out[f"blk.{layer}.{linear}.lora_{kind.lower()}"] = value
    elif kind == "N" and name == "output_norm":
        out["output_norm.weight"] = value
    elif kind == "N":
        out[f"blk.{name.replace('_', '.', 1)}.weight"] = value
    elif key == "special":
        out["token_embd.special"] = value
with safe_open(a.base, "np") as file:
    digest = file.metadata()["sha256"]
save_file(out, a.output, metadata={
    "format": "palimpsest-adapter-1",
    "base.sha256": digest,
    "base.name": a.name,
    "lora.rank": str(state["rank"]),
    "lora.scale": str(a.scale or state["scale"]),
    "token.mask": str(MASK),
    "token.expand": str(EXPAND),
    "token.delete": str(DELETE),
    "token.start": str(START),
    "prediction": "shifted",
    "context": "causal two-sided",
    "step": str(state["step"]),
    "license": "Apache-2.0",
})
print(len(out), "tensors", sum(v.numel() for v in out.values()) / 1e6, "M parameters")
