package describe

import (
	"fmt"

	"github.com/ktzip/ktzip/dsl/plan"
)

// addText adds the rows of text of x, which a Lines makes.
func (d *tabled) addText(x *plan.Made) error {
	n := &d.plan.Nodes[x.Node]
	templates, err := plan.TemplatesOf(n, x)
	if err != nil {
		return err
	}
	rows := int(n.Nums[1])
	t := TextTable{Node: x.Node, Words: textWords(rows, byte(n.Nums[0])), Rows: rows, Total: len(templates), Templates: []Template{}, bits: bitsOf(x.Cost())}
	for _, k := range templates[:min(len(templates), maxTemplates)] {
		template := Template{Set: k.Set, Text: cutText(k.Text, maxTemplate), Rows: k.Instances, Slots: []Slot{}}
		for _, slot := range k.Slots[:min(len(k.Slots), maxSlots)] {
			template.Slots = append(template.Slots, Slot{
				Text: cutText(slot.Text, maxSample), Words: slot.Words, Bits: bitsOf(slot.Cost), Samples: samples(slot.Samples),
			})
		}
		t.Templates = append(t.Templates, template)
	}
	d.Texts = append(d.Texts, t)
	return nil
}

// textWords says how many rows there are and how they end.
func textWords(rows int, end byte) string {
	if end == '\n' {
		return fmt.Sprintf("%d lines of text", rows)
	}
	return fmt.Sprintf("%d rows of text, each followed by %q", rows, string(rune(end)))
}
