package describe

import (
	"bytes"
	"cmp"
	"fmt"
	"strings"

	"github.com/ktzip/ktzip/dsl/plan"
)

// addText adds the rows of text of x, which a Lines makes.
func (d *tabled) addText(x *plan.Made) {
	n := &d.views.plan.Nodes[x.Node]
	templates, err := plan.TemplatesOf(n, x)
	if err != nil {
		return
	}
	rows := int(n.Nums[1])
	kept := templates[:min(len(templates), maxTemplates)]
	largestFirst(kept, func(t *plan.TemplateOf) int { return -t.Set })
	t := TextTable{Node: x.Node, Words: textWords(rows, byte(n.Nums[0])), Rows: rows, Total: max(len(templates), int(sumOf(n.List))), Templates: []Template{}, bits: bitsOf(x.Cost())}
	parts := partWords(templates)
	head, _, _ := bytes.Cut(x.List[:min(len(x.List), maxTemplate)], []byte{byte(n.Nums[0])})
	for _, k := range kept {
		template := Template{Set: k.Set, Text: cutText(k.Text, maxTemplate), Rows: k.Instances, Bits: bitsOf(k.Cost), Slots: []Slot{}}
		names := slotNames(&k, string(head))
		for i, slot := range k.Slots {
			if template.Bits += bitsOf(slot.Cost); i >= maxSlots {
				continue
			}
			template.Slots = append(template.Slots, Slot{
				Text: cutText(slot.Text, maxSample), Name: cutText(names[i], maxSlotKey), Words: cmp.Or(parts[slot.Text], digitsWords(&slot)),
				Bits: bitsOf(slot.Cost), Samples: samples(without(slot.Samples, names[i])),
			})
		}
		t.Templates = append(t.Templates, template)
	}
	d.Texts = append(d.Texts, t)
}

// mostOfSet is the share of the instances of a set that are of one template which says what the set prints. Arbitrary.
const mostOfSet = 0.8

// partWords says what slots print, by their text, that stand for a set of templates: the words of the only slot of the
// template that prints most of the set.
func partWords(templates []plan.TemplateOf) map[string]string {
	total, words := map[int]int{}, map[string]string{}
	for i := range templates {
		total[templates[i].Set] += templates[i].Instances
	}
	for i := range templates {
		t := &templates[i]
		if t.Set > 1 && len(t.Slots) == 1 && float64(t.Instances) >= mostOfSet*float64(total[t.Set]) {
			words[fmt.Sprintf("%%<%d>", t.Set)] = fmt.Sprintf("%s (set %d)", t.Slots[0].Words, t.Set)
		}
	}
	return words
}

// without returns values but for a first one that is the name of its column.
func without(values []string, name string) []string {
	if len(values) > 1 && name != "" && strings.Trim(values[0], `" `) == name {
		return values[1:]
	}
	return values
}

// digitsWords says what s prints. Hexadecimal digits that are decimal in all samples, and many, are none of a number.
func digitsWords(s *plan.SlotOf) string {
	const many = 8
	if !strings.Contains(s.Words, "hexadecimal") || len(s.Samples) == 0 {
		return s.Words
	}
	for _, v := range s.Samples {
		if len(v) < many || strings.Trim(v, "0123456789") != "" {
			return s.Words
		}
	}
	return "digits, two in a byte"
}

// limitSlots leaves out the slots of the rarest templates if all have more than maxAllSlots together.
func limitSlots(texts []TextTable) {
	left := maxAllSlots
	for i := range texts {
		kept := texts[i].Templates
		for k := range kept {
			t := &kept[k]
			if left -= len(t.Slots); left < 0 {
				t.Slots, left = []Slot{}, 0
			}
		}
	}
}

// sumOf returns the sum of list.
func sumOf(list []int32) (sum int64) {
	for _, n := range list {
		sum += int64(n)
	}
	return sum
}

// textWords says how many rows there are and how they end.
func textWords(rows int, end byte) string {
	if end == '\n' {
		return fmt.Sprintf("%d lines of text", rows)
	}
	return fmt.Sprintf("%d rows of text, each followed by %q", rows, []byte{end})
}
