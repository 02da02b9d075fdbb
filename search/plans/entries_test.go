package plans

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// A stored file is what an archive of a test has.
type stored struct {
	name string
	data []byte
}

// storedFiles draws files of many sizes, the empty one among them.
func storedFiles(r *rand.Rand) (list []stored) {
	for i, size := range []int{1, 511, 512, 0, 513, 3000, 70_000, 2, 0, 1 + r.IntN(9000), 8191} {
		f := stored{fmt.Sprintf("folder/%s%d.dat", strings.Repeat("x", i*7), i), make([]byte, size)}
		for k := range f.data {
			f.data[k] = byte(1 + r.IntN(255))
		}
		list = append(list, f)
	}
	return list
}

// archivers make archives that store files as they are.
var archivers = map[string]func(list []stored) []byte{
	"tar":     func(list []stored) []byte { return tarOf(list, tar.FormatUSTAR) },
	"GNU tar": func(list []stored) []byte { return tarOf(list, tar.FormatGNU) },
	"pax":     func(list []stored) []byte { return tarOf(list, tar.FormatPAX) },
	"zip": func(list []stored) []byte {
		var b bytes.Buffer
		w := zip.NewWriter(&b)
		for _, f := range list {
			h := zip.FileHeader{Name: f.name, Method: zip.Store, CompressedSize64: uint64(len(f.data)), UncompressedSize64: uint64(len(f.data))}
			to, _ := w.CreateRaw(&h)
			to.Write(f.data)
		}
		w.Close()
		return b.Bytes()
	},
	"cpio": func(list []stored) []byte {
		var b bytes.Buffer
		for _, f := range list {
			fmt.Fprintf(&b, "070701%040x%08x%08x%032x%08x%08x%s\x00", 0, 0, len(f.data), 0, len(f.name)+1, 0, f.name)
			b.Write(make([]byte, -b.Len()&3))
			b.Write(f.data)
			b.Write(make([]byte, -b.Len()&3))
		}
		return b.Bytes()
	},
	"old cpio": func(list []stored) []byte {
		var b bytes.Buffer
		for _, f := range list {
			fmt.Fprintf(&b, "070707%042o%011o%06o%011o%s\x00", 0, 0, len(f.name)+1, len(f.data), f.name)
			b.Write(f.data)
		}
		return b.Bytes()
	},
	"ar": func(list []stored) []byte {
		b := []byte("!<arch>\n")
		for i, f := range list {
			b = fmt.Appendf(b, "%-16s%-12d%-6d%-6d%-8o%-10d`\n", fmt.Sprint(i, "/"), 0, 0, 0, 0o644, len(f.data))
			b = append(b, f.data...)
			b = append(b, "\n"[:len(f.data)&1]...)
		}
		return b
	},
}

// tarOf returns a tar of the files.
func tarOf(list []stored, format tar.Format) []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, f := range list {
		h := tar.Header{Name: f.name, Size: int64(len(f.data)), Format: format}
		if format == tar.FormatPAX {
			h.PAXRecords = map[string]string{"test.note": "of this file"}
		}
		w.WriteHeader(&h)
		w.Write(f.data)
	}
	w.Close()
	return b.Bytes()
}

// TestEntriesAreTheFilesOfAnArchive finds each file where it is, and the lead of what starts with
// its head.
func TestEntriesAreTheFilesOfAnArchive(t *testing.T) {
	list := storedFiles(rand.New(rand.NewPCG(1, 2)))
	for name, join := range archivers {
		src := join(list)
		found := entries(src)
		for _, f := range list {
			if len(f.data) == 0 {
				continue // its head belongs to the next file
			}
			ok := false
			for _, e := range found {
				if bytes.Equal(src[e.data:e.end], f.data) {
					ok = true
					if lead := leadOf(src[e.start:]); e.start > 0 && lead != e.data-e.start {
						t.Errorf("%s: %s has a lead of %d bytes, want %d", name, f.name, lead, e.data-e.start)
					}
				}
			}
			if !ok {
				t.Errorf("%s: %s, %d bytes, is not among the entries", name, f.name, len(f.data))
			}
		}
	}
}

// TestEntriesOfDamagedArchives changes bytes of archives, and cuts them: the entries are in order,
// within the archive, and all of it but what fills its last block.
func TestEntriesOfDamagedArchives(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	list := storedFiles(r)
	for name, join := range archivers {
		whole := join(list)
		for range 100 {
			src := bytes.Clone(whole[r.IntN(1000):])
			src = src[:r.IntN(len(src))]
			for range r.IntN(50) {
				if len(src) > 0 {
					src[r.IntN(len(src))] = "\x000179fF\xff"[r.IntN(8)]
				}
			}
			leadOf(src)
			end := 0
			for _, e := range entries(src) {
				if e.start != end || e.data < e.start || e.end < e.data || e.end > len(src) {
					t.Fatalf("%s: after byte %d of %d comes %+v", name, end, len(src), e)
				}
				end = e.end
			}
			if len(src)-end > maxFill {
				t.Fatalf("%s: entries end at byte %d of %d", name, end, len(src))
			}
		}
	}
}
