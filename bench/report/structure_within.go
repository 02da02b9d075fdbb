package main

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/ktzip/ktzip/bench"
	"github.com/ktzip/ktzip/bench/internal/near"
	"github.com/ktzip/ktzip/search/programs"
)

// plantedErrors are how many errors the table plants.
var plantedErrors = []int{0, 1, 2, 4, 8}

// plantedTake is how many drawn sequences each row has: as many as tell 0.80 from 0.88.
const plantedTake = 200

// planted measures how good the search is: how often it finds the programs of drawn
// sequences with errors, at the price of the program without them and the errors.
func planted(l *lab) error {
	t := newTable("errors planted", "sequences", "found at the planted price, %", "at most 5 % above, %", "by the exact search alone, %",
		"rate, planted", "rate, found", "rate, exact search alone")
	f, take := near.New(), l.fewer(plantedTake)
	exact := programs.New(&programs.Config{Prior: programs.Uniform})
	for _, k := range plantedErrors {
		var at, close, alone int
		var price, bits, exactBits, all float64
		for _, p := range near.Plant(structureSeed, take, k) {
			clean, _ := exact.Best(p.Clean, near.SearchSteps)
			want := min(clean.UniformBits(), p.Bits) + near.ErrorBits(len(p.Block), k)
			found, err := f.Errors(p.Block)
			if err != nil {
				return err
			}
			got, without := near.AtMost(found, k).Total(), near.AtMost(found, 0).Total()
			for _, c := range []struct {
				n    *int
				bits float64
				most float64
			}{{&at, got, want}, {&close, got, 1.05 * want}, {&alone, without, 1.05 * want}} {
				if c.bits < c.most+1e-6 {
					*c.n++
				}
			}
			price, bits, exactBits, all = price+want, bits+got, exactBits+without, all+float64(8*len(p.Block))
		}
		t.add(k, take, inPercent(at, take), inPercent(close, take), inPercent(alone, take),
			fmt.Sprintf("%.3f", price/all), fmt.Sprintf("%.3f", bits/all), fmt.Sprintf("%.3f", exactBits/all))
	}
	return l.publish(t, "structure-planted", kolmogorovPage)
}

// distances are how far an element may be away, by table.
var distances = []int{0, 1, 2, 4}

const (
	withinTake    = 1000 // blocks of a file, evenly spread
	withinControl = 250
)

// within measures lossy programs of audio: each element is at most some distance away.
func within(l *lab, files []bench.File) error {
	head := []string{"data", "blocks"}
	for _, d := range distances {
		head = append(head, fmt.Sprintf("±%d: ≤ 1/2 of raw, %%", d), "≤ 1/4, %", "rate", "rate, deflate")
	}
	t := newTable(head...)
	for _, f := range files {
		if f.Name != "audio_8bit" && f.Name != "audio_mfcc" {
			continue
		}
		// Their bytes are signed. Plus 128, small steps across 0 stay small.
		blocks := evenly(plus(f.Data, 128), l.fewer(withinTake))
		if err := addWithin(t, f.Name, blocks); err != nil {
			return err
		}
		if err := addWithin(t, f.Name+", shuffled", shuffled(evenly(plus(f.Data, 128), l.fewer(withinControl)))); err != nil {
			return err
		}
	}
	return l.publish(t, "structure-within", kolmogorovPage)
}

// plus returns data with c added to each byte, modulo 256.
func plus(data []byte, c byte) []byte {
	data = bytes.Clone(data)
	for i := range data {
		data[i] += c
	}
	return data
}

func addWithin(t *table, name string, blocks [][]byte) error {
	f := near.New()
	row := []any{name, len(blocks)}
	for _, d := range distances {
		var half, quarter int
		var bits, deflated float64
		for _, block := range blocks {
			m, err := f.Within(block, d)
			if err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			total := min(m.Bits, rawBits)
			if total <= rawBits/2 {
				half++
			}
			if total <= rawBits/4 {
				quarter++
			}
			q, err := deflateBits(quantized(block, d))
			if err != nil {
				return err
			}
			bits, deflated = bits+total, deflated+min(q, rawBits)
		}
		all := float64(len(blocks) * rawBits)
		row = append(row, inPercent(half, len(blocks)), inPercent(quarter, len(blocks)), fmt.Sprintf("%.3f", bits/all), fmt.Sprintf("%.3f", deflated/all))
	}
	t.add(row...)
	return nil
}

// quantized returns the multiples of 2d+1 that the elements are within d of.
func quantized(block []byte, d int) []byte {
	block = bytes.Clone(block)
	for i, v := range block {
		block[i] = byte((int(v) + d) / (2*d + 1))
	}
	return block
}

// structureSaid says in words what structure the plans of the files state (ktzip --explain,
// 2026-11-28).
var structureSaid = map[string]string{
	"audio_16bit": "differences of 16-bit numbers, predicted from the 8 and the 16 before; low bytes apart from high ones",
	"audio_8bit":  "differences of bytes, predicted from the 16 before",
	"audio_mfcc":  "differences of bytes, predicted from the 8 before",
	"dna":         "copies of what came before, at any distance; new letters take 2 bits",
	"synthetic":   "no plan: programs of blocks",
	"text":        "copies of what came before, at any distance",
}

// structurePlans says what plans find in the files.
func structurePlans(l *lab, files []bench.File) error {
	t := newTable("file", "gzip -9", "ktzip -9", "less, %", "blocks by programs, %", "operations of the first segment's plan", "in words")
	for _, f := range files {
		f.Data = f.Data[:l.fewer(len(f.Data))]
		c, err := bench.Compare(f.Data, 9)
		if err != nil {
			return err
		}
		file, err := bench.Compress(bench.Config(9, 2), f.Data)
		if err != nil {
			return err
		}
		operations, err := planOperations(file)
		segments, err2 := bench.Segments(file)
		if err := errors.Join(err, err2); err != nil {
			return err
		}
		blocks, made := 0, 0
		for _, s := range segments {
			blocks, made = blocks+s.Blocks, made+s.ProgramBlocks
		}
		t.add(f.Name, c.Gzip, len(file), fmt.Sprintf("%.1f", 100*(1-float64(len(file))/float64(c.Gzip))), inPercent(made, blocks),
			operations, structureSaid[f.Name])
	}
	return l.publish(t, "structure-plans", kolmogorovPage)
}
