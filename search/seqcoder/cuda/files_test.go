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
	"github.com/ktzip/ktzip/search/seqcoder/model"
)

// ramps returns ten blocks of 16 bytes.
func ramps() (data []byte) {
	for i := range 10 {
		for k := range 16 {
			data = append(data, byte(i*5+k*(i%3+1)))
		}
	}
	return data
}

// compressed returns data compressed in blocks of size with the programs that s finds, and
// checks that it decompresses.
func compressed(t *testing.T, data []byte, size int, s *seqcoder.Searcher) []byte {
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
		t.Fatalf("the file does not decompress: %v", err)
	}
	return file
}

// TestFilesHaveSameSize compresses data on a device and on the processor: the sizes differ by a
// thousandth at most.
func TestFilesHaveSameSize(t *testing.T) {
	onDevices(t, 1, func(t *testing.T, dev *Device) {
		name, data, size, e := tiny, ramps()[:16], 16, (*programs.Finder)(nil)
		if !strings.Contains(t.Name(), "emulated") {
			name, data, size, e = shipped, bytes.Join(promisingBlocks(1024), nil), 128, programs.New(nil)
		}
		w := readWeights(t, name)
		tr := newTransformer(t, dev, w, 2048, 30_000)
		s := seqcoder.New(model.New(w, tr), e, programs.Adaptive)
		there := len(compressed(t, data, size, s))
		here := len(compressed(t, data, size, seqcoder.New(model.New(w, nil), e, programs.Adaptive)))
		t.Logf("%d bytes become %d on the device, %d on the processor", len(data), there, here)
		if s.Trouble() != nil || there-here > here/1000+1 || here-there > here/1000+1 {
			t.Errorf("got %d bytes on the device, %d on the processor; trouble: %v", there, here, s.Trouble())
		}
	})
}

// TestLostDeviceCompresses compresses with a device that is lost, sooner or later: the file
// decompresses, and the trouble is reported.
func TestLostDeviceCompresses(t *testing.T) {
	for _, after := range []int32{0, 60} { // launches
		t.Run(fmt.Sprint(after), func(t *testing.T) {
			f := useFake(t)
			w := readWeights(t, tiny)
			tr := newTransformer(t, open(t, 8<<20), w, 200, 500)
			calls := f.calls()
			f.fail("cuLaunchKernel", 719, after)
			finder := seqcoder.New(model.New(w, tr), nil, programs.Adaptive)
			compressed(t, ramps(), 16, finder)
			if finder.Trouble() == nil {
				t.Error("no trouble is reported")
			}
			if f.calls() == calls {
				t.Fatal("the device was not used")
			}
		})
	}
}
