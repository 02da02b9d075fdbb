#!/usr/bin/env bash
# leg.sh check|train SECONDS: a leg of work on a GPU, with what pack.sh packed. The machine needs neither Go nor a
# network, but the driver, PyTorch and compute-sanitizer (parts for which one is missing fail). Results are copied
# to $OUT (default: gpu-out) as they come.
#
#   check   tests the kernels and measures their speed: about 100 seconds
#   train   check during a training, then an evaluation of the new weights: about 600 seconds
#
# Every part has a time limit of its own; training is stopped while speeds are measured. A rehearsal without a GPU:
# DEVICE=cpu TRAIN='--width 64 --layers 2 --heads 2 --batch 4096' leg.sh train 120
set -uo pipefail
what=${1:-} limit=${2:-} began=$SECONDS
repo=$(cd "$(dirname "$0")/../../.." && pwd) device=${DEVICE:-cuda} python=${PYTHON:-python3}
case $what in check | train) ;; *) sed -n '2,10p' "$0"; exit 2 ;; esac
: "${limit:?how many seconds}" "${OUT:=$repo/gpu-out}"
work=$(mktemp -d); mkdir -p "$OUT"; export work repo
trap 'signal KILL; rm -rf "$work"' EXIT

left() { echo $((limit - (SECONDS - began))); }
say() { printf '[%3d s] %s\n' $((SECONDS - began)) "$*" | tee -a "$OUT/log.txt"; }

# part NAME SECONDS COMMAND...: appends the command's output to $OUT/results.txt and prints its last lines.
part() {
	local name=$1 most=$2 code; shift 2
	[ "$(left)" -gt "$reserve" ] || { say "$name: no time left"; return; }
	[ $(($(left) - reserve)) -lt "$most" ] && most=$(($(left) - reserve))
	printf '\n== %s\n' "$name" >>"$OUT/results.txt"
	timeout -k 3 "$most" "$@" >"$work/part" 2>&1; code=$?
	grep -v '^=== ' "$work/part" >>"$OUT/results.txt"
	say "$name: exit $code"; tail -n "${lines:-6}" "$work/part"
}

# tests ARGUMENTS: runs cuda's tests in their folder. tool TOOL ARGUMENTS: the same under compute-sanitizer.
# only NAME...: the pattern of the tests with these names on the device, the emulated one in a rehearsal. pack.sh checks
# that every test and benchmark that this file names exists.
only() { local IFS='|'; echo "^($*)\$/$([ "$device" = cpu ] && echo emulated || echo GPU)"; }
tests() { cd "$repo/search/seqcoder/cuda" && exec "$work/bin/cuda.test" -test.timeout 120s "$@"; }
tool() { cd "$repo/search/seqcoder/cuda" && exec compute-sanitizer --tool "$1" --error-exitcode 9 "$work/bin/cuda.test" -test.v -test.short -test.timeout 120s "${@:2}"; }
export -f tests tool
kernels=$(only TestKernels)
passes=$(only TestKernels TestEngine TestTransformerEqualsProcessor TestGraphsReadTheirBatch TestLogitsEqualPyTorch)
all=$(only TestKernels TestEngine TestTransformerEqualsProcessor TestGraphsReadTheirBatch TestLogitsEqualPyTorch TestSamePrograms TestFilesHaveSameSize)
speeds='BenchmarkCeilings|BenchmarkLinear|BenchmarkTell/GPU|BenchmarkRead/GPU|BenchmarkWrite/GPU|BenchmarkBlocks'
alone="bin/kteval --search seqcoder --no-coded --no-progress --json" # split into words

# training starts the training in a process group of its own, so that one signal stops all of it.
training() {
	setsid bash -c '
		echo $$ >"$work/training"
		cd "$work"
		live="--packed --longest 320 --without pairs.jsonl ${DRAW:-}"
		if [ -f reduced ]; then bin/ktgen --expand reduced $live
		else bin/ktgen --seed "$((SEED + 1))" --threads '"${REDUCERS:-9}"' --reduce 100000 $live; fi >last.bin 2>ktgen.err &
		reducer=$!
		bin/ktgen --seed "$SEED" --threads "${DRAWERS:-2}" $live 2>>ktgen.err |
			PYTHONUNBUFFERED=1 '"$python"' "$repo/search/seqcoder/train/train.py" --out run --held-out held.bin --last last.bin \
				--minutes '"$(awk "BEGIN{print ($limit - ${PAUSED:-50} - $reserve - 20) / 60}")"' --stop-file stop '"${TRAIN:-}"' >train.txt 2>&1
		kill $reducer' </dev/null >/dev/null 2>&1 & disown
	say "training began"
}
signal() { [ -f "$work/training" ] && kill "-$1" -- "-$(cat "$work/training")" 2>/dev/null; }
bring() { for f in run/weights.safetensors run/log.csv run/curves.png train.txt ktgen.err; do [ -f "$work/$f" ] && cp -f "$work/$f" "$OUT/"; done; }

cd "$work" || exit 1
mkdir bin run && xz -dc "$repo/.gpu/bin.tar.xz" | tar x -C bin || exit 1
[ -f "$repo/.gpu/pairs.jsonl.xz" ] && xz -dc "$repo/.gpu/pairs.jsonl.xz" >pairs.jsonl || bin/ktgen --seed 555 --count 2000 >pairs.jsonl
[ -f "$repo/.gpu/reduced.xz" ] && xz -dc "$repo/.gpu/reduced.xz" >reduced
export SEED=${SEED:-11}
bin/ktgen --seed 99 --count 4000 --packed --longest 320 >held.bin
bin/ktgen --seed 777 --count 500 --without pairs.jsonl >fresh.jsonl
head -n 300 pairs.jsonl >p300.jsonl
reserve=8
[ "$what" = train ] && { reserve=62; training; sleep 2; }
part gpu 10 nvidia-smi --query-gpu=name,driver_version,memory.total,memory.used,clocks.sm,clocks.max.sm --format=csv
part correct 70 bash -c 'tests "$@"' . -test.v -test.run "$all|TestKernelsFitRegisters"
if [ "$what" = check ]; then
	training; sleep "${TRYOUT:-25}"; bring; tail -n 4 "$work/train.txt"; signal KILL; sleep 1
fi
signal STOP; sleep 1
lines=45 part speed "${SPEED:-60}" bash -c 'tests "$@"' . -test.run '^$' -test.benchtime 0.1s -test.bench "$speeds"
cp part speed
lines=16 part cublas 20 "$python" "$repo/search/seqcoder/cuda/testdata/torch_linear.py" speed
part shipped 15 $alone --device "$device" --threads 512 --budget 10000000 pairs.jsonl
signal CONT
part shipped_cpu 25 $alone --device cpu --budget 10000000 p300.jsonl
part memcheck 60 bash -c 'tool memcheck "$@"' . -test.run "$passes"
part racecheck 60 bash -c 'tool racecheck "$@"' . -test.run "$kernels"
part synccheck 40 bash -c 'tool synccheck "$@"' . -test.run "$kernels"
part initcheck 40 bash -c 'tool initcheck "$@"' . -test.run "$kernels"
if [ "$what" = train ]; then
	while [ "$(left)" -gt "$reserve" ] && ! [ -f run/checkpoint.pt ]; do
		sleep 5; bring
	done
	touch stop
	for _ in $(seq 40); do [ -f run/checkpoint.pt ] && break; sleep 0.5; done
	sleep 1; signal KILL; bring; tail -n 3 train.txt
	reserve=4
	part new_2s 32 $alone --model run/weights.safetensors --device "$device" --threads 512 --budget 2s pairs.jsonl
	part new_fresh 10 $alone --model run/weights.safetensors --device "$device" --threads 512 --budget 2s fresh.jsonl
	part lm 8 bin/kteval --baseline lmic --model run/weights.safetensors --device "$device" --threads 8 --json pairs.jsonl
	part new_300ms 11 $alone --model run/weights.safetensors --device "$device" --threads 512 --budget 300ms pairs.jsonl
fi
say "done"; ls -l "$OUT"
