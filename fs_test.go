package ktzip_test

import (
	"archive/zip"
	"bytes"
	"embed"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/ktzip/ktzip"
	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/container"
)

// segmented compresses data in segments of 4 KiB.
func segmented(t *testing.T, data []byte) []byte {
	t.Helper()
	cfg := ktzip.WriterConfig(1)
	cfg.SegmentSize = 4096
	var file bytes.Buffer
	w, err := codec.NewWriter(&file, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// lines returns n bytes of text.
func lines(n int) []byte {
	var b []byte
	for i := 0; len(b) < n; i++ {
		b = fmt.Appendf(b, "%d,%d\n", i, i*i)
	}
	return b[:n]
}

// tree is a file system with compressed files and others, and the names of the files as FS lists them.
func tree(t *testing.T) (tree fstest.MapFS, names []string) {
	file := func(b []byte) *fstest.MapFile { return &fstest.MapFile{Data: b, Mode: 0o644} }
	one := compressed(t, lines(10), 1)
	return fstest.MapFS{
			"plain.txt":             file([]byte("as it is")),
			"table.csv.ktz":         file(segmented(t, lines(30_000))),
			"table.csv-2":           file([]byte("sorted after table.csv")),
			"both.csv":              file([]byte("not compressed")),
			"both.csv.ktz":          file(one),
			"sub/deep/x.ktz":        file(one),
			"sub/two.ktz":           file(append(bytes.Clone(one), one...)),
			"sub/folder.ktz/y":      file([]byte("in a folder")),
			"sub/empty.ktz":         file(compressed(t, nil, 1)),
			"sub/twice.ktz.ktz":     file(compressed(t, one, 1)),
			"sub/.ktz":              file([]byte("no name is left")),
			"sub/deep/x.ktz.backup": file([]byte("another extension")),
		}, []string{
			"both.csv", "both.csv.ktz", "plain.txt", "sub/.ktz", "sub/deep/x", "sub/deep/x.ktz.backup", "sub/empty", "sub/folder.ktz/y",
			"sub/twice.ktz", "sub/two", "table.csv", "table.csv-2",
		}
}

// onDisk writes the tree to a folder.
func onDisk(t *testing.T, tree fstest.MapFS) fs.FS {
	dir := t.TempDir()
	if err := os.CopyFS(dir, tree); err != nil {
		t.Fatal(err)
	}
	return os.DirFS(dir)
}

// zipped is the tree in a ZIP file, of which nothing is an io.ReaderAt.
func zipped(t *testing.T, tree fstest.MapFS) fs.FS {
	var file bytes.Buffer
	w := zip.NewWriter(&file)
	if err := w.AddFS(tree); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	r, err := zip.NewReader(bytes.NewReader(file.Bytes()), int64(file.Len()))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestFSRestores holds that FS is a file system as any, over those of Go, and that it lists the names.
func TestFSRestores(t *testing.T) {
	mem, names := tree(t)
	for kind, fsys := range map[string]fs.FS{"fstest.MapFS": mem, "os.DirFS": onDisk(t, mem), "zip.Reader": zipped(t, mem)} {
		restored := ktzip.FS(fsys)
		if err := fstest.TestFS(restored, names...); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		var got []string
		err := fs.WalkDir(restored, ".", func(name string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() {
				got = append(got, name)
			}
			return err
		})
		if err != nil || strings.Join(got, " ") != strings.Join(names, " ") {
			t.Errorf("%s: %v, %v", kind, got, err)
		}
		for name, want := range map[string][]byte{
			"table.csv": lines(30_000), "table.csv.ktz": mem["table.csv.ktz"].Data, "both.csv": []byte("not compressed"),
			"sub/two": append(lines(10), lines(10)...), "sub/empty": nil, "sub/twice.ktz": mem["both.csv.ktz"].Data,
		} {
			info, err := fs.Stat(restored, name)
			if err != nil || info.Size() != int64(len(want)) || info.Name() != filepath.Base(name) {
				t.Errorf("%s: Stat of %s: %v, %v", kind, name, info, err)
			}
			if got, err := fs.ReadFile(restored, name); err != nil || !bytes.Equal(got, want) {
				t.Errorf("%s: %s: %d bytes, %v", kind, name, len(got), err)
			}
		}
		for _, name := range []string{"none", "sub/folder", "../x", "sub/none.ktz"} {
			if _, err := restored.Open(name); err == nil {
				t.Errorf("%s: opens %s", kind, name)
			} else if name[0] != '.' && !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("%s: %s: %v", kind, name, err)
			}
		}
	}
}

//go:embed container/testdata/golden/3/devices.*
var golden embed.FS

// TestFSOfEmbedded restores a file of the program itself.
func TestFSOfEmbedded(t *testing.T) {
	restored := ktzip.FS(golden)
	got, err := fs.ReadFile(restored, "container/testdata/golden/3/devices")
	want, err2 := golden.ReadFile("container/testdata/golden/3/devices.raw")
	if err != nil || err2 != nil || !bytes.Equal(got, want) {
		t.Errorf("%d bytes, %v; want %d, %v", len(got), err, len(want), err2)
	}
	if err := fstest.TestFS(restored, "container/testdata/golden/3/devices"); err != nil {
		t.Error(err)
	}
}

// TestFSReadsAtRandom uses what a restored file is in addition to an fs.File.
func TestFSReadsAtRandom(t *testing.T) {
	mem, _ := tree(t)
	f, err := ktzip.FS(mem).Open("table.csv")
	if err != nil {
		t.Fatal(err)
	}
	want, b := lines(30_000), make([]byte, 5000)
	if n, err := f.(io.ReaderAt).ReadAt(b, 20_000); err != nil || !bytes.Equal(b[:n], want[20_000:25_000]) {
		t.Errorf("ReadAt: %d bytes, %v", n, err)
	}
	if pos, err := f.(io.Seeker).Seek(-100, io.SeekEnd); pos != 29_900 || err != nil {
		t.Errorf("Seek: %d, %v", pos, err)
	}
	var out bytes.Buffer
	if n, err := io.Copy(&out, f); n != 100 || err != nil || !bytes.Equal(out.Bytes(), want[29_900:]) {
		t.Errorf("Copy: %d, %v", n, err)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	_, err1 := f.Read(b)
	_, err2 := f.(io.ReaderAt).ReadAt(b, 0)
	_, err3 := f.(io.Seeker).Seek(0, io.SeekStart)
	_, err4 := f.(io.WriterTo).WriteTo(&out)
	for _, err := range []error{err1, err2, err3, err4, f.Close()} {
		if !errors.Is(err, fs.ErrClosed) {
			t.Errorf("after Close: %v", err)
		}
	}
}

// TestFSRefusesDamage wants a damaged file to be listed, and to give a typed error with its name once
// it is opened, or once the damage is read.
func TestFSRefusesDamage(t *testing.T) {
	file := segmented(t, lines(30_000))
	flipped, cut := bytes.Clone(file), file[:len(file)-3]
	flipped[len(file)/2] ^= 1
	restored := ktzip.FS(fstest.MapFS{"flipped.ktz": {Data: flipped}, "cut.ktz": {Data: cut}, "other.ktz": {Data: []byte("not a file of ktzip")}})
	list, err := fs.ReadDir(restored, ".")
	if err != nil || len(list) != 3 {
		t.Fatal(list, err)
	}
	for _, e := range list {
		_, err := fs.ReadFile(restored, e.Name())
		var path *fs.PathError
		if !errors.Is(err, container.ErrCorrupt) && !errors.Is(err, container.ErrChecksum) && !errors.Is(err, container.ErrFormat) ||
			!errors.As(err, &path) || path.Path != e.Name() {
			t.Errorf("%s: %v", e.Name(), err)
		}
		if _, err := e.Info(); (err == nil) != (e.Name() == "flipped") {
			t.Errorf("Info of %s: %v", e.Name(), err)
		}
	}
	f, err := restored.Open("flipped")
	if err != nil {
		t.Fatal(err)
	}
	if b := make([]byte, 4096); true { // a segment that is intact
		if n, err := f.(io.ReaderAt).ReadAt(b, 0); err != nil || !bytes.Equal(b[:n], lines(4096)) {
			t.Errorf("before the damage: %d bytes, %v", n, err)
		}
	}
}

// endless is a file of no end that is no io.ReaderAt.
type endless struct{ fs.File }

func (endless) Read(b []byte) (int, error) { return len(b), nil }
func (endless) Close() error               { return nil }

type endlessFS struct{ fstest.MapFS }

func (f endlessFS) Open(name string) (fs.File, error) {
	file, err := f.MapFS.Open(name)
	return endless{file}, err
}

// TestFSIsBounded wants a file that is read into memory to be refused from some length on.
func TestFSIsBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 64 MiB")
	}
	if _, err := ktzip.FS(endlessFS{fstest.MapFS{"x.ktz": {}}}).Open("x"); err == nil {
		t.Error("opens a file without an end")
	}
}

// TestFSServesRanges serves a part of a compressed file by the file server of Go.
func TestFSServesRanges(t *testing.T) {
	mem, _ := tree(t)
	server := httptest.NewServer(http.FileServerFS(ktzip.FS(mem)))
	defer server.Close()
	for _, c := range []struct {
		name, ranges string
		status       int
		want         []byte
	}{
		{"table.csv", "bytes=12345-13344", http.StatusPartialContent, lines(30_000)[12345:13345]},
		{"table.csv", "bytes=-10", http.StatusPartialContent, lines(30_000)[29_990:]},
		{"table.csv", "", http.StatusOK, lines(30_000)},
		{"table.csv.ktz", "", http.StatusOK, mem["table.csv.ktz"].Data},
		{"table.csv", "bytes=30000-", http.StatusRequestedRangeNotSatisfiable, nil},
		{"nothing", "", http.StatusNotFound, nil},
	} {
		req, err := http.NewRequest("GET", server.URL+"/"+c.name, nil)
		if err != nil {
			t.Fatal(err)
		}
		if c.ranges != "" {
			req.Header.Set("Range", c.ranges)
		}
		resp, err := server.Client().Do(req)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		if err != nil || resp.StatusCode != c.status || c.want != nil && !bytes.Equal(got, c.want) {
			t.Errorf("%s %s: %s, %d bytes, %v", c.name, c.ranges, resp.Status, len(got), err)
		}
	}
}

// TestReadFileIsBounded wants fs.ReadFile to take no memory for 2 TiB that an index states and no segment has.
func TestReadFileIsBounded(t *testing.T) {
	var file []byte
	h := container.Header{BlockLog: 7, SegmentLog: 24}
	file, err := h.Append(file)
	if err != nil {
		t.Fatal(err)
	}
	x := container.Index{Header: int64(len(file))}
	for range 1 << 17 {
		x.Entries = append(x.Entries, container.Entry{Coded: 1, Size: 1 << 24})
	}
	file = x.Append(append(file, make([]byte, len(x.Entries))...), &h)
	restored := ktzip.FS(fstest.MapFS{"bomb.ktz": {Data: file}})
	info, err := fs.Stat(restored, "bomb")
	if err != nil || info.Size() != 1<<41 {
		t.Fatal(info, err)
	}
	if b, err := fs.ReadFile(restored, "bomb"); err == nil || len(b) > 0 {
		t.Errorf("%d bytes, %v", len(b), err)
	}
}
