package plans

import (
	"bytes"
	"encoding/binary"
	"strconv"
)

// Archives that store their files as they are, such as tar, put a head before each. A head is
// evidence of where the nature of data changes; nothing depends on what it says.

// An entry is a file in an archive: what fills the place before its head, the head, the data.
type entry struct {
	start int  // of all
	data  int  // start of the data
	end   int  // of the data, as far as it is there
	size  int  // of the data, as the head states it; unknownSize if it does not
	bare  bool // no head, but only its nature tells that it starts here
}

// unknownSize is the size of an entry whose head does not state it.
const unknownSize = -1

// A head comes before the data of an entry.
type head struct {
	off   int
	bytes int  // of the head
	size  int  // of the data; unknownSize if the head does not state it
	more  bool // the data says more about the next entry, or there is none
}

// maxFill is how many zeros come before a head in the archives that fill blocks, at most.
const maxFill = tarBlock - 1

// headKinds are the kinds of heads. Each has a magic string at some byte; parse returns the head
// that b starts with, and reports whether it is one.
var headKinds = [...]struct {
	magic string
	at    int
	parse func(b []byte) (h head, ok bool)
}{
	{"ustar", 257, tarHead},
	{"PK\x03\x04", 0, zipHead},
	{"070701", 0, cpioHead},
	{"070702", 0, cpioHead},
	{"070707", 0, oldCpioHead},
	{"`\n", 58, arHead},
}

// A headSearch finds heads in src, in order.
type headSearch struct {
	src  []byte
	next [len(headKinds)]int // offset of the next magic string of each kind, less the place in its head; -1 if there is none
}

func newHeadSearch(src []byte) *headSearch {
	s := &headSearch{src: src}
	for k := range s.next {
		s.advance(k, 0)
	}
	return s
}

// advance finds the next magic string of kind k of a head from byte off on.
func (s *headSearch) advance(k, off int) {
	from := min(off+headKinds[k].at, len(s.src))
	i := bytes.Index(s.src[from:], []byte(headKinds[k].magic))
	if s.next[k] = -1; i >= 0 {
		s.next[k] = from + i - headKinds[k].at
	}
}

// find returns the next head; ok is false if there is none.
func (s *headSearch) find() (h head, ok bool) {
	for {
		first := -1
		for k, off := range s.next {
			if off >= 0 && (first < 0 || off < s.next[first]) {
				first = k
			}
		}
		if first < 0 {
			return h, false
		}
		off := s.next[first]
		if h, ok = headAt(s.src, off); ok {
			for k, next := range s.next { // heads don't overlap
				if next >= 0 && next < off+h.bytes {
					s.advance(k, off+h.bytes)
				}
			}
			return h, true
		}
		s.advance(first, off+1)
	}
}

// headAt returns the head at byte off of src, with those after it that belong to the same entry;
// ok is false if there is none.
func headAt(src []byte, off int) (h head, ok bool) {
	h = head{off: off, more: true}
	for next := off; h.more; {
		g, ok := parseHead(src[next:])
		if !ok {
			break
		}
		h.bytes, h.size, h.more = next+g.bytes-off, g.size, g.more || g.size == 0
		if next = off + h.bytes + max(h.size, 0); next >= len(src) {
			break
		}
		next += fill(src[next:])
	}
	return h, h.bytes > 0
}

// parseHead returns the head that b starts with; ok is false if it starts with none.
func parseHead(b []byte) (h head, ok bool) {
	for _, k := range headKinds {
		if len(b) >= k.at+len(k.magic) && string(b[k.at:k.at+len(k.magic)]) == k.magic {
			if h, ok = k.parse(b); ok {
				return h, true
			}
		}
	}
	return head{}, false
}

// fill returns how many bytes b starts with that fill a place before a head: zeros, at most maxFill,
// or, as in ar, a newline.
func fill(b []byte) int {
	if len(b) > 0 && b[0] == '\n' {
		return 1
	}
	n := 0
	for n < min(len(b), maxFill) && b[n] == 0 {
		n++
	}
	return n
}

// leadOf returns where the data of the first entry in src starts, if src starts with an entry;
// else 0.
func leadOf(src []byte) int {
	h, ok := headAt(src, fill(src))
	if !ok || h.off+h.bytes >= len(src) {
		return 0
	}
	return h.off + h.bytes
}

// entries returns the entries of the archives in src, in order, and as entries what is between
// them and before.
func entries(src []byte) (list []entry) {
	s := newHeadSearch(src)
	e := entry{size: unknownSize} // what comes before the first head
	for {
		h, ok := s.find()
		if !ok {
			h = head{off: len(src)}
		}
		next := h.off
		if end := e.data + e.size; e.size >= 0 && end <= h.off {
			if e.end = end; h.off-end <= maxFill {
				next = end
			} else {
				list = appendEntry(list, e)
				e = entry{start: end, data: end, end: h.off, size: h.off - end}
			}
		} else {
			for next > e.data && src[next-1] == 0 && h.off-next < maxFill && ok {
				next--
			}
			e.end = next
		}
		if list = appendEntry(list, e); !ok {
			return list
		}
		e = entry{start: next, data: min(h.off+h.bytes, len(src)), size: h.size}
	}
}

// appendEntry appends e to list unless it is empty.
func appendEntry(list []entry, e entry) []entry {
	if e.end <= e.start {
		return list
	}
	return append(list, e)
}

// maxBits is how many bits a size may have: an int of 32 bits then holds the sum of two.
const maxBits = 30

// digits parses b, digits of the base, with spaces or zeros beside them.
func digits(b []byte, base int) (n int, ok bool) {
	x, err := strconv.ParseUint(string(bytes.Trim(b, " \x00")), base, maxBits)
	return int(x), err == nil
}

const (
	tarBlock = 512     // bytes
	maxName  = 1 << 12 // bytes of the name of a file; Linux allows as many
)

// tarHead parses the head of a tar that POSIX describes, or GNU tar's.
func tarHead(b []byte) (h head, ok bool) {
	if len(b) < tarBlock {
		return h, false
	}
	const sumAt, sumEnd, sizeAt, sizeEnd, typeAt = 148, 156, 124, 136, 156
	sum := 0
	for i, c := range b[:tarBlock] {
		if i >= sumAt && i < sumEnd {
			c = ' '
		}
		sum += int(c)
	}
	if stated, ok := digits(b[sumAt:sumEnd], 8); !ok || stated != sum {
		return h, false
	}
	h = head{bytes: tarBlock, size: unknownSize}
	if size, ok := digits(b[sizeAt:sizeEnd], 8); ok { // else it is long
		h.size = size
	}
	switch t := b[typeAt]; {
	case t == 'x' || t == 'g' || t == 'L' || t == 'K':
		h.more = true
	case t >= '1' && t <= '6': // links, devices, folders
		h.size = 0
	}
	return h, true
}

// zipHead parses the local head of a file in a zip.
func zipHead(b []byte) (h head, ok bool) {
	const fixed, maxVersion, sizeLater = 30, 63, 8
	if len(b) < fixed {
		return h, false
	}
	u16 := func(i int) int { return int(binary.LittleEndian.Uint16(b[i:])) }
	version, flags, name, extra := u16(4)&0xff, u16(6), u16(26), u16(28)
	if version > maxVersion || name == 0 || name > maxName {
		return h, false
	}
	h = head{bytes: fixed + name + extra, size: unknownSize}
	if size := binary.LittleEndian.Uint32(b[18:]); flags&sizeLater == 0 && size < 1<<maxBits {
		h.size = int(size)
	}
	return h, true
}

// cpioHead parses the head of a file in a cpio of the new format.
func cpioHead(b []byte) (h head, ok bool) {
	const fixed, sizeAt, nameAt, field, align = 110, 54, 94, 8, 4
	if len(b) < fixed {
		return h, false
	}
	size, ok1 := digits(b[sizeAt:sizeAt+field], 16)
	name, ok2 := digits(b[nameAt:nameAt+field], 16)
	return head{bytes: (fixed + name + align - 1) &^ (align - 1), size: size}, ok1 && ok2 && name <= maxName
}

// oldCpioHead parses the head of a file in a cpio of the portable old format.
func oldCpioHead(b []byte) (h head, ok bool) {
	const fixed, nameAt, sizeAt = 76, 59, 65
	if len(b) < fixed {
		return h, false
	}
	size, ok1 := digits(b[sizeAt:fixed], 8)
	name, ok2 := digits(b[nameAt:sizeAt], 8)
	return head{bytes: fixed + name, size: size}, ok1 && ok2 && name <= maxName
}

// arHead parses the head of a file in an ar.
func arHead(b []byte) (h head, ok bool) {
	const fixed, sizeAt, sizeEnd = 60, 48, 58
	if len(b) < fixed {
		return h, false
	}
	size, ok := digits(b[sizeAt:sizeEnd], 10)
	return head{bytes: fixed, size: size}, ok
}
