package plans

import (
	"cmp"
	"math"
	"slices"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// Records of several kinds are taken apart into their heads, which are records of one length, and
// the bodies of each kind, which have fields of their own (schema.go).

// Limits of what tells kinds apart, and of heads. Arbitrary.
const (
	keyRecords    = 512      // records by which keys are chosen, …
	keyBytes      = 80       // … by so many bytes of each
	keyBeyond     = 48       // bytes after the length among which keys are looked for
	maxKeys       = 3        // bytes of a head that tell kinds apart
	maxGroups     = 64       // of records that they make
	keyParts      = 32       // a key must save one part in so many
	kindBits      = 200      // about what the columns of another kind cost, in bits
	headStretches = 8        // places of the records by which heads are chosen
	headBeyond    = 16       // bytes after what a head must have that it may have
	maxHead       = 64       // bytes of a head (container/FORMAT.md, section 9)
	leastMean     = 4        // bytes of a record in the mean
	schemaRows    = 12       // least number of records of a kind with fields of its own
	maxSchemas    = 96       // kinds with fields of their own
	kindBytes     = 16 << 10 // of records of a kind by which its fields are chosen
	plainBytes    = 64       // columns of a kind without fields of its own
	cutFractions  = 4        // a body is cut after so many parts of its fields
)

// recordPlans returns plans for records of several kinds with typed fields, one for each framing.
func (t *trial) recordPlans() (plans []*dsl.Program) {
	var list []framing
	if f, ok := fitFraming(t.src); ok {
		list = append(list, f)
	} else {
		if f, ok := typeFraming(t.src); ok { // which is hardly ever false
			list = append(list, f)
		}
		list = append(list, t.framings()...)
	}
	for _, f := range list {
		if t.enough() {
			break
		}
		if f.tooShort() {
			continue
		}
		f.keys = t.keysOf(&f)
		plans = append(plans, t.typed(&f))
	}
	return plans
}

// tooShort reports whether f's records are so short that a plan for them takes more memory than it may.
func (f *framing) tooShort() bool { return f.bytes() < leastMean*len(f.spans) }

// A kind is the records of a framing with the same key.
type kind struct {
	key    int32
	count  int
	sample recordSample
	costs  []spanCost
	fields []field
}

// least returns how many bytes a head must have.
func (f *framing) least() int {
	n := f.lengthEnd()
	for _, k := range f.keys {
		n = max(n, k+1)
	}
	return n
}

// keyOf returns the key of the next record of r, which has the bytes b.
func (f *framing) keyOf(r *reader, b []byte) (key int32) {
	if f.types != nil {
		return r.entry(b[f.off])
	}
	for _, k := range f.keys {
		key = key<<8 | int32(b[k])
	}
	return key
}

// A reader knows which types are in force while records are read in their order.
type reader struct {
	types   []typeLength
	entries [256]int32
	next    int
	records int32
}

// entry returns the number of the entry of the type kind, of the next record.
func (r *reader) entry(kind byte) int32 {
	for r.next < len(r.types) && r.types[r.next].from <= r.records {
		r.entries[r.types[r.next].kind] = int32(r.next)
		r.next++
	}
	r.records++
	return r.entries[kind]
}

// kinds returns the kinds of f's records, in the order in which they first occur.
func (t *trial) kinds(f *framing) (list []*kind) {
	byKey := map[int32]*kind{}
	r := &reader{types: f.types}
	for _, s := range f.spans {
		key := f.keyOf(r, t.src[s.start:s.end])
		k := byKey[key]
		if k == nil {
			k = &kind{key: key, sample: recordSample{b: t.src}}
			byKey[key] = k
			list = append(list, k)
		}
		k.count++
		k.sample.spans = append(k.sample.spans, s)
	}
	for _, k := range list {
		k.sample.spans = middleOf(k.sample.spans, kindBytes)
	}
	return list
}

// middleOf returns spans in a row from the middle of list, of at most size bytes together, but at
// least some, and at most maxColumn.
func middleOf(list []span, size int) []span {
	total := 0
	for _, s := range list {
		total += int(s.end - s.start)
	}
	n := len(list)
	if total > size {
		n = max(n*size/total, min(n, minRows))
	}
	n = min(n, maxColumn)
	return list[(len(list)-n)/2:][:n]
}

// stretchesOf returns spans of list, of about size bytes together, from headStretches places: all
// kinds should be among them.
func stretchesOf(list []span, size int) (few []span) {
	for k := range headStretches {
		from, to := len(list)*k/headStretches, len(list)*(k+1)/headStretches
		few = append(few, middleOf(list[from:to], size/headStretches)...)
	}
	return few
}

// keysOf returns which bytes of f's heads tell kinds apart so that bytes of the same kind are
// most alike.
func (t *trial) keysOf(f *framing) (keys []int) {
	if f.types != nil {
		return nil
	}
	spans := f.spans[(len(f.spans)-min(len(f.spans), keyRecords))/2:][:min(len(f.spans), keyRecords)]
	group := make([]uint16, len(spans)) // of each record
	groups := 1
	least := t.groupBits(spans, group, groups)
	for len(keys) < maxKeys {
		best, bestGroups, bits := -1, 0, least-least/keyParts
		var bestGroup []uint16
		var tried [][]uint16
		for k := range min(f.shortest(), f.lengthEnd()+keyBeyond, maxHead) {
			finer, n := divideBy(t.src, spans, group, k)
			if n == groups || n > maxGroups || slices.Contains(keys, k) || t.enough() ||
				slices.ContainsFunc(tried, func(g []uint16) bool { return slices.Equal(g, finer) }) {
				continue
			}
			tried = append(tried, finer)
			if b := t.groupBits(spans, finer, n); b < bits {
				best, bestGroup, bestGroups, bits = k, finer, n, b
			}
		}
		if best < 0 {
			break
		}
		keys, group, groups, least = append(keys, best), bestGroup, bestGroups, bits
	}
	slices.Sort(keys)
	return keys
}

// divideBy returns the groups of spans that byte k divides the groups group into, numbered as they
// first occur, and how many there are.
func divideBy(src []byte, spans []span, group []uint16, k int) (finer []uint16, n int) {
	numbers := map[uint32]uint16{}
	finer = make([]uint16, len(spans))
	for i, s := range spans {
		key := uint32(group[i])<<8 | uint32(src[int(s.start)+k])
		x, ok := numbers[key]
		if !ok {
			x = uint16(len(numbers))
			numbers[key] = x
		}
		finer[i] = x
	}
	return finer, len(numbers)
}

// groupBits estimates what the first bytes of spans take as columns of n groups.
func (t *trial) groupBits(spans []span, group []uint16, n int) (bits float64) {
	order := make([]int, 0, len(spans)) // group by group
	for g := range n {
		for i := range spans {
			if int(group[i]) == g {
				order = append(order, i)
			}
		}
	}
	for off := range keyBytes {
		last := uint16(n) // group
		var bytes, deltas columnCode
		var before byte
		inGroup := 0
		for _, i := range order {
			at := int(spans[i].start) + off
			if at >= int(spans[i].end) {
				continue
			}
			if group[i] != last {
				bits += min(bytes.bits(inGroup), deltas.bits(inGroup))
				bytes, deltas = columnCode{}, columnCode{}
				before, inGroup, last = 0, 0, group[i]
			}
			c := t.src[at]
			bytes.add(c)
			deltas.add(c - before)
			before = c
			inGroup++
		}
		bits += min(bytes.bits(inGroup), deltas.bits(inGroup))
	}
	t.meter.steps += int64(keyBytes * (10*len(spans) + 100*n))
	return bits + float64(n*kindBits)
}

// typed returns the plan for f's records with typed fields: heads of the length by which heads and
// bodies take least.
func (t *trial) typed(f *framing) *dsl.Program {
	list := t.kinds(f)
	least := f.least()
	most := max(min(least+headBeyond, f.shortest(), maxHead), least)
	heads := recordSample{t.src, stretchesOf(f.spans, kindBytes)}
	headCosts := t.costs(&heads, 0, most, most)
	slices.SortStableFunc(list, func(a, b *kind) int { return b.count - a.count })
	var own []*kind
	for _, k := range list {
		if k.count < schemaRows || len(own) == maxSchemas {
			break
		}
		own = append(own, k)
		end := min(k.sample.longest(), maxRecord)
		k.costs = t.costs(&k.sample, least, end, end)
	}
	head, bits := least, math.Inf(1)
	for h := least; h <= most; h++ {
		_, sum := fieldsOf(headCosts, 0, h)
		sum *= float64(len(f.spans)) / float64(len(heads.spans))
		for _, k := range own {
			_, b := fieldsOf(k.costs, h, max(len(k.costs), h))
			sum += b * float64(k.count) / float64(len(k.sample.spans))
		}
		if sum < bits {
			head, bits = h, sum
		}
	}
	headFields, _ := fieldsOf(headCosts, 0, head)
	headFields = t.refined(&heads, headFields, 0)
	for _, k := range own {
		k.fields, _ = fieldsOf(k.costs, head, max(len(k.costs), head))
		k.fields = t.refined(&k.sample, k.fields, head)
		k.fields = t.cutFields(k, head)
	}
	return f.plan(len(t.src), head, headFields, own)
}

// cutFields returns as many of the first fields of k as pay: what follows them is left as it is.
func (t *trial) cutFields(k *kind, head int) []field {
	best, least := 0, math.MaxInt
	for part := cutFractions; part >= 0; part-- {
		n := len(k.fields) * part / cutFractions
		b := k.sample.columns(k.fields[:n], head)
		t.meter.steps += int64(len(b)) * estimateSteps
		if size := estimate(b); size < least {
			best, least = n, size
		}
	}
	return k.fields[:best]
}

// plan returns the program for size bytes of f's records with heads of head bytes, of which kinds
// have fields of their own.
func (f *framing) plan(size, head int, headFields []field, kinds []*kind) *dsl.Program {
	n := node(dsl.Kinds, head)
	for _, x := range []int{f.off, f.element, f.unit, f.add, f.align, len(f.keys)} {
		n.List = append(n.List, int32(x))
	}
	for _, k := range f.keys {
		n.List = append(n.List, int32(k))
	}
	n.List = append(n.List, int32(len(f.types)))
	for _, x := range f.types {
		n.List = append(n.List, x.kind, x.length, x.from)
	}
	n.List = append(n.List, -1, 1, plainBytes, plan.FieldBytes, 0) // of all other kinds
	slices.SortFunc(kinds, func(a, b *kind) int { return cmp.Compare(a.key, b.key) })
	for _, k := range kinds {
		list := numbersOf(k.fields)
		n.List = append(append(n.List, k.key, int32(len(list)/fieldNumbers)), list...)
	}
	return f.around(size, n, numbersOf(headFields))
}

// around returns the program for size bytes of f's records, which n makes of their bodies and of
// heads with the fields that a list states.
func (f *framing) around(size int, n dsl.Node, headFields []int32) *dsl.Program {
	first, last := f.spans[0], f.spans[len(f.spans)-1]
	d := &draft{}
	start := d.stream(int(first.start))
	heads := d.add(dsl.Node{Op: dsl.Columns, List: headFields}, d.payload())
	heads = d.state(heads, len(f.spans)*int(n.Nums[0]))
	return d.concatenate(start, d.add(n, heads, d.payload()), d.stream(size-int(last.end)))
}
