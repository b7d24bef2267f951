"""Gated-LoRA denoiser on a frozen autoregressive base.

Context tokens (prefix, then suffix) run the base causally; their keys and values are computed once.
A hole is a block of `1 + slots` active tokens: a copy of the token before the hole, then the slots.
Active tokens run base + LoRA and see all context except the copied token's own entry, and the
visible tokens of their own block. The state at active index j predicts slot j (shifted).
"""
import math

import torch
import torch.nn as nn
import torch.nn.functional as F

from configuration import DELETE, EXPAND, LINEARS, MASK


def rotate(x, cosines, sines):
    """Rotary position embedding of x [..., head size], halves split."""
    half = x.shape[-1] // 2
    return x * cosines + torch.cat([-x[..., half:], x[..., :half]], -1) * sines


class Denoiser(nn.Module):
    """Base weights are buffers that are not saved; parameters are the adapter.

    `A[l_name]` [rank, in], `B[l_name]` [out, rank], `N[l_name]` norms of active tokens, `special`
    [3, width] embeddings of MASK, DELETE, EXPAND, rows 1 and 2 output rows as well.
    """

    def __init__(self, shape, base, rank, scale=2.0, dtype=torch.bfloat16):
        super().__init__()
        self.shape, self.dtype, self.scale, self.rank = shape, dtype, scale, rank
        for name, weight in base.items():
            self.register_buffer(self.buffer_name(name), weight.to(dtype), persistent=False)
        self.A, self.B, self.N = nn.ParameterDict(), nn.ParameterDict(), nn.ParameterDict()
        for layer in range(shape.layers):
            for name in LINEARS:
                rows, columns = base[f"blk.{layer}.{name}.weight"].shape
                self.A[f"{layer}_{name}"] = nn.Parameter(
                    torch.randn(rank, columns) / math.sqrt(columns))
                self.B[f"{layer}_{name}"] = nn.Parameter(torch.zeros(rows, rank))
            for name in ("attn_norm", "ffn_norm"):
                self.N[f"{layer}_{name}"] = nn.Parameter(base[f"blk.{layer}.{name}.weight"].clone())
        self.N["output_norm"] = nn.Parameter(base["output_norm.weight"].clone())
        mean = base["token_embd.weight"].mean(0)
        self.special = nn.Parameter(torch.stack([mean] * 3))

    @staticmethod
    def buffer_name(name):
        return "base_" + name.replace(".", "_")

    def weight(self, name):
        return getattr(self, self.buffer_name(name))

    def norm(self, x, weight):
        return F.rms_norm(x, (x.shape[-1],), weight, self.shape.norm_epsilon)

    def norm_weight(self, layer, name, adapt):
        if adapt:
            return self.N[f"{layer}_{name}"].to(self.dtype)
        return self.weight(f"blk.{layer}.{name}.weight")

    def angles(self, position):
        """Positions [B, T] -> cosines and sines [B, 1, T, head size]."""
        size = self.shape.head_size
        steps = torch.arange(0, size, 2, device=position.device).float()
        angle = position[..., None].float() * self.shape.rope_base ** (-steps / size)
        angle = torch.cat([angle, angle], -1)[:, None]
        return angle.cos().to(self.dtype), angle.sin().to(self.dtype)

    def linear(self, layer, name, x, adapt):
        y = F.linear(x, self.weight(f"blk.{layer}.{name}.weight"))
        if adapt:
            a = self.A[f"{layer}_{name}"].to(self.dtype)
            b = self.B[f"{layer}_{name}"].to(self.dtype)
            y = y + F.linear(F.linear(x, a), b) * self.scale
        return y

    def attend(self, q, k, v, mask):
        """q [B, H, T, d], k and v [B, G, S, d], additive mask [B, 1, T, S] -> [B, H, T, d]."""
        batch, heads, count, size = q.shape
        groups, length = k.shape[1], k.shape[2]
        if q.device.type == "cuda":
            k, v = (x.repeat_interleave(heads // groups, 1) for x in (k, v))
            return F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        # Explicit products are faster than the masked kernel on a CPU.
        scores = torch.matmul(q.reshape(batch, groups, -1, size), k.transpose(2, 3))
        scores = scores.view(batch, groups, heads // groups, count, length)
        shares = torch.softmax(scores.float() * size ** -0.5 + mask[:, :, None].float(), -1)
        shares = shares.to(q.dtype).view(batch, groups, -1, length)
        return torch.matmul(shares, v).view(batch, heads, count, size)

    def layer(self, layer, x, angles, mask, adapt, past=None):
        """x [B, T, width] -> the layer's output and its own keys and values [B, G, T, d]."""
        shape, (batch, count, _) = self.shape, x.shape
        y = self.norm(x, self.norm_weight(layer, "attn_norm", adapt))

        def heads(name, number):
            z = self.linear(layer, name, y, adapt)
            return z.view(batch, count, number, shape.head_size).transpose(1, 2)

        q = rotate(heads("attn_q", shape.query_heads), *angles)
        k = rotate(heads("attn_k", shape.kv_heads), *angles)
        v = heads("attn_v", shape.kv_heads)
        own = (k, v)
        if past is not None:
            k, v = torch.cat([past[0], k], 2), torch.cat([past[1], v], 2)
        o = self.attend(q, k, v, mask).transpose(1, 2).reshape(batch, count, -1)
        x = x + self.linear(layer, "attn_output", o, adapt)
        y = self.norm(x, self.norm_weight(layer, "ffn_norm", adapt))
        gate = F.silu(self.linear(layer, "ffn_gate", y, adapt))
        up = self.linear(layer, "ffn_up", y, adapt)
        return x + self.linear(layer, "ffn_down", gate * up, adapt), own

    @torch.no_grad()
    def context(self, ids, position, mask):
        """ids and position [B, C], additive mask [B, 1, C, C] -> (K, V) a layer."""
        x, angles, out = F.embedding(ids, self.weight("token_embd.weight")), self.angles(position), []
        for layer in range(self.shape.layers):
            x, own = self.layer(layer, x, angles, mask, False)
            out.append(own)
        return out

    @torch.no_grad()
    def ar_logits(self, ids, last=0):
        """Plain causal logits of the base in float32: [B, T, vocabulary], or the `last` alone."""
        batch, count = ids.shape
        position = torch.arange(count, device=ids.device)[None].expand(batch, count)
        mask = torch.full((count, count), -1e9, device=ids.device, dtype=self.dtype).triu(1)
        mask = mask[None, None].expand(batch, 1, count, count)
        x, angles = F.embedding(ids, self.weight("token_embd.weight")), self.angles(position)
        for layer in range(self.shape.layers):
            x, _ = self.layer(layer, x, angles, mask, False)
        states = self.norm(x[:, -last:], self.weight("output_norm.weight"))
        return F.linear(states, self.weight("token_embd.weight")).float()

    def active(self, ids, position, past, mask):
        """ids and position [B, A], (K, V) a layer, mask [B, 1, A, C + A] -> states [B, A, width]."""
        special = self.special.to(self.dtype)
        x = F.embedding(ids, self.weight("token_embd.weight"))
        for row, token in enumerate((MASK, DELETE, EXPAND)):
            x = torch.where((ids == token)[..., None], special[row], x)
        angles = self.angles(position)
        for layer in range(self.shape.layers):
            x, _ = self.layer(layer, x, angles, mask, True, past[layer])
        return self.norm(x, self.N["output_norm"].to(self.dtype))

    def head(self, states):
        """States [n, width] -> float32 logits [n, vocabulary]; DELETE and EXPAND by their trained
        rows, MASK banned."""
        logits = F.linear(states, self.weight("token_embd.weight")).float()
        special = self.special.to(self.dtype)
        delete, expand = ((states @ special[row]).float()[:, None] for row in (1, 2))
        banned = torch.full_like(delete, -1e9)
        return torch.cat([logits[:, :DELETE], delete, expand, banned, logits[:, MASK + 1:]], 1)
