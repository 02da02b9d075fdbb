package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os/exec"

	"github.com/ktzip/ktzip/bench"
	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
)

// messageCount is how many messages of a kind and size are measured. Arbitrary.
const messageCount = 64

// messages measures short messages, each as a file of its own and flushed one by one to one
// file, beside gzip and beside version 2 of the format.
func messages(l *lab) error {
	t := newTable("messages", "bytes", "deflate data", "gzip -9", "file, version 2", "file", "flushed, version 2", "flushed")
	for _, in := range bench.Messages() {
		for _, size := range bench.MessageSizes {
			row, err := measureMessages(in.Data(messageCount*size), size)
			if err != nil {
				return err
			}
			t.add(in.Name, size, row.raw.mean(), row.gzip.mean(), row.old.mean(), row.file.mean(), row.oldFlushed.mean(), row.flushed.mean())
		}
	}
	return l.publish(t, "messages", "bench/README.md")
}

// A total is the bytes of all messages of a kind.
type total int

// mean returns the bytes of a message.
func (n total) mean() string { return fmt.Sprintf("%.1f", float64(n)/messageCount) }

// messageSizes are what all messages of a kind take.
type messageSizes struct {
	raw        total // members
	gzip       total // GNU gzip -9
	file       total // a file each
	old        total // a file each, of version 2
	flushed    total // one file, flushed after each, with header and index
	oldFlushed total // the same of version 2
}

// measureMessages measures the messages of size bytes in data.
func measureMessages(data []byte, size int) (s messageSizes, err error) {
	var stream bytes.Buffer
	w, err := codec.NewWriter(&stream, bench.Config(6, 1))
	if err != nil {
		return s, err
	}
	for off := 0; off < len(data); off += size {
		message := data[off : off+size]
		file, err := bench.Compress(bench.Config(6, 1), message)
		if err != nil {
			return s, err
		}
		old, err := asVersion2(file)
		if err != nil {
			return s, err
		}
		gzip := exec.Command("gzip", "-9", "-n")
		gzip.Stdin = bytes.NewReader(message)
		zipped, err := gzip.Output()
		if err != nil {
			return s, err
		}
		segments, err := bench.Segments(file)
		if err != nil {
			return s, err
		}
		for _, segment := range segments {
			s.raw += total(segment.RawBytes)
		}
		s.file, s.old, s.gzip = s.file+total(len(file)), s.old+total(old), s.gzip+total(len(zipped))
		if _, err := w.Write(message); err != nil {
			return s, err
		}
		if err := w.Flush(); err != nil {
			return s, err
		}
	}
	if err := w.Close(); err != nil {
		return s, err
	}
	s.flushed = total(stream.Len())
	old, err := asVersion2(stream.Bytes())
	s.oldFlushed = total(old)
	return s, err
}

// asVersion2 returns how many bytes a file takes in version 2 of the format, coded as it is
// (but for the lengths of members, which are a bit longer there).
func asVersion2(file []byte) (size int, err error) {
	const gzipBytes = 18 // head and tail of a GZIP member
	segments, err := bench.Segments(file)
	if err != nil {
		return 0, err
	}
	r, index, old := container.NewReader(bytes.NewReader(file)), container.Index{}, container.Header{}
	var s container.Segment
	for {
		h, err := r.Next(&s)
		switch {
		case errors.Is(err, io.EOF):
			return size + len(index.Append(nil, &old)), nil
		case err != nil:
			return 0, err
		case h != nil:
			old = *h
			old.Version = 2
			b, err := old.Append(nil)
			if err != nil {
				return 0, err
			}
			size, index.Header = len(b), int64(len(b))
			continue
		}
		o, members := s, 0
		if len(s.Raw) > 0 {
			members = 1
		}
		if info := segments[len(index.Entries)]; info.Plan != nil {
			members = 0
			for _, g := range info.Groups {
				if g.Raw > 0 {
					members++
				}
			}
		}
		if len(o.Programs) == 0 {
			o.Programs = rawSection((s.Size + old.BlockSize() - 1) / old.BlockSize())
		}
		o.Raw = make([]byte, len(s.Raw)+members*gzipBytes)
		b, err := o.Append(nil, &old)
		if err != nil {
			return 0, err
		}
		size += len(b)
		index.Entries = append(index.Entries, container.Entry{Coded: int64(len(b)), Size: int64(s.Size)})
	}
}

// rawSection returns the section of n raw blocks without a plan.
func rawSection(n int) []byte {
	e := dsl.NewEncoder(dsl.Edition2)
	e.Plan(dsl.Identity())
	for range n {
		e.Raw()
	}
	return e.Finish()
}
