package compare

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"time"

	"github.com/ktzip/ktzip/cmd/internal/describe"
)

// Short work is repeated until it took minTime or was done maxRuns times; the fastest run counts. Both
// are arbitrary.
const (
	minTime = 200 * time.Millisecond
	maxRuns = 5
)

// piece is how many bytes are compressed or restored between two looks at the context. Arbitrary.
const piece = 1 << 20

// ErrDiffers reports that a method did not restore the data.
var ErrDiffers = errors.New("compare: the restored data differs")

// Measure measures what the methods make of data, one after the other. Before each it calls progress,
// unless that is nil, with how many are done, of how many, and the name of the next. Once ctx is done, it
// soon returns the cause.
func Measure(ctx context.Context, data []byte, methods []Method, progress func(done, total int, name string)) ([]describe.Method, error) {
	var list []describe.Method
	m := &measurement{ctx: ctx, data: data}
	for i := range methods {
		if progress != nil {
			progress(i, len(methods), methods[i].Name)
		}
		result, err := m.method(&methods[i])
		if err != nil {
			if cause := context.Cause(ctx); cause != nil {
				return nil, cause
			}
			return nil, fmt.Errorf("%s: %w", methods[i].Name, err)
		}
		list = append(list, result)
	}
	return list, nil
}

// A measurement holds what the methods share.
type measurement struct {
	ctx      context.Context
	data     []byte
	coded    bytes.Buffer
	restored []byte // storage for one piece
}

// method measures a method.
func (m *measurement) method(method *Method) (describe.Method, error) {
	result := describe.Method{Name: method.Name}
	file := method.File
	if method.Writer != nil {
		took, err := m.fastest(func() error { return m.compress(method) })
		if err != nil {
			return result, err
		}
		result.Compress = m.speed(took)
		file = m.coded.Bytes()
	}
	took, err := m.fastest(func() error { return m.restore(method, file) })
	if err != nil {
		return result, err
	}
	result.Bytes, result.Restore = int64(len(file)), m.speed(took)
	return result, nil
}

// speed returns how many bytes a second are compressed or restored; 0 if that is unknown.
func (m *measurement) speed(took time.Duration) float64 {
	if took <= 0 {
		return 0
	}
	return float64(len(m.data)) / took.Seconds()
}

// fastest returns the time of the fastest run of work.
func (m *measurement) fastest(work func() error) (least time.Duration, err error) {
	runtime.GC() // the garbage of others is not counted
	total := time.Duration(0)
	for run := 0; run < maxRuns && (run == 0 || total < minTime); run++ {
		began := time.Now()
		if err := work(); err != nil {
			return 0, err
		}
		took := time.Since(began)
		if total += took; run == 0 || took < least {
			least = took
		}
	}
	return least, nil
}

// compress compresses the data to m.coded.
func (m *measurement) compress(method *Method) error {
	m.coded.Reset()
	w, err := method.Writer(&m.coded)
	if err != nil {
		return err
	}
	for off := 0; off < len(m.data); off += piece {
		if err := context.Cause(m.ctx); err != nil {
			return err
		}
		if _, err := w.Write(m.data[off:min(off+piece, len(m.data))]); err != nil {
			return err
		}
	}
	return w.Close()
}

// restore restores file and compares what comes with the data, piece by piece.
func (m *measurement) restore(method *Method, file []byte) error {
	r, err := method.Reader(bytes.NewReader(file))
	if err != nil {
		return err
	}
	if c, ok := r.(io.Closer); ok {
		defer c.Close()
	}
	if m.restored == nil {
		m.restored = make([]byte, piece)
	}
	for off := 0; ; {
		if err := context.Cause(m.ctx); err != nil {
			return err
		}
		n, err := io.ReadFull(r, m.restored)
		if !bytes.HasPrefix(m.data[off:], m.restored[:n]) {
			return ErrDiffers
		}
		off += n
		switch {
		case err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF):
			if off < len(m.data) {
				return ErrDiffers
			}
			return nil
		case err != nil:
			return err
		}
	}
}
