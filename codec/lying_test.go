package codec

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"slices"
	"testing"

	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
)

// TestLyingSegments wants segments refused whose checksums are right and whose parts do not
// fit each other, by all that read files.
func TestLyingSegments(t *testing.T) {
	var names []string
	var files [][]byte
	var want []bool // they are taken
	for _, version := range []uint8{2, 3} {
		h := container.Header{Version: version, BlockLog: 7, SegmentLog: 20}
		good, bad := lyingSegments(t, &h)
		for k, segments := range []map[string]container.Segment{good, bad} {
			for name, s := range segments {
				name = fmt.Sprintf("version %d, %s", version, name)
				names, files, want = append(names, name), append(files, fileOf(t, h, s)), append(want, k == 0)
			}
		}
	}
	for k, file := range files {
		if _, err := agree(t, names[k], file, ReaderConfig{}); (err == nil) != want[k] {
			t.Errorf("%s: %v", names[k], err)
		}
	}
	for k, got := range python(t, files) {
		if (got != nil) != want[k] {
			t.Errorf("%s: unktz.py takes it: %v", names[k], got != nil)
		}
	}
}

// lyingSegments returns segments of 256 bytes for a file with header h, by what they are: some
// to be taken, others to be refused.
func lyingSegments(t *testing.T, h *container.Header) (good, bad map[string]container.Segment) {
	src := bytes.Repeat([]byte{7}, 256)
	member := func(content []byte) []byte {
		if h.GZIP() {
			return gzipped(content, memberOf(content, 2))
		}
		return memberOf(content, 2)
	}
	id, edition := dsl.Identity(), dsl.Edition(h.Edition())
	raw, garbage := section(edition, id, nil, 2), append(member(src), 0)
	program := func(p string) []byte { return section(edition, id, text(t, p+"\noutput = sequence_1"), 2) }
	sevens := program("sequence_1 = repeat_num(128, 7)")
	planned := func(p string) []byte {
		return section(edition, text(t, p), text(t, "sequence_1 = repeat_num(128, 7)\noutput = sequence_1"), 2)
	}
	s := func(section, member []byte) container.Segment {
		return container.Segment{Size: len(src), Sum: crc32.ChecksumIEEE(src), Programs: section, Raw: member}
	}
	good = map[string]container.Segment{
		"raw blocks": s(raw, member(src)),
		"programs":   s(sevens, nil),
	}
	bad = map[string]container.Segment{
		"sum":                   {Size: 256, Sum: 1, Programs: raw, Raw: member(src)},
		"size":                  {Size: 250, Sum: crc32.ChecksumIEEE(src), Programs: sevens},
		"member without blocks": s(sevens, member(src)),
		"empty member":          s(sevens, append(member(nil), stored(nil)...)),
		"blocks without member": s(raw, nil),
		"member too short":      s(raw, member(src[:200:200])),
		"member too long":       s(raw, member(append(src[:256:256], 7))),
		"member's garbage":      s(raw, garbage),
		"member cut":            s(raw, member(src)[:len(member(src))-1]),
		"bytes after programs":  s(append(bytes.Clone(raw), 1, 2, 3, 4, 5), member(src)),
		"program's values":      s(program("sequence_1 = repeat_num(128, 263)"), nil),
		"program's elements":    s(program("sequence_1 = repeat_num(2000000000, 7)"), nil),
		"a plan of two streams": s(planned("sequence_1 = payload(1)\noutput = sequence_1"), nil),
		"a plan of 9 bytes":     s(planned("sequence_1 = payload(0)\nsequence_2 = get_subsequence_between_indices(sequence_1, 0, 9)\noutput = sequence_2"), nil),
	}
	first, second := member(src[:100]), member(src[:156])
	groups := func(members []byte, length int) container.Segment {
		e := dsl.NewEncoder(edition)
		e.Plan(text(t, "sequence_1 = payload(0)\nsequence_2 = get_subsequence_between_indices(sequence_1, 0, 100)\nsequence_3 = payload(1)\nsequence_4 = concatenate(sequence_2, sequence_3)\noutput = sequence_4"))
		e.Groups([]dsl.Group{{Streams: 1, Member: length}, {Streams: 1}})
		for range 3 { // one of the first stream, two of the second
			e.Raw()
		}
		return s(e.Finish(), members)
	}
	n, both := len(first), slices.Concat(first, second)
	good["two groups"] = groups(both, n)
	for name, length := range map[string]int{"less": n - 1, "more": n + 1, "nothing": 0, "below nothing": -1, "all": len(both), "more than all": len(both) + 1} {
		bad["two groups, the first member has "+name] = groups(both, length)
	}
	bad["two groups, swapped"] = groups(slices.Concat(second, first), len(second))
	bad["two groups, one member"] = groups(first, n)
	bad["two groups, garbage between"] = groups(slices.Concat(first, []byte{0}, second), n)
	if !h.GZIP() {
		good["plain"] = s(nil, member(src))
		bad["plain, without data"] = s(nil, nil)
		bad["plain, sum"] = container.Segment{Size: 256, Sum: 1, Raw: member(src)}
		bad["plain, ends early"] = s(nil, member(src[:255:255]))
		bad["plain, ends late"] = s(nil, member(append(src[:256:256], 7)))
		bad["plain, garbage"] = s(nil, garbage)
		bad["plain, cut"] = s(nil, member(src)[:len(member(src))-1])
		bad["plain, with a GZIP member"] = s(nil, gzipped(src, memberOf(src, 2)))
		return good, bad
	}
	tailed := func(off int, v uint32) []byte {
		b := member(src)
		binary.LittleEndian.PutUint32(b[len(b)-off:], v)
		return b
	}
	flagged := member(src)
	flagged[3] = 8
	bad["member's sum"], bad["member's length"] = s(raw, tailed(8, 1)), s(raw, tailed(4, 1))
	bad["member's flags"], bad["no programs"] = s(raw, flagged), s(nil, member(src))
	bad["bare deflate data"] = s(raw, memberOf(src, 2))
	return good, bad
}
