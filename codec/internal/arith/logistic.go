package arith

import (
	"math/bits"
	"sync"
)

// Probabilities have 16 bits. A logit, Ln(p/(1-p)), has LogitBits of fraction: there mixing is
// a weighted sum (as in paq, M. Mahoney, "Adaptive Weighing of Context Models for Lossless Data
// Compression", 2005). The tables between the two are made in whole numbers, so that every
// machine has the same.
const (
	LogitBits = 8
	MaxLogit  = 2815 // that of 1 - 1/65536
	stretches = 4096 // entries of stretchTable
	// Twice what counters add to n: with 3 instead of 7, small images took 0.5 to 0.7 % more.
	counterDoubt = 7
)

var (
	squashTable  [2*MaxLogit + 1]uint16
	stretchTable [stretches]int16
	// reciprocals[n] is 65536/(n+3.5).
	reciprocals [counterLimit + 1]uint32
)

// MakeTables makes the tables above, in 0.1 ms. Whatever computes with probabilities needs it first.
var MakeTables = sync.OnceFunc(func() {
	const step = 4593706758521714574 // e^(-1/256), 62 bits of fraction
	power := uint64(1) << 62         // e^(-i/256)
	for i := range MaxLogit + 1 {
		p := uint64(1<<62) / (1<<46 + power>>16)
		squashTable[MaxLogit+i] = uint16(min(p, 65535))
		squashTable[MaxLogit-i] = uint16(max(65536-p, 1))
		high, low := bits.Mul64(power, step)
		power = high<<2 | low>>62
	}
	for i := range stretchTable {
		p := uint64(2*i + 1)
		stretchTable[i] = int16((Ln(p) - Ln(2*stretches-p)) >> (lnBits - LogitBits))
	}
	for n := range reciprocals {
		reciprocals[n] = 1 << 17 / uint32(2*n+counterDoubt)
	}
})

const (
	lnBits = 12   // of fraction of Ln
	Ln2    = 2839 // Ln(2)
)

// Ln returns the natural logarithm of x > 0, lnBits of fraction: the bits of the binary one by squaring.
func Ln(x uint64) int32 {
	n := bits.Len64(x)
	mantissa, log := x<<uint(64-n)>>32, int64(n-1) // 1 <= mantissa/2^31 < 2
	for range 24 {
		mantissa, log = mantissa*mantissa>>31, log<<1
		if mantissa >= 1<<32 {
			mantissa, log = mantissa>>1, log|1
		}
	}
	return int32(log * Ln2 >> 24)
}

// Squash returns the probability of a logit within ±MaxLogit.
func Squash(logit int32) uint32 { return uint32(squashTable[logit+MaxLogit]) }

// Squashes returns the table of Squash, from -MaxLogit on: whoever has it must not change it.
func Squashes() *[2*MaxLogit + 1]uint16 { return &squashTable }

// Stretch returns the logit of a probability.
func Stretch(p uint32) int32 { return int32(stretchTable[p>>4]) }

// ClampLogit returns the logit nearest to x that Squash takes.
func ClampLogit(x int64) int32 { return int32(min(max(x, -MaxLogit), MaxLogit)) }

// Reciprocal returns 65536/(n+3.5), n <= 255: how far a probability goes that was used n times.
func Reciprocal(n uint32) int64 { return int64(reciprocals[n]) }
