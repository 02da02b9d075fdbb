package container_test

import (
	"bytes"
	"fmt"
	"io"
	"log"

	"github.com/ktzip/ktzip/container"
)

// Example writes a file of two segments, whose content is not looked at here, and lists its
// parts.
func Example() {
	header := container.Header{BlockLog: 7, SegmentLog: 20, Name: "log.txt"}
	file, err := header.Append(nil)
	if err != nil {
		log.Fatal(err)
	}
	index := container.Index{Header: int64(len(file))}
	for _, s := range []container.Segment{
		{Size: 1000, Programs: []byte("section"), Raw: []byte("members")},
		{Size: 200, Programs: []byte("another")},
	} {
		start := len(file)
		if file, err = s.Append(file, &header); err != nil {
			log.Fatal(err)
		}
		index.Entries = append(index.Entries, container.Entry{Coded: int64(len(file) - start), Size: int64(s.Size)})
	}
	file = index.Append(file, &header)

	var s container.Segment
	for r := container.NewReader(bytes.NewReader(file)); ; {
		h, err := r.Next(&s)
		switch {
		case err == io.EOF: // the index and the end mark are right
			return
		case err != nil:
			log.Fatal(err)
		case h != nil:
			fmt.Printf("%s, blocks of %d bytes\n", h.Name, h.BlockSize())
		default:
			fmt.Printf("a segment of %d bytes: %s %s\n", s.Size, s.Programs, s.Raw)
		}
	}
	// Output:
	// log.txt, blocks of 128 bytes
	// a segment of 1000 bytes: section members
	// a segment of 200 bytes: another
}
