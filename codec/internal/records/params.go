package records

import (
	"fmt"
	"math/bits"

	"github.com/ktzip/ktzip/codec/internal/arith"
)

// Params say how bytes are predicted and coded, most of all those of records: the text of a
// predictor.
type Params struct {
	Frame Frame

	// Contexts is a mask of rows, and Experts one of experts, each of which adds probabilities
	// to every decision. At least one is needed.
	Contexts, Experts uint

	Log   int // binary logarithm of the bytes of what contexts remember: 16 to 25
	Match int // bytes that were the same before a byte is foretold: 2 to 32; 0: none is
}

// A Frame says where records begin, and which are of one kind. The zero Frame says that there
// are none.
//
// If Length is 0 and Head is not, heads tell how long records are. At byte At of the head stands
// a number of so many bytes, least significant first, or last if Element is negative. If Element
// is VarintElement, it has 7 bits per byte, the least significant first, the top bit being set in
// the first of two bytes; then the number of its bytes is added. The length is Unit times that
// number, and Plus, rounded up to a multiple of Align. If Element is 0, the byte at At is a type,
// and the length that of the last of Types that says so.
type Frame struct {
	First  int // bytes before the first record
	Length int // bytes of each record

	Head    int // bytes of a head
	At      int
	Element int
	Unit    int
	Plus    int
	Align   int
	Keys    []int // which bytes of a head tell the kind
	Types   []Type
}

// A Type is the length of records of this type with their head, from a record on.
type Type struct{ Byte, Length, From int }

// VarintElement is the Element of a number of one or two bytes.
const VarintElement = 16

// Limits of parameters.
const (
	leastLog   = 16
	maxLog     = 25
	leastMatch = 2
	maxMatch   = 32
	maxFirst   = 1 << 30
	maxRecord  = 1 << 21
	maxHead    = 64
	maxKeys    = 64
	maxTypes   = 320
	maxUnit    = 1 << 16
)

// Check returns an error that wraps arith.ErrParameters if a parameter is beyond its limits.
func (p *Params) Check() error {
	switch {
	case p.Contexts >= 1<<len(rows) || p.Experts >= 1<<experts || p.Contexts|p.Experts == 0:
		return fmt.Errorf("%w: contexts %#x and experts %#x", arith.ErrParameters, p.Contexts, p.Experts)
	case p.Log < leastLog || p.Log > maxLog:
		return fmt.Errorf("%w: 2^%d bytes of contexts", arith.ErrParameters, p.Log)
	case p.Match != 0 && (p.Match < leastMatch || p.Match > maxMatch):
		return fmt.Errorf("%w: matches of %d bytes", arith.ErrParameters, p.Match)
	}
	return p.Frame.check()
}

// check returns an error that wraps arith.ErrParameters if the frame is not valid.
func (f *Frame) check() error {
	size := max(f.Element, -f.Element, 1)
	if f.Element == VarintElement {
		size = 2
	}
	switch {
	case f.Length == 0 && f.Head == 0 && f.First != 0:
		return fmt.Errorf("%w: no records from %d on", arith.ErrParameters, f.First)
	case f.First < 0 || f.First > maxFirst || f.Length < 0 || f.Length > maxRecord:
		return fmt.Errorf("%w: records of %d bytes from %d on", arith.ErrParameters, f.Length, f.First)
	case f.Head == 0 || f.Length != 0:
		if f.Head|f.At|f.Element|f.Unit|f.Plus|f.Align|len(f.Keys)|len(f.Types) != 0 {
			return fmt.Errorf("%w: heads without lengths", arith.ErrParameters)
		}
		return nil
	case f.Head < 0 || f.Head > maxHead || size > 4 && f.Element != VarintElement || f.At < 0 || f.At+size > f.Head:
		return fmt.Errorf("%w: a number of %d bytes at %d of %d", arith.ErrParameters, f.Element, f.At, f.Head)
	case f.Unit < 1 || f.Unit > maxUnit || f.Align < 1 || f.Align > maxUnit || f.Plus < -maxUnit || f.Plus > maxUnit:
		return fmt.Errorf("%w: lengths of %d, %d more, in %d", arith.ErrParameters, f.Unit, f.Plus, f.Align)
	case len(f.Keys) > maxKeys || len(f.Types) > maxTypes || (len(f.Types) > 0) != (f.Element == 0):
		return fmt.Errorf("%w: %d keys, %d types", arith.ErrParameters, len(f.Keys), len(f.Types))
	}
	for _, k := range f.Keys {
		if k < 0 || k >= f.Head {
			return fmt.Errorf("%w: key %d of %d bytes", arith.ErrParameters, k, f.Head)
		}
	}
	from := 0
	for _, t := range f.Types {
		if t.From < from {
			return fmt.Errorf("%w: types of record %d after those of %d", arith.ErrParameters, t.From, from)
		}
		from = t.From
		if t.Byte < 0 || t.Byte > 255 || t.Length < f.Head || t.Length > maxRecord {
			return fmt.Errorf("%w: type %d of %d bytes", arith.ErrParameters, t.Byte, t.Length)
		}
	}
	return nil
}

// counts returns how many contexts, experts and inputs of a final there are.
func (p *Params) counts() (contexts, experts, inputs int) {
	contexts, experts = bits.OnesCount(p.Contexts), bits.OnesCount(p.Experts)
	return contexts, experts, rounded(slotInputs*contexts + experts + otherInputs)
}

// rounded returns n or the next multiple of arith.VectorInputs.
func rounded(n int) int { return (n + arith.VectorInputs - 1) &^ (arith.VectorInputs - 1) }

// Memory returns how many bytes of arrays coding takes, less than 2^26. Parameters must be within
// their limits.
func (p *Params) Memory() int64 {
	contexts, experts, inputs := p.counts()
	n := int64(bucketSize*4+2) << (p.Log - bucketLog)
	n += int64(contexts) * historyClasses * 4
	n += int64(experts) * expertClasses * 4
	for _, sets := range finalSets {
		n += int64(sets) * int64(inputs) * 4
	}
	n += int64(finalSets[columnSet])*4*4 + finalCurves*arith.CurvePoints*2*2
	n += columns*(columnSize+linkSize) + keptKinds*lastKept*4 + followed
	if p.Match > 0 {
		n += matchPlaces * 4
	}
	return n
}

// What a byte takes of the reference processor, in picoseconds (see package mix), fitted to flight
// logs and to four texts over records of numbers that wander (November 2026), within 30 %. What is
// foretold takes less: a spreadsheet half as much.
const (
	bytePs       = 170_000
	rowPs        = 40_000 // of a context of a byte
	decisionPs   = 95_000
	slotPs       = 11_000            // of a context of a decision
	expertPs     = 9_000             // of an expert of a decision
	framedByte   = 5                 // decisions of a byte of records
	picoseconds  = 1_000_000_000_000 // of a second
	unframedByte = 12                // of another byte: nine, which wait longer for memory
)

// Rate returns about how many bytes a second the reference processor codes and decodes with these
// parameters. Parameters must be within their limits.
func (p *Params) Rate() int64 {
	contexts, experts, _ := p.counts()
	c, e, decisions := int64(contexts), int64(experts), int64(framedByte)
	if p.Frame.Length == 0 && p.Frame.Head == 0 {
		decisions = unframedByte
	}
	return picoseconds / (bytePs + c*rowPs + decisions*(decisionPs+c*slotPs+e*expertPs))
}
