package codec

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"runtime"
	"slices"
	"sync"
	"testing"

	"github.com/ktzip/ktzip/container"
)

// segmentsOf is n segments of a file with header h, of what differs and has different lengths, and
// what they restore to.
func segmentsOf(n int, h container.Header) (segments []container.Segment, want []byte) {
	for i := range n {
		b := bytes.Repeat(fmt.Appendf(nil, "segment %d;", i), 20+i*7%40)
		segments = append(segments, rawSegment(b, h.BlockLog))
		want = append(want, b...)
	}
	return segments, want
}

// TestArchiveConcurrently reads at random from several goroutines, with memory for one segment, for
// some, and for all, of one file and of several.
func TestArchiveConcurrently(t *testing.T) {
	h := container.Header{BlockLog: 7, SegmentLog: 10}
	segments, want := segmentsOf(60, h)
	one := fileOf(t, h, segments...)
	several := slices.Concat(fileOf(t, h, segments[:20]...), fileOf(t, h), fileOf(t, h, segments[20:21]...), fileOf(t, h, segments[21:]...))
	need := Memory(&h)
	for _, limit := range []int64{need, need + 4000, 2*need + 4000, 0} {
		for _, threads := range []int{0, 1, 3} {
			for _, file := range [][]byte{one, several} {
				a, err := NewArchive(bytes.NewReader(file), int64(len(file)), &ReaderConfig{MemoryLimit: limit, Threads: threads})
				if err != nil {
					t.Fatal(err)
				}
				var group sync.WaitGroup
				for k := range uint64(6) {
					group.Go(func() {
						r, b := rand.New(rand.NewPCG(1, k)), make([]byte, 3000)
						for range 60 {
							off := r.IntN(len(want))
							part := want[off:min(off+r.IntN(len(b)), len(want))]
							if n, err := a.ReadAt(b[:len(part)], int64(off)); err != nil || !bytes.Equal(b[:n], part) {
								t.Errorf("limit %d, %d threads: %d of %d bytes at %d, %v", limit, threads, n, len(part), off, err)
							}
						}
					})
				}
				group.Wait()
				checkIdle(t, a)
			}
		}
	}
}

// checkIdle wants the cache of an Archive that nobody reads to hold what it counts, and no more
// than it may.
func checkIdle(t *testing.T, a *Archive) {
	t.Helper()
	c := &a.cache
	sum := int64(0)
	for i, s := range c.segments {
		sum += int64(cap(s.out))
		if s.users.Load() != 0 || !s.kept || i > 0 && s.Off < c.segments[i-1].end() {
			t.Errorf("segment at %d: %d users, kept: %v", s.Off, s.users.Load(), s.kept)
		}
	}
	for _, task := range c.idle {
		sum += task.memory
	}
	if sum != c.memory || sum > c.limit || c.running != 0 || len(c.segments) != c.kept || c.kept > maxCached {
		t.Errorf("%d bytes, counted are %d of %d; %d tasks run, %d segments, %d kept", sum, c.memory, c.limit, c.running, len(c.segments), c.kept)
	}
}

// gate counts reads of the source at each offset, and lets those of segments pass when it is opened.
type gate struct {
	io.ReaderAt
	index  int64 // where the index begins
	open   chan struct{}
	first  chan struct{} // a value comes with the first read
	mu     sync.Mutex
	counts map[int64]int
}

func (g *gate) ReadAt(b []byte, off int64) (int, error) {
	g.mu.Lock()
	g.counts[off]++
	g.mu.Unlock()
	if off < g.index {
		select {
		case g.first <- struct{}{}:
		default:
		}
		<-g.open
	}
	return g.ReaderAt.ReadAt(b, off)
}

// gated is an Archive of a file with header h and such segments, whose source waits from now on.
func gated(t *testing.T, cfg *ReaderConfig, h container.Header, segments []container.Segment) (*Archive, *gate) {
	t.Helper()
	file := fileOf(t, h, segments...)
	g := &gate{ReaderAt: bytes.NewReader(file), open: make(chan struct{}), first: make(chan struct{}, 1), counts: map[int64]int{}}
	a, err := NewArchive(g.ReaderAt, int64(len(file)), cfg)
	if err != nil {
		t.Fatal(err)
	}
	g.index = a.index.file.Entries
	a.index.src.(*contextSource).at = g
	return a, g
}

// TestArchiveReadsOnce wants those who read the same segment to wait for one of them, and what was
// read last to stay.
func TestArchiveReadsOnce(t *testing.T) {
	h := container.Header{BlockLog: 7, SegmentLog: 10}
	segments, want := segmentsOf(9, h)
	a, g := gated(t, nil, h, segments)
	var group sync.WaitGroup
	for range 5 {
		group.Go(func() {
			b := make([]byte, 10)
			if _, err := a.ReadAt(b, 3); err != nil || string(b) != string(want[3:13]) {
				t.Errorf("%q, %v", b, err)
			}
		})
	}
	<-g.first
	close(g.open)
	group.Wait()
	if _, err := io.ReadAll(a); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Seek(0, io.SeekStart); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(a); err != nil || !bytes.Equal(got, want) {
		t.Errorf("again: %d bytes, %v", len(got), err)
	}
	for s, err := range a.Segments() {
		if err != nil || g.counts[s.CodedOff] != 1 {
			t.Errorf("segment at %d was read %d times, %v", s.Off, g.counts[s.CodedOff], err)
		}
	}
	checkIdle(t, a)
}

// TestArchiveForgetsOldest wants a cache with room for three segments to keep those used last.
func TestArchiveForgetsOldest(t *testing.T) {
	h := container.Header{BlockLog: 7, SegmentLog: 10}
	var segments []container.Segment
	for i := range 5 {
		segments = append(segments, rawSegment(bytes.Repeat([]byte{byte(i)}, 1000), 7))
	}
	a, g := gated(t, &ReaderConfig{MemoryLimit: Memory(&h) - 1024 + 3000}, h, segments)
	close(g.open)
	for _, i := range []int64{0, 1, 2, 0, 3, 0, 2, 3, 1, 0} {
		var b [1]byte
		if _, err := a.ReadAt(b[:], i*1000+5); err != nil || b[0] != byte(i) {
			t.Fatal(b, err)
		}
	}
	for s, err := range a.Segments() {
		if n := g.counts[s.CodedOff]; err != nil || n != [...]int{2, 2, 1, 1, 0}[s.Off/1000] {
			t.Errorf("segment %d was read %d times, %v", s.Off/1000, n, err)
		}
	}
	checkIdle(t, a)
}

// TestArchiveCancelled ends those who wait for a segment, a task or memory when the context is done.
func TestArchiveCancelled(t *testing.T) {
	h := container.Header{BlockLog: 7, SegmentLog: 10}
	segments, want := segmentsOf(9, h)
	cause := errors.New("cause")
	ctx, cancel := context.WithCancelCause(t.Context())
	a, g := gated(t, &ReaderConfig{Context: ctx, Threads: 1}, h, segments)
	failed := make(chan error, 8)
	read := func(off int) {
		_, err := a.ReadAt(make([]byte, 1), int64(off))
		failed <- err
	}
	go read(0)
	<-g.first
	for k := range 4 { // the same segment, and others
		go read(k)
		go read(len(want) / 5 * (k + 1))
	}
	for a.cache.waiting(0) < 5 {
		runtime.Gosched()
	}
	cancel(cause)
	for range 8 {
		if err := <-failed; err != cause {
			t.Error(err)
		}
	}
	close(g.open)
	if err := <-failed; err != nil && err != cause {
		t.Error(err)
	}
	if _, err := a.ReadAt(make([]byte, 1), 0); err != cause {
		t.Errorf("afterwards: %v", err)
	}
	checkIdle(t, a)
}

// waiting returns how many users the segment at off has.
func (c *cache) waiting(off int64) int32 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.segments[c.place(off)].users.Load()
}

// TestArchiveWritesTo wants WriteTo to write what follows the position, with any number of threads
// and any memory, and to move it.
func TestArchiveWritesTo(t *testing.T) {
	h := container.Header{BlockLog: 7, SegmentLog: 10, Name: "first"}
	segments, want := segmentsOf(60, h)
	file := slices.Concat(fileOf(t, h, segments[:40]...), fileOf(t, container.Header{BlockLog: 7, SegmentLog: 11}, segments[40:]...))
	need := Memory(&container.Header{BlockLog: 7, SegmentLog: 11})
	for _, limit := range []int64{need, 2 * need, 3 * need, 0} {
		for _, threads := range []int{0, 1, 2, 4} {
			a, err := NewArchive(bytes.NewReader(file), int64(len(file)), &ReaderConfig{MemoryLimit: limit, Threads: threads})
			if err != nil {
				t.Fatal(err)
			}
			if a.Header().Name != "first" {
				t.Errorf("header of %q", a.Header().Name)
			}
			if _, err := io.CopyN(io.Discard, a, 100); err != nil {
				t.Fatal(err)
			}
			pos, err := a.Seek(0, io.SeekCurrent)
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			if n, err := a.WriteTo(&got); err != nil || n != int64(got.Len()) || !bytes.Equal(got.Bytes(), want[pos:]) {
				t.Errorf("limit %d, %d threads: %d bytes, %v", limit, threads, n, err)
			}
			if n, err := a.WriteTo(&got); n != 0 || err != nil {
				t.Errorf("at the end: %d, %v", n, err)
			}
			checkIdle(t, a)
		}
	}
}

// TestArchiveWriteErrors wants WriteTo to say why it ended, at which position, and to leave no
// goroutine.
func TestArchiveWriteErrors(t *testing.T) {
	h := container.Header{BlockLog: 7, SegmentLog: 10}
	segments, want := segmentsOf(60, h)
	file := fileOf(t, h, segments...)
	a, err := NewArchive(bytes.NewReader(file), int64(len(file)), &ReaderConfig{Threads: 3})
	if err != nil {
		t.Fatal(err)
	}
	pr, pw := io.Pipe()
	pr.CloseWithError(io.ErrClosedPipe)
	if n, err := a.WriteTo(pw); n != 0 || err != io.ErrClosedPipe {
		t.Errorf("%d, %v", n, err)
	}
	checkIdle(t, a)
	var list []SegmentRange
	for s, err := range a.Segments() {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, s)
	}
	file[list[30].CodedOff+list[30].Coded/2] ^= 1
	if a, err = NewArchive(bytes.NewReader(file), int64(len(file)), &ReaderConfig{Threads: 3}); err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	n, err := a.WriteTo(&got)
	wantError(t, "a damaged segment", err)
	if !bytes.HasPrefix(want, got.Bytes()) || n != int64(got.Len()) || n > list[30].Off {
		t.Errorf("%d bytes of %d", n, list[30].Off)
	}
	checkIdle(t, a)
	if b := make([]byte, 10); true {
		if _, err := a.ReadAt(b, list[31].Off); err != nil || !bytes.Equal(b, want[list[31].Off:][:10]) {
			t.Errorf("after the damage: %q, %v", b, err)
		}
	}
}

// TestArchiveRestoresInParallel wants as many segments to be restored at a time as Threads says, and
// what is kept to be read meanwhile.
func TestArchiveRestoresInParallel(t *testing.T) {
	h := container.Header{BlockLog: 7, SegmentLog: 10}
	segments, want := segmentsOf(9, h)
	a, g := gated(t, &ReaderConfig{Threads: 3}, h, segments)
	var list []SegmentRange
	for s, err := range a.Segments() {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, s)
	}
	index := g.index
	g.index = 0 // nothing waits yet
	b := make([]byte, 10)
	if _, err := a.ReadAt(b, list[8].Off); err != nil {
		t.Fatal(err)
	}
	g.index = index
	var group sync.WaitGroup
	for _, s := range list[:6] {
		group.Go(func() {
			b := make([]byte, 10)
			if _, err := a.ReadAt(b, s.Off); err != nil || !bytes.Equal(b, want[s.Off:][:10]) {
				t.Errorf("%q, %v", b, err)
			}
		})
	}
	begun := func() int {
		g.mu.Lock()
		defer g.mu.Unlock()
		n := 0
		for _, s := range list[:6] {
			n += g.counts[s.CodedOff]
		}
		return n
	}
	for begun() < 3 {
		runtime.Gosched()
	}
	if _, err := a.ReadAt(b, list[8].Off+5); err != nil || !bytes.Equal(b, want[list[8].Off+5:][:10]) {
		t.Errorf("kept: %q, %v", b, err)
	}
	if n := begun(); n != 3 {
		t.Errorf("%d segments are restored at a time", n)
	}
	close(g.open)
	group.Wait()
	checkIdle(t, a)
}
