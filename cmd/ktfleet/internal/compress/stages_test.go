package compress

import (
	"bytes"
	"context"
	"errors"
	"io"
	"testing"

	"github.com/ktzip/ktzip/bench"
	"github.com/ktzip/ktzip/codec"
)

// BenchmarkStages measures what the stages take of one core, at level 6: the figures of the model in README.md.
func BenchmarkStages(b *testing.B) {
	const size = 16 << 20 // bytes
	for _, kind := range bench.Inputs() {
		if kind.Name != "telemetry" && kind.Name != "jsonlog" {
			continue
		}
		src := kind.Data(size)
		c := &Config{Args: []string{"-6"}, Workers: 1}
		coding, err := c.coding()
		if err != nil {
			b.Fatal(err)
		}
		var parts []codec.Coded
		b.Run("cut/"+kind.Name, func(b *testing.B) {
			b.SetBytes(size)
			for b.Loop() {
				parts = cutAll(b, coding, src)
			}
		})
		b.Run("code/"+kind.Name, func(b *testing.B) {
			b.SetBytes(size)
			for b.Loop() {
				codeAll(b, coding, parts)
			}
		})
		b.Run("assemble/"+kind.Name, func(b *testing.B) {
			b.SetBytes(size)
			for b.Loop() {
				a, err := codec.NewAssembler(io.Discard, &coding.config)
				for i := range parts {
					err = errors.Join(err, a.Add(&parts[i]))
				}
				if err = errors.Join(err, a.Close()); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// cutAll returns the segments of src.
func cutAll(b *testing.B, by *coding, src []byte) (parts []codec.Coded) {
	cfg := by.config
	c, err := codec.NewCutter(bytes.NewReader(src), &cfg, codec.Place{})
	if err != nil {
		b.Fatal(err)
	}
	for {
		cut, segment, err := c.Next()
		if err == io.EOF {
			return parts
		}
		if err != nil {
			b.Fatal(err)
		}
		parts = append(parts, codec.Coded{Cut: cut, Source: bytes.Clone(segment)})
	}
}

// codeAll codes the segments.
func codeAll(b *testing.B, by *coding, parts []codec.Coded) {
	var lead codec.Finding
	for i := range parts {
		p := &parts[i]
		var err error
		p.Bytes, p.Found, err = by.coder(true).Code(context.Background(), p.Bytes[:0], p.Source, p.Cut, lead)
		if err != nil {
			b.Fatal(err)
		}
		if p.Leads {
			lead = p.Found
		}
	}
}
