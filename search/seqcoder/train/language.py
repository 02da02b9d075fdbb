"""The alphabet, which `go test ./search/seqcoder -run Alphabet -update` writes."""
import json
from pathlib import Path

TOKENS = json.loads(Path(__file__).with_name("tokens.json").read_text())
