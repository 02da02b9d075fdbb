package describe

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Limits of parts. Arbitrary: what a person looks at.
const (
	maxCostParts  = 40   // of a Report
	leastCostPart = 1e-3 // of what all parts cost
	maxSaidParts  = 3    // in the words of a file
)

// A CostPart is a part of the data that has a name, such as a field, a channel or a place in rows of text.
type CostPart struct {
	Detail  int      `json:"detail"`  // index in Report.Details of the first that has it
	Words   string   `json:"words"`   // such as "type 5: int24 at byte 23"
	Samples []string `json:"samples"` // some of its values
	Bits    float64  `json:"bits"`    // that it costs in all segments whose details are listed
}

// costParts returns the parts of all details, those that cost most first. Parts of the same name are one.
func costParts(details []Detail) (list []CostPart) {
	number, total := map[string]int{}, 0.0
	for i := range details {
		for _, p := range details[i].costParts() {
			if total += p.Bits; p.Bits <= 0 {
				continue
			}
			k, known := number[p.Words]
			if !known {
				k = len(list)
				number[p.Words], p.Detail = k, i
				list = append(list, p)
				list[k].Bits = 0
			}
			list[k].Bits += p.Bits
		}
	}
	slices.SortStableFunc(list, func(a, b CostPart) int { return cmp.Compare(b.Bits, a.Bits) })
	for k := range list {
		if k == maxCostParts || list[k].Bits < leastCostPart*total {
			return list[:k]
		}
	}
	return list
}

// costParts returns the parts of d: channels if it has some, else fields of records and places in rows of text, else
// streams.
func (d *Detail) costParts() (list []CostPart) {
	streams, channels := d.streamParts()
	if channels || len(d.Tables)+len(d.Texts) == 0 {
		return streams
	}
	for i := range d.Tables {
		list = append(list, d.Tables[i].costParts()...)
	}
	for i := range d.Texts {
		list = append(list, d.Texts[i].costParts()...)
	}
	return list
}

// streamParts returns a part for each stream that has a name, and whether one is a channel.
func (d *Detail) streamParts() (list []CostPart, channels bool) {
	for _, g := range d.Groups {
		for _, s := range g.Streams {
			if s.Words != "" {
				list = append(list, CostPart{Words: s.Words, Samples: []string{}, Bits: s.Bits})
				channels = channels || strings.HasPrefix(s.Words, "channel ")
			}
		}
	}
	return list, channels
}

// costParts returns a part for each field of t, and for each kind without fields.
func (t *Table) costParts() (list []CostPart) {
	for i := range t.Kinds {
		k, name := &t.Kinds[i], ""
		if len(t.Kinds) > 1 {
			name = k.Name
		}
		if len(k.Fields) == 0 {
			list = append(list, CostPart{Words: k.Name, Samples: []string{}, Bits: k.Bits})
		}
		for j := range k.Fields {
			f := &k.Fields[j]
			words := f.Type
			if f.Reading != "" {
				words += " as " + f.Reading
			}
			switch {
			case f.Type == bytesElsewhere:
				words = fmt.Sprintf("bytes from %d on", f.Offset)
			case f.Offset >= 0:
				words = fmt.Sprintf("%s at byte %d", words, f.Offset)
			}
			if name != "" {
				words = name + ": " + words
			}
			list = append(list, CostPart{Words: words, Samples: f.Samples, Bits: f.Bits})
		}
	}
	return list
}

// costParts returns a part for each slot of the templates of t that print rows.
func (t *TextTable) costParts() (list []CostPart) {
	for i := range t.Templates {
		x := &t.Templates[i]
		for k := range x.Slots {
			s := &x.Slots[k]
			if x.Set == 1 {
				list = append(list, CostPart{Words: cmp.Or(s.Name, s.Words), Samples: s.Samples, Bits: s.Bits})
			}
		}
	}
	return list
}

// isNumbered reports whether a name is but the number of a place in a row of text.
func isNumbered(name string) bool {
	return strings.HasPrefix(name, "word ") || strings.Contains(name, ", field ")
}

// costWords says what costs most of a file that takes so many bytes; "" if no part has a name.
func costWords(parts []CostPart, coded int64) string {
	var said []string
	for _, p := range parts[:min(len(parts), maxSaidParts)] {
		words := p.Words
		if isNumbered(words) && len(p.Samples) > 0 {
			words += ", such as " + strings.TrimSpace(p.Samples[0])
		}
		said = append(said, words+" ("+shareText(p.Bits/8, float64(coded))+")")
	}
	return strings.Join(said, "; ")
}

// costWords says what costs most of a file that takes so many bytes: the parts that have a name, unless a stretch costs
// more than all of these. It is "" if neither is known, or neither costs much.
func (r *Report) costWords(size int64) string {
	const least = 0.05 // of the file; arbitrary
	named := 0.0
	for i := range r.Parts {
		named += r.Parts[i].Bits
	}
	switch {
	case len(r.Costly) == 0 || r.Costly[0].Bits <= named:
		return costWords(r.Parts, size)
	case len(r.Segments) > 1 || r.Costly[0].Bits < least*8*float64(size): // of several segments, one is named
		return ""
	}
	return r.Costly[0].costWords(size)
}

// costWords says what s costs of a file that takes so many bytes.
func (s *Stretch) costWords(coded int64) string {
	return fmt.Sprintf("bytes %d to %d (%s, %s a byte)", s.Offset, s.Offset+s.Size-1, shareText(s.Bits/8, float64(coded)), bitsText(s.Bits/8, s.Size))
}
