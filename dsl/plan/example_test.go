package plan_test

import (
	"fmt"

	"github.com/ktzip/ktzip/dsl"
	"github.com/ktzip/ktzip/dsl/plan"
)

// A plan of 16-bit samples: differences from sample to sample, small numbers of either
// sign, as one stream of low bytes and high bytes. Split finds the stream, Join restores
// the samples.
func Example() {
	p, err := dsl.Parse(`sequence_1 = payload(0)
sequence_2 = transpose(sequence_1, 1, 2)
sequence_3 = zigzag(sequence_2, 2)
sequence_4 = predict(sequence_3, 2, 0, [1, 1])
output = sequence_4`, dsl.Plan)
	if err != nil {
		fmt.Println(err)
		return
	}
	samples := []byte{0xE8, 0x03, 0xEA, 0x03, 0xE9, 0x03, 0xEC, 0x03} // 1000, 1002, 1001, 1004
	var m plan.Machine
	streams, err := m.Split(samples, p)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(streams[0])
	restored := make([]byte, len(samples))
	if err := m.Join(restored, p, streams); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(restored)
	// Output:
	// [208 4 1 6 7 0 0 0]
	// [232 3 234 3 233 3 236 3]
}
