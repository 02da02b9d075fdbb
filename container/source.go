package container

import "io"

// A byteReader is what a Reader reads from.
type byteReader interface {
	io.Reader
	io.ByteReader
}

// A source is a byteReader of in that reads no more bytes than it returns.
type source struct {
	in    io.Reader
	bytes io.ByteReader // in, if it implements that; else nil
	b     [1]byte       // storage for ReadByte
}

// maxEmptyReads is how many reads in a row may return (0, nil); package bufio allows as many.
const maxEmptyReads = 100

// Read implements io.Reader. It never returns (0, nil); the error is io.ErrNoProgress if in does
// so too often.
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
