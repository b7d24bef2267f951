"""Corpus parts (xz, documents separated by NUL) -> one uint16 token array.

Each document is preceded by token 0. Parts that corpus.json names are checked against it first.
"""
import argparse
import hashlib
import json
import lzma
import pathlib
from concurrent.futures import ProcessPoolExecutor

import numpy as np
from tokenizers import Tokenizer

from configuration import START

MANIFEST = pathlib.Path(__file__).with_name("corpus.json")


def check(path):
    """Stops where a part is not the one the manifest names."""
    parts = {part["name"]: part for part in json.loads(MANIFEST.read_text())["files"]}
    expected = parts.get(path.name)
    if expected is None:
        print(f"{path.name}: not in {MANIFEST.name}, taken as it is")
        return
    data = path.read_bytes()
    found = {"bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
    for key, value in found.items():
        if value != expected[key]:
            raise SystemExit(f"{path.name}: {key} {value}, expected {expected[key]}")


def encode(job):
    """Every `parts`-th document of a corpus part, from `part` on, as tokens."""
    path, part, parts, tokenizer = job
    tokenizer, out = Tokenizer.from_file(tokenizer), []
    documents = lzma.open(path, "rt", encoding="utf8").read().split("\0")
    for index, document in enumerate(documents):
        if index % parts == part and document:
            ids = tokenizer.encode(document, add_special_tokens=False).ids
            out.append(np.array([START] + ids, np.uint16))
    return np.concatenate(out)


if __name__ == "__main__":
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("corpus", nargs="+", type=pathlib.Path)
    p.add_argument("--tokenizer", required=True)
    p.add_argument("--out", required=True)
    p.add_argument("--workers", type=int, default=2,
                   help="also decides the order of documents (default 2)")
    a = p.parse_args()
    for path in a.corpus:
        check(path)
    jobs = [(c, k, a.workers, a.tokenizer) for c in a.corpus for k in range(a.workers)]
    with ProcessPoolExecutor(a.workers) as pool:
        tokens = np.concatenate(list(pool.map(encode, jobs)))
    np.save(a.out, tokens)
    print(len(tokens) / 1e6, "M tokens")
