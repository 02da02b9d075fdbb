#!/usr/bin/env bash
# pack.sh [PAIRS.jsonl [REDUCED.xz]]: packs what a leg on a GPU needs into .gpu in the repository's root, which git
# ignores: stripped binaries, the test's pairs, and pairs that were reduced before (README.md says how). It takes about
# 23 MB, and the reduced pairs. It runs on a machine with Go; leg.sh runs on the machine with a GPU.
set -euo pipefail
cd "$(dirname "$0")/../../.."
dir=$PWD/.gpu
die() { echo "pack.sh: $*" >&2; exit 1; }
rm -rf "$dir"; mkdir -p "$dir/bin"
export CGO_ENABLED=0
go test -c -trimpath -ldflags='-s -w' -o "$dir/bin/cuda.test" ./search/seqcoder/cuda
go build -trimpath -ldflags='-s -w' -o "$dir/bin/" ./cmd/ktgen ./cmd/kteval
names=$(cd search/seqcoder/cuda && "$dir/bin/cuda.test" -test.list .)
for name in $(grep -oE '\b(Test|Benchmark)[A-Z][A-Za-z]+' search/seqcoder/gpu/leg.sh | sort -u); do
	grep -qx "$name" <<<"$names" || die "leg.sh names $name, which search/seqcoder/cuda does not have"
done
if [ -n "${1:-}" ]; then xz -6 -c "$1" >"$dir/pairs.jsonl.xz"; fi
if [ -n "${2:-}" ]; then
	xz -dc "$2" >"$dir/reduced"
	size=$("$dir/bin/ktgen" --expand "$dir/reduced" --packed --longest 320 | wc -c) || die "$2: not what ktgen --packed --bare wrote"
	echo "$2: $(stat -c %s "$2") bytes, $size expanded"
	rm "$dir/reduced"; cp "$2" "$dir/reduced.xz"
fi
tar c -C "$dir/bin" . | xz --lzma2=preset=6,dict=64MiB >"$dir/bin.tar.xz" # each has the weights, which the window spans
rm -r "$dir/bin"
du -cb "$dir"/* | tail -n 1
