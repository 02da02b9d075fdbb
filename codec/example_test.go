package codec_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/search/plans"
	"github.com/ktzip/ktzip/search/programs"
)

func Example() {
	ramp := make([]byte, 4096)
	for i := range ramp {
		ramp[i] = byte(3 * i)
	}

	var file bytes.Buffer
	w, err := codec.NewWriter(&file, &codec.WriterConfig{Finder: programs.New(nil)})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := w.Write(ramp); err != nil {
		log.Fatal(err)
	}
	if err := w.Close(); err != nil { // a file is whole only after Close
		log.Fatal(err)
	}

	r, err := codec.NewReader(&file, nil)
	if err != nil {
		log.Fatal(err)
	}
	restored, err := io.ReadAll(r)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(bytes.Equal(restored, ramp))
	// Output: true
}

// A plan that was found once serves other data of its kind, even messages that are too short
// for a search. Plans come from a file, by Inspect, or from text, by dsl.Parse. They are
// candidates: data that they don't suit is coded without.
func ExampleWriterConfig_plans() {
	samples := func(from, n int) (b []byte) { // of 16 bits, in two channels
		for i := from; i < from+n; i++ {
			b = append(b, byte(i*i), byte(i*i>>8), byte(7*i), byte(7*i>>8))
		}
		return b
	}
	compress := func(data []byte, cfg *codec.WriterConfig) []byte {
		var file bytes.Buffer
		w, err := codec.NewWriter(&file, cfg)
		if err != nil {
			log.Fatal(err)
		}
		w.Write(data)
		if err := w.Close(); err != nil {
			log.Fatal(err)
		}
		return file.Bytes()
	}

	file := compress(samples(0, 10_000), &codec.WriterConfig{Planner: plans.New(6)})
	var found []*dsl.Program
	err := codec.Inspect(bytes.NewReader(file), nil, false, func(s *codec.SegmentInfo) error {
		if s.Plan != nil {
			found = append(found, s.Plan)
		}
		return nil
	})
	if err != nil {
		log.Fatal(err)
	}

	message := samples(20_000, 200)
	without, with := compress(message, nil), compress(message, &codec.WriterConfig{Plans: found})
	fmt.Println(len(with) < len(without)/2)
	// Output: true
}

// The parts of a Writer write its file in three steps, for which other machines may serve: what the steps
// hand on is plain data.
func ExampleAssembler() {
	data := bytes.Repeat([]byte("a line of a log\n"), 20_000)
	cfg := &codec.WriterConfig{Planner: plans.New(6), SegmentSize: 64 << 10}
	cutter, err := codec.NewCutter(bytes.NewReader(data), cfg, codec.Place{})
	if err != nil {
		log.Fatal(err)
	}
	var segments []codec.Coded
	for {
		cut, src, err := cutter.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			log.Fatal(err)
		}
		segments = append(segments, codec.Coded{Cut: cut, Source: bytes.Clone(src)})
	}

	coder, err := codec.NewCoder(cfg)
	if err != nil {
		log.Fatal(err)
	}
	var lead codec.Finding // segments between two leaders may be coded at the same time
	for i := range segments {
		s := &segments[i]
		s.Bytes, s.Found, err = coder.Code(context.Background(), nil, s.Source, s.Cut, lead)
		if err != nil {
			log.Fatal(err)
		}
		if s.Leads {
			lead = s.Found
		}
	}

	var file bytes.Buffer
	assembler, err := codec.NewAssembler(&file, cfg)
	if err != nil {
		log.Fatal(err)
	}
	for i := range segments {
		if err := assembler.Add(&segments[i]); err != nil {
			log.Fatal(err)
		}
	}
	if err := assembler.Close(); err != nil {
		log.Fatal(err)
	}

	var same bytes.Buffer
	w, err := codec.NewWriter(&same, cfg)
	if err != nil {
		log.Fatal(err)
	}
	w.Write(data)
	if err := w.Close(); err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(segments), bytes.Equal(file.Bytes(), same.Bytes()))
	// Output: 5 true
}
