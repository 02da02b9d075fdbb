package disguise

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/ktzip/ktzip/dsl"
)

// TestFind looks for the disguise of numbers that swing.
func TestFind(t *testing.T) {
	for _, c := range []struct {
		name string
		form func(i float64) uint32
		want dsl.Node
	}{
		{"integers", func(i float64) uint32 { return math.Float32bits(float32(i)) }, dsl.Node{Op: dsl.Scaled, Nums: [3]int32{4, 1, 1}}},
		{"decimals", func(i float64) uint32 { return math.Float32bits(float32(i / 100)) }, dsl.Node{Op: dsl.Scaled, Nums: [3]int32{4, 1, 100}}},
		{"fixed point", func(i float64) uint32 { return math.Float32bits(float32(i / 4096)) }, dsl.Node{Op: dsl.Scaled, Nums: [3]int32{4, 1, 4096}}},
		{"a gain", func(i float64) uint32 { return math.Float32bits(float32(i * 7 / 33)) }, dsl.Node{Op: dsl.Scaled, Nums: [3]int32{4, 7, 33}}},
		{"multiples", func(i float64) uint32 { return uint32(int32(i)*48 + 5) }, dsl.Node{Op: dsl.Multiples, Nums: [3]int32{4, -48, 5}}},
		{"few values", func(i float64) uint32 { return math.Float32bits(float32(math.Sinh(math.Round(i/50) / 20))) }, dsl.Node{Op: dsl.Lookup, Nums: [3]int32{4, 1}}},
		{"noise", func(i float64) uint32 { return uint32(int32(i)) * 0x9E3779B1 }, dsl.Node{}},
	} {
		var b []byte
		for i := range 20_000 {
			b = binary.LittleEndian.AppendUint32(b, c.form(math.Round(3000*math.Sin(float64(i)/50))))
		}
		d, ok := Find(b)
		if ok != (c.want.Op != 0) || d.Node.Op != c.want.Op || d.Node.Nums != c.want.Nums {
			t.Errorf("%s: %v %v, %t", c.name, d.Node.Op, d.Node.Nums, ok)
		}
		for n := range 40 { // short segments
			Find(b[:n])
		}
	}
}
