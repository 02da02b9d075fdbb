package container

import "io"

type byteReader interface {
	io.Reader
	io.ByteReader
}

// A source is a byteReader of in, from which it takes no more bytes than it is asked for.
type source struct {
	in    io.Reader
	bytes io.ByteReader // in; nil if it is none
	b     [1]byte       // storage for ReadByte
}

const maxEmptyReads = 100 // that return (0, nil), in a row; as many as package bufio's

// Read implements io.Reader. It never returns (0, nil), but io.ErrNoProgress where in does
// so for ever.
func (s *source) Read(p []byte) (n int, err error) {
	for range maxEmptyReads {
		if n, err = s.in.Read(p); n > 0 || err != nil || len(p) == 0 {
			return n, err
		}
	}
	return 0, io.ErrNoProgress
}

// ReadByte implements io.ByteReader.
func (s *source) ReadByte() (byte, error) {
	if s.bytes != nil {
		return s.bytes.ReadByte()
	}
	if n, err := s.Read(s.b[:]); n == 0 {
		return 0, err
	}
	return s.b[0], nil
}
