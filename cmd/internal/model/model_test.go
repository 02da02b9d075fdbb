package model

import (
	"strings"
	"testing"

	"github.com/ktzip/ktzip/search/seqcoder/cuda"
)

// TestCheck checks names of devices.
func TestCheck(t *testing.T) {
	for device, good := range map[string]bool{
		"cpu": true, "cuda": true, "cuda:0": true, "cuda:12": true, "auto": true, "none": true,
		"": false, "tpu": false, "cpu:1": false, "cuda:": false, "cuda:x": false, "cuda:-1": false, "auto:1": false,
	} {
		if err := Check(device); (err == nil) != good {
			t.Errorf("%q: got %v, want an error: %t", device, err, !good)
		}
	}
}

// TestOpenWithoutGPU expects a model on the processor for cpu and auto, which says why it is no
// GPU, and errors for cuda and for a file that is not weights.
func TestOpenWithoutGPU(t *testing.T) {
	t.Setenv(cuda.Library, "/nowhere/libcuda.so")
	for _, device := range []string{CPU, Auto} {
		m, on, err := Open("", device)
		if m == nil || err != nil || !strings.HasPrefix(on, "the processor") || strings.Contains(on, "/nowhere/") != (device == Auto) {
			t.Errorf("%s: got a model on %s, %v", device, on, err)
		}
	}
	if _, _, err := Open("", "cuda:1"); err == nil || !strings.Contains(err.Error(), "/nowhere/libcuda.so") || strings.Contains(err.Error(), "\n") {
		t.Errorf("cuda:1: got %v, want the library's name", err)
	}
	if _, _, err := Open("model.go", CPU); err == nil || !strings.Contains(err.Error(), "model.go") {
		t.Errorf("no weights: got %v, want the file's name", err)
	}
}
