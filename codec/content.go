package codec

import "math/bits"

// With WriterConfig.Rsyncable, a segment ends where the bytes before say so, whatever lies farther back:
//
//	before     …│ A │  B  │ C │ D │…
//	after      …│ A │  B' │ C │ D │…     a byte was inserted in B
//
// The segments after the change are the same bytes, and are coded to the same bytes: a program such as
// rsync finds them at their new place. Runs begin where the bytes say so, too, and know nothing of each
// other. So a change reaches its segment and, if that is a leader whose plan changes, the others of its run.

const (
	// contentSegment is the most bytes of a segment that ends by content, unless SegmentSize says
	// otherwise; a mean one has a quarter of it. By 1, 2 and 4 MiB, at level 6, logs in JSON take 7.5, 2.8
	// and 0.5 % more, source code 8.3, 5.4 and -0.7 %; of 16 MB, rsync sends 1 to 3, 1 to 11 and 1 to 24 %
	// after one byte was inserted (November 2026).
	contentSegment = 2 << 20

	// The least and, beyond that, the mean bytes of such a segment are one part in so many of the most.
	// Few segments are cut before their content ends them (1 in 50).
	contentLeastParts, contentMeanParts = 16, 4

	// A run has one more segment 7 times in 8: 4 MiB on average, about as much as one without Rsyncable. A
	// change reaches it all only in its leader, 1 time in 8. With 3 times in 4, and at most 8, rsync sent the
	// same of logs in JSON and of tables, and logs took twice as long at level 6 (November 2026). Few runs
	// have contentRunSegments (1 in 70).
	contentRunLog, contentRunSegments = 3, 32
)

// contentWindow is how many bytes before a place say if a segment ends there: the bits of the sum in
// contentEnd.
const contentWindow = 64

// contentEnd returns where the segment that begins with src ends by content, if it has at most most bytes: at
// len(src), or most, if no place before does. It reports whether the next segment begins a run.
func contentEnd(src []byte, most int) (n int, leads bool) {
	src = src[:min(len(src), most)]
	least := max(most/contentLeastParts, contentWindow)
	log := bits.Len(uint(most/contentMeanParts)) - 1
	sum := uint64(0) // of the last bytes, each doubled by those after it
	for i := least - contentWindow; i < len(src); i++ {
		sum = sum<<1 + uint64(src[i])
		// The multiplier is 2^64 / φ (Knuth, volume 3, 6.4). A run of NULs ends nothing.
		if hash := ^(sum * 0x9e3779b97f4a7c15); i+1 >= least && hash>>(64-log) == 0 {
			return i + 1, hash<<log>>(64-contentRunLog) == 0
		}
	}
	return len(src), false
}

// endsByContent dispatches the segment that begins with w.buf, unless it may have more bytes than w.buf.
func (w *Writer) endsByContent() bool {
	n, leads := contentEnd(w.buf, w.target)
	if n == 0 || n == len(w.buf) && n < w.target {
		return false
	}
	if !w.endsEarly(w.buf[:n], false) {
		_, planned := w.probe.segmentLength(&w.cfg, w.buf[:n])
		w.noPlan = !planned
		w.dispatch(n)
		w.roll.ended = w.roll.ended || leads
	}
	return true
}
