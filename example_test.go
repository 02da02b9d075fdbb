package ktzip_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/ktzip/ktzip"
)

// records returns n bytes of records of 4 bytes: a 16-bit counter and a constant.
func records(n int) (b []byte) {
	for i := 0; len(b) < n; i++ {
		b = append(b, byte(i), byte(i>>8), 0x80, 0x3f)
	}
	return b[:n]
}

func ExampleNewWriter() {
	var file bytes.Buffer
	w, err := ktzip.NewWriter(&file, ktzip.DefaultCompression)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := io.Copy(w, bytes.NewReader(records(40_000))); err != nil {
		log.Fatal(err)
	}
	if err := w.Close(); err != nil { // the file is complete only now
		log.Fatal(err)
	}
	fmt.Println("less than 1 %:", file.Len() < 400)
	// Output: less than 1 %: true
}

func ExampleNewReader() {
	file, err := ktzip.Compress(nil, []byte("Hello, world!\n"), ktzip.BestSpeed)
	if err != nil {
		log.Fatal(err)
	}
	r, err := ktzip.NewReader(bytes.NewReader(file))
	if err != nil {
		log.Fatal(err)
	}
	if _, err := io.Copy(os.Stdout, r); err != nil {
		log.Fatal(err)
	}
	// Output: Hello, world!
}

func ExampleCompress() {
	data := records(40_000)
	file, err := ktzip.Compress(nil, data, ktzip.BestCompression)
	if err != nil {
		log.Fatal(err)
	}
	restored, err := ktzip.Decompress(nil, file, len(data))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(bytes.Equal(restored, data))
	// Output: true
}

// A file that someone else sent may restore to more than there is memory for.
func ExampleDecompress() {
	bomb, err := ktzip.Compress(nil, make([]byte, 1<<20), ktzip.BestSpeed)
	if err != nil {
		log.Fatal(err)
	}
	_, err = ktzip.Decompress(nil, bomb, 64<<10)
	fmt.Println(errors.Is(err, ktzip.ErrTooLarge))
	fmt.Println(err)
	// Output:
	// true
	// ktzip: the restored data exceeds the limit of 65536 bytes
}
