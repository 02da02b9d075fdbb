package plan

import (
	"bytes"
	"fmt"

	"github.com/ktzip/ktzip/dsl"
)

// A Machine executes plans, forwards and backwards. The zero Machine is ready to
// use. It is not safe for concurrent use.
type Machine struct {
	layout  *Layout
	streams [][]byte
	scratch []byte // a stack of lists, as large as the layout says
	used    int
	kinds   kindTable
	filter  filter
	back    bool
	filled  [MaxStreams]bool // backwards: the streams that are known
}

// Join makes the segment dst from its streams by the plan p. The error is
// ErrExecution or ErrLimit.
func (m *Machine) Join(dst []byte, p *dsl.Program, streams [][]byte) error {
	l, err := NewLayout(p, len(dst))
	if err != nil {
		return err
	}
	if len(streams) != len(l.Streams) {
		return fmt.Errorf("%w: %d streams for a plan of %d", dsl.ErrExecution, len(streams), len(l.Streams))
	}
	for k, s := range streams {
		if len(s) != l.Streams[k] {
			return fmt.Errorf("%w: stream %d has %d bytes, not %d", dsl.ErrExecution, k, len(s), l.Streams[k])
		}
	}
	m.begin(l, 0)
	m.streams, m.back = streams, false
	return m.run(p.Out, dst)
}

// Split takes the segment src apart by the plan p: it returns streams of which
// Join makes src, one after the other in the array of the first. The error is
// ErrExecution, where the plan can't make these bytes, or ErrLimit.
func (m *Machine) Split(src []byte, p *dsl.Program) (streams [][]byte, err error) {
	l, err := NewLayout(p, len(src))
	if err != nil {
		return nil, err
	}
	total := 0
	for _, n := range l.Streams {
		total += n
	}
	all := make([]byte, total)
	for _, n := range l.Streams {
		streams = append(streams, all[:n:n])
		all = all[n:]
	}
	m.begin(l, len(src))
	m.streams, m.back, m.filled = streams, true, [MaxStreams]bool{}
	dst := m.take(len(src))
	copy(dst, src)
	return streams, m.run(p.Out, dst)
}

// begin makes room for the lists of l and extra bytes, once: no more is taken while the
// plan is executed.
func (m *Machine) begin(l *Layout, extra int) {
	m.layout, m.used = l, 0
	if need := l.Scratch + extra; need > len(m.scratch) {
		// As much as any plan for as many bytes may take: what isn't used isn't touched. At
		// least doubled, so that segments each a little longer leave little behind.
		most := MaxScratch(l.sizes[l.p.Out]) + extra
		most = max(most, min(2*len(m.scratch), MaxScratch(dsl.MaxPlanned)))
		m.scratch = nil
		m.scratch = make([]byte, most)
	}
}

// take returns n bytes of the stack.
func (m *Machine) take(n int) []byte {
	m.used += n
	return m.scratch[m.used-n : m.used : m.used]
}

// run makes the list of node i in dst or, backwards, its streams from dst.
func (m *Machine) run(i int, dst []byte) error {
	n := &m.layout.p.Nodes[i]
	row := rowOf(n.Op)
	if n.Op == dsl.Payload {
		k := n.Nums[0]
		s := m.streams[k]
		switch {
		case !m.back:
			copy(dst, s)
		case m.filled[k] && !bytes.Equal(s, dst):
			return dsl.LineError(i, fmt.Errorf("%w: stream %d would have to be two things", dsl.ErrExecution, k))
		default:
			copy(s, dst)
			m.filled[k] = true
		}
		return nil
	}
	var args [2][]byte
	mark, at := m.used, 0
	for k := range n.Op.Lists() {
		size := m.layout.sizes[n.Refs[k]]
		if row.apart {
			args[k] = m.take(size)
		} else {
			args[k] = dst[at : at+size : at+size]
			at += size
		}
	}
	var err error
	if m.back && row.split != nil {
		err = row.split(m, dst, n, args[0], args[1])
	}
	for k := 0; k < n.Op.Lists() && err == nil; k++ {
		if err = m.run(n.Refs[k], args[k]); err != nil {
			return err
		}
	}
	if !m.back && row.join != nil {
		err = row.join(m, dst, n, args[0], args[1])
	}
	m.used = mark
	if err != nil {
		return dsl.LineError(i, err)
	}
	return nil
}
