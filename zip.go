package ktzip

import (
	"io"
	"io/fs"

	"github.com/ktzip/ktzip/codec"
)

// ZipMethod is the compression method of the members of ZIP files that hold files of this package.
// PKWARE's APPNOTE.TXT (6.3.10, section 4.4.5) assigns the numbers 0 to 20 and 93 to 99, and this one
// to nobody; its bytes are "zk". Other programs cannot restore such members.
const ZipMethod uint16 = 0x6b7a

// ZipCompressor returns a function for zip.RegisterCompressor, or for a zip.Writer alone, that
// compresses members with the level; level 0 is DefaultCompression.
func ZipCompressor(level int) func(w io.Writer) (io.WriteCloser, error) {
	return func(w io.Writer) (io.WriteCloser, error) {
		zw, err := NewWriter(w, level)
		if err != nil {
			return nil, err // not a nil *Writer in an interface
		}
		return zw, nil
	}
}

// ZipDecompressor returns a function for zip.RegisterDecompressor, or for a zip.Reader alone, that
// restores members; nil stands for the default configuration. A member that needs more memory than
// its MemoryLimit is refused, with an error at the first Read.
func ZipDecompressor(cfg *codec.ReaderConfig) func(r io.Reader) io.ReadCloser {
	return func(r io.Reader) io.ReadCloser { return &zipMember{src: r, cfg: cfg} }
}

// A zipMember restores a member of a ZIP file.
type zipMember struct {
	src io.Reader
	cfg *codec.ReaderConfig
	r   *Reader // nil before the first Read
	err error   // that made no Reader
}

func (m *zipMember) Read(b []byte) (int, error) {
	if m.r == nil && m.err == nil {
		m.r, m.err = codec.NewReader(m.src, m.cfg)
	}
	if m.err != nil {
		return 0, m.err
	}
	return m.r.Read(b)
}

// Close implements io.Closer. It waits for what reads ahead, if the configuration has several
// threads.
func (m *zipMember) Close() error {
	if m.r != nil && m.err == nil {
		m.r.Reset(eof{}) // the error is that nothing is there
		m.r = nil
	}
	m.err = fs.ErrClosed
	return nil
}

// eof is a source without bytes.
type eof struct{}

func (eof) Read([]byte) (int, error) { return 0, io.EOF }
