#!/usr/bin/env python3
"""Writes a tiny model and the logits of a text for the tests: vectors.py WEIGHTS.safetensors LOGITS.json"""
import json
import sys
from pathlib import Path

import torch

from language import TOKENS
from model import SeqCoder
from train import export

torch.manual_seed(3)
model = SeqCoder(TOKENS["vocabulary"], 32, 2, 2, 24, 2)
for p in model.parameters():  # large, so that every part matters; exact in 16 bits
    p.data = (torch.randn_like(p) * 0.2 + (p.data if p.dim() == 1 else 0)).half().float()
export(Path(sys.argv[1]), model, dict(seed=3))
text = [7, 9, 11, 13, 255, 0, *range(40, 51), TOKENS["program"], TOKENS["operation"], 7, 9, TOKENS["list_end"], TOKENS["end"]]
with torch.no_grad():
    logits, _ = model(torch.tensor([text]))
    first, past = model(torch.tensor([text[:18]]))
    later, _ = model(torch.tensor([text[18:]]), past)
    assert torch.allclose(logits, torch.cat((first, later), 1), atol=1e-4)
rows = [[round(v, 5) for v in row[::25]] for row in logits[0].tolist()]
Path(sys.argv[2]).write_text(json.dumps({"text": text, "every": 25, "logits": rows}) + "\n")
