package text

import (
	"fmt"
	"strings"
)

// Trim returns those of templates that rows of src of shape r are instances of, in their order, and how
// many each set has. Of a set that no row has the first one remains.
func Trim(src []byte, templates string, r Shape) (kept string, sets []int, err error) {
	p, err := Split(src, templates, r)
	if err != nil {
		return "", nil, err
	}
	if p.unmatched > 0 {
		return "", nil, fmt.Errorf("%d rows that no template prints", p.unmatched)
	}
	var b strings.Builder
	for k := range r.Sets {
		used := make([]bool, p.count(k))
		for _, t := range p.choices[k] {
			used[t] = true
		}
		used[0] = used[0] || len(p.choices[k]) == 0
		n := 0
		for _, is := range used {
			end := strings.IndexByte(templates, r.End) + 1
			if is {
				b.WriteString(templates[:end])
				n++
			}
			templates = templates[end:]
		}
		sets = append(sets, n)
	}
	return b.String(), sets, nil
}
