"""SeqCoder: a decoder-only transformer over tokens of sequences and programs.

Shapes: B texts, T tokens, width C, H heads of size C/H, vocabulary V. Needs PyTorch 1.13 or later.
"""
import math

import torch
from torch import nn
from torch.nn import functional as F


class Block(nn.Module):
    """Attention and a feed-forward net. Each follows a layer norm, and its output is added to its input."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x, past=None):  # x (B, T, C); past: keys and values (B, H, P, C/H) of the P tokens before
        b, t, c = x.shape
        q, k, v = (p.view(b, t, self.heads, c // self.heads).transpose(1, 2) for p in self.qkv(self.norm1(x)).split(c, 2))
        if past is not None:
            k, v = torch.cat((past[0], k), 2), torch.cat((past[1], v), 2)
        if hasattr(F, "scaled_dot_product_attention") and past is None:
            y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        else:
            scores = q @ k.transpose(2, 3) / math.sqrt(c // self.heads)  # (B, H, T, P+T)
            hidden = torch.ones(t, k.shape[2], dtype=torch.bool, device=x.device).triu(1 + k.shape[2] - t)
            y = scores.masked_fill(hidden, float("-inf")).softmax(3) @ v
        x = x + self.out(y.transpose(1, 2).reshape(b, t, c))
        return x + self.down(F.gelu(self.up(self.norm2(x)))), (k, v)


class SeqCoder(nn.Module):
    def __init__(self, vocabulary, width, layers, heads, context, differences):
        super().__init__()
        self.config = dict(vocabulary=vocabulary, width=width, layers=layers, heads=heads, context=context, differences=differences)
        self.token, self.place = nn.Embedding(vocabulary, width), nn.Embedding(context, width)
        self.previous = nn.Embedding(vocabulary, width)  # embeddings of the token before
        self.difference = nn.Embedding(256 * differences, width)  # row 256 (d - 1) + (byte - d-th byte before it) mod 256
        self.blocks = nn.ModuleList(Block(width, heads) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        for p in self.parameters():
            if p.dim() > 1:
                nn.init.normal_(p, std=0.02)
        for b in self.blocks:
            for p in (b.out.weight, b.down.weight):
                nn.init.normal_(p, std=0.02 / math.sqrt(2 * layers))

    def forward(self, tokens, past=None):  # (B, T) -> logits (B, T, V)
        if past is None:  # the first call has the whole sequence
            x = self.embed(tokens)
        else:
            before, last = past[0][0][0].shape[2], past[1]  # number of tokens, and the last one (B, 1)
            x = self.token(tokens) + self.place(torch.arange(before, before + tokens.shape[1], device=tokens.device))
            x = x + self.previous(torch.cat((last, tokens[:, :-1]), 1))
        kept = []
        for i, block in enumerate(self.blocks):
            x, kv = block(x, None if past is None else past[0][i])
            kept.append(kv)
        return self.head(x), (kept, tokens[:, -1:])

    def hidden(self, tokens):  # whole texts (B, T) -> (B, T, C): forward without head
        x = self.embed(tokens)
        for block in self.blocks:
            x, _ = block(x)
        return x

    def head(self, x):  # (…, C) -> logits (…, V); the matrix is that of the tokens' embeddings
        return self.norm(x) @ self.token.weight.T

    def embed(self, tokens):  # whole texts (B, T) -> (B, T, C)
        x = self.token(tokens) + self.place(torch.arange(tokens.shape[1], device=tokens.device))
        x = x + F.pad(self.previous(tokens[:, :-1]), (0, 0, 1, 0))
        sequence = (tokens > 255).cumsum(1) == 0
        for d in range(1, min(self.config["differences"], tokens.shape[1] - 1) + 1):
            rows = self.difference(256 * (d - 1) + (tokens[:, d:] - tokens[:, :-d]) % 256)
            x = x + F.pad(rows * sequence[:, d:, None], (0, 0, d, 0))
        return x

