package plans

import (
	"math"
	"slices"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
	"github.com/ktzip/ktzip/search/plans/internal/code"
	"github.com/ktzip/ktzip/search/plans/internal/disguise"
	"github.com/ktzip/ktzip/search/plans/internal/packet"
)

// A packing says how samples of a width that is not whole bytes are packed: groups of
// samples fill whole bytes.
type packing struct {
	bits    int   // of a sample
	group   int   // bytes
	element int   // bytes that an unpacked sample takes
	orders  []int // of the bits, plan.PackLow and so on
}

var packings = [...]packing{
	{bits: 12, group: 3, element: 2, orders: []int{plan.PackLow, plan.PackHigh, plan.Pack212}},
	{bits: 10, group: 5, element: 2, orders: []int{plan.PackLow, plan.PackHigh}},
	{bits: 14, group: 7, element: 2, orders: []int{plan.PackLow, plan.PackHigh}},
	{bits: 24, group: 3, element: 4, orders: []int{plan.PackLow, plan.PackHigh}},
}

const (
	packedAlign  = 840 // bytes, a multiple of every group
	packedSaving = 32  // samples must take less than bytes by one part in so many
)

// packing returns how the samples of the segment are packed: the operation, and the bytes
// before the first group. Packed samples are alike at a distance that is a whole number of
// groups: as bytes, and more so as numbers.
func (t *trial) packing(ev *evidence) (best dsl.Node, lead int, ok bool) {
	from := len(t.src) / 2
	from -= from % packedAlign
	part := t.src[from:min(len(t.src), from+glimpse/2)]
	least := 0.0 // bits; computed if something may be packed
	for _, p := range packings {
		if ev.near[0]%p.group != 0 {
			continue
		}
		if least == 0 {
			least = t.asBytes(ev, part) * (packedSaving - 1) / packedSaving
		}
		r := planes(recipe{ops: []dsl.Node{predict(p.element, 0, ev.near[0]*8/p.bits, 1)}})
		for _, n := range p.ops() {
			for skip := range p.group {
				samples := unpack(&t.machine, n, part[skip:])
				if samples == nil {
					continue
				}
				if bits := t.entropy(r, []excerpt{{0, samples}}); bits < least {
					best, lead, ok, least = n, skip, true, bits
				}
			}
		}
	}
	return best, lead, ok
}

// ops returns the operations that may pack p's samples: unsigned, then signed, in each
// order of bits.
func (p *packing) ops() (list []dsl.Node) {
	for _, order := range p.orders {
		list = append(list, node(dsl.Pack, p.bits, order), node(dsl.Pack, -p.bits, order))
	}
	return list
}

// asBytes returns the least entropy of part, which is not packed: as it is, or predicted by
// a near element of one or two bytes.
func (t *trial) asBytes(ev *evidence, part []byte) float64 {
	list := []recipe{{}}
	for _, lag := range ev.near {
		list = append(list, planes(recipe{ops: []dsl.Node{predict(1, 0, lag, 1)}}))
		if lag%2 == 0 {
			list = append(list, planes(recipe{ops: []dsl.Node{predict(2, 0, lag/2, 1)}}))
		}
	}
	least := math.Inf(1)
	for _, r := range list {
		least = min(least, t.entropy(r, []excerpt{{0, part}}))
	}
	return least
}

// unpack returns the elements that n packs to src; nil if there are none.
func unpack(m *plan.Machine, n dsl.Node, src []byte) []byte {
	d := &draft{}
	d.Out = d.add(n, d.payload())
	streams, err := m.Split(src, &d.Program)
	if err != nil {
		return nil
	}
	return streams[0]
}

// packedPlans returns plans for the samples that are packed in the segment, and their packing;
// none if there is no packing.
func (t *trial) packedPlans(ev *evidence) (plans []*dsl.Program) {
	n, lead, ok := t.packing(ev)
	if !ok {
		return nil
	}
	samples := unpack(&t.machine, n, t.src[lead:])
	if len(samples) > dsl.FullPlanned {
		return nil
	}
	inner := gather(samples, t.effort)
	if inner == nil {
		return nil
	}
	for _, p := range t.inner(t.effort, samples, t.coder, 100).bestPlans(inner, nil) {
		d := &draft{}
		first := d.stream(lead)
		plans = append(plans, d.concatenate(first, d.add(n, d.embed(p))))
	}
	return plans
}

// disguiseSteps is what telling numbers in disguise takes. It was measured as those of meter.go.
const disguiseSteps = 200_000

// undisguised returns the plans that find returns for the numbers behind the elements of the segment;
// ok is false if these are in no disguise.
func (t *trial) undisguised(find func(in *trial) []*dsl.Program) (plans []*dsl.Program, ok bool) {
	if t.element != 0 {
		return nil, false
	}
	t.meter.steps += disguiseSteps
	n, ok := disguise.Find(t.src)
	if !ok {
		return nil, false
	}
	return t.behind(n, find)
}

// behind returns the plans that find returns for the numbers behind the disguise n of the segment's; ok is
// false if they are not in it.
func (t *trial) behind(n disguise.Disguise, find func(in *trial) []*dsl.Program) (plans []*dsl.Program, ok bool) {
	op := &draft{}
	op.Out = op.disguised(n, op.payload())
	streams, err := t.split(t.src[n.Lead:], &op.Program)
	if err != nil {
		return nil, false
	}
	in := t.inner(t.effort, streams[0], t.coder, 100)
	var inner []*dsl.Program
	if n.Node.Op == dsl.Converted {
		if m, found := disguise.Find(in.src); found && m.Node.Op != dsl.Converted { // they stand for integers, too
			inner, _ = in.behind(m, find)
		} else if !t.conversionPays(t.src[n.Lead:], streams[0]) {
			return nil, false
		}
	}
	if len(inner) == 0 {
		inner = find(in)
	}
	for _, p := range inner {
		d := &draft{}
		lead := d.stream(n.Lead)
		plans = append(plans, d.concatenate(lead, d.disguised(n, d.embed(p))))
	}
	return plans, true
}

// conversionPays reports whether numbers of src take less converted, by simple plans for some of them:
// smooth ones that use all bits take up to 2.7 times as much converted.
func (t *trial) conversionPays(src, converted []byte) bool {
	n := min(len(src), len(converted))
	size := min(n, packetSample)
	from := (n - size) / 2 / excerptAlign * excerptAlign
	return t.simplePrice(converted[from:from+size]) < t.simplePrice(src[from:from+size])
}

// disguised adds the operation that puts the numbers of line i into the disguise n.
func (d *draft) disguised(n disguise.Disguise, i int) int {
	if n.Node.Op != dsl.Lookup {
		return d.add(n.Node, i)
	}
	w := int(n.Node.Nums[0])
	table := d.add(transpose(1, abs(w)), d.payload())
	table = d.add(predict(w, 0, 1, 1), d.add(node(dsl.Zigzag, w), table)) // it is in ascending order
	return d.add(node(dsl.Floats, w), d.add(n.Node, i, d.state(table, n.Table)))
}

// meshSteps is what telling and numbering the points of a mesh takes, a byte. It was measured as those of meter.go.
const meshSteps = 10

// meshPlan returns the plan for the facets of a mesh: points have numbers, new ones a plan of their own, and
// normals follow from points. nil if there is no mesh.
func (t *trial) meshPlan() *dsl.Program {
	t.meter.steps += disguiseSteps
	lead, normals, ok := disguise.Facets(t.src)
	if !ok {
		return nil
	}
	t.meter.steps += meshSteps * int64(len(t.src))
	body := t.src[lead:]
	count := len(body) / disguise.FacetBytes
	const pointsEnd = 4 * disguise.PointBytes // in a facet
	split := &draft{}
	if split.Out = split.payload(); normals {
		split.Out = split.add(dsl.Node{Op: dsl.Normals}, split.Out)
	}
	streams, err := t.split(body, &split.Program)
	if err != nil {
		return nil
	}
	var first, points, last []byte
	for facet := range slices.Chunk(streams[0][:count*disguise.FacetBytes], disguise.FacetBytes) {
		first = append(first, facet[:disguise.PointBytes]...)
		points = append(points, facet[disguise.PointBytes:pointsEnd]...)
		last = append(last, facet[pointsEnd:]...)
	}
	different, width := disguise.Groups(points, disguise.PointBytes)
	op := &draft{}
	news := op.add(dsl.Node{Op: dsl.Distinct, Nums: [3]int32{disguise.PointBytes, int32(width)}}, op.payload(), op.state(op.payload(), different*disguise.PointBytes))
	op.Out = news
	lists, err := t.split(points, &op.Program)
	if err != nil {
		return nil
	}
	d := &draft{}
	head := d.stream(lead)
	numbers := d.embed(t.ofNumbers(lists[0], width, 3))
	groups := d.state(d.embed(t.ofPoints(lists[1])), len(lists[1]))
	all := d.join(
		d.state(d.embed(t.ofNumbers(first, 4, 3)), len(first)),
		d.state(d.add(op.Nodes[news], numbers, groups), len(points)),
		d.payload(),
	)
	n := dsl.Node{Op: dsl.Fields, List: []int32{disguise.PointBytes, pointsEnd - disguise.PointBytes, disguise.FacetBytes - pointsEnd}}
	if all = d.add(n, all); normals {
		all = d.add(dsl.Node{Op: dsl.Normals}, all)
	}
	return d.concatenate(head, all)
}

// ofNumbers returns the plan for numbers of w bytes, in rows of n, by which b takes least.
func (t *trial) ofNumbers(b []byte, w, n int) *dsl.Program {
	in := t.inner(t.effort, b, t.coder, 100)
	var plans []*dsl.Program
	for _, r := range []recipe{{ops: []dsl.Node{transpose(1, w)}}, {ops: []dsl.Node{transpose(1, w*n)}}} {
		plans = append(plans, r.plan(len(b)))
	}
	return in.least(plans)
}

// ofPoints returns the plan for points by which b takes least.
func (t *trial) ofPoints(b []byte) *dsl.Program {
	if len(b) < minPlanned {
		return dsl.Identity()
	}
	in := t.inner(t.effort, b, t.coder, 100)
	plans, ok := in.undisguised(func(in *trial) []*dsl.Program { return in.alikePlans(nil) })
	if !ok {
		plans = in.alikePlans(nil)
	}
	return in.least(plans)
}

// packetPlans returns the plan of packets of one size whose payloads, joined, have a plan of their own;
// none if the segment has no such packets.
func (t *trial) packetPlans() []*dsl.Program {
	if isText(t.src) {
		return nil
	}
	p, steps, ok := packet.Find(t.src)
	t.meter.steps += steps
	if !ok {
		return nil
	}
	sample := fixedRecords(t.src[p.Lead:], p.Size)
	head, tail := t.packetFields(&sample, 0, p.From), t.packetFields(&sample, p.To, p.Size)
	fields := append(append(head, field{width: p.To - p.From, predictor: plan.FieldText}), tail...)
	n := dsl.Node{Op: dsl.Columns, List: numbersOf(fields)}
	d := &draft{}
	d.Out = d.add(n, d.payload())
	streams, err := t.split(t.src[p.Lead:], &d.Program)
	if err != nil {
		return nil
	}
	count := (len(t.src) - p.Lead) / p.Size
	heads, payload := count*p.From, count*(p.To-p.From)
	joined := streams[0][heads : heads+payload]
	beside := slices.Concat(streams[0][:heads], streams[0][heads+payload:])
	if !t.isHidden(joined) && !t.packetsPay(p, joined, estimate(beside)) {
		return nil
	}
	own, _ := t.ownPlan(joined, 100)
	if len(own.Nodes) == 1 {
		return nil
	}
	d = &draft{}
	lead, first := d.stream(p.Lead), d.stream(heads)
	body := d.state(d.embed(own), payload)
	columns := d.join(first, body, d.stream(len(beside)-heads))
	return []*dsl.Program{d.concatenate(lead, d.add(n, columns))}
}

// packetsPay reports whether some packets p take less by simple plans than as they are. Their payloads are
// joined, and what is beside takes so many bytes in all of them.
func (t *trial) packetsPay(p packet.Packets, joined []byte, beside int) bool {
	size := p.To - p.From // of a payload
	count := len(joined) / size
	few := min(count, max(packetSample/p.Size, 1))
	from := (count - few) / 2
	apart := t.simplePrice(joined[from*size:(from+few)*size]) + int64(beside)*int64(few)/int64(count)
	whole := t.simplePrice(t.src[p.Lead+from*p.Size : p.Lead+(from+few)*p.Size])
	return saves(apart, whole, packetSaving)
}

const (
	// packetSample is how many bytes of packets are priced as such and as they are. Arbitrary.
	packetSample = 32 << 10

	// packetSaving is what packets must save by simple plans, one part in so many. At minSaving f3.sgy is
	// 0.3 % longer: its traces have headers, and take the steps of better plans.
	packetSaving = 24
)

// isHidden reports whether b is machine code or numbers in disguise, whose plans no simple price foretells.
func (t *trial) isHidden(b []byte) bool {
	t.meter.steps += code.Steps(len(b)) + disguiseSteps
	_, ok := disguise.Find(b)
	return ok || code.Survey(b).Architecture != 0
}

// simplePrice estimates what b takes by the best of some simple plans.
func (t *trial) simplePrice(b []byte) int64 {
	all := &sample{excerpts: []excerpt{{0, b}}, coder: roughly}
	least := t.price(recipe{}, all)
	if ev := newTrial(sectionEffort, b, roughly, t.meter).evidence(); ev != nil {
		for _, r := range simple(ev) {
			least = min(least, t.price(r, all))
		}
	}
	return least
}

// packetFields returns the fields of bytes from to to of the packets r.
func (t *trial) packetFields(r *recordSample, from, to int) []field {
	if from == to {
		return nil
	}
	fields, _ := fieldsOf(t.costs(r, from, to, to), from, to)
	return t.refined(r, fields, from)
}
