package describe

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// Limits of tables: of what a page shows, and of what a hostile file can make it show. Arbitrary.
const (
	maxTables      = 8  // of a segment: those that cost most
	maxKinds       = 24 // of a table
	maxFields      = 64 // of a kind
	maxExamples    = 6  // of a field or a slot
	maxSample      = 24 // characters
	maxTextTables  = 4  // of a segment
	maxTemplates   = 40 // of a table
	maxSlots       = 64 // of a template
	maxTemplate    = 400
	maxAllFields   = 512 // of all tables of a segment
	maxAllSlots    = 512 // of all tables of text
	otherFields    = "other fields"
	otherKinds     = "other kinds"
	bytesElsewhere = "the rest of each record"
	shortElsewhere = "the ends of shorter records"
)

// end limits the tables to those that cost most, and adds the signals and the images.
func (d *tabled) end() {
	d.Tables = costliest(d.Tables, maxTables, func(t *Table) float64 { return t.bits })
	d.Texts = costliest(d.Texts, maxTextTables, func(t *TextTable) float64 { return t.bits })
	limitFields(d.Tables)
	limitSlots(d.Texts)
	d.Signals, d.Images = append(signalsOf(d.views), fitFields(d.signals)...), imagesOf(d.views)
}

// limitFields leaves out the fields of those kinds that cost least if all have more than maxAllFields together.
func limitFields(tables []Table) {
	var kinds []*Kind
	for i := range tables {
		for k := range tables[i].Kinds {
			kinds = append(kinds, &tables[i].Kinds[k])
		}
	}
	largestFirst(kinds, func(k **Kind) float64 { return (*k).Bits })
	left := maxAllFields
	for _, k := range kinds {
		if left -= len(k.Fields); left < 0 {
			k.Fields, left = []Field{}, 0
		}
	}
}

// A tabled is a detail that gets the tables, the signals and the images of a segment, whose lists it sees.
type tabled struct {
	*Detail
	views   *views
	seen    map[int]bool // nodes that need no table
	signals []fieldSignal
}

func newTabled(d *Detail, v *views) *tabled {
	return &tabled{Detail: d, views: v, seen: headNodes(v.plan)}
}

// see adds the table of a list, if it has one, and what its samples cost. Of a list that cannot be taken apart there is
// no table: the others remain. It is what plan.Machine.Spread calls.
func (d *tabled) see(x *plan.Made) error {
	d.views.weigh(x)
	if d.seen[x.Node] {
		return nil
	}
	d.seen[x.Node] = true
	if d.views.plan.Nodes[x.Node].Op == dsl.Lines {
		d.addText(x)
	} else {
		d.addTable(x)
	}
	return nil
}

// headNodes returns the nodes that make the heads of records, whose fields are shown with these.
func headNodes(p *dsl.Program) map[int]bool {
	heads := map[int]bool{}
	for i := range p.Nodes {
		n := &p.Nodes[i]
		if n.Op != dsl.Kinds && n.Op != dsl.Records {
			continue
		}
		ref := n.Refs[0]
		for p.Nodes[ref].Op == dsl.Between {
			ref = p.Nodes[ref].Refs[0]
		}
		heads[ref] = true
	}
	return heads
}

// costliest returns those of list that cost most, at most so many, in their order.
func costliest[T any](list []T, most int, bits func(*T) float64) (kept []T) {
	if len(list) <= most {
		return list
	}
	order := make([]int, len(list))
	for i := range order {
		order[i] = i
	}
	largestFirst(order, func(i *int) float64 { return bits(&list[*i]) })
	order = order[:most]
	slices.Sort(order)
	for _, i := range order {
		kept = append(kept, list[i])
	}
	return kept
}

// addTable adds the table of x, if it has records.
func (d *tabled) addTable(x *plan.Made) {
	schema, err := plan.SchemaOf(d.views.plan, x)
	if err != nil || schema == nil || schema.Records == 0 {
		return
	}
	t := Table{Node: x.Node, Words: schema.Words, Records: schema.Records, Size: int64(schema.Bytes), bits: bitsOf(schema.Cost)}
	for i := range schema.Kinds {
		t.Kinds = append(t.Kinds, kindOf(&schema.Kinds[i], x.List))
	}
	largestFirst(t.Kinds, func(k *Kind) float64 { return k.Bits })
	if schema.Total > maxKinds {
		t.Kinds = t.Kinds[:min(len(t.Kinds), maxKinds-1)]
		other := Kind{Name: otherKinds, Records: schema.Records, Bits: t.bits, Fields: []Field{}}
		size := float64(schema.Bytes)
		for _, k := range t.Kinds {
			other.Records -= k.Records
			other.Bits -= k.Bits
			size -= k.Bytes * float64(k.Records)
		}
		other.Bytes = size / float64(max(other.Records, 1))
		t.Kinds = append(t.Kinds, other)
	}
	d.Tables = append(d.Tables, t)
	d.addSignals(schema, x)
}

// kindOf returns a kind with its fields, given the list that has its records.
func kindOf(k *plan.KindOf, list []byte) Kind {
	kind := Kind{Name: k.Name, Records: k.Records, Bytes: float64(k.Bytes) / float64(max(k.Records, 1)), Bits: bitsOf(k.Cost), Fields: []Field{}}
	if len(k.Shown) > 0 {
		kind.Example = preview(list[k.Shown[0][0]:k.Shown[0][1]])
	}
	for i := range k.Fields {
		f := &k.Fields[i]
		field := Field{Offset: f.Offset, Width: f.Width, Type: f.Type, Predictor: f.Predictor, Bits: bitsOf(f.Cost), Samples: samples(f.Values(list, k))}
		if f.Constant() && len(field.Samples) > 1 {
			field.Samples = field.Samples[:1]
		}
		if floats := floatSamples(field.Samples); f.Width == 4 && strings.HasSuffix(f.Type, "int32") && floats != nil {
			field.Samples, field.Reading = floats, "float32"
		}
		kind.Fields = append(kind.Fields, field)
	}
	if all := len(kind.Fields); all > maxFields {
		kept := costliest(kind.Fields, maxFields-1, func(f *Field) float64 { return f.Bits })
		other := Field{Offset: -1, Type: otherFields, Samples: []string{}}
		for _, f := range kind.Fields {
			other.Bits += f.Bits
			other.Width += f.Width
		}
		for _, f := range kept {
			other.Bits -= f.Bits
			other.Width -= f.Width
		}
		kind.Fields = append(kept, other)
	}
	if end := k.End(); float64(end) < kind.Bytes || k.Rest > 0 {
		rest := Field{Offset: end, Width: int(kind.Bytes) - end, Type: bytesElsewhere, Bits: bitsOf(k.Rest), Samples: samples(k.RestValues(list))}
		if rest.Width <= 0 {
			rest.Offset, rest.Width, rest.Type = -1, 0, shortElsewhere
		}
		kind.Fields = append(kind.Fields, rest)
	}
	return kind
}

// bitsOf returns the bits that costs are.
func bitsOf(cost uint64) float64 { return float64(cost) / bitUnits }

// samples returns the first values, cut.
func samples(values []string) []string {
	list := []string{}
	for _, v := range values[:min(len(values), maxExamples)] {
		list = append(list, cutText(v, maxSample))
	}
	return list
}

// cutText returns text as UTF-8, at most so many characters of it.
func cutText(text string, most int) string {
	text = strings.ToValidUTF8(text, "\uFFFD")
	if utf8.RuneCountInString(text) <= most {
		return text
	}
	return string([]rune(text)[:most-1]) + "…"
}
