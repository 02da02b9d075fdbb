package describe

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/ktzip/ktzip/dsl/plan"
)

// addText adds the rows of text of x, which a Lines makes.
func (d *tabled) addText(x *plan.Made) {
	n := &d.plan.Nodes[x.Node]
	templates, err := plan.TemplatesOf(n, x)
	if err != nil {
		return
	}
	rows := int(n.Nums[1])
	kept := templates[:min(len(templates), maxTemplates)]
	slices.SortStableFunc(kept, func(a, b plan.TemplateOf) int { return cmp.Compare(a.Set, b.Set) })
	t := TextTable{Node: x.Node, Words: textWords(rows, byte(n.Nums[0])), Rows: rows, Total: len(templates), Templates: []Template{}, bits: bitsOf(x.Cost())}
	for _, k := range kept {
		template := Template{Set: k.Set, Text: cutText(k.Text, maxTemplate), Rows: k.Instances, Slots: []Slot{}}
		for _, slot := range k.Slots[:min(len(k.Slots), maxSlots)] {
			template.Slots = append(template.Slots, Slot{
				Text: cutText(slot.Text, maxSample), Words: slot.Words, Bits: bitsOf(slot.Cost), Samples: samples(slot.Samples),
			})
		}
		t.Templates = append(t.Templates, template)
	}
	d.Texts = append(d.Texts, t)
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

// textWords says how many rows there are and how they end.
func textWords(rows int, end byte) string {
	if end == '\n' {
		return fmt.Sprintf("%d lines of text", rows)
	}
	return fmt.Sprintf("%d rows of text, each followed by %q", rows, []byte{end})
}
