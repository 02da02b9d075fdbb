package bench

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"fmt"
	"io"
)

// A Part is a file in an archive.
type Part struct {
	Name string
	Data []byte
}

// An Archiver joins files in an archive that stores them as they are.
type Archiver struct {
	Name string
	Join func(parts []Part) []byte
}

// Archivers returns an Archiver for each kind of archive, and the one that has no heads.
func Archivers() []Archiver {
	return []Archiver{{"tar", Tar}, {"zip -0", storedZip}, {"cpio", cpio}, {"ar", ar}, {"cat", cat}}
}

// Tar returns a tar of the parts.
func Tar(parts []Part) []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, p := range parts { // errors are impossible: to memory, of short names
		w.WriteHeader(&tar.Header{Name: p.Name, Mode: 0o644, Size: int64(len(p.Data)), Format: tar.FormatUSTAR})
		w.Write(p.Data)
	}
	w.Close()
	return b.Bytes()
}

// storedZip returns a zip of the parts that compresses none.
func storedZip(parts []Part) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, p := range parts {
		h := zip.FileHeader{Name: p.Name, Method: zip.Store}
		f, _ := w.CreateHeader(&h)
		f.Write(p.Data)
	}
	w.Close()
	return b.Bytes()
}

// cpio returns a cpio of the parts, in the new format.
func cpio(parts []Part) []byte {
	var b bytes.Buffer
	add := func(inode, mode int, name string, data []byte) {
		fmt.Fprintf(&b, "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%s\x00",
			inode, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(name)+1, 0, name)
		for _, part := range [...][]byte{nil, data} {
			b.Write(part)
			b.Write(make([]byte, -b.Len()&3))
		}
	}
	for i, p := range parts {
		add(i+1, 0o100644, p.Name, p.Data)
	}
	add(0, 0, "TRAILER!!!", nil)
	return b.Bytes()
}

// ar returns an ar of the parts.
func ar(parts []Part) []byte {
	var b bytes.Buffer
	io.WriteString(&b, "!<arch>\n")
	for _, p := range parts {
		fmt.Fprintf(&b, "%-16.16s%-12d%-6d%-6d%-8o%-10d`\n", p.Name+"/", 0, 0, 0, 0o100644, len(p.Data))
		b.Write(p.Data)
		b.WriteString("\n"[:len(p.Data)&1])
	}
	return b.Bytes()
}

// cat returns the parts, one after the other.
func cat(parts []Part) (b []byte) {
	for _, p := range parts {
		b = append(b, p.Data...)
	}
	return b
}
