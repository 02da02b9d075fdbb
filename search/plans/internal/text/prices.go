package text

import (
	"hash/crc32"

	"github.com/ktzip/ktzip/dsl/plan"
)

// A question is what a text takes with a template. Two checksums, and the length, stand for the text:
// ways share many of their columns.
type question struct {
	castagnoli, ieee uint32
	bytes            int
	template         string
}

// prices are answers; those that are negative say that the text is not of the template.
type prices map[question]int

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// priceWith returns what text takes if its rows, each of which ends with end, are of the template, by
// the estimate of f.
func (f *finder) priceWith(text []byte, template string, end byte) (price int, ok bool) {
	q := question{crc32.Checksum(text, castagnoli), crc32.ChecksumIEEE(text), len(text), template}
	price, known := f.prices[q]
	if !known {
		if price, ok = priceOf(text, Templates{template + string(end), end, []int{1}, 0}, f.estimate); !ok {
			price = -1
		}
		f.prices[q] = price
	}
	return price, price >= 0
}

// priceOf returns what src takes with templates.
func priceOf(src []byte, m Templates, price func(stream []byte) int) (int, bool) {
	_, s, t, err := plan.LinesNode(src, m.Text, m.End, m.Sets)
	if err != nil {
		return 0, false
	}
	return price(s) + price(t), true
}
