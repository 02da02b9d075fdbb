package dsl

import "math"

// A Decoder reads a section: Plan, Groups unless the plan is the identity, then Raw and
// Next for the blocks, then Close. Use NewDecoder. It is not safe for concurrent use.
type Decoder struct {
	section
	r reader
	p Program
}

// NewDecoder returns a Decoder of the section b of the edition.
func NewDecoder(b []byte, edition Edition) *Decoder {
	d := new(Decoder)
	d.Reset(b, edition)
	return d
}

// Reset makes d read the section b of the edition from its start.
func (d *Decoder) Reset(b []byte, edition Edition) {
	d.reset(edition)
	d.r = reader{prior: &d.prior, touched: &d.touched, in: b}
	d.r.start()
	d.walk = walk{c: &d.r, edition: edition, src: &d.r, reading: true, p: &d.p, lists: d.walk.lists, near: d.walk.near}
}

// Plan reads the plan, once, before anything else. The program is valid until the next
// call. The error is ErrCorrupt or ErrLimit, and stays.
func (d *Decoder) Plan() (*Program, error) {
	return d.program(Plan, Budget{Steps: math.MaxInt64, Elements: MaxPlanList}, 0)
}

// Groups reads the groups of this many streams, at least one. The members have memberBytes
// bytes together, of which the last has what the others leave. The error is ErrCorrupt,
// and stays.
func (d *Decoder) Groups(streams, memberBytes int) ([]Group, error) {
	groups := []Group{{Streams: 1}}
	for range streams - 1 {
		if d.r.flat(0) == 1 {
			groups = append(groups, Group{})
		}
		groups[len(groups)-1].Streams++
		if !d.walk.ok() {
			return nil, d.walk.err
		}
	}
	for k := range groups {
		n := int64(memberBytes)
		if k < len(groups)-1 {
			n = d.walk.integer(atMember, 0)
		}
		if !d.walk.ok() {
			return nil, d.walk.err
		}
		if n < 0 || n > int64(memberBytes) {
			d.walk.fail(errMembers)
			return nil, d.walk.err
		}
		memberBytes -= int(n)
		groups[k].Member = int(n)
	}
	return groups, nil
}

// Predictors sets the predictors of groups: in files whose header states predictors. The error is
// ErrCorrupt or ErrLimit, and stays.
func (d *Decoder) Predictors(groups []Group) error {
	for k := range groups {
		if !d.walk.ok() {
			break
		}
		if d.r.bit(atCoder, 0) == 0 {
			continue
		}
		p, err := d.program(Predictor, Budget{Steps: math.MaxInt64, Elements: MaxPredictorList}, 0)
		if err != nil {
			return err
		}
		groups[k].Predictor = p.Clone() // the section is read further
	}
	d.walk.ok()
	return d.walk.err
}

// Raw skips the flags of the next blocks that are raw, at most n, and returns how many
// they are. If they are fewer than n, Next reads the next block's program or returns an
// error.
//
// Next takes twice the time for a flag, about 10 ns more (BenchmarkRaw, AMD EPYC, 2026-11):
// 0.7 ms for the 65,536 blocks of a segment of 8 MiB.
func (d *Decoder) Raw(n int) (raw int) {
	for raw < n && d.walk.ok() {
		most := n - raw
		if d.flags != 0 {
			most = 1 // the next flag is under another model
		}
		count := d.r.zeros(atFlags+int(d.flags), most)
		if count == 0 {
			break
		}
		raw += count
		d.addFlag(0)
	}
	return raw
}

// Next reads the next block's program, or returns nil if the block is raw. The program may
// refer to this many earlier lists (Machine.Earlier). Its literals have at most b.Elements
// elements together, and reading it takes at most b.Steps (Program.ReadSteps): a longer one
// is refused before it is read to its end. The program is valid until the next call. The
// error is ErrCorrupt or ErrLimit, and stays.
func (d *Decoder) Next(b Budget, earlier int) (*Program, error) {
	if !d.walk.ok() {
		return nil, d.walk.err
	}
	if d.flag(&d.r, 0) == 0 {
		if !d.walk.ok() {
			return nil, d.walk.err
		}
		return nil, nil
	}
	return d.program(Block, b, earlier)
}

// program reads a program.
func (d *Decoder) program(role Role, b Budget, earlier int) (*Program, error) {
	d.walk.role, d.walk.elements, d.walk.steps, d.walk.earlier = role, b.Elements, b.Steps, earlier
	d.walk.lists = d.walk.lists[:0]
	d.p.Nodes = d.p.Nodes[:0]
	d.walk.program()
	if !d.walk.ok() {
		return nil, d.walk.err
	}
	return &d.p, nil
}

// Close returns the error of the Decoder, or ErrCorrupt if bytes of the section are left.
func (d *Decoder) Close() error {
	if d.walk.ok() && d.r.pos < len(d.r.in) {
		d.walk.fail(errTrailing)
	}
	return d.walk.err
}
