package plans

import "bytes"

// Records of FIT, the files of sports watches: definitions, which say how long the records of a
// local type are from there on, and data. (Flexible and Interoperable Data Transfer Protocol,
// sections 3 and 4.)

// The bits of a record's first byte.
const (
	fitCompressed = 0x80 // data, with its time; the local type is in bits 5 and 6
	fitDefinition = 0x40
	fitDeveloper  = 0x20 // of a definition: developer fields follow
	fitLocal      = 0x0F // the local type of all others
)

// maxFITTypes is how many changes of types a plan states, at most. Arbitrary.
const maxFITTypes = 1 << 10

// fitFraming returns the framing of the FIT records in src. It reports whether these are most of
// it.
func fitFraming(src []byte) (f framing, ok bool) {
	const mark = 8 // bytes before ".FIT"
	at := bytes.Index(src[:min(len(src), len(src)/leadingShare)], []byte(".FIT"))
	if at < mark || int(src[at-mark]) < mark+4 {
		return f, false
	}
	f = framing{unit: 1, align: 1}
	r := fitReader{src: src}
	for i := at - mark + int(src[at-mark]); i < len(src); {
		n, changed := r.record(i)
		if n == 0 || i+n > len(src) || len(f.types) > maxFITTypes {
			break
		}
		if changed {
			f.types = append(f.types, typeLength{int32(src[i]), int32(n), int32(len(f.spans))})
		}
		f.spans = append(f.spans, span{int32(i), int32(i + n)})
		i += n
	}
	return f, len(f.spans) >= minRows && f.bytes()*100 >= len(src)*framedPercent
}

// leadingShare: records must start in the first 1/leadingShare of the segment. Arbitrary.
const leadingShare = 4

// A fitReader knows the definitions read so far.
type fitReader struct {
	src     []byte
	defined [16][]byte  // the last definition of each local type
	known   [256][]byte // the definition that the type's entry was made for
}

// record returns the length of the record at byte i, and whether its type's entry must change: for
// the first record of the type, or since it was defined anew; 0 if there is none.
func (r *fitReader) record(i int) (n int, changed bool) {
	b := r.src[i:]
	kind := b[0]
	local := kind & fitLocal
	if kind&fitCompressed != 0 {
		local = kind >> 5 & 3
	} else if kind&fitDefinition != 0 {
		n = fitDefinitionLength(b)
		if n == 0 || n > len(b) {
			return 0, false
		}
		r.defined[local] = b[:n]
		changed = len(r.known[kind]) != n
		r.known[kind] = b[:n]
		return n, changed
	}
	d := r.defined[local]
	if d == nil {
		return 0, false
	}
	changed = r.known[kind] == nil || !bytes.Equal(r.known[kind][1:], d[1:])
	r.known[kind] = d
	return 1 + fitDataLength(d), changed
}

const (
	fitHead  = 6 // bytes of a definition before its fields, the last of which is their number
	fitField = 3 // bytes of a field: its number, its size in bytes, its type
)

// fitDefinitionLength returns the length of the definition that b starts with; 0 if it is cut off.
func fitDefinitionLength(b []byte) int {
	if len(b) < fitHead {
		return 0
	}
	n := fitHead + fitField*int(b[fitHead-1])
	if b[0]&fitDeveloper != 0 {
		if n >= len(b) {
			return 0
		}
		n += 1 + fitField*int(b[n])
	}
	return n
}

// fitDataLength returns how many bytes the fields of the definition d have.
func fitDataLength(d []byte) (n int) {
	fields := int(d[fitHead-1])
	for k := range fields {
		n += int(d[fitHead+fitField*k+1])
	}
	for i := fitHead + fitField*fields + 1; i+1 < len(d); i += fitField { // developer fields
		n += int(d[i+1])
	}
	return n
}
