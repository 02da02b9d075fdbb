package plans_test

import (
	"bytes"
	"compress/flate"
	"context"
	"encoding/binary"
	"fmt"

	"github.com/ktzip/ktzip/dsl/plan"
	"github.com/ktzip/ktzip/search/plans"
)

// A recording of two channels of 16 bits is taken apart by a plan, and put together again.
func Example() {
	var recording []byte
	for i := range 4000 {
		recording = binary.LittleEndian.AppendUint16(recording, uint16(i*i/40))
		recording = binary.LittleEndian.AppendUint16(recording, uint16(30000-7*i))
	}
	size := func(stream []byte) int { // what a Writer's GZIP takes
		var b bytes.Buffer
		w, _ := flate.NewWriter(&b, 6)
		w.Write(stream)
		w.Close()
		return b.Len()
	}
	found := plans.New(6).Plans(context.Background(), recording, size)
	fmt.Println(found[0])

	var m plan.Machine
	streams, err := m.Split(recording, found[0])
	if err != nil {
		fmt.Println(err)
	}
	fmt.Println("smaller than a tenth:", size(bytes.Join(streams, nil)) < size(recording)/10)

	restored := make([]byte, len(recording))
	err = m.Join(restored, found[0], streams)
	fmt.Println("restored:", bytes.Equal(restored, recording), err)
	// Output:
	// sequence_1 = payload(0)
	// sequence_2 = transpose(sequence_1, 1, 4)
	// sequence_3 = zigzag(sequence_2, 2)
	// sequence_4 = predict(sequence_3, 2, 0, [2, 2, 4, -1])
	// output = sequence_4
	// smaller than a tenth: true
	// restored: true <nil>
}
