package plans

import (
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"strings"
)

// fitRecords is a FIT file: definitions of local types, which may change, and data.
func fitRecords(r *rand.Rand) puzzle {
	var body, list, fields []byte
	records, entries := 0, 0
	entry := func(kind byte, length int, columns []column) {
		list = fmt.Appendf(list, ", %d, %d, %d", kind, length, records)
		if columns != nil {
			fields = fmt.Appendf(fields, ", %d, %d, %s", entries, len(columns), fieldNumbersOf(columns))
		}
		entries++
	}
	locals := make([][]column, 1+r.IntN(5))
	fresh := make([]bool, len(locals)) // no record came since it was defined
	lengths := map[byte]int{}          // of definitions
	define := func(k int) {
		locals[k], fresh[k] = someColumns(r, 2+r.IntN(6)), true
		kind := fitDefinition | byte(k)
		d := []byte{kind, 0, byte(r.IntN(2)), 20, 0, byte(len(locals[k]))}
		for i, c := range locals[k] {
			d = append(d, byte(i), byte(max(c.w, -c.w)), 0x86)
		}
		if lengths[kind] != len(d) {
			entry(kind, len(d), nil)
			lengths[kind] = len(d)
		}
		body = append(body, d...)
		records++
	}
	for k := range locals {
		define(k)
	}
	for len(body) < 100_000 {
		k := r.IntN(len(locals))
		if r.IntN(1500) == 0 {
			define(k)
		}
		if fresh[k] {
			entry(byte(k), 1+widthOf(locals[k]), locals[k])
			fresh[k] = false
		}
		body = append(body, byte(k))
		body = appendRecord(body, locals[k])
		records++
	}
	size := []int{12, 14}[r.IntN(2)]
	head := make([]byte, size)
	head[0] = byte(size)
	binary.LittleEndian.PutUint32(head[4:], uint32(len(body)))
	copy(head[8:], ".FIT")
	heads := records
	return puzzle{
		name: fmt.Sprintf("FIT, %d local types, %d entries, head of %d bytes", len(locals), entries, size),
		data: append(append(head, body...), byte(r.IntN(256)), byte(r.IntN(256))),
		truth: []string{afterHeader(size, func(a *planText) string {
			s := a.add("get_subsequence_between_indices(%s, 0, %d)", a.payload(), heads)
			all := a.add("kinds(%s, %s, 1, [0, 0, 1, 0, 1, 0, %d%s%s])", s, a.payload(), entries, list, strings.TrimSpace(string(fields)))
			end := a.add("get_subsequence_between_indices(%s, 0, 2)", a.payload())
			return a.add("concatenate(%s, %s)", all, end)
		})},
	}
}
