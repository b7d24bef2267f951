"""An independent reader of fills: a causal model under llama.cpp, not the one that wrote them.

Runs inside the environment that `judge.py` makes. Copies the holes of a file of JSON lines to
another and adds what each costs the reader, in nats: `passage_nll` and `suffix_nll`, sums over
`passage_tokens` and `suffix_tokens` tokens, and `last_nll`, that of the passage's last token.
"""
import argparse
import ctypes
import json

import llama_cpp as llama
import numpy as np

CONTEXT = 8192
TEXT_START = "\n"  # read where nothing stands before the passage


class Reader:
    def __init__(self, path, threads):
        # The library logs every tensor; the callback must outlive the calls that use it.
        self.silent = llama.llama_log_callback(lambda level, text, data: None)
        llama.llama_log_set(self.silent, None)
        llama.llama_backend_init()
        options = llama.llama_model_default_params()
        options.n_gpu_layers = 0
        self.model = llama.llama_model_load_from_file(path.encode(), options)
        if not self.model:
            raise SystemExit(f"{path}: llama.cpp cannot load this model.")
        options = llama.llama_context_default_params()
        options.n_ctx = options.n_batch = CONTEXT
        options.n_ubatch = 512
        options.n_threads = options.n_threads_batch = threads
        self.context = llama.llama_init_from_model(self.model, options)
        if not self.context:
            raise SystemExit(f"{path}: no memory for a context of {CONTEXT} tokens.")
        self.vocabulary = llama.llama_model_get_vocab(self.model)
        self.size = llama.llama_vocab_n_tokens(self.vocabulary)
        self.begins = llama.llama_vocab_get_add_bos(self.vocabulary)
        self.batch = llama.llama_batch_init(CONTEXT, 0, 1)
        self.piece = ctypes.create_string_buffer(512)

    def tokens(self, text):
        """-> token ids, and for each the offset in UTF-8 bytes at which it ends."""
        data = text.encode()
        ids = (llama.llama_token * (len(data) + 8))()
        count = llama.llama_tokenize(
            self.vocabulary, data, len(data), ids, len(ids), self.begins, False)
        if not 0 < count <= CONTEXT:
            raise SystemExit(f"A text of {len(data)} bytes does not fit {CONTEXT} tokens.")
        ends, at = [], 0
        for index in range(count):
            if index > 0 or not self.begins:
                at += max(0, llama.llama_token_to_piece(
                    self.vocabulary, ids[index], self.piece, len(self.piece), 0, False))
            ends.append(at)
        return list(ids[:count]), ends

    def surprises(self, tokens, first):
        """-ln p of every token from index `first`, at least 1, given all before it."""
        batch = self.batch
        batch.n_tokens = len(tokens)
        for index, token in enumerate(tokens):
            batch.token[index], batch.pos[index] = token, index
            batch.n_seq_id[index], batch.seq_id[index][0] = 1, 0
            batch.logits[index] = index + 1 >= first
        llama.llama_memory_clear(llama.llama_get_memory(self.context), True)
        if llama.llama_decode(self.context, batch):
            raise SystemExit(f"llama.cpp did not decode {len(tokens)} tokens.")
        for index in range(first, len(tokens)):
            pointer = llama.llama_get_logits_ith(self.context, index - 1)
            logits = np.ctypeslib.as_array(pointer, (self.size,))
            top = logits.max()
            total = np.exp(logits - top).sum(dtype=np.float64)
            yield float(top) + float(np.log(total)) - float(logits[tokens[index]])

    def measure(self, hole):
        prefix = hole["prefix"] or TEXT_START
        tokens, ends = self.tokens(prefix + hole["middle"] + hole["suffix"])
        start = len(prefix.encode())
        stop = start + len(hole["middle"].encode())
        # A token belongs to the part that it ends in.
        first = max(1, next((i for i, end in enumerate(ends) if end > start), len(ends)))
        values = list(self.surprises(tokens, first))
        count = sum(end <= stop for end in ends[first:])
        passage, suffix = values[:count], values[count:]
        return dict(
            passage_nll=sum(passage), passage_tokens=len(passage), suffix_nll=sum(suffix),
            suffix_tokens=len(suffix), last_nll=passage[-1] if passage else 0.0)


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("model")
    p.add_argument("holes")
    p.add_argument("out")
    p.add_argument("--threads", type=int, default=2)
    a = p.parse_args()
    reader = Reader(a.model, a.threads)
    with open(a.holes) as holes, open(a.out, "w") as out:
        for line in holes:
            hole = json.loads(line)
            out.write(json.dumps(hole | reader.measure(hole), ensure_ascii=False) + "\n")
            out.flush()


if __name__ == "__main__":
    main()
