package compare

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/ktzip/ktzip/cmd/internal/describe"
	"github.com/ktzip/ktzip/codec"
)

// lines returns n lines of text.
func lines(n int) []byte {
	var b bytes.Buffer
	for i := range n {
		fmt.Fprintf(&b, "line %d of %d; %d\n", i, n, i*i%97)
	}
	return b.Bytes()
}

// TestMethodsAreMeasured holds that every method restores the data, that its size is what it writes, and
// that both speeds are known.
func TestMethodsAreMeasured(t *testing.T) {
	data := lines(20_000)
	methods := append([]Method{Ktzip("ktzip -1", codec.WriterConfig{Level: 1})}, Others()...)
	var told []string
	got, err := Measure(t.Context(), data, methods, func(done, total int, name string) {
		told = append(told, fmt.Sprint(done, "/", total, " ", name))
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != len(methods) || len(told) != len(methods) || told[0] != "0/9 ktzip -1" {
		t.Errorf("%d results, told %q", len(got), told)
	}
	for i, m := range got {
		if m.Name != methods[i].Name || m.Bytes <= 0 || m.Bytes >= int64(len(data)) || m.Compress <= 0 || m.Restore <= 0 {
			t.Errorf("%+v", m)
		}
	}
	var b bytes.Buffer
	w, _ := gzip.NewWriterLevel(&b, 9)
	w.Write(data)
	w.Close()
	if m := named(got, "gzip -9"); m.Bytes != int64(b.Len()) {
		t.Errorf("gzip -9 takes %d bytes, not %d", m.Bytes, b.Len())
	}
}

// named returns the result of a method.
func named(list []describe.Method, name string) describe.Method {
	for _, m := range list {
		if m.Name == name {
			return m
		}
	}
	return describe.Method{}
}

// TestFilesAreRestored holds that a method of a file measures its restoring alone.
func TestFilesAreRestored(t *testing.T) {
	data := lines(1000)
	var b bytes.Buffer
	w, err := codec.NewWriter(&b, nil)
	if err == nil {
		_, err = w.Write(data)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	got, err := Measure(t.Context(), data, []Method{KtzipFile("ktzip", b.Bytes())}, nil)
	if err != nil || got[0].Bytes != int64(b.Len()) || got[0].Compress != 0 || got[0].Restore <= 0 {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestEmptyDataIsMeasured holds that no speed is infinite.
func TestEmptyDataIsMeasured(t *testing.T) {
	got, err := Measure(t.Context(), nil, Others(), nil)
	for _, m := range got {
		if err != nil || m.Compress != 0 || m.Restore != 0 {
			t.Errorf("%+v, %v", m, err)
		}
	}
}

// TestWrongMethodsAreErrors holds that data that does not restore is an error that names the method, and
// that a context that is done ends the work.
func TestWrongMethodsAreErrors(t *testing.T) {
	data := lines(10)
	for want, restored := range map[string][]byte{
		"changed": append([]byte("x"), data[1:]...), "short": data[:50], "long": append(bytes.Clone(data), 1), "none": nil,
	} {
		m := Method{Name: want, File: data, Reader: func(io.Reader) (io.Reader, error) { return bytes.NewReader(restored), nil }}
		if got, err := Measure(t.Context(), data, []Method{m}, nil); !errors.Is(err, ErrDiffers) || got != nil {
			t.Errorf("%s: %v, %v", want, got, err)
		}
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	enough := errors.New("enough")
	cancel(enough)
	if _, err := Measure(ctx, data, Others(), nil); !errors.Is(err, enough) {
		t.Error(err)
	}
}
