package codec

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"testing"

	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/kolmogorov"
	"github.com/ktzip/ktzip/search/programs"
)

// finder is the one that the command uses.
var finder = programs.New(nil)

// compress returns the file of src under cfg; the Writer gets pieces of step
// bytes, or all at once if step is 0.
func compress(t testing.TB, src []byte, step int, cfg *WriterConfig) []byte {
	t.Helper()
	var out bytes.Buffer
	w, err := NewWriter(&out, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if step == 0 {
		if n, err := w.ReadFrom(bytes.NewReader(src)); err != nil || n != int64(len(src)) {
			t.Fatal(n, err)
		}
	} else {
		for rest := src; len(rest) > 0; {
			n := min(step, len(rest))
			if _, err := w.Write(rest[:n]); err != nil {
				t.Fatal(err)
			}
			rest = rest[n:]
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	if in, n := w.Written(); in != int64(len(src)) || n != int64(out.Len()) {
		t.Errorf("Written: %d, %d; want %d, %d", in, n, len(src), out.Len())
	}
	return out.Bytes()
}

// restore decodes file in the three ways there are and wants the same of all.
func restore(t testing.TB, file []byte) []byte {
	t.Helper()
	got, err := decode(file, nil)
	if err != nil {
		t.Fatal(err)
	}
	two, err := decode(file, &ReaderConfig{Threads: 3})
	if err != nil || !bytes.Equal(got, two) {
		t.Fatal("3 threads give something else", err)
	}
	a, err := NewArchive(bytes.NewReader(file), int64(len(file)), nil)
	if err != nil {
		t.Fatal(err)
	}
	three, err := io.ReadAll(a)
	if err != nil || !bytes.Equal(got, three) || a.Size() != int64(len(got)) {
		t.Fatal("the index gives something else", err)
	}
	return got
}

func decode(file []byte, cfg *ReaderConfig) ([]byte, error) {
	r, err := NewReader(bytes.NewReader(file), cfg)
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// mixed is n bytes: sequences that short programs make, and some noise.
func mixed(n int, seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, 1))
	g := kolmogorov.NewGenerator(seed)
	b := make([]byte, 0, n+1024)
	for len(b) < n {
		b = g.Append(b, 896)
		for range 128 {
			b = append(b, byte(r.Uint32()))
		}
	}
	return b[:n]
}

func TestRoundTrip(t *testing.T) {
	sizes := []int{0, 1, 2, 15, 16, 17, 127, 128, 129, 255, 256, atLength(4096, 20_000)}
	for _, cfg := range []WriterConfig{
		{}, {Finder: finder}, {Finder: finder, Level: 1, BlockSize: 16},
		{Finder: finder, Level: 9, SegmentSize: 1000, Threads: 4},
		{Finder: finder, SegmentSize: 128, Threads: 2, NoVerify: true},
		{Finder: finder, SegmentSize: 5000, BlockSize: 4096},
	} {
		for _, n := range sizes {
			src := mixed(n, uint64(n))
			file := compress(t, src, 0, &cfg)
			if got := restore(t, file); !bytes.Equal(got, src) {
				t.Fatalf("%+v: %d bytes come back wrong", cfg, n)
			}
			one := cfg
			one.Threads = 1
			if !bytes.Equal(file, compress(t, src, 999, &one)) {
				t.Errorf("%+v: %d bytes: the output depends on threads or pieces", cfg, n)
			}
		}
	}
}

func TestProgramsPay(t *testing.T) {
	if raceEnabled {
		t.Skip("one goroutine, too slow")
	}
	src := mixed(atLength(30_000, 100_000), 7)
	with := compress(t, src, 0, &WriterConfig{Finder: finder})
	without := compress(t, src, 0, nil)
	if len(with) >= len(without) {
		t.Errorf("%d bytes with programs, %d without", len(with), len(without))
	}
	blocks, programs := 0, 0
	err := Inspect(bytes.NewReader(with), nil, true, func(s *SegmentInfo) error {
		blocks += s.Blocks
		programs += s.ProgramBlocks
		out, m, next := bytes.Clone(src), new(dsl.Machine), int64(0)
		for b := range s.Programs {
			p, err := dsl.Parse(b.Text, dsl.Block)
			if err != nil {
				return err
			}
			if b.Offset != next {
				m.Forget()
			}
			if _, err := m.Block(out, int(b.Offset), b.Length, p, dsl.BlockBudget(b.Length)); err != nil {
				return err
			}
			if next = b.Offset + int64(b.Length); !bytes.Equal(out, src) {
				return fmt.Errorf("the program at %d does not give its block", b.Offset)
			}
		}
		return nil
	})
	if err != nil || blocks != (len(src)+127)/128 || programs == 0 {
		t.Error(blocks, programs, err)
	}
}

// TestLastBlockPromising compresses segments of which only the last block is promising: no
// window of a trial holds it.
func TestLastBlockPromising(t *testing.T) {
	src := make([]byte, 2*trialWindows*trialWindow*DefaultBlockSize)
	for i := range DefaultBlockSize {
		src = append(src, byte(i))
	}
	for _, n := range []int{len(src), len(src) - 1, len(src) - DefaultBlockSize/2} {
		file := compress(t, src[:n], 0, &WriterConfig{Level: 7, Finder: finder})
		if got := restore(t, file); !bytes.Equal(got, src[:n]) {
			t.Errorf("%d bytes come back wrong", n)
		}
	}
}

func TestOverhead(t *testing.T) {
	if n := len(compress(t, nil, 0, nil)); n > 48 {
		t.Errorf("an empty input takes %d bytes", n)
	}
	if n := len(compress(t, noise(128), 0, nil)); n > 128+64 {
		t.Errorf("128 random bytes take %d", n)
	}
}

func noise(n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{}).Read(b)
	return b
}

func TestSegmentLength(t *testing.T) {
	if raceEnabled {
		t.Skip("much work, whose goroutines other tests have, too")
	}
	for _, c := range []struct {
		name string
		src  []byte
		want int
	}{
		{"zeros", make([]byte, 20<<20), 3},
		{"noise", noise(3 << 20), 3},
	} {
		n := 0
		file := compress(t, c.src, 0, nil)
		if err := Inspect(bytes.NewReader(file), nil, false, func(s *SegmentInfo) error {
			if s.Size > 0 {
				n++
			}
			return nil
		}); err != nil || n != c.want {
			t.Errorf("%s: %d segments, want %d (%v)", c.name, n, c.want, err)
		}
	}
}

func TestConcatenated(t *testing.T) {
	a, b := mixed(5000, 1), mixed(70_000, 2)
	var file, want []byte
	for _, c := range []struct {
		src []byte
		cfg WriterConfig
	}{{a, WriterConfig{SegmentSize: 1024}}, {nil, WriterConfig{}}, {b, WriterConfig{BlockSize: 32, SegmentSize: 4096}}, {a, WriterConfig{}}} {
		file = append(file, compress(t, c.src, 0, &c.cfg)...)
		want = append(want, c.src...)
	}
	if got := restore(t, file); !bytes.Equal(got, want) {
		t.Error("comes back wrong")
	}
	for _, tail := range []string{"\x00x", "x", "\x9cKT", "\x9cKTZ\x01"} {
		_, err := decode(append(file[:len(file):len(file)], tail...), nil)
		if !errors.Is(err, container.ErrCorrupt) && !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("%q after the end: %v", tail, err)
		}
	}
}

func TestFlush(t *testing.T) {
	var out bytes.Buffer
	w, _ := NewWriter(&out, nil)
	src := mixed(3000, 3)
	w.Write(src[:1000])
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	r, err := NewReader(bytes.NewReader(out.Bytes()), nil)
	if err != nil {
		t.Fatal(err)
	}
	got := make([]byte, 1000)
	if _, err := io.ReadFull(r, got); err != nil || !bytes.Equal(got, src[:1000]) {
		t.Error("what was flushed does not come back", err)
	}
	if _, err := io.ReadAll(r); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Error("an unfinished file ends with", err)
	}
	w.Write(src[1000:])
	w.Close()
	if got := restore(t, out.Bytes()); !bytes.Equal(got, src) {
		t.Error("comes back wrong")
	}
	if _, err := w.Write(src); err == nil {
		t.Error("a closed Writer takes bytes")
	}
	var again bytes.Buffer
	w.Reset(&again)
	w.Write(src)
	w.Close()
	if !bytes.Equal(again.Bytes(), compress(t, src, 0, nil)) {
		t.Error("after Reset the output differs")
	}
}

func TestRandomAccess(t *testing.T) {
	src := mixed(20_000, 4)
	file := compress(t, src, 0, &WriterConfig{SegmentSize: 2000, Level: 7, Finder: finder})
	a, err := NewArchive(bytes.NewReader(file), int64(len(file)), nil)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(4, 1))
	for range 200 {
		at, n := r.IntN(len(src)+10), r.IntN(9000)
		b := make([]byte, n)
		k, err := a.ReadAt(b, int64(at))
		want := src[min(at, len(src)):min(at+n, len(src))]
		if !bytes.Equal(b[:k], want) || (err == io.EOF) != (k < n) {
			t.Fatalf("ReadAt(%d, %d): %d bytes, %v", at, n, k, err)
		}
	}
	if _, err := a.Seek(-10, io.SeekEnd); err != nil {
		t.Error(err)
	}
	if b, err := io.ReadAll(a); err != nil || !bytes.Equal(b, src[len(src)-10:]) {
		t.Error(b, err)
	}
}
