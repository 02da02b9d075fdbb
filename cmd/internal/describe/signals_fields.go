package describe

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/ktzip/ktzip/dsl/plan"
)

// Number fields of records are signals: those of a kind together, each a channel.

// Limits of fields that are signals. With what is left of them, they are at most some 9216 numbers, of 5 to 10 bytes of
// JSON each.
const (
	maxFieldSignals  = 3                    // of a segment: the kinds that cost most
	maxFieldChannels = 6                    // of each: the fields that cost most
	maxFieldsTried   = 2 * maxFieldChannels // some may not change in the stretch that is shown
	maxFieldNumbers  = 2 * maxFieldSignals * maxFieldChannels * minPlotted
	minFieldRecords  = 32 // fewer show nothing
	minKindShare     = 50 // a kind that costs less than one part in so many of all records is not shown
	minTextBytes     = 3  // of a text; fewer may be chance. All arbitrary
)

// A fieldSignal is a signal of a kind of records.
type fieldSignal struct {
	Signal
	bits float64 // that the kind costs
}

// addSignals adds the signals of the kinds of s, the schema of the list of x, that cost most.
func (d *tabled) addSignals(s *plan.Schema, x *plan.Made) {
	order := make([]int, len(s.Kinds))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(s.Kinds[b].Cost, s.Kinds[a].Cost) })
	found := 0
	for _, i := range order {
		kind := &s.Kinds[i]
		fields, total := numberFields(kind)
		if len(fields) == 0 || kind.Cost*minKindShare < s.Cost {
			continue
		}
		series, err := s.Series(d.views.plan, x, i, fields, maxPlotted)
		if err != nil || len(series.Curves) == 0 {
			continue
		}
		if signal := seriesSignal(kind, fields, &series); len(signal.Channels) > 0 {
			signal.Node, signal.Total = x.Node, max(total, signal.Shown)
			d.signals = append(d.signals, fieldSignal{signal, bitsOf(kind.Cost)})
			if found++; found == maxFieldSignals {
				break
			}
		}
	}
	d.signals = costliest(d.signals, maxFieldSignals, func(s *fieldSignal) float64 { return s.bits })
}

// numberFields returns the number fields of k that cost most, at most maxFieldsTried, in their order; and how many
// it has. Those that few records have do not count.
func numberFields(k *plan.KindOf) (fields []plan.FieldOf, total int) {
	fields = slices.DeleteFunc(k.Numbers(), func(f plan.FieldOf) bool { return f.Records < max(minFieldRecords, k.Records/2) })
	return costliest(fields, maxFieldsTried, func(f *plan.FieldOf) float64 { return bitsOf(f.Cost) }), len(fields)
}

// A fieldCurve is a field, and what it is in some records.
type fieldCurve struct {
	field *plan.FieldOf
	curve *plan.Curve
}

// withoutText returns list without fields that are parts of texts: those next to each other that have characters.
func withoutText(list []fieldCurve) (kept []fieldCurve) {
	for i := 0; i < len(list); {
		j, end := i, list[i].field.Offset
		for j < len(list) && list[j].curve.Text && list[j].field.Offset == end {
			end += list[j].field.Width
			j++
		}
		if end-list[i].field.Offset < minTextBytes {
			kept = append(kept, list[i:max(j, i+1)]...)
		}
		i = max(j, i+1)
	}
	return kept
}

// seriesSignal returns the signal of those fields that change: the maxFieldChannels that cost most.
func seriesSignal(k *plan.KindOf, fields []plan.FieldOf, series *plan.Series) Signal {
	var list []fieldCurve
	for i := range fields {
		list = append(list, fieldCurve{&fields[i], &series.Curves[i]})
	}
	list = slices.DeleteFunc(withoutText(list), func(s fieldCurve) bool {
		return len(s.curve.Values) == 0 || slices.Min(s.curve.Values) == slices.Max(s.curve.Values)
	})
	list = costliest(list, maxFieldChannels, func(s *fieldCurve) float64 { return bitsOf(s.field.Cost) })
	out := Signal{Words: "number fields of the records of " + k.Name, Start: int64(series.First), Shown: len(list)}
	if k.Name == plan.KindRecords {
		out.Words = fmt.Sprintf("number fields of records of %d bytes", k.Bytes/max(k.Records, 1))
	}
	for _, s := range list {
		f := s.field
		name := fmt.Sprintf("bytes %d–%d, %s", f.Offset, f.Offset+f.Width-1, f.NumberType())
		if f.Width == 1 {
			name = fmt.Sprintf("byte %d, %s", f.Offset, f.NumberType())
		}
		c := Channel{Name: name, Values: rounded(s.curve.Values), Bits: bitsOf(f.Cost) / float64(max(f.Records, 1))}
		if s.curve.Rest != nil {
			c.Rest = rounded(s.curve.Rest)
		}
		out.Channels = append(out.Channels, c)
	}
	return out
}

// fitFields cuts the signals so that they have at most maxFieldNumbers numbers, and returns them.
func fitFields(list []fieldSignal) (signals []Signal) {
	channels := 0
	for _, s := range list {
		channels += len(s.Channels)
	}
	for _, s := range list {
		most := maxFieldNumbers / 2 / channels
		for i := range s.Channels {
			c := &s.Channels[i]
			c.Values, c.Rest = c.Values[:min(len(c.Values), most)], c.Rest[:min(len(c.Rest), most)]
		}
		signals = append(signals, s.Signal)
	}
	return signals
}
