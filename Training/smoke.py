"""Two minutes at most on one CPU core: a tiny random base is trained on made text, its adapter
exported, loaded and decoded with. Stops with a message where something is not as it must be."""
import importlib.util
import json
import pathlib
import random
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
NEEDED = ("torch", "numpy", "safetensors")
missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
if missing:
    print("Training smoke run skipped: no", ", ".join(missing), "for", sys.executable)
    sys.exit(0)

import numpy as np
import torch
from safetensors import safe_open
from safetensors.numpy import save_file

from cached import Cached
from configuration import MASK, Configuration
from infill import Plain, decode, load

TINY = Configuration(layers=2, width=32, feed_forward=64, query_heads=2, kv_heads=1, head_size=16,
                     vocabulary=64, rope_base=10_000.0, norm_epsilon=1e-5)
FIRST_TEXT = 24  # ids of made text start here


def make_base(path):
    """Random weights of the tiny shape, stored as `unpack.py` stores them."""
    rng, layout, blocks = np.random.default_rng(1), {}, {}

    def add(name, *size):
        weight = np.ones(size) if len(size) == 1 else rng.normal(0, size[1] ** -0.5, size)
        layout[name] = ("F32", list(size))
        blocks[name] = np.frombuffer(weight.astype(np.float32).tobytes(), np.uint8)

    heads, kv = TINY.query_heads * TINY.head_size, TINY.kv_heads * TINY.head_size
    add("token_embd.weight", TINY.vocabulary, TINY.width)
    add("output_norm.weight", TINY.width)
    for layer in range(TINY.layers):
        for name, size in {
                "attn_norm": (TINY.width,), "ffn_norm": (TINY.width,),
                "attn_q": (heads, TINY.width), "attn_k": (kv, TINY.width),
                "attn_v": (kv, TINY.width), "attn_output": (TINY.width, heads),
                "ffn_gate": (TINY.feed_forward, TINY.width),
                "ffn_up": (TINY.feed_forward, TINY.width),
                "ffn_down": (TINY.width, TINY.feed_forward)}.items():
            add(f"blk.{layer}.{name}.weight", *size)
    save_file(blocks, str(path), {"layout": json.dumps(layout), "sha256": "0" * 64,
                                  "configuration": TINY.to_json()})


def make_tokens(path, count, seed):
    """Text whose next token mostly follows from the one before: a walk with a fixed step."""
    rng, size = random.Random(seed), TINY.vocabulary - FIRST_TEXT
    at, out = 0, []
    for _ in range(count):
        at = (at + 7) % size if rng.random() < 0.95 else rng.randrange(size)
        out.append(FIRST_TEXT + at)
    np.save(path, np.array(out, np.uint16))


def python(script, *arguments):
    """Runs a script of this folder; its output, or its error and an end."""
    command = [sys.executable, str(HERE / script), *map(str, arguments)]
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode:
        sys.exit(f"{script} failed\n{result.stdout}{result.stderr}")
    return result.stdout


def require(condition, *message):
    if not condition:
        sys.exit("Training smoke run: " + " ".join(map(str, message)))


def main():
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        base, tokens, heldout = (folder / x for x in ("base.safetensors", "t.npy", "h.npy"))
        make_base(base)
        make_tokens(tokens, 50_000, 1)
        make_tokens(heldout, 5_000, 2)
        log = python(
            "train.py", "--base", base, "--tokens", tokens, "--heldout", heldout,
            "--out", folder / "a.pt", "--steps", 200, "--minutes", 1.5, "--rank", 8,
            "--batch", 8, "--window", 64, "--hole", 24, "--holes", 3, "--active", 72,
            "--warmup", 10, "--lr", 1e-2, "--every", 1000, "--threads", 1)
        losses = [float(x) for x in re.findall(r"loss (\S+)", log)]
        require(len(losses) >= 2 and losses[-1] < losses[0] - 0.5,
                "the loss did not fall:", losses)
        python("export.py", folder / "a.pt", folder / "adapter.safetensors", "--base", base,
               "--name", "tiny")
        with safe_open(folder / "adapter.safetensors", "np") as file:
            require(file.metadata()["lora.rank"] == "8", "wrong rank in the adapter")
        table = json.loads(python(
            "nll.py", "--base", base, "--adapter", folder / "adapter.safetensors",
            "--heldout", heldout, "--n", 8, "--float32", "--threads", 1))
        require(table["0.5"] < np.log(TINY.vocabulary), "held-out loss above chance:", table)
        model, _ = load(str(base), str(folder / "adapter.safetensors"))
        text = [int(t) for t in np.load(heldout)[:64]]
        for options in (dict(threshold=0.5, ar_weight=0.3), dict(steps=4, exact=False)):
            traces = [
                list(decode(predictor, text[:24], text[36:], 12, **options))
                for predictor in (Plain(model), Cached(model))
            ]
            canvases = [[step["canvas"] for step in trace] for trace in traces]
            require(canvases[0] == canvases[1], "kept keys and values change the result", options)
            require(MASK not in canvases[0][-1], "masks left", canvases[0][-1])
        print(f"Training smoke run: loss {losses[0]:.2f} -> {losses[-1]:.2f} (text "
              f"{np.log(TINY.vocabulary):.2f} by chance), held-out table {json.dumps(table)}")


if __name__ == "__main__":
    main()
