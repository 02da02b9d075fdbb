package plan

import (
	"encoding/binary"
	"math/bits"

	"github.com/ktzip/ktzip/dsl"
)

// Text of few letters, such as DNA, hexadecimal digits or base64, in as few bits as they need. A
// second list says where the letters are and has all other bytes: ends of lines, headers.

const (
	maxLetterBits = 6 // of a letter: base64

	// minLetters is how many letters are a run when a machine splits. Each run takes a byte or two of
	// the second list, which repeats from line to line. Arbitrary.
	minLetters = 16
)

// What a number of the second list says, by its lowest two bits; the others say of how many bytes.
const (
	runLetters = iota // letters
	runOther          // letters of the other case
	runBytes          // bytes that follow in the second list
	runAligned        // letters that begin with a byte of the first list
	runKinds
)

// otherCase is the bit by which a small letter differs from a capital one.
const otherCase = 0x20

// letterBits returns how many bits a letter of n takes.
func letterBits(n *dsl.Node) (k int, err error) {
	if k = bits.Len(uint(len(n.List))) - 1; k < 1 || k > maxLetterBits || len(n.List) != 1<<k {
		return 0, invalid("%d letters, want a power of two from 2 to %d", len(n.List), 1<<maxLetterBits)
	}
	var seen [256]bool
	for _, c := range n.List {
		if c < 0 || c > 255 || seen[c] {
			return 0, invalid("letter %d, want different ones of 0 to 255", c)
		}
		seen[c] = true
	}
	return k, nil
}

func checkLetters(n *dsl.Node) error { _, err := letterBits(n); return err }

// lettersLengths is row.lengths of Letters: both arguments must have stated lengths.
func lettersLengths(n *dsl.Node, size int, stated [2]int) (wanted [2]int, err error) {
	if stated[0] < 0 || stated[1] < 0 {
		return wanted, invalid("the plan does not state the lengths of both lists of letters; use get_subsequence_between_indices(s, 0, n)")
	}
	return stated, nil
}

// letters is row.run of Letters.
func letters(m *Machine, n *dsl.Node, l lists) error {
	if m.direction.joins() {
		return joinLetters(n, l.result, l.args[0], l.args[1])
	}
	_, packed, runs, err := splitLetters(n, l.result)
	switch {
	case err != nil:
		return err
	case len(packed) != len(l.args[0]) || len(runs) != len(l.args[1]):
		return invalid("letters take %d and %d bytes, the plan states %d and %d", len(packed), len(runs), len(l.args[0]), len(l.args[1]))
	}
	copy(l.args[0], packed)
	copy(l.args[1], runs)
	return nil
}

// A bitReader reads bits, the most significant ones of a byte first.
type bitReader struct {
	src  []byte // not yet in held
	held uint64 // the last n bits of it
	n    uint
}

// next returns the next k bits. ok is false if there are fewer.
func (r *bitReader) next(k uint) (x uint64, ok bool) {
	for r.n < k {
		if len(r.src) == 0 {
			return 0, false
		}
		r.held, r.src, r.n = r.held<<8|uint64(r.src[0]), r.src[1:], r.n+8
	}
	r.n -= k
	return r.held >> r.n & (1<<k - 1), true
}

// joinLetters makes result of the letters that packed has and of runs.
func joinLetters(n *dsl.Node, result, packed, runs []byte) error {
	k, err := letterBits(n)
	if err != nil {
		return err
	}
	var alphabet [1 << maxLetterBits]byte
	for i, c := range n.List {
		alphabet[i] = byte(c)
	}
	r := bitReader{src: packed}
	for len(runs) > 0 {
		v, used := binary.Uvarint(runs)
		count := v / runKinds
		if used <= 0 || count == 0 || count > uint64(len(result)) || used > 1 && runs[used-1] == 0 {
			return invalid("a run of %d bytes, of %d that remain", count, len(result))
		}
		runs = runs[used:]
		out := result[:count]
		result = result[count:]
		flip := byte(0)
		switch v % runKinds {
		case runBytes:
			if count > uint64(len(runs)) {
				return invalid("a run of %d bytes, the list has %d", count, len(runs))
			}
			copy(out, runs)
			runs = runs[count:]
			continue
		case runOther:
			flip = otherCase
		case runAligned:
			if r.held&(1<<(r.n%8)-1) != 0 {
				return invalid("bits before letters that begin with a byte")
			}
			r.n -= r.n % 8
		}
		for i := range out {
			x, ok := r.next(uint(k))
			if !ok {
				return invalid("more letters than the %d bytes of their list have", len(packed))
			}
			out[i] = alphabet[x] ^ flip
		}
	}
	if len(result) > 0 || len(r.src) > 0 || r.n >= 8 || r.held&(1<<r.n-1) != 0 {
		return invalid("letters leave %d bytes of the result, or of their lists", len(result))
	}
	return nil
}

// spreadLetters spreads what the bits of a run of letters cost over the run.
func spreadLetters(_ *Machine, n *dsl.Node, c *carried) error {
	k, err := letterBits(n)
	if err != nil {
		return err
	}
	costs, runs, runCosts := c.costs, c.args[1], c.argCosts[1]
	bits, spent, sum := 0, uint64(0), uint64(0) // bits taken; of the whole bytes among them; costs of letters so far
	whole := 0
	for len(runs) > 0 {
		v, used := binary.Uvarint(runs)
		count := int(v / runKinds)
		own := total(runCosts[:used])
		runs, runCosts = runs[used:], runCosts[used:]
		if v%runKinds == runBytes {
			copy(costs[:count], runCosts)
			addEvenly(costs[:count], own)
			runs, runCosts, costs = runs[count:], runCosts[count:], costs[count:]
			continue
		}
		if v%runKinds == runAligned {
			bits = (bits + 7) / 8 * 8
		}
		bits += k * count
		for ; whole < bits/8; whole++ {
			spent += uint64(c.argCosts[0][whole])
		}
		upTo := spent
		if bits%8 > 0 {
			upTo += uint64(c.argCosts[0][whole]) * uint64(bits%8) / 8
		}
		setEvenly(costs[:count], own+upTo-sum)
		sum, costs = upTo, costs[count:]
	}
	addEvenly(c.costs, total(c.argCosts[0])-sum)
	return nil
}

// LettersNode returns the Letters, without arguments, that makes src of letters of the alphabet, and
// its two lists. The error is dsl.ErrExecution if the alphabet is invalid.
func LettersNode(src []byte, alphabet []int32) (n dsl.Node, packed, runs []byte, err error) {
	return splitLetters(&dsl.Node{Op: dsl.Letters, List: alphabet}, src)
}

// splitLetters is joinLetters backwards. Runs of letters of 4 bits or more, but those of the other
// case, begin with a byte: they stand for bytes themselves.
func splitLetters(n *dsl.Node, src []byte) (_ dsl.Node, packed, runs []byte, err error) {
	k, err := letterBits(n)
	if err != nil {
		return *n, nil, nil, err
	}
	var code [256]int // of letters, + 1; negative for the other case
	for i, c := range n.List {
		if o := c ^ otherCase; code[o] == 0 {
			code[o] = -1 - i
		}
	}
	for i, c := range n.List {
		code[c] = 1 + i
	}
	held, count := uint(0), 0
	plain := 0 // where bytes that are no letters begin
	flush := func(end int) {
		if end > plain {
			runs = binary.AppendUvarint(runs, uint64(end-plain)*runKinds+runBytes)
			runs = append(runs, src[plain:end]...)
		}
	}
	for i := 0; i < len(src); {
		kind, end := runLetters, i
		if code[src[i]] < 0 {
			kind = runOther
		}
		for end < len(src) && code[src[end]] != 0 && (code[src[end]] < 0) == (kind == runOther) {
			end++
		}
		if end-i < minLetters {
			i = max(end, i+1)
			continue
		}
		if k >= 4 && kind == runLetters && count > 0 {
			kind = runAligned
			packed = append(packed, byte(held<<(8-count)))
			count = 0
		}
		flush(i)
		plain = end
		runs = binary.AppendUvarint(runs, uint64(end-i)*runKinds+uint64(kind))
		for ; i < end; i++ {
			x := max(code[src[i]], -code[src[i]]) - 1
			held, count = held<<k|uint(x), count+k
			if count >= 8 {
				count -= 8
				packed = append(packed, byte(held>>count))
			}
		}
	}
	flush(len(src))
	if count > 0 {
		packed = append(packed, byte(held<<(8-count)))
	}
	return dsl.Node{Op: dsl.Letters, List: n.List}, packed, runs, nil
}
