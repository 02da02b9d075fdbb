package mix

import (
	"fmt"
	"math/bits"

	"github.com/ktzip/ktzip/codec/internal/arith"
)

// Limits of parameters. They bound memory and the time per sample; see doc.go.
const (
	maxChannels = 256
	maxRow      = 1 << 17 // samples

	leastPrecision = 8
	maxPrecision   = 24 // as many as a float32 has

	maxOwn     = 32
	maxOther   = 8
	maxRings   = 4
	maxInputs  = 48
	roomInputs = 2 * maxInputs // that lists of valid parameters need, and more
	leastFade  = 2
	maxFade    = 12
	maxEvery   = 256
	maxWindow  = 1 << 18 // frames, Every << Fade: sums of squares of 20 bits stay below 2^59
	maxSolving = 4096    // multiplications per sample to solve
	maxFilters = 3
	maxTaps    = 1024
	leastShift = 4
	maxShift   = 15
	maxMemory  = 64 << 20 // bytes
)

// fast reports whether the coder is that of pairs, without mixing.
func (p *Samples) fast() bool { return p.Contexts|p.Values == 0 }

// Check returns an error that wraps arith.ErrParameters if a parameter is beyond its limits.
func (p *Samples) Check() error {
	switch o := p.OLS; {
	case !p.isKind():
		return fmt.Errorf("%w: kind %d of %d bytes, packing %d", arith.ErrParameters, p.Kind, p.Width, p.Packing)
	case p.isFloat() != (p.Precision != 0) || p.isFloat() && (p.Precision < leastPrecision || p.Precision > maxPrecision):
		return fmt.Errorf("%w: levels of %d bits of kind %d", arith.ErrParameters, p.Precision, p.Kind)
	case p.Channels < 1 || p.Channels > maxChannels:
		return fmt.Errorf("%w: %d channels, want 1 to %d", arith.ErrParameters, p.Channels, maxChannels)
	case p.Row != 0 && (p.Row < 2*p.Channels || p.Row > maxRow || p.Row%p.Channels != 0):
		return fmt.Errorf("%w: rows of %d samples of %d channels", arith.ErrParameters, p.Row, p.Channels)
	case o.Own < 0 || o.Own > maxOwn || o.Other < 0 || o.Other > maxOther || o.Rings < 0 || o.Rings > maxRings || o.Rings > 0 && p.Row == 0:
		return fmt.Errorf("%w: least squares over %d, %d and %d", arith.ErrParameters, o.Own, o.Other, o.Rings)
	case p.Contexts >= 1<<contexts || p.Values >= 1<<values:
		return fmt.Errorf("%w: contexts %#x and %#x", arith.ErrParameters, p.Contexts, p.Values)
	case p.Decisions < 1 || p.Decisions > MaxDecisions:
		return fmt.Errorf("%w: %d decisions, want 1 to %d", arith.ErrParameters, p.Decisions, MaxDecisions)
	case len(p.NLMS) > maxFilters:
		return fmt.Errorf("%w: %d filters, want at most %d", arith.ErrParameters, len(p.NLMS), maxFilters)
	}
	for _, f := range p.NLMS {
		if f.Taps < tapVector || f.Taps > maxTaps || f.Taps%tapVector != 0 || f.Shift < leastShift || f.Shift > maxShift {
			return fmt.Errorf("%w: a filter of %d taps, shift %d", arith.ErrParameters, f.Taps, f.Shift)
		}
	}
	if err := p.checkOLS(); err != nil {
		return err
	}
	if n := p.Memory(); n > maxMemory {
		return fmt.Errorf("%w: %d bytes of memory, want at most %d", arith.ErrParameters, n, maxMemory)
	}
	return nil
}

// isKind reports whether there are samples of this kind, width and packing.
func (p *Samples) isKind() bool {
	switch {
	case p.Packing != Unpacked:
		return (p.Packing == PackedRun || p.Packing == Packed212 && !p.BigEndian) && p.Kind <= Unsigned && p.Kind >= Signed && p.Width == 0
	case p.Kind == Float:
		return p.Width == 2 || p.Width == 4 || p.Width == 8
	case p.Kind == FloatIBM:
		return p.Width == 4
	}
	return (p.Kind == Signed || p.Kind == Unsigned) && p.Width >= 1 && p.Width <= 4
}

// checkOLS checks what least squares take. Its distances must be within their limits.
func (p *Samples) checkOLS() error {
	o := p.OLS
	if o.Every == 0 {
		if o != (OLS{}) {
			return fmt.Errorf("%w: least squares that are never solved", arith.ErrParameters)
		}
		return nil
	}
	n := len(p.distances(new([roomInputs]int32)[:0]))
	switch {
	case n < 1 || n > maxInputs:
		return fmt.Errorf("%w: least squares of %d inputs, want 1 to %d", arith.ErrParameters, n, maxInputs)
	case o.Fade < leastFade || o.Fade > maxFade || o.Every < 1 || o.Every > maxEvery || o.Every<<o.Fade > maxWindow:
		return fmt.Errorf("%w: a window of %d<<%d", arith.ErrParameters, o.Every, o.Fade)
	case n*n*n/6 > maxSolving*o.Every:
		return fmt.Errorf("%w: %d inputs, solved each %d frames", arith.ErrParameters, n, o.Every)
	}
	return nil
}

// reach returns how many samples before one are looked at.
func (p *Samples) reach() int {
	reach := 2*p.Channels + 1
	if p.Row > 0 {
		reach = max(reach, p.Row+p.Channels)
	}
	if p.OLS.Every > 0 {
		for _, d := range p.distances(new([roomInputs]int32)[:0]) {
			reach = max(reach, int(d))
		}
	}
	return reach
}

// chunk returns how many samples are coded at a time: as many as are within reach, so that
// moving these costs little.
func (p *Samples) chunk() int { return max(leastChunk, (p.reach()+1)&^1) }

// Memory returns how many bytes a Machine takes that codes members with these parameters, of
// which it takes no more for longer ones. Parameters must be within their limits.
func (p *Samples) Memory() int64 {
	size := int64(p.reach()+p.chunk())*(4+4+8+1) + int64(p.chunk())*8
	channel := int64(channelBytes)
	if p.OLS.Every > 0 {
		n := len(p.distances(new([roomInputs]int32)[:0]))
		stride := (n + vectorInts) &^ (vectorInts - 1)
		channel += int64(n*(4+8) + p.OLS.Every*stride*4 + stride*stride*(8+4) + stride*(8+4))
	}
	for _, f := range p.NLMS {
		channel += int64(filterBytes + f.Taps*4 + (f.Taps+1+pastSamples)*4)
	}
	if p.isFloat() {
		channel += 4 << p.exponentBits()
	}
	size += int64(p.Channels) * channel
	if p.fast() {
		return size + scaleClasses*lastClasses*nodes*4
	}
	n, v := bits.OnesCount(p.Contexts), bits.OnesCount(p.Values)
	size += int64(n) * contextClasses * nodes * 4
	size += int64(n+v+1) * (nodes + scaleClasses*setNodes) * 4
	size += lastClasses * nodes * arith.CurvePoints * 2
	if v > 0 {
		size += 4 << (mostHashed + ceilLog2(v))
	}
	return size
}

// Bytes of the structures of a channel and of a filter, at most.
const (
	channelBytes = 1024
	filterBytes  = 128
)
