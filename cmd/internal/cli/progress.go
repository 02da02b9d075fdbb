package cli

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/term"
)

// A meter counts the bytes of one file's work, and shows them in a progress bar
// where somebody is there to see it.
type meter struct {
	in, out atomic.Int64 // bytes read and written
	once    sync.Once
	ended   chan struct{} // nil: no bar
	cleared chan struct{}
}

const (
	barDelay = time.Second
	barPace  = 150 * time.Millisecond
)

// meter starts a meter for total bytes of input; -1: unknown. It must be stopped.
func (a *app) meter(name string, total int64) *meter {
	m := &meter{}
	if a.opt.quiet || a.opt.noProgress || !terminal(a.stderr) {
		return m
	}
	m.ended, m.cleared = make(chan struct{}), make(chan struct{})
	go m.show(a, name, total)
	return m
}

// A blockCounter is a Finder that says how far its search is.
type blockCounter interface {
	// Blocks returns how many blocks were handed over, and how many are done.
	Blocks() (queued, settled int64)
}

// show draws the bar until the meter is stopped.
func (m *meter) show(a *app, name string, total int64) {
	defer close(m.cleared)
	began := time.Now()
	select {
	case <-m.ended:
		return
	case <-time.After(barDelay):
	}
	p := &progress{name: printable(filepath.Base(name)), total: total}
	counter, counts := a.finder.(blockCounter)
	tick := time.NewTicker(barPace)
	defer tick.Stop()
	for drawn := 0; ; {
		in, out := m.in.Load(), m.out.Load()
		p.in, p.took, p.ratio = in, time.Since(began), ratioText(out, in)
		if a.opt.mode != compressing {
			p.ratio = ratioText(in, out)
		}
		if counts {
			p.queued, p.settled = counter.Blocks()
		}
		line := p.line(terminalWidth(a.stderr))
		fmt.Fprintf(a.stderr, "\r%s%s", line, strings.Repeat(" ", max(0, drawn-columns(line))))
		drawn = columns(line)
		select {
		case <-m.ended:
			fmt.Fprintf(a.stderr, "\r%s\r", strings.Repeat(" ", drawn))
			return
		case <-tick.C:
		}
	}
}

// terminalWidth returns the columns of the terminal f, which may change at any time.
func terminalWidth(f *os.File) int {
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil || width <= 0 {
		return 80
	}
	return width
}

// stop removes the bar.
func (m *meter) stop() {
	if m.ended == nil {
		return
	}
	m.once.Do(func() { close(m.ended) })
	<-m.cleared
}

// reader counts what is read from r.
func (m *meter) reader(r io.Reader) io.Reader { return &meteredReader{r, &m.in} }

// writer counts what is written to w.
func (m *meter) writer(w io.Writer) io.Writer { return &meteredWriter{w, &m.out} }

type meteredReader struct {
	r io.Reader
	n *atomic.Int64
}

func (r *meteredReader) Read(b []byte) (int, error) {
	n, err := r.r.Read(b)
	r.n.Add(int64(n))
	return n, err
}

type meteredWriter struct {
	w io.Writer
	n *atomic.Int64
}

func (w *meteredWriter) Write(b []byte) (int, error) {
	n, err := w.w.Write(b)
	w.n.Add(int64(n))
	return n, err
}
