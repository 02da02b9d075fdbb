package seqcoder_test

import (
	"fmt"
	"log"

	"github.com/ktzip/ktzip/search/programs"
	"github.com/ktzip/ktzip/search/seqcoder"
	"github.com/ktzip/ktzip/search/seqcoder/model"
)

// A Searcher with the embedded weights, on the processor, along with enumeration.
func Example() {
	w, err := seqcoder.Embedded()
	if err != nil {
		log.Fatal(err)
	}
	s := seqcoder.New(model.New(w, nil), programs.New(nil), programs.Uniform)
	p, _ := s.Best([]byte{9, 8, 7, 6, 5, 4, 3, 2, 1}, 1_000_000)
	fmt.Println(p)
	// Output:
	// sequence_1 = range_func_up(1, 9)
	// sequence_2 = reverse_list(sequence_1)
	// output = sequence_2
}

// A text is a sequence and its program.
func ExampleEncode() {
	sequence := []byte{1, 2, 3}
	p, _ := programs.New(nil).Best(sequence, 1000)
	text, err := seqcoder.Encode(nil, sequence, p)
	if err != nil {
		log.Fatal(err)
	}
	decoded, q, err := seqcoder.Decode(text)
	fmt.Println(len(text), "tokens:", decoded, err)
	fmt.Println(q)
	// Output:
	// 8 tokens: [1 2 3] <nil>
	// sequence_1 = range_func_up(1, 3)
	// output = sequence_1
}
