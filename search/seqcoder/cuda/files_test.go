//go:build (linux || darwin) && (386 || amd64 || arm || arm64)

package cuda

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/search/programs"
	"github.com/ktzip/ktzip/search/seqcoder"
)

// ramps are some blocks of 16 bytes.
func ramps() (data []byte) {
	for i := range 10 {
		for k := range 16 {
			data = append(data, byte(i*5+k*(i%3+1)))
		}
	}
	return data
}

// written is the file of data, in blocks of size, that a model writes beside enumeration, or
// alone where e is nil; it restores.
func written(t *testing.T, data []byte, size int, s *seqcoder.Searcher) []byte {
	t.Helper()
	var coded bytes.Buffer
	cw, err := codec.NewWriter(&coded, &codec.WriterConfig{Finder: s, BlockSize: size, Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	cw.Write(data)
	if err := cw.Close(); err != nil {
		t.Fatal(err)
	}
	file := bytes.Clone(coded.Bytes())
	r, err := codec.NewReader(&coded, nil)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, data) {
		t.Fatalf("it does not restore: %v", err)
	}
	return file
}

// TestSizes wants files of the same size, to a thousandth, from a device and the processor.
func TestSizes(t *testing.T) {
	onDevices(t, 1, func(t *testing.T, dev *Device) {
		name, data, size, e := tiny, ramps()[:16], 16, (*programs.Finder)(nil)
		if !strings.Contains(t.Name(), "emulated") {
			name, data, size, e = shipped, bytes.Join(generated(1024), nil), 128, programs.New(nil)
		}
		w, tr := modelOn(t, dev, name, 2048, 30_000)
		s := seqcoder.New(seqcoder.NewModel(w, tr), e, programs.Adaptive)
		there := len(written(t, data, size, s))
		here := len(written(t, data, size, seqcoder.New(seqcoder.NewModel(w, nil), e, programs.Adaptive)))
		t.Logf("%d bytes become %d on the device, %d on the processor", len(data), there, here)
		if s.Trouble() != nil || there-here > here/1000+1 || here-there > here/1000+1 {
			t.Error("they differ", s.Trouble())
		}
	})
}

// TestFiles writes a file with the model on a device that is lost, sooner or later, and
// wants it to restore.
func TestFiles(t *testing.T) {
	for _, after := range []int32{0, 20, 200} { // launches
		t.Run(fmt.Sprint(after), func(t *testing.T) {
			f := useFake(t)
			w, tr := modelOn(t, open(t, 8<<20), tiny, 200, 500)
			calls := f.calls()
			f.fail("cuLaunchKernel", 719, after)
			finder := seqcoder.New(seqcoder.NewModel(w, tr), nil, programs.Adaptive)
			written(t, ramps(), 16, finder)
			if finder.Trouble() == nil {
				t.Errorf("nothing is said of a device that is lost")
			}
			if f.calls() == calls {
				t.Fatal("the device was not asked")
			}
		})
	}
}
