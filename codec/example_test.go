package codec_test

import (
	"bytes"
	"fmt"
	"io"
	"log"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/search/programs"
)

func Example() {
	ramp := make([]byte, 4096)
	for i := range ramp {
		ramp[i] = byte(3 * i)
	}

	var file bytes.Buffer
	w, err := codec.NewWriter(&file, &codec.WriterConfig{Finder: programs.New(nil)})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := w.Write(ramp); err != nil {
		log.Fatal(err)
	}
	if err := w.Close(); err != nil { // a file is whole only after Close
		log.Fatal(err)
	}

	r, err := codec.NewReader(&file, nil)
	if err != nil {
		log.Fatal(err)
	}
	restored, err := io.ReadAll(r)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(bytes.Equal(restored, ramp))
	// Output: true
}
