#!/usr/bin/env bash
# pack.sh [PAIRS.jsonl [BARE.xz]]: packs what a leg on a GPU needs into .gpu in the repository's root, which git
# ignores: stripped binaries, the test's pairs, and pairs that were reduced before (ktgen --packed --bare | xz).
# It takes about 23 MB. It runs on a machine with Go; leg.sh runs on the machine with a GPU.
set -euo pipefail
cd "$(dirname "$0")/../../.."
dir=$PWD/.gpu
rm -rf "$dir"; mkdir -p "$dir/bin"
export CGO_ENABLED=0
go test -c -trimpath -ldflags='-s -w' -o "$dir/bin/cuda.test" ./search/seqcoder/cuda
go build -trimpath -ldflags='-s -w' -o "$dir/bin/" ./cmd/ktgen ./cmd/kteval ./cmd/ktzip ./cmd/ktunzip
tar c -C "$dir/bin" . | xz -T0 -6 >"$dir/bin.tar.xz"
rm -r "$dir/bin"
if [ -f "${1:-}" ]; then xz -6 -c "$1" >"$dir/pairs.jsonl.xz"; fi
if [ -f "${2:-}" ]; then cp "$2" "$dir/bare.xz"; fi
du -cb "$dir"/* | tail -n 1
