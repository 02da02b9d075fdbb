#!/usr/bin/env bash
# Everything that needs a GPU, in one go, on a machine that has one but perhaps no Go.
#
#   search/seqcoder/cuda/gpu.sh build DIR   # where there is Go: the binaries
#   search/seqcoder/cuda/gpu.sh run DIR     # where there is a GPU: tests, benchmarks, files
#
# What run prints is also in DIR/gpu.log. It needs a C compiler for the tests without a GPU,
# PyTorch for cuBLAS's rates and compute-sanitizer for its check; what is absent is left out.
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
what=${1:-} dir=$(mkdir -p "${2:?a folder}" && cd "$2" && pwd)

build() {
	cd "$here/../../.."
	export CGO_ENABLED=0
	go test -c -o "$dir/cuda.test" ./search/seqcoder/cuda
	go build -o "$dir/" ./cmd/ktzip ./cmd/ktunzip ./cmd/ktgen ./cmd/kteval
}

part() { printf '\n== %s\n' "$*"; }
have() { command -v "$1" >/dev/null || { echo "no $1: left out"; return 1; }; }

run() {
	cd "$here"
	part "GPU"
	have nvidia-smi && nvidia-smi --query-gpu=name,driver_version,memory.total,clocks.max.sm --format=csv
	nproc
	part "tests"
	"$dir/cuda.test" -test.v | grep -v '^=== RUN'
	part "benchmarks"
	"$dir/cuda.test" -test.run '^$' -test.bench . | tee "$dir/benchmarks"
	part "cuBLAS by PyTorch, the products of BenchmarkLinear, and these in percent"
	python3 testdata/torch_linear.py "$dir/benchmarks" || echo "left out"
	part "files on the processor and on the GPU"
	"$dir/ktgen" --count 3000 | python3 -c 'import json, sys
for line in sys.stdin: sys.stdout.buffer.write(bytes(json.loads(line)["sequence"]))' >"$dir/pairs"
	for device in cpu cuda; do
		time "$dir/ktzip" --search both --device "$device" --force -o "$dir/$device.ktz" "$dir/pairs"
		"$dir/ktunzip" -c "$dir/$device.ktz" | cmp - "$dir/pairs" && wc -c "$dir/$device.ktz"
	done
	part "the model alone, on fresh pairs: the rates are to be alike"
	"$dir/ktgen" --seed 777 --count 2000 >"$dir/pairs.jsonl"
	time "$dir/kteval" --search seqcoder --device cuda --threads 2048 --budget 10000000 "$dir/pairs.jsonl"
	time "$dir/kteval" --search seqcoder --device cpu --limit 300 --budget 10000000 "$dir/pairs.jsonl"
	part "compute-sanitizer"
	have compute-sanitizer && compute-sanitizer --error-exitcode 9 "$dir/cuda.test" -test.short -test.v -test.run '/GPU' | grep -v '^=== RUN'
	part "done"
}

case $what in
build) set -e; build ;;
run) run 2>&1 | tee "$dir/gpu.log" ;;
*) sed -n '2,9p' "$0"; exit 2 ;;
esac
