"""Writes what the fuzzer starts from, Tests/FuzzTests/Cases/READER/seed-NAME, and files that once ended
the program and must be refused, READER/refused-NAME. Each has a few kilobytes.

The same files every time. Run from anywhere; needs nothing but Python.
"""

import json
import os
import random
import struct
import zlib

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "Cases")
WIDTH, HEADS, KEY_HEADS, HEAD, INNER, VOCABULARY = 8, 2, 1, 4, 8, 32
SPECIALS = ["<|endoftext|>", "<|mask|>", "<|im_start|>", "<|im_end|>", "<|expand|>"]
MASK = 1


def write(reader, name, data, kind="seed"):
    folder = os.path.join(ROOT, reader)
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, kind + "-" + name), "wb") as file:
        file.write(data if isinstance(data, bytes) else data.encode())


def compact(value):
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def floats(generator, count, scale=0.5):
    return struct.pack("<%df" % count, *(generator.uniform(-scale, scale) for _ in range(count)))


def safetensors(tensors, metadata=None):
    header, data = {}, b""
    if metadata:
        header["__metadata__"] = metadata
    for name, (shape, content) in tensors.items():
        header[name] = {
            "dtype": "F32", "shape": shape, "data_offsets": [len(data), len(data) + len(content)]}
        data += content
    text = compact(header).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def string(text):
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def pair(key, value):
    if isinstance(value, bool):
        return string(key) + struct.pack("<IB", 7, value)
    if isinstance(value, int):
        return string(key) + struct.pack("<II", 4, value)
    if isinstance(value, float):
        return string(key) + struct.pack("<If", 6, value)
    if isinstance(value, str):
        return string(key) + struct.pack("<I", 8) + string(value)
    if isinstance(value[0], str):
        return string(key) + struct.pack("<IIQ", 9, 8, len(value)) + b"".join(map(string, value))
    return string(key) + struct.pack("<IIQ%di" % len(value), 9, 5, len(value), *value)


def gguf(pairs, tensors):
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(pairs))
    head += b"".join(pair(key, value) for key, value in pairs.items())
    data = b""
    for name, (shape, content) in tensors.items():
        head += string(name) + struct.pack("<I", len(shape))
        head += b"".join(struct.pack("<Q", size) for size in reversed(shape))
        head += struct.pack("<IQ", 0, len(data))
        data += content + b"\0" * (-len(content) % 32)
    return head + b"\0" * (-len(head) % 32) + data


def spelling(byte):
    prints = lambda b: 0x21 <= b <= 0x7E or 0xA1 <= b <= 0xAC or b >= 0xAE
    if prints(byte):
        return chr(byte)
    return chr(0x100 + sum(not prints(b) for b in range(byte)))


def words():
    letters = [spelling(b) for b in b" \nabcdefgimnst.\xc3\xa9"]
    joined = ["ab", spelling(32) + "a", "st", "in", "ing"]
    return SPECIALS + letters + joined


MERGES = [("a", "b"), (spelling(32), "a"), ("s", "t"), ("i", "n"), ("in", "g")]
PATTERN = r"(?i:'s|'t)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s+(?!\S)|\s+"


def tokenizer(listed=False):
    vocabulary = {token: index for index, token in enumerate(words())}
    added = [
        {"id": index, "content": token, "special": True, "normalized": False, "lstrip": index == 3,
         "single_word": index == 4}
        for index, token in enumerate(SPECIALS)]
    merges = [list(merge) for merge in MERGES] if listed else [" ".join(m) for m in MERGES]
    return {
        "added_tokens": added, "normalizer": {"type": "NFC"},
        "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
            {"type": "Split", "pattern": {"Regex": PATTERN}, "behavior": "Isolated"},
            {"type": "Digits", "individual_digits": listed},
            {"type": "ByteLevel", "add_prefix_space": listed, "use_regex": listed}]},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [{"SpecialToken": {"id": "<|endoftext|>"}}, {"Sequence": {"id": "A"}}],
            "special_tokens": {"<|endoftext|>": {"ids": [0]}}},
        "model": {"type": "BPE", "ignore_merges": listed, "vocab": vocabulary, "merges": merges}}


BASE = {
    "hidden_size": WIDTH, "num_hidden_layers": 1, "num_attention_heads": HEADS,
    "num_key_value_heads": KEY_HEADS, "head_dim": HEAD, "intermediate_size": INNER,
    "vocab_size": VOCABULARY, "max_position_embeddings": 64, "rms_norm_eps": 1e-5,
    "rope_theta": 10000.0, "tie_word_embeddings": True, "bos_token_id": 0, "eos_token_id": 0}
YARN = {
    "rope_type": "yarn", "rope_theta": 1e6, "factor": 4.0, "beta_fast": 32.0, "beta_slow": 1.0,
    "original_max_position_embeddings": 16, "mscale": 1.0, "mscale_all_dim": 1.0,
    "llama_4_scaling_beta": 0.1}
LLAMA3 = {
    "rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
    "original_max_position_embeddings": 16}

FAMILIES = {
    "llama": dict(BASE, model_type="llama", rope_scaling=LLAMA3),
    "qwen2": dict(BASE, model_type="qwen2", rope_scaling={"type": "linear", "factor": 2.0}),
    "qwen3": dict(BASE, model_type="qwen3", eos_token_id=[0, 3]),
    "nemotron": dict(
        BASE, model_type="nemotron_labs_diffusion", tie_word_embeddings=False, block_size=4,
        mask_token_id=MASK, rope_parameters=YARN),
    "fast_dllm": dict(BASE, model_type="Fast_dLLM_Qwen", bd_size=4, mask_token_id=MASK),
    "llada": {
        "model_type": "llada", "d_model": WIDTH, "n_layers": 1, "n_heads": HEADS,
        "n_kv_heads": KEY_HEADS, "mlp_hidden_size": INNER, "vocab_size": 24,
        "embedding_size": VOCABULARY, "max_sequence_length": 64, "rms_norm_eps": 1e-5,
        "rope_theta": 500000.0, "weight_tying": False, "mask_token_id": MASK, "eos_token_id": 0},
    "dream": dict(
        BASE, model_type="Dream", tie_word_embeddings=False, mask_token_id=MASK,
        expand_token_id=4),
    "sdar": dict(BASE, model_type="sdar", block_size=4, mask_token_id=MASK),
    "llada2": dict(
        BASE, model_type="llada2_moe", mask_token_id=MASK, block_size=4, num_experts=4,
        num_experts_per_tok=2, num_shared_experts=1, moe_intermediate_size=4, n_group=2,
        topk_group=1, routed_scaling_factor=2.5, moe_router_enable_expert_bias=True,
        partial_rotary_factor=0.5),
}

# Beside those: their numbers are drawn after all others.
PICTURES = {
    "nemotron_vlm": dict(
        FAMILIES["nemotron"], model_type="nemotron_labs_diffusion_vlm", spatial_merge_size=2,
        vision_config={
            "model_type": "pixtral", "hidden_size": WIDTH, "intermediate_size": INNER,
            "num_hidden_layers": 1, "num_attention_heads": HEADS, "head_dim": HEAD,
            "num_channels": 3, "patch_size": 2, "image_size": 16, "hidden_act": "silu",
            "rope_parameters": {"rope_theta": 10000.0, "rope_type": "default"}}),
}
PICTURE_TOKENS = {
    "<|image_%s|>" % name: 28 + index
    for index, name in enumerate(["start", "pad", "break", "end"])}


def tower(add, norm):
    """Tensors of a tower of one layer and its projector."""
    vision, merger = "encoder.vision_tower", "encoder.multi_modal_projector"
    layer = vision + ".transformer.layers.0"
    add(vision + ".patch_conv.weight", WIDTH, 3, 2, 2)
    norm(vision + ".ln_pre.weight", WIDTH)
    norm(layer + ".attention_norm.weight", WIDTH)
    norm(layer + ".ffn_norm.weight", WIDTH)
    for name in "qkvo":
        add("%s.attention.%s_proj.weight" % (layer, name), WIDTH, WIDTH)
    add(layer + ".feed_forward.gate_proj.weight", INNER, WIDTH)
    add(layer + ".feed_forward.up_proj.weight", INNER, WIDTH)
    add(layer + ".feed_forward.down_proj.weight", WIDTH, INNER)
    norm(merger + ".norm.weight", WIDTH)
    add(merger + ".patch_merger.merging_layer.weight", WIDTH, 4 * WIDTH)
    add(merger + ".linear_1.weight", WIDTH, WIDTH)
    add(merger + ".linear_2.weight", WIDTH, WIDTH)


def weights(generator, family, config):
    """Tensors of a model of one layer by their names in the family's checkpoints."""
    tensors = {}

    def add(name, *shape):
        count = 1
        for size in shape:
            count *= size
        tensors[name] = (list(shape), floats(generator, count))

    def norm(name, size):
        tensors[name] = ([size], struct.pack("<%df" % size, *[1.0] * size))

    query, key = HEADS * HEAD, KEY_HEADS * HEAD
    if family == "llada":
        layer, model = "model.transformer.blocks.0", "model.transformer"
        add(model + ".wte.weight", VOCABULARY, WIDTH)
        norm(model + ".ln_f.weight", WIDTH)
        add(model + ".ff_out.weight", VOCABULARY, WIDTH)
        norm(layer + ".attn_norm.weight", WIDTH)
        norm(layer + ".ff_norm.weight", WIDTH)
        for name, rows, columns in [
            ("q_proj", query, WIDTH), ("k_proj", key, WIDTH), ("v_proj", key, WIDTH),
            ("attn_out", WIDTH, query), ("ff_proj", INNER, WIDTH), ("up_proj", INNER, WIDTH),
            ("ff_out", WIDTH, INNER)]:
            add("%s.%s.weight" % (layer, name), rows, columns)
        return tensors
    is_nemotron = family.startswith("nemotron")
    model = "encoder" if is_nemotron else "model"
    layer = model + ".layers.0"
    embedding = "word_embeddings" if family == "llada2" else "embed_tokens"
    add("%s.%s.weight" % (model, embedding), VOCABULARY, WIDTH)
    norm(model + ".norm.weight", WIDTH)
    if not config["tie_word_embeddings"]:
        head = "diffusion_head" if is_nemotron else "lm_head"
        add(head + ".weight", VOCABULARY, WIDTH)
    norm(layer + ".input_layernorm.weight", WIDTH)
    norm(layer + ".post_attention_layernorm.weight", WIDTH)
    if family == "llada2":
        add(layer + ".attention.query_key_value.weight", query + 2 * key, WIDTH)
        add(layer + ".attention.dense.weight", WIDTH, query)
        norm(layer + ".attention.query_layernorm.weight", HEAD)
        norm(layer + ".attention.key_layernorm.weight", HEAD)
        add(layer + ".mlp.gate.weight", 4, WIDTH)
        add(layer + ".mlp.gate.expert_bias", 4)
        for prefix in ["experts.%d" % index for index in range(4)] + ["shared_experts"]:
            add("%s.mlp.%s.gate_proj.weight" % (layer, prefix), 4, WIDTH)
            add("%s.mlp.%s.up_proj.weight" % (layer, prefix), 4, WIDTH)
            add("%s.mlp.%s.down_proj.weight" % (layer, prefix), WIDTH, 4)
        return tensors
    for name, rows in [("q_proj", query), ("k_proj", key), ("v_proj", key)]:
        add("%s.self_attn.%s.weight" % (layer, name), rows, WIDTH)
        if family in ("qwen2", "fast_dllm", "dream"):
            add("%s.self_attn.%s.bias" % (layer, name), rows)
    add(layer + ".self_attn.o_proj.weight", WIDTH, query)
    if family in ("qwen3", "sdar"):
        norm(layer + ".self_attn.q_norm.weight", HEAD)
        norm(layer + ".self_attn.k_norm.weight", HEAD)
    add(layer + ".mlp.gate_proj.weight", INNER, WIDTH)
    add(layer + ".mlp.up_proj.weight", INNER, WIDTH)
    add(layer + ".mlp.down_proj.weight", WIDTH, INNER)
    if family in PICTURES:
        tower(add, norm)
    return tensors


def llama_cpp(generator, architecture):
    key = architecture + "."
    tokens = words()
    pairs = {
        "general.architecture": architecture, "general.name": "seed", key + "embedding_length": WIDTH,
        key + "block_count": 1, key + "attention.head_count": HEADS,
        key + "attention.head_count_kv": KEY_HEADS, key + "attention.key_length": HEAD,
        key + "feed_forward_length": INNER, key + "context_length": 64,
        key + "attention.layer_norm_rms_epsilon": 1e-5, key + "rope.freq_base": 10000.0,
        key + "rope.dimension_count": HEAD, key + "rope.scaling.type": "yarn",
        key + "rope.scaling.factor": 2.0, "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": "qwen2", "tokenizer.ggml.tokens": tokens,
        "tokenizer.ggml.token_type": [3] * len(SPECIALS) + [1] * (len(tokens) - len(SPECIALS)),
        "tokenizer.ggml.merges": [" ".join(merge) for merge in MERGES],
        "tokenizer.ggml.bos_token_id": 0, "tokenizer.ggml.eos_token_id": 0,
        "tokenizer.ggml.add_bos_token": True, "tokenizer.ggml.mask_token_id": MASK}
    tensors = {"token_embd.weight": ([VOCABULARY, WIDTH], floats(generator, VOCABULARY * WIDTH))}
    ones = struct.pack("<%df" % WIDTH, *[1.0] * WIDTH)
    for name in ["output_norm", "blk.0.attn_norm", "blk.0.ffn_norm"]:
        tensors[name + ".weight"] = ([WIDTH], ones)
    for name, rows, columns in [
        ("attn_q", HEADS * HEAD, WIDTH), ("attn_k", KEY_HEADS * HEAD, WIDTH),
        ("attn_v", KEY_HEADS * HEAD, WIDTH), ("attn_output", WIDTH, HEADS * HEAD),
        ("ffn_gate", INNER, WIDTH), ("ffn_up", INNER, WIDTH), ("ffn_down", WIDTH, INNER)]:
        tensors["blk.0.%s.weight" % name] = ([rows, columns], floats(generator, rows * columns))
    return gguf(pairs, tensors)


def adapter(generator):
    rank = 2
    metadata = {
        "format": "palimpsest-adapter-1", "base.sha256": "00", "lora.rank": str(rank),
        "lora.scale": "1.0", "token.mask": "1", "token.delete": "2", "token.expand": "4",
        "token.start": "0"}
    tensors = {}
    ones = struct.pack("<%df" % WIDTH, *[1.0] * WIDTH)
    for name in ["blk.0.attn_norm.weight", "blk.0.ffn_norm.weight", "output_norm.weight"]:
        tensors[name] = ([WIDTH], ones)
    for name, rows, columns in [
        ("attn_q", HEADS * HEAD, WIDTH), ("attn_k", KEY_HEADS * HEAD, WIDTH),
        ("attn_v", KEY_HEADS * HEAD, WIDTH), ("attn_output", WIDTH, HEADS * HEAD),
        ("ffn_gate", INNER, WIDTH), ("ffn_up", INNER, WIDTH), ("ffn_down", WIDTH, INNER)]:
        tensors["blk.0.%s.lora_a" % name] = ([rank, columns], floats(generator, rank * columns))
        tensors["blk.0.%s.lora_b" % name] = ([rows, rank], floats(generator, rows * rank))
    tensors["token_embd.special"] = ([3, WIDTH], floats(generator, 3 * WIDTH))
    return safetensors(tensors, metadata)


def record():
    def cell(state, text="", token=None):
        return {
            "state": state, "token": token, "text": text, "confidence": 0.5,
            "alternatives": [{"token": 7, "text": " é", "probability": 0.25}] if text else []}
    head = {
        "palimpsest": 1, "name": "n.txt", "before": "a\n", "original": " b ", "after": "c",
        "settings": {
            "reveal": {"steps": 4, "schedule": "linear"}, "temperature": 0.7, "seed": "3",
            "mode": "diffusion", "guidance": 1.5, "slots": 3, "lengthMayChange": True},
        "instruction": None, "canvas": [cell("open"), cell("open"), cell("pinned", " typed")]}
    steps = [
        {"step": 1, "milliseconds": 12.5, "forwardPasses": 1, "plannedSteps": None, "changed": [0],
         "slots": [[0, cell("draft", "One", 5)]]},
        {"step": 2, "milliseconds": 1.5, "forwardPasses": 2, "plannedSteps": 4, "changed": [0, 1],
         "cells": [cell("draft", "One", 5), cell("deleted", "", 9)]}]
    return "".join(compact(line) + "\n" for line in [head] + steps)


THEME = """name = "Seed"
appearance = "light"
[palette]
ink = "#1e2030"
[styles.text]
foreground = "ink"
background = "terminal"
attributes = ["bold", "underline"]
[styles.mask]
foreground = "bright-red"
"""
EDITOR_CONFIG = """root = true

[*]
indent_style = space
indent_size = 2
end_of_line = crlf
charset = utf-16le
max_line_length = 80
[lib/**.js]
indent_style = tab
[{1..9},[a-z!]?{a,b{c,d}},**/x]
trim_trailing_whitespace = true
insert_final_newline = maybe
"""
SETTINGS = """theme = "light"
threads = 2
reduced-motion = true
[editor]
tab-width = 4
[infill]
budget = "500ms"
schedule = "cosine"
temperature = 0.5
[keys.text]
Ctrl-T = "rewrite"
Ctrl-R = ""
"""


def packed(generator, family, config=None, vocabulary=None, value=None, tensor=None):
    """A model in one file, with other values of its configuration, more tokens, or numbers of one
    tensor, or of all, replaced by one value."""
    families = {**FAMILIES, **PICTURES}
    config = dict(families[family], **(config or {}))
    text = tokenizer()
    text["model"]["vocab"].update(vocabulary or {})
    tensors = weights(generator, family, families[family])
    for name, (shape, content) in tensors.items():
        if value is not None and tensor in (None, name):
            tensors[name] = (shape, struct.pack("<f", value) * (len(content) // 4))
    pairs = {
        "general.architecture": "palimpsest", "palimpsest.file.config.json": compact(config),
        "palimpsest.file.tokenizer.json": compact(text)}
    return gguf(pairs, tensors)


def refused(generator):
    def model(name, *arguments, **changes):
        write("model", name, packed(generator, *arguments, **changes), kind="refused")

    for family in FAMILIES:
        model("nan-" + family, family, value=float("nan"))
        model("infinite-" + family, family, value=float("inf"))
    model("nan-norm", "llama", value=float("nan"), tensor="model.norm.weight")
    model("huge-norm", "dream", value=3e38, tensor="model.norm.weight")
    model("token-beyond", "llama", vocabulary={"beyond": VOCABULARY})
    model("tokens-far-beyond", "dream", vocabulary={"far": 60000})
    model("mask-beyond", "sdar", config={"mask_token_id": VOCABULARY})
    model("stop-beyond", "qwen3", config={"eos_token_id": [0, 99]})
    for name, value in [
        ("num_attention_heads", 0), ("num_key_value_heads", 3), ("head_dim", 5),
        ("hidden_size", 1 << 40), ("num_hidden_layers", 1 << 30), ("rms_norm_eps", 1e300),
        ("rope_theta", 1e-300), ("vocab_size", 0)]:
        config = dict(BASE, model_type="llama")
        config[name] = value
        write("configuration", name, compact(config), kind="refused")
    for name, pattern in [
        ("nested-repeats", "(a+)+$"), ("alternatives", "(?:a|a)+b"), ("no-end", "(")]:
        text = tokenizer()
        text["pre_tokenizer"]["pretokenizers"][0]["pattern"]["Regex"] = pattern
        write("tokenizer", name, compact(text), kind="refused")
    text = tokenizer()
    text["model"].update(vocab={}, merges=[])
    text["added_tokens"] = []
    write("tokenizer", "empty-vocabulary", compact(text), kind="refused")
    text = tokenizer()
    text["model"]["merges"][0] = ["", "a"]
    write("tokenizer", "empty-merge", compact(text), kind="refused")


def pictures(generator):
    """A model that sees pictures, and pictures: those of PicturesTests, some of another size in their
    headers."""
    vision = PICTURES["nemotron_vlm"]["vision_config"]
    write("configuration", "nemotron_vlm", compact(PICTURES["nemotron_vlm"]))
    for key, value in [
        ("hidden_size", 12), ("patch_size", 1 << 20), ("image_size", 1 << 13), ("head_dim", 0),
        ("num_channels", 4)]:
        changed = {"vision_config": dict(vision, **{key: value})}
        write(
            "model", "vision-" + key, packed(
                generator, "nemotron_vlm", changed, vocabulary=PICTURE_TOKENS), kind="refused")
    write("model", "nemotron_vlm", packed(generator, "nemotron_vlm", vocabulary=PICTURE_TOKENS))
    tensor = "encoder.vision_tower.ln_pre.weight"
    for name, value in [("nan", float("nan")), ("huge", 3e38)]:
        write(
            "model", name + "-vision", packed(
                generator, "nemotron_vlm", vocabulary=PICTURE_TOKENS, value=value, tensor=tensor),
            kind="refused")

    def picture(name):
        with open(os.path.join(ROOT, "../../PicturesTests/Cases", name), "rb") as file:
            return file.read()

    for name in [
        "rgba.png", "palette-alpha.png", "interlaced.png", "deep.png", "gray-key.png",
        "baseline.jpg", "progressive.jpg", "inks.jpg", "lossless.webp", "lossy-alpha.webp"]:
        write("picture", name, picture(name))
    write("picture", "animated.webp", picture("animated.webp"), kind="refused")
    header = picture("rgb.png")
    size = header[12:16] + struct.pack(">II", 30000, 30000) + header[24:29]
    wide = header[:12] + size + struct.pack(">I", zlib.crc32(size)) + header[33:]
    write("picture", "wide.png", wide, kind="refused")
    frame = picture("baseline.jpg")
    place = frame.index(b"\xff\xc0")
    wide = frame[:place + 5] + struct.pack(">HH", 65500, 65500) + frame[place + 9:]
    write("picture", "wide.jpg", wide, kind="refused")
    frame = picture("lossy.webp")
    write(
        "picture", "wide.webp", frame[:26] + struct.pack("<HH", 16383, 16383) + frame[30:],
        kind="refused")


def main():
    generator = random.Random(1)
    for family, config in FAMILIES.items():
        text = compact(config)
        write("configuration", family, text)
        tensors = weights(generator, family, config)
        pairs = {
            "general.architecture": "palimpsest", "palimpsest.file.config.json": text,
            "palimpsest.file.tokenizer.json": compact(tokenizer(family in ("qwen3", "llada")))}
        write("model", family, gguf(pairs, tensors))
        if family in ("llama", "llada2"):
            write("safetensors", family, safetensors(tensors, {"format": "pt"}))
    for architecture in ("llama", "dream"):
        data = llama_cpp(generator, architecture)
        write("gguf", architecture, data)
        write("model", "gguf-" + architecture, data)
    write("tokenizer", "texts", compact(tokenizer()))
    write("tokenizer", "lists", compact(tokenizer(listed=True)))
    write("adapter", "tiny", adapter(generator))
    write("record", "two-steps", record())
    write("editorConfig", "all", EDITOR_CONFIG)
    text = "Déjà vu — 😀\r\n"
    write("encoding", "utf8", "\ufeff" + text)
    write("encoding", "utf16le", ("\ufeff" + text).encode("utf-16-le"))
    write("encoding", "utf16be", text.encode("utf-16-be"))
    write("encoding", "windows1252", "Déjà vu — “ça”\r\n".encode("cp1252"))
    write("theme", "theme", THEME)
    write("theme", "settings", SETTINGS)
    write("json", "values", '{"a":[1,-2.5e3,true,null,"\\u00e9\\ud83d\\ude42\\n"],"b":{}}')
    refused(generator)
    pictures(random.Random(2))


main()
