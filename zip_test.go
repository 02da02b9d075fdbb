package ktzip_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"slices"
	"strings"
	"testing"

	"github.com/ktzip/ktzip"
	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/container"
)

// A ZIP file whose members ktzip compresses. Only programs that register ZipMethod can restore them.
func ExampleZipCompressor() {
	var file bytes.Buffer
	zw := zip.NewWriter(&file)
	zw.RegisterCompressor(ktzip.ZipMethod, ktzip.ZipCompressor(ktzip.DefaultCompression))
	w, err := zw.CreateHeader(&zip.FileHeader{Name: "records.bin", Method: ktzip.ZipMethod})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := w.Write(records(40_000)); err != nil {
		log.Fatal(err)
	}
	if err := zw.Close(); err != nil {
		log.Fatal(err)
	}

	zr, err := zip.NewReader(bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil {
		log.Fatal(err)
	}
	zr.RegisterDecompressor(ktzip.ZipMethod, ktzip.ZipDecompressor(nil))
	data, err := fs.ReadFile(zr, "records.bin")
	fmt.Println(bytes.Equal(data, records(40_000)), err)
	// Output: true <nil>
}

// zipOf is a ZIP file with a member of the name, that holds coded by ZipMethod and is said to have
// size bytes.
func zipOf(t *testing.T, name string, coded []byte, size uint64) []byte {
	t.Helper()
	var file bytes.Buffer
	zw := zip.NewWriter(&file)
	w, err := zw.CreateRaw(&zip.FileHeader{Name: name, Method: ktzip.ZipMethod, CompressedSize64: uint64(len(coded)), UncompressedSize64: size})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(coded); err != nil {
		t.Fatal(err)
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// readZip reads the member of the name.
func readZip(t *testing.T, file []byte, cfg *codec.ReaderConfig, name string) ([]byte, error) {
	t.Helper()
	zr, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	zr.RegisterDecompressor(ktzip.ZipMethod, ktzip.ZipDecompressor(cfg))
	f, err := zr.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(f)
	return b, errors.Join(err, f.Close())
}

// TestZipRoundTrip compresses members of several lengths, and restores them with one thread and
// several, whole and in part.
func TestZipRoundTrip(t *testing.T) {
	members := map[string][]byte{"empty": nil, "a byte": {7}, "records": records(50_000), "text": []byte(strings.Repeat("text, ", 3000)), "segments": make([]byte, 9<<20)}
	for _, level := range []int{0, 1} {
		var file bytes.Buffer
		zw := zip.NewWriter(&file)
		zw.RegisterCompressor(ktzip.ZipMethod, ktzip.ZipCompressor(level))
		for name, data := range members {
			w, err := zw.CreateHeader(&zip.FileHeader{Name: name, Method: ktzip.ZipMethod})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.Write(data); err != nil {
				t.Fatal(err)
			}
		}
		if err := zw.Close(); err != nil {
			t.Fatal(err)
		}
		if file.Len() > 100_000 {
			t.Errorf("level %d: %d bytes", level, file.Len())
		}
		for _, cfg := range []*codec.ReaderConfig{nil, {Threads: 3}} {
			for name, data := range members {
				if got, err := readZip(t, file.Bytes(), cfg, name); err != nil || !bytes.Equal(got, data) {
					t.Errorf("%s: %d bytes, %v", name, len(got), err)
				}
			}
			d := ktzip.ZipDecompressor(cfg)(bytes.NewReader(compressed(t, members["segments"], 1)))
			if _, err := io.ReadFull(d, make([]byte, 10)); err != nil {
				t.Error(err)
			}
			if err := d.Close(); err != nil {
				t.Error(err)
			}
			if _, err := d.Read(make([]byte, 10)); err != fs.ErrClosed {
				t.Errorf("after Close: %v", err)
			}
		}
	}
}

// TestZipRefuses wants a typed error for a member that is damaged, or needs more memory than is
// allowed, and no more bytes than the ZIP file says.
func TestZipRefuses(t *testing.T) {
	data := records(3 << 20)
	file := compressed(t, data, 1)
	flipped := slices.Clone(file)
	flipped[len(file)/2] ^= 1
	for name, c := range map[string]struct {
		coded []byte
		size  int
		cfg   *codec.ReaderConfig
		want  error
	}{
		"nothing":           {nil, 0, nil, io.ErrUnexpectedEOF},
		"cut":               {file[:len(file)-1], len(data), nil, io.ErrUnexpectedEOF},
		"flipped":           {flipped, len(data), nil, container.ErrChecksum},
		"another format":    {[]byte("\x1f\x8b\x08 and so on"), 10, nil, container.ErrFormat},
		"memory":            {file, len(data), &codec.ReaderConfig{MemoryLimit: 1 << 20}, container.ErrMemory},
		"more than stated":  {file, 1000, nil, zip.ErrFormat},
		"less than stated":  {file, len(data) + 1, nil, io.ErrUnexpectedEOF},
		"bad configuration": {file, len(data), &codec.ReaderConfig{Threads: -1}, nil},
	} {
		got, err := readZip(t, zipOf(t, "x", c.coded, uint64(c.size)), c.cfg, "x")
		if err == nil || c.want != nil && !errors.Is(err, c.want) || len(got) > len(data) {
			t.Errorf("%s: %d bytes, %v; want %v", name, len(got), err, c.want)
		}
	}
	zw := zip.NewWriter(io.Discard)
	zw.RegisterCompressor(ktzip.ZipMethod, ktzip.ZipCompressor(10))
	if _, err := zw.CreateHeader(&zip.FileHeader{Name: "x", Method: ktzip.ZipMethod}); err == nil {
		t.Error("level 10 is taken")
	}
}
