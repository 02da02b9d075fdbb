package mix

// A Kind says how bytes stand for numbers.
type Kind int

// The kinds of samples.
const (
	Signed   Kind = iota // two's complement
	Unsigned             // of 1 to 4 bytes
	Float                // IEEE 754, of 2, 4 or 8 bytes
	FloatIBM             // base 16, of 4 bytes, as in SEG-Y
)

// A Packing says how two numbers of 12 bits stand in 3 bytes.
type Packing int

// The packings of samples.
const (
	Unpacked  Packing = iota
	PackedRun         // bits in a row, as in TIFF if big endian, as in GenICam's Mono12p if not
	Packed212         // as in WFDB's format 212: the high bits of both share the middle byte
)

// Samples says how bytes are sampled numbers, and how they are predicted and coded: the text
// of a predictor.
type Samples struct {
	Width     int     // bytes of a sample: 1 to 4
	Packing   Packing // of 12 bits instead: Width is 0
	BigEndian bool    // the first byte is the most significant
	Kind      Kind
	Channels  int // that take turns, at least 1
	Row       int // samples of an image's row, all channels together; 0: no image
	Precision int // bits of the levels of floating point numbers, 8 to 24; else 0

	OLS  OLS    // Every 0: none
	NLMS []NLMS // a cascade of at most maxFilters on what OLS leaves

	// Contexts and Values are masks of contexts, Context… and Value…, each of which adds a
	// probability to every decision. Both 0: pairs of counters without mixing, the fast coder.
	Contexts, Values uint

	// Decisions is how many quarters of a decision a sample may take on average, 1 to
	// MaxDecisions: a bound of the time, on which Rate depends. Machine.Decisions says what a
	// member takes. Its bytes don't depend on it.
	Decisions int
}

// MaxDecisions is as many quarters of a decision per sample as any member may take: 20. Noise
// takes less than 8 decisions, since its low bits are none.
const MaxDecisions = 4 * 20

// OLS says how samples are predicted by least squares, solved again and again over a window
// that fades.
type OLS struct {
	Own   int // samples before of the same channel
	Other int // samples of each other channel, the first in the same frame or in the one before
	Rings int // of an image: rows above, in a half disc
	Fade  int // sums lose 2^-Fade when solved: the window is Every << Fade frames
	Every int // frames from one solution to the next
}

// NLMS says how what is left is predicted by a normalised least mean squares filter, which
// learns from each sample.
type NLMS struct {
	Taps  int // samples before
	Shift int // it moves by 2^-Shift of what would have been right
}

// Contexts of decisions: bits of Samples.Contexts.
const (
	ContextScale    = 1 << iota // how wrong predictions were of late
	ContextLast                 // how the last three were wrong
	ContextFraction             // scale, and the fraction of the prediction
	ContextTrend                // whether scales grow, and the channel
	ContextNear                 // how neighbours in the image, or other channels, were wrong
	ContextStages               // how far the cascade moves what OLS says
	contexts        = iota
)

// Contexts of values: bits of Samples.Values. Each is a table of the values themselves,
// relative to a number.
const (
	ValueItself   = 1 << iota // the value
	ValueLast                 // relative to the last one, by the difference before
	ValueWrong                // relative to the prediction, by the last error
	ValueGuess                // relative to the prediction, by the prediction
	ValuePlane                // relative to the last one, by the differences of two neighbours
	ValueFirst                // relative to the OLS prediction, by what the cascade adds
	ValueAbove                // relative to the row above or another channel, by the last difference
	ValueFraction             // relative to the prediction, by its fraction and the last value
	values        = iota
)

// bytesOf returns how many bytes count samples take, which is even if they are packed.
func (p *Samples) bytesOf(count int) int {
	if p.Packing != Unpacked {
		return count / 2 * 3
	}
	return count * p.Width
}

// bytesAt returns how many bytes begin within sample i.
func (p *Samples) bytesAt(i int) int {
	if p.Packing != Unpacked {
		return 1 + i&1
	}
	return p.Width
}

// countOf returns how many whole samples n bytes hold.
func (p *Samples) countOf(n int) int {
	if p.Packing != Unpacked {
		return n / 3 * 2
	}
	return n / p.Width
}

// bits returns how many bits a sample has.
func (p *Samples) bits() int {
	if p.Packing != Unpacked {
		return 12
	}
	return 8 * p.Width
}

// limits returns the least and the greatest number that a sample may be.
func (p *Samples) limits() (least, most int64) {
	if p.Kind == Unsigned {
		return 0, 1<<p.bits() - 1
	}
	return -1 << (p.bits() - 1), 1<<(p.bits()-1) - 1
}

// load sets list to the numbers that stand in b.
func (p *Samples) load(list []int64, b []byte) {
	if p.Packing != Unpacked {
		for i := 0; i < len(list); i, b = i+2, b[3:] {
			list[i], list[i+1] = p.unpack([3]byte(b))
		}
	} else {
		p.loadWhole(list, b)
	}
	unused := 64 - p.bits()
	for i, v := range list {
		if p.Kind != Unsigned {
			list[i] = v << unused >> unused
		}
	}
}

// loadWhole sets list to the numbers, without signs, of p.Width bytes each.
func (p *Samples) loadWhole(list []int64, b []byte) {
	for i := range list {
		e, v := b[i*p.Width:][:p.Width], int64(0)
		for k, x := range e {
			if p.BigEndian {
				v = v<<8 | int64(x)
			} else {
				v |= int64(x) << (8 * k)
			}
		}
		list[i] = v
	}
}

// store undoes load.
func (p *Samples) store(b []byte, list []int64) {
	if p.Packing != Unpacked {
		for i := 0; i < len(list); i, b = i+2, b[3:] {
			three := p.pack(list[i], list[i+1])
			copy(b, three[:])
		}
		return
	}
	for i, v := range list {
		e := b[i*p.Width:][:p.Width]
		for k := range e {
			if p.BigEndian {
				e[len(e)-1-k] = byte(v >> (8 * k))
			} else {
				e[k] = byte(v >> (8 * k))
			}
		}
	}
}

// isFloat reports whether samples are floating point numbers.
func (p *Samples) isFloat() bool { return p.Kind == Float || p.Kind == FloatIBM }

// unpack returns two numbers of 12 bits, without signs.
func (p *Samples) unpack(b [3]byte) (first, second int64) {
	x, y, z := int64(b[0]), int64(b[1]), int64(b[2])
	switch {
	case p.Packing == Packed212:
		return x | y&15<<8, z | y>>4<<8
	case p.BigEndian:
		return x<<4 | y>>4, y&15<<8 | z
	}
	return x | y&15<<8, z<<4 | y>>4
}

// pack undoes unpack.
func (p *Samples) pack(first, second int64) [3]byte {
	first, second = first&4095, second&4095
	switch {
	case p.Packing == Packed212:
		return [3]byte{byte(first), byte(first>>8 | second>>8<<4), byte(second)}
	case p.BigEndian:
		return [3]byte{byte(first >> 4), byte(first<<4 | second>>8), byte(second)}
	}
	return [3]byte{byte(first), byte(first>>8 | second<<4), byte(second >> 4)}
}
