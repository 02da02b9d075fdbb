package plan

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/ktzip/ktzip/dsl"
)

// timeParts are the parts of times of each kind.
var timeParts = []string{
	"Y-m-d", "d/b/y", "Y-m-dTH:M:S.fffZ", "a b e H:M:S Y", "b e H:M:S", "m/d H:M", "HMS", "HMS.ff", "H:M", "YmdHMSffffff", "y.m.d H", "H", "a, d b Y H:M:S", "dmy", "Y/m/d H:M", "e.m.Y at H",
}

// slot draws a slot of set k of count, after so many numbers, the last of which has last bytes.
func (r sampler) slot(k, count int, sizes []int) (text string, size int) {
	size = 1 + r.IntN(4)
	if r.IntN(4) == 0 {
		size = 1 + r.IntN(8)
	}
	predictor, pad, decimals := "", "", ""
	switch p := r.IntN(10); {
	case p < 3:
		predictor = []string{"+", "/", "^"}[p]
	case p < 6 && len(sizes) > 0:
		back := 1 + r.IntN(min(len(sizes), 12))
		predictor = []string{"=", "&", "@"}[p-3] + "0123456789abcdef"[back:back+1]
		if p < 5 {
			size = sizes[len(sizes)-back]
		}
	}
	if r.IntN(3) == 0 {
		pad = fmt.Sprintf("%c%d", "0 -"[r.IntN(3)], 1+r.IntN(12))
	}
	if r.IntN(3) == 0 {
		decimals = fmt.Sprintf(".%d", 1+r.IntN(9))
		if r.IntN(2) == 0 {
			pad = "~" + pad
		}
	}
	padText := strings.Trim(pad, "~") // of text
	if strings.HasPrefix(padText, "0") {
		padText = ""
	}
	switch c := r.IntN(12); c {
	case 0, 1, 2, 3:
		return fmt.Sprintf("%%%s%s%s%c%d", predictor, pad, decimals, "ud"[c%2], size), size
	case 4, 5:
		return fmt.Sprintf("%%%s%s%c%d", predictor, strings.Trim(pad, "~"), "xX"[c%2], size), size
	case 6:
		if strings.ContainsAny(predictor, "=&") {
			predictor = ""
		}
		return fmt.Sprintf("%%%s%sw%d", predictor, padText, 1+size%2), 1 + size%2
	case 7, 8:
		return fmt.Sprintf("%%%s[%s]%d", predictor, timeParts[r.IntN(len(timeParts))], size), size
	case 9:
		if k < count-1 {
			return fmt.Sprintf("%%<%d>", k+2+r.IntN(count-k-1)), 0
		}
	case 10:
		return []string{"%02x1%,02x1", "%u1.%,u1.%,u1", "%03.1u1%,02X1", "%02x1%,02x1 |%c", "%u1,%,u1 %c"}[r.IntN(5)], 0
	}
	return "%" + padText + "s", 0
}

// templates draws sets of templates, the last one of the first set being any text.
func (r sampler) templates() (text string, sets []int) {
	count := 1 + r.IntN(3)
	for k := range count {
		n := 1 + r.IntN(4)
		if k == 0 {
			n++
		}
		sets = append(sets, n)
		for i := range n {
			if k == 0 && i == n-1 {
				text += "%s\n"
				break
			}
			if k == 0 && r.IntN(8) == 0 {
				text += r.hexRecord()
				continue
			}
			var sizes []int
			for range r.IntN(6) {
				slot, size := r.slot(k, count, sizes)
				if size > 0 {
					sizes = append(sizes, size)
				}
				if strings.Contains(slot, "%,") {
					sizes = nil // their numbers count, too
				}
				text += []string{"", " ", ",", "a", "100%%", ": ", "0", "-"}[r.IntN(8)] + slot
			}
			text += []string{"", "", ".", "*%*", "%%", "%:", "*%!", " %#"}[r.IntN(8)] + "\n"
		}
	}
	return text, sets
}

// hexRecord draws the template of a row of hexadecimal digits with a checksum.
func (r sampler) hexRecord() string {
	form := []string{":%02X1%,02X1%+04X2_%:", ":%02x1%,02x1%+04x2_%;", "S1%02X1%+04X2_%M", "S3%02x1%+08x4_%m"}[r.IntN(4)]
	return strings.Replace(form, "_", []string{"", "%02X1%,02X1", "11"}[r.IntN(3)], 1) + "\n"
}

// row draws a row of set k.
func (r sampler) row(l *oracleLines, k int) {
	slots := l.sets[k][r.IntN(len(l.sets[k]))]
	for _, x := range slots {
		l.out = append(l.out, x.text...)
		words := []string{"", "a", "ab", "abc def", "-1", "0", "007", "x y", "99.5"}
		switch v := r.Uint64() >> (64 - 8*max(1, x.size)); {
		case x.kind == "":
		case x.kind[0] == '<':
			r.row(l, x.set())
		case strings.Contains("*!:;Mm#", x.kind):
			l.out = append(l.out, l.checksum(x.kind)...)
		case x.kind == "c":
			l.out = append(l.out, x.characters()...)
		case x.kind == "s", x.kind == "w":
			l.out = append(l.out, x.padded(words[r.IntN(len(words))])...)
		case r.IntN(50) == 0:
			l.out = append(l.out, words[r.IntN(len(words))]...)
		default:
			if r.IntN(2) == 0 && len(x.numbers) > 0 {
				v = (x.numbers[len(x.numbers)-1] + r.Uint64N(3)) << (64 - 8*x.size) >> (64 - 8*x.size)
			}
			x.numbers = append(x.numbers, v)
			l.out = append(l.out, x.number(v)...)
		}
	}
}

// lines draws rows and a Lines that makes them, of count rows.
func (r sampler) lines(count int) (n dsl.Node, s, t, src []byte, err error) {
	text, sets := r.templates()
	l := &oracleLines{}
	rest := strings.Split(text, "\n")
	for _, n := range sets {
		var set [][]*oracleSlot
		for range n {
			set, rest = append(set, oracleTemplate(rest[0])), rest[1:]
		}
		l.sets = append(l.sets, set)
	}
	for range count {
		l.row = len(l.out)
		r.row(l, 0)
		l.out = append(l.out, '\n')
	}
	if r.IntN(3) == 0 && !bytes.HasSuffix(l.out, []byte("\n\n")) {
		l.out = l.out[:max(0, len(l.out)-1)]
	}
	n, s, t, err = LinesNode(l.out, text, '\n', sets)
	return n, s, t, l.out, err
}
