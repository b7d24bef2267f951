"""GGUF of the base -> base.safetensors (the same quantised blocks, unchanged) and tokenizer.json, so
that a training host needs neither gguf nor network."""
import argparse
import hashlib
import json
import pathlib

import numpy as np
from gguf import GGUFReader
from safetensors.numpy import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

from configuration import Configuration


def unpack_weights(reader, digest, path):
    layout = {
        tensor.name: (tensor.tensor_type.name, [int(x) for x in reversed(tensor.shape)])
        for tensor in reader.tensors
    }
    blocks = {t.name: np.frombuffer(t.data.tobytes(), np.uint8) for t in reader.tensors}
    shape = Configuration.from_gguf(lambda key: reader.fields[key].contents())
    save_file(blocks, path, {
        "layout": json.dumps(layout),
        "sha256": digest,
        "name": reader.fields["general.name"].contents(),
        "configuration": shape.to_json(),
    })


def unpack_tokenizer(reader, path):
    """Byte-level BPE that splits single digits first (`tokenizer.ggml.pre` = smollm)."""
    tokens, merges = (
        reader.fields[f"tokenizer.ggml.{key}"].contents() for key in ("tokens", "merges"))
    ids = {token: index for index, token in enumerate(tokens)}
    tokenizer = Tokenizer(models.BPE(ids, [tuple(pair.split(" ")) for pair in merges]))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Digits(individual_digits=True),
        pre_tokenizers.ByteLevel(add_prefix_space=False),
    ])
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.save(path)


if __name__ == "__main__":
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("gguf", type=pathlib.Path)
    p.add_argument("folder", type=pathlib.Path)
    a = p.parse_args()
    reader = GGUFReader(str(a.gguf))
    digest = hashlib.sha256(a.gguf.read_bytes()).hexdigest()
    unpack_weights(reader, digest, str(a.folder / "base.safetensors"))
    unpack_tokenizer(reader, str(a.folder / "tokenizer.json"))
