package plan

import (
	"encoding/binary"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/ktzip/ktzip/dsl"
)

// An oracleSlot is a slot of a template, after some text.
type oracleSlot struct {
	text                   string
	predictor, flags, kind string
	width, decimals, size  int

	residuals, cells, words []string
	numbers, others         []uint64 // of this slot and of the other one, in the same instances
	other                   *oracleSlot
	run                     []*oracleSlot // of joined slots, in the first of them
	shown                   []*oracleSlot // joined ones, whose numbers are characters
	joined                  bool
	instances, exceptions   int // printed so far
}

var slotSyntax = regexp.MustCompile(`(?s)^%(?:([+/^,])|([=&@])([1-9a-z]))?([~ 0-]*)([1-9]\d*)?(?:\.(\d+))?(?:([udxXw]|\[[^\]]*\])([1-8])|([sc*!:;Mm#]|<\d+>))`)

// oracleTemplate returns the slots of a valid template; the last one is text alone.
func oracleTemplate(text string) (slots []*oracleSlot) {
	s := &oracleSlot{}
	var numbers []*oracleSlot
	for text != "" {
		m := slotSyntax.FindStringSubmatch(text)
		switch {
		case strings.HasPrefix(text, "%%"):
			s.text, text = s.text+"%", text[2:]
			continue
		case m == nil:
			s.text, text = s.text+text[:1], text[1:]
			continue
		}
		s.predictor, s.flags, s.kind = m[1]+m[2], m[4], m[7]+m[9]
		s.width, _ = strconv.Atoi(m[5])
		s.decimals, _ = strconv.Atoi(m[6])
		s.size, _ = strconv.Atoi(m[8])
		if m[3] != "" {
			back, _ := strconv.ParseInt(m[3], 36, 0)
			s.other = numbers[len(numbers)-int(back)]
		}
		s.run = []*oracleSlot{s}
		if s.predictor == "," {
			k := len(slots) - 1
			for slots[k].predictor == "," {
				k--
			}
			s.joined, slots[k].joined = true, true
			slots[k].run = append(slots[k].run, s)
		}
		if s.size > 0 {
			numbers = append(numbers, s)
		}
		for k := len(slots) - 1; s.kind == "c" && len(s.shown) == 0; k-- {
			if slots[k].joined {
				for len(s.shown) == 0 || slots[k+1].predictor == "," {
					s.shown = append([]*oracleSlot{slots[k]}, s.shown...)
					k--
				}
			}
		}
		slots, text = append(slots, s), text[len(m[0]):]
		s = &oracleSlot{}
	}
	return append(slots, s)
}

// An oracleLines makes the rows of a lines.
type oracleLines struct {
	sets   [][][]*oracleSlot
	chosen [][]byte
	out    []byte
	row    int
}

// lines is the result of a lines, with the end of the last row.
func (o *oracle) lines(n *dsl.Node, s, t []byte) []byte { return printLines(n, s, t).out }

// printLines prints the rows of n, each with its end.
func printLines(n *dsl.Node, s, t []byte) *oracleLines {
	end := string([]byte{byte(n.Nums[0])})
	l := &oracleLines{chosen: make([][]byte, len(n.List))}
	texts := strings.Split(string(t), end)
	size := 0
	for _, count := range n.List {
		var set [][]*oracleSlot
		for range count {
			set = append(set, oracleTemplate(texts[0]))
			size += len(texts[0]) + 1
			texts = texts[1:]
		}
		l.sets = append(l.sets, set)
	}
	t = t[size:]
	for _, set := range l.sets {
		for _, slots := range set {
			for _, x := range slots {
				if x.kind == "s" || x.size > 0 && !x.joined {
					n, k := binary.Uvarint(s)
					x.cells = strings.SplitAfter(string(t[:n]), end)
					s, t = s[k:], t[n:]
				}
			}
		}
	}
	l.columns(s, int(n.Nums[1]))
	for range n.Nums[1] {
		l.row = len(l.out)
		l.instance(0)
		l.out = append(l.out, end...)
	}
	return l
}

// count adds to printed how many slots of each conversion and predictor have been printed.
func (l *oracleLines) count(printed map[string]int) {
	for _, x := range slices.Concat(slices.Concat(l.sets...)...) {
		if x.kind == "" {
			continue
		}
		printed[x.kind[:1]] += x.instances
		printed["exceptions of "+x.kind[:1]] += x.exceptions
		if x.joined {
			printed["joined"] += x.instances
		} else if x.size > 0 {
			printed["predictor "+x.predictor] += x.instances
		}
	}
}

// columns cuts s into the columns of the slots.
func (l *oracleLines) columns(s []byte, rows int) {
	instances := make([]int, len(l.sets))
	instances[0] = rows
	for k, set := range l.sets {
		each := make([]int, len(set))
		if each[0] = instances[k]; len(set) > 1 {
			l.chosen[k], s = s[:instances[k]], s[instances[k]:]
			each[0] = 0
			for _, c := range l.chosen[k] {
				each[c]++
			}
		}
		for i, slots := range set {
			for _, x := range slots {
				if strings.HasPrefix(x.kind, "<") {
					instances[x.set()] += each[i]
				}
				if x.size == 0 || x.predictor == "," {
					continue
				}
				if len(x.run) > 1 {
					for range each[i] {
						for _, y := range x.run {
							y.residuals, s = append(y.residuals, string(s[:1])), s[1:]
						}
					}
					continue
				}
				for j := range each[i] {
					r := make([]byte, x.size)
					for p := range r {
						r[p] = s[p*each[i]+j]
					}
					x.residuals = append(x.residuals, string(r))
				}
				s = s[each[i]*x.size:]
			}
		}
	}
}

// set returns the set that an instance is of.
func (x *oracleSlot) set() int {
	k, _ := strconv.Atoi(strings.Trim(x.kind, "<>"))
	return k - 1
}

// instance prints an instance of set k.
func (l *oracleLines) instance(k int) {
	slots := l.sets[k][0]
	if len(l.sets[k]) > 1 {
		slots = l.sets[k][l.chosen[k][0]]
		l.chosen[k] = l.chosen[k][1:]
	}
	for _, x := range slots {
		l.out = append(l.out, x.text...)
		x.instances++
		switch {
		case x.kind == "":
		case x.kind[0] == '<':
			l.instance(x.set())
		case strings.Contains("*!:;Mm#", x.kind):
			l.out = append(l.out, l.checksum(x.kind)...)
		case x.kind == "c":
			l.out = append(l.out, x.characters()...)
		case x.kind == "s":
			l.out = append(l.out, x.padded(x.cell())...)
		default:
			l.out = append(l.out, x.next()...)
		}
	}
}

// cell returns the next cell of x.
func (x *oracleSlot) cell() string {
	c := x.cells[0]
	x.cells = x.cells[1:]
	return c[:len(c)-1]
}

// padded returns text as x pads it.
func (x *oracleSlot) padded(text string) string {
	flags := strings.Trim(x.flags, "~")
	for len(text) < x.width {
		switch {
		case flags == "-":
			text += " "
		case flags == "0" && strings.HasPrefix(text, "-"):
			text = "-0" + text[1:]
		default:
			text = flags + text
		}
	}
	return text
}

// next returns what the next number of x prints.
func (x *oracleSlot) next() string {
	back := func(list []uint64, d int) uint64 {
		if len(list) < d {
			return 0
		}
		return list[len(list)-d]
	}
	r, residual := x.residuals[0], uint64(0)
	x.residuals = x.residuals[1:]
	for k := range len(r) {
		residual |= uint64(r[k]) << (8 * k)
	}
	mask := uint64(1)<<(8*x.size-1)<<1 - 1
	other, expected := uint64(0), back(x.numbers, 1)
	if x.other != nil {
		other = back(x.other.numbers, 1)
	}
	switch x.predictor {
	case "", ",":
		expected = 0
	case "/":
		expected = 2*expected - back(x.numbers, 2)
	case "=":
		expected = other
	case "&":
		expected += other - back(x.others, 1)
	case "@":
		expected = 0
		for i := range x.others {
			if byte(x.others[i]) == byte(other) {
				expected = x.numbers[i]
			}
		}
	}
	v, isCell := back(x.numbers, 1), residual == mask && x.kind != "w" && !x.joined
	switch {
	case isCell:
	case x.predictor == "^":
		v = residual ^ expected
	case x.predictor == "" && x.kind != "d" || x.predictor == ",":
		v = residual
	case residual%2 == 0:
		v = (expected + residual/2) & mask
	default:
		v = (expected - residual/2 - 1) & mask
	}
	x.numbers, x.others = append(x.numbers, v), append(x.others, other)
	switch {
	case isCell:
		x.exceptions++
		return x.cell()
	case x.kind == "w":
		if int(v) == len(x.words) {
			x.words = append(x.words, x.cell())
		}
		return x.padded(x.words[v])
	}
	return x.number(v)
}

// number returns what the number v prints.
func (x *oracleSlot) number(v uint64) string {
	signed := int64(v<<(64-8*x.size)) >> (64 - 8*x.size)
	switch {
	case x.kind[0] == '[':
		return x.time(signed)
	case x.kind == "x":
		return x.padded(fmt.Sprintf("%x", v))
	case x.kind == "X":
		return x.padded(fmt.Sprintf("%X", v))
	case x.kind == "d":
		return x.padded(x.decimal(big.NewInt(signed)))
	}
	return x.padded(x.decimal(new(big.Int).SetUint64(v)))
}

// decimal returns v with the decimals of x.
func (x *oracleSlot) decimal(v *big.Int) string {
	if x.decimals == 0 {
		return v.String()
	}
	ten := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(x.decimals)), nil)
	text := new(big.Rat).SetFrac(v, ten).FloatString(x.decimals)
	if strings.Contains(x.flags, "~") {
		text = strings.TrimSuffix(strings.TrimRight(text, "0"), ".")
	}
	return text
}

// time returns the time v as the parts of x say.
func (x *oracleSlot) time(v int64) string {
	parts := strings.Trim(x.kind, "[]")
	unit := big.NewInt(24 * 3600 * 1_000_000_000)
	for _, c := range []struct {
		letter string
		ns     int64
	}{{"H", 3600 * 1_000_000_000}, {"M", 60 * 1_000_000_000}, {"S", 1_000_000_000}} {
		if strings.Contains(parts, c.letter) {
			unit.SetInt64(c.ns)
		}
	}
	for range strings.Count(parts, "f") {
		unit.Div(unit, big.NewInt(10))
	}
	unit.Mul(unit, big.NewInt(v))
	sec, ns := unit.DivMod(unit, big.NewInt(1_000_000_000), new(big.Int))
	start := int64(0)
	if !strings.ContainsAny(parts, "Yy") {
		start = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Unix() // a leap year
	}
	at := time.Unix(start+sec.Int64(), ns.Int64()).UTC()
	text, fraction := "", at.Format(".000000000")[1:]
	for _, c := range []byte(parts) {
		switch c {
		case 'Y':
			text += fmt.Sprintf("%04d", at.Year())
		case 'f':
			text, fraction = text+fraction[:1], fraction[1:]
		default:
			form := map[byte]string{'y': "06", 'm': "01", 'd': "02", 'e': "_2", 'b': "Jan", 'a': "Mon", 'H': "15", 'M': "04", 'S': "05"}[c]
			if form == "" {
				text += string([]byte{c})
			} else {
				text += at.Format(form)
			}
		}
	}
	return text
}
