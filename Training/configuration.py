"""The shape of a base model, and the token ids the adapter gives a meaning."""
import dataclasses
import json

# Ids that text never encodes to. Open slot; "two slots are needed here"; "this slot is surplus";
# what stands before a document.
MASK, EXPAND, DELETE, START = 16, 15, 14, 0

# Never chosen while text is filled in: the base's other special tokens, and the open slot.
BANNED = list(range(DELETE)) + [MASK]

# The matrices of a layer that the adapter changes, by their GGUF names.
LINEARS = (
    "attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down",
)


@dataclasses.dataclass(frozen=True)
class Configuration:
    """Dimensions and constants of a Llama model."""

    layers: int
    width: int
    feed_forward: int
    query_heads: int
    kv_heads: int
    head_size: int
    vocabulary: int
    rope_base: float
    norm_epsilon: float

    @classmethod
    def from_gguf(cls, field):
        """`field(key)` gives the value of a GGUF metadata key."""
        return cls(
            layers=field("llama.block_count"),
            width=field("llama.embedding_length"),
            feed_forward=field("llama.feed_forward_length"),
            query_heads=field("llama.attention.head_count"),
            kv_heads=field("llama.attention.head_count_kv"),
            head_size=field("llama.rope.dimension_count"),
            vocabulary=field("llama.vocab_size"),
            rope_base=float(field("llama.rope.freq_base")),
            norm_epsilon=float(field("llama.attention.layer_norm_rms_epsilon")),
        )

    @classmethod
    def from_json(cls, text):
        return cls(**json.loads(text))

    def to_json(self):
        return json.dumps(dataclasses.asdict(self))
