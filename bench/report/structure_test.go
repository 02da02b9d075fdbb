package main

import (
	"bytes"
	"slices"
	"testing"
)

func TestControlsKeepTheirBytes(t *testing.T) {
	data := noise(10*structureBlock + 5)
	blocks := evenly(data, 4)
	if len(blocks) != 4 || !bytes.Equal(blocks[3], data[7*structureBlock:][:structureBlock]) {
		t.Fatalf("%d blocks, want 4, evenly spread", len(blocks))
	}
	if all := evenly(data, 100); len(all) != 10 {
		t.Errorf("%d blocks, want all 10", len(all))
	}
	for i, got := range shuffled(blocks) {
		want := slices.Clone(blocks[i])
		if bytes.Equal(got, want) {
			t.Errorf("block %d is not shuffled", i)
		}
		slices.Sort(got)
		slices.Sort(want)
		if !bytes.Equal(got, want) {
			t.Errorf("block %d has other bytes", i)
		}
	}
}

func TestQuantizedIsNear(t *testing.T) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	for _, d := range distances {
		for i, q := range quantized(all, d) {
			if off := int(q)*(2*d+1) - i; off > d || off < -d {
				t.Errorf("within %d: %d becomes %d, which is %d off", d, i, q, off)
			}
		}
	}
}

func TestTallyOfNoiseIsEmpty(t *testing.T) {
	y, err := tallyOf("noise", evenly(noise(3*structureBlock), 3))
	if err != nil {
		t.Fatal(err)
	}
	if y.blocks != 3 || y.pay != [len(structureErrors)]int{} || len(y.operations) != 0 {
		t.Errorf("random bytes have programs: %+v", y)
	}
	if y, err = tallyOf("zeros", [][]byte{make([]byte, structureBlock)}); err != nil || y.pay[0] != 1 || y.half != 1 {
		t.Errorf("zeros have no program: %+v, %v", y, err)
	}
}
