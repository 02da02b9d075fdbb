package codec

import (
	"context"
	"fmt"
	"io"
)

// A Cut says where a segment is and what coding it must know of the others. It follows from the bytes
// before the segment's end and, for the last one, from the end of the input. It is plain data, for JSON too.
type Cut struct {
	Offset  int64 // where the segment begins in the input, in bytes
	Size    int   // bytes
	NoPlan  bool  // it does not promise a plan
	Alone   bool  // the input ends with it, and it follows none
	Leads   bool  // it is a leader: segments after it are given what was found for it
	Follows bool  // it is given what was found for the last leader before it
	Joint   int   // segments of one number are joined, if that is shorter
}

// only reports whether the input ends within the segment c, the first one.
func (c *Cut) only() bool { return c.Alone && c.Offset == 0 }

// A Place is what a Cutter knows between two segments. It is plain data, for JSON too. The zero value is
// the start of a file.
type Place struct {
	Offset    int64 // where the next segment begins in the input, in bytes
	Led       bool  // there is a leader before
	Run       int   // segments of the run so far
	Ended     bool  // the next segment that promises a plan begins a run
	Joint     int   // number of the present joint, of segments that may be joined
	JointSize int   // bytes of this joint so far
}

// A Cutter cuts an input into segments, as a Writer does. It is not safe for concurrent use. Use
// NewCutter; the zero value is not ready.
type Cutter struct {
	cfg    *WriterConfig
	src    io.Reader
	ended  bool // nothing follows buf
	err    error
	place  Place
	buf    []byte // bytes of the input from place.Offset on
	given  []byte // bytes that Next returned
	target int    // length of the segment, in bytes
	ahead  int    // the Cutter looks at buf once it has so many bytes: looked < ahead <= target
	looked int    // no segment ends in these first bytes of buf
	sized  bool   // target is final: it was configured, or chosen for the data in buf
	noPlan bool   // the data in buf does not promise a plan
	leads  bool   // the segment ends where a run does, by its content
	probe  probe
}

// NewCutter returns a Cutter of the input of which src is the part from at.Offset on. The zero Place
// stands for all of it. The configuration must be the one that the file is written with; nil stands for
// the default one.
func NewCutter(src io.Reader, cfg *WriterConfig, at Place) (*Cutter, error) {
	d, err := cfg.withDefaults()
	if err != nil {
		return nil, err
	}
	if at.Offset < 0 || at.Run < 0 || at.Run > d.runSegments() || at.Joint < 0 || at.JointSize < 0 || int64(at.JointSize) > at.Offset {
		return nil, fmt.Errorf("codec: no Cutter has the place %+v", at)
	}
	c := &Cutter{cfg: &d, src: src}
	c.reset(at)
	return c, nil
}

// Next returns the next segment and its bytes, which are valid until the next call. The error is io.EOF
// after the last segment; an error stays.
func (c *Cutter) Next() (Cut, []byte, error) {
	for c.err == nil {
		n := c.ends(c.ended)
		last := n == 0 && c.ended
		if last {
			n = len(c.buf)
		}
		switch err := context.Cause(c.cfg.Context); {
		case err != nil:
			c.err = err
		case n > 0:
			cut, src := c.take(n, c.given, last)
			c.given = src
			return cut, src, nil
		case c.ended:
			c.err = io.EOF
		default:
			_, c.err = c.read(c.src)
			if c.err == io.EOF {
				c.ended, c.err = true, nil
			}
		}
	}
	return Cut{}, nil, c.err
}

// Place returns the place after the segments that Next returned: a Cutter of the rest of the input continues
// from there.
func (c *Cutter) Place() Place { return c.place }

// reset makes c begin at a place, with nothing read.
func (c *Cutter) reset(at Place) {
	c.place, c.buf, c.ended, c.err = at, c.buf[:0], false, nil
	c.start()
}

// start sets the length of the next segment, of which buf may have a part.
func (c *Cutter) start() {
	c.target, c.sized = c.cfg.SegmentSize, true
	if c.target == 0 {
		c.target, c.sized = minAutoSegment, false
	}
	c.ahead, c.looked, c.noPlan, c.leads = c.target, 0, false, false
	if h := &c.cfg.Header; cap(c.buf) < c.target && (!h.HasSize || h.Size >= int64(c.target)) {
		c.buf = append(make([]byte, 0, c.target), c.buf...)
	}
}

// maxEmptyReads is how many reads in a row may return (0, nil); package bufio allows as many.
const maxEmptyReads = 100

// read reads once from r into buf, without a copy. The error is io.ErrNoProgress if many reads in a row
// return nothing.
func (c *Cutter) read(r io.Reader) (n int, err error) {
	if len(c.buf) == cap(c.buf) {
		c.buf = append(c.buf, 0)[:len(c.buf)]
	}
	for range maxEmptyReads {
		n, err = r.Read(c.buf[len(c.buf):min(cap(c.buf), c.ahead)])
		if n > 0 || err != nil {
			c.buf = c.buf[:len(c.buf)+n]
			return n, err
		}
	}
	return 0, io.ErrNoProgress
}

// write appends what buf needs of p to it, and returns how many bytes that are.
func (c *Cutter) write(p []byte) int {
	n := min(len(p), c.ahead-len(c.buf))
	c.buf = append(c.buf, p[:n]...)
	return n
}

// take returns the segment of the first n bytes of buf, and these; what follows them moves to storage.
// last says that the input ends with them.
func (c *Cutter) take(n int, storage []byte, last bool) (cut Cut, src []byte) {
	cut = Cut{Offset: c.place.Offset, Size: n, NoPlan: c.noPlan || !c.cfg.plans()}
	c.deal(&cut)
	cut.Alone = last && !cut.Follows
	c.joint(&cut)
	c.place.Offset += int64(n)
	src, c.buf = c.buf[:n], append(storage[:0], c.buf[n:]...)
	c.start()
	return cut, src
}

// ends returns the length of the segment that begins buf if it ends before buf does, or where the next look
// is due; 0 if it may be longer. A segment whose length the Cutter chooses is looked at each time it has
// minAutoSegment bytes more. ended says that no more bytes follow for now.
func (c *Cutter) ends(ended bool) int {
	for len(c.buf) >= c.ahead {
		if c.cfg.Rsyncable {
			return c.endsByContent()
		}
		src := c.buf[:c.ahead]
		if n := c.border(src, true); n > 0 {
			return n
		}
		if !c.lasts(src) {
			if n := c.border(src, false); n > 0 {
				return n
			}
			return len(src)
		}
		c.looked = len(src)
		c.ahead = min(c.target, c.ahead+minAutoSegment)
	}
	if !ended || len(c.buf) == 0 {
		return 0
	}
	if c.cfg.Rsyncable {
		if n := c.endsByContent(); n > 0 {
			return n
		}
	}
	return c.border(c.buf, false)
}

// lasts reports whether the segment that begins with src becomes longer.
func (c *Cutter) lasts(src []byte) bool {
	if len(src) < c.target {
		return true
	}
	if !c.sized {
		planned := false
		c.target, planned = c.probe.segmentLength(c.cfg, src)
		if c.sized, c.noPlan = true, !planned; len(src) < c.target {
			return true
		}
	}
	if c.lengthens(src) {
		c.target *= 2
		return true
	}
	return false
}

// border returns where other data begins within src, which begins a segment; 0 if none does. What begins
// near its end may be left for later if more follows.
func (c *Cutter) border(src []byte, more bool) int {
	d, ok := c.cfg.Planner.(Divider)
	if !ok || c.cfg.SegmentSize != 0 && !c.cfg.Rsyncable || c.cfg.only != nil {
		return 0
	}
	return d.Border(src, c.looked, more)
}

// endsByContent returns where the segment that begins buf ends by its content or at a border; 0 if it may
// have more bytes than buf.
func (c *Cutter) endsByContent() int {
	n, leads := contentEnd(c.buf, c.target)
	if n == len(c.buf) && n < c.target {
		return 0
	}
	if border := c.border(c.buf[:n], false); border > 0 {
		return border
	}
	_, planned := c.probe.segmentLength(c.cfg, c.buf[:n])
	c.noPlan, c.leads = !planned, leads
	return n
}
