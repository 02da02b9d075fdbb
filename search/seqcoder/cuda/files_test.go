package cuda

import (
	"bytes"
	"fmt"
	"io"
	"testing"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/search"
	"github.com/ktzip/ktzip/search/seqcoder"
)

// TestFiles writes a file with the model on a device that is lost, sooner or later, and
// wants it to restore.
func TestFiles(t *testing.T) {
	w, err := seqcoder.ReadWeights("../testdata/tiny.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	var data []byte
	for i := range 10 {
		for k := range 16 {
			data = append(data, byte(i*5+k*(i%3+1)))
		}
	}
	sizes, weights := weightsOf(w)
	for _, after := range []int32{0, 20, 200} { // launches
		t.Run(fmt.Sprint(after), func(t *testing.T) {
			f := useFake(t)
			tr, err := NewTransformer(open(t, 8<<20), sizes, weights, 200, 500)
			if err != nil {
				t.Fatal(err)
			}
			calls := f.calls()
			f.fail("cuLaunchKernel", 719, after)
			finder := seqcoder.New(seqcoder.NewModel(w, tr), nil, search.Adaptive)
			var coded bytes.Buffer
			cw, err := codec.NewWriter(&coded, &codec.WriterConfig{Finder: finder, BlockSize: 16, Threads: 2})
			if err != nil {
				t.Fatal(err)
			}
			cw.Write(data)
			if err := cw.Close(); err != nil {
				t.Fatal(err)
			}
			if finder.Trouble() == nil {
				t.Errorf("nothing is said of a device that is lost")
			}
			if f.calls() == calls {
				t.Fatal("the device was not asked")
			}
			r, err := codec.NewReader(&coded, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, data) {
				t.Fatalf("it does not restore: %v", err)
			}
		})
	}
}
