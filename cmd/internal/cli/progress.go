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

	"github.com/ktzip/ktzip/cmd/internal/describe"
)

// A meter counts the bytes of a job, and shows them in a progress bar if standard error is
// a terminal.
type meter struct {
	in, out atomic.Int64          // bytes read and written
	steps   atomic.Pointer[steps] // that the bar shows instead of bytes; nil if there are none
	once    sync.Once
	ended   chan struct{} // closed to end the bar; nil without a bar
	cleared chan struct{} // closed once the bar is wiped off
}

// steps say how far a job is that does one thing after another.
type steps struct {
	name        string // of the present one
	done, total int
}

// step says that the step called name begins after done steps of total.
func (m *meter) step(done, total int, name string) { m.steps.Store(&steps{name, done, total}) }

// Times of the bar; both are arbitrary.
const (
	barDelay = time.Second            // shorter jobs show none
	barPace  = 150 * time.Millisecond // between two pictures
)

// meter starts a meter for total bytes of input; -1 if unknown. The caller must stop it.
func (a *app) meter(name string, total int64) *meter {
	m := &meter{}
	if a.opt.quiet || a.opt.noProgress || !terminal(a.stderr) {
		return m
	}
	m.ended, m.cleared = make(chan struct{}), make(chan struct{})
	go m.show(a, name, total)
	return m
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
	tick := time.NewTicker(barPace)
	defer tick.Stop()
	for drawn := 0; ; {
		in, out := m.in.Load(), m.out.Load()
		p.in, p.took, p.ratio = in, time.Since(began), describe.RatioText(out, in)
		if !a.opt.mode.compresses() {
			p.ratio = describe.RatioText(in, out)
		}
		if a.notes.Progress != nil {
			p.queued, p.settled = a.notes.Progress()
		}
		if s := m.steps.Load(); s != nil {
			p.doing, p.in, p.total = printable(s.name), int64(s.done), int64(s.total)
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

// terminalWidth returns the present number of columns of the terminal f.
func terminalWidth(f *os.File) int {
	width, _, err := term.GetSize(int(f.Fd()))
	if err != nil || width <= 0 {
		return 80
	}
	return width
}

// stop wipes the bar off. A second stop does nothing.
func (m *meter) stop() {
	if m.ended == nil {
		return
	}
	m.once.Do(func() { close(m.ended) })
	<-m.cleared
}

// reader returns a Reader of r that counts the bytes read.
func (m *meter) reader(r io.Reader) io.Reader { return counted(r.Read, &m.in) }

// writer returns a Writer to w that counts the bytes written.
func (m *meter) writer(w io.Writer) io.Writer { return counted(w.Write, &m.out) }

// A transfer is a Read or a Write method.
type transfer func(b []byte) (int, error)

// counted returns f, which adds the bytes transferred to n.
func counted(f transfer, n *atomic.Int64) transfer {
	return func(b []byte) (int, error) {
		k, err := f(b)
		n.Add(int64(k))
		return k, err
	}
}

// Read implements io.Reader.
func (f transfer) Read(b []byte) (int, error) { return f(b) }

// Write implements io.Writer.
func (f transfer) Write(b []byte) (int, error) { return f(b) }
