#!/usr/bin/env python3
"""Copies the reference sets below a folder of golden data to Tests/Fixtures/golden/open.

Usage: Tests/Fixtures/update.py ../shared/golden/open

Weights whose numbers are all bfloat16 are stored as such and JSON without blanks, which loses nothing
and halves the files.
"""
import json
import shutil
import struct
import sys
from pathlib import Path

SETS = [
    "dream", "dreamon", "fast_dllm_v2", "gguf", "llada", "llada2_moe", "llama",
    "nemotron_labs_diffusion", "nemotron_labs_diffusion_vlm", "qwen2", "qwen3", "schedules", "sdar",
    "tokenizers",
]

BOTH = "llama"


def halved(data):
    """The safetensors file `data` with bfloat16 tensors; None where a number is no bfloat16."""
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + length])
    body = data[8 + length:]
    result = b""
    for name, tensor in header.items():
        if name == "__metadata__":
            continue
        if tensor["dtype"] != "F32":
            return None
        begin, end = tensor["data_offsets"]
        halves = memoryview(body[begin:end]).cast("H")
        if any(halves[0::2]):
            return None
        tensor["dtype"] = "BF16"
        tensor["data_offsets"] = [len(result), len(result) + (end - begin) // 2]
        result += halves[1::2].tobytes()
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + result


def main():
    source, target = Path(sys.argv[1]), Path(__file__).parent / "golden" / "open"
    shutil.rmtree(target, ignore_errors=True)
    for name in SETS:
        for file in sorted((source / name).rglob("*")):
            place = file.relative_to(source)
            # The same weights once more; one set keeps both.
            if file.is_dir() or "bf16" in place.parts and name != BOTH:
                continue
            (target / place).parent.mkdir(parents=True, exist_ok=True)
            data = file.read_bytes()
            if name != BOTH and file.name in ("model.safetensors", "adapter_model.safetensors"):
                data = halved(data) or data
            elif file.suffix == ".json":
                data = json.dumps(
                    json.loads(data), ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
            (target / place).write_bytes(data)


main()
