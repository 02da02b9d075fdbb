#!/usr/bin/env bash
# Compares two versions of ktzip on files: which outputs differ, and how fast each is.
#
#	bench/versions.sh OLD NEW FILE...
#
# OLD and NEW are folders with ktzip and ktunzip. It compresses at levels 1, 6 and 9 and
# restores what OLD wrote at level 6, the versions by turns, RUNS times each (10), with one
# thread. It prints each file whose bytes differ with both sizes, and the ratios of processor
# time, old to new: of the medians and of the minima. Below 1, NEW is slower.
set -euo pipefail
old=$1 new=$2
shift 2
runs=${RUNS:-10}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
TIMEFORMAT='%U %S'

# compress FOLDER LEVEL FILE
compress() { "$1/ktzip" -q -T1 "-$2" -c <"$3"; }

# work FOLDER TASK FILE...: a level to compress at, or "restore" of what is in $tmp
work() {
	local folder=$1 task=$2
	shift 2
	for file; do
		if [ "$task" = restore ]; then
			"$folder/ktunzip" -q -T1 -c <"$tmp/$(basename "$file").ktz"
		else
			compress "$folder" "$task" "$file"
		fi >"$tmp/out"
	done
}

for level in 1 6 9; do
	for file; do
		compress "$old" $level "$file" >"$tmp/old"
		compress "$new" $level "$file" >"$tmp/new"
		cmp -s "$tmp/old" "$tmp/new" || echo "-$level $file: $(stat -c %s "$tmp/old" "$tmp/new" | paste -sd' ') bytes"
		if [ $level = 6 ]; then cp "$tmp/old" "$tmp/$(basename "$file").ktz"; fi
	done
done

for task in 1 6 9 restore; do
	for ((run = 0; run < runs; run++)); do
		for version in old new; do
			{ time work "${!version}" $task "$@" 2>/dev/null; } 2>>"$tmp/$task.$version"
		done
	done
	for version in old new; do
		awk '{ print $1 + $2 }' "$tmp/$task.$version" | sort -n >"$tmp/sorted.$version"
	done
	paste "$tmp/sorted.old" "$tmp/sorted.new" | awk -v task="$task" '{ o[NR] = $1; n[NR] = $2 }
		function median(v) { return (v[int((NR + 1) / 2)] + v[int(NR / 2) + 1]) / 2 }
		END { printf "%s: %.3f s to %.3f s, old/new %.3f by the medians, %.3f by the minima of %d runs\n",
			task, median(o), median(n), median(o) / median(n), o[1] / n[1], NR }'
done
