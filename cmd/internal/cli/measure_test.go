package cli

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/cmd/internal/describe"
	"github.com/ktzip/ktzip/codec"
)

// TestLongFilesAreCut holds that no more than a limit is read into memory.
func TestLongFilesAreCut(t *testing.T) {
	for size, want := range map[int]string{0: "0 false", 9: "9 false", 10: "10 false", 11: "10 true", 5000: "10 true"} {
		for _, told := range []int64{-1, 0, int64(size), 1 << 60} {
			data, cut, err := atMost(strings.NewReader(strings.Repeat("x", size)), told, 10)
			if got := fmt.Sprint(len(data), " ", cut); got != want || err != nil {
				t.Errorf("%d bytes: %s, want %s; %v", size, got, want, err)
			}
		}
	}
}

// TestMeasuringGetsOptions holds that each level is searched as the options say, once for all files, that
// only --mix measures predictors, and that files are summed up.
func TestMeasuringGetsOptions(t *testing.T) {
	dir := t.TempDir()
	name := filepath.Join(dir, "a")
	if err := os.WriteFile(name, noise(1000), 0o600); err != nil {
		t.Fatal(err)
	}
	for args, want := range map[string]string{
		"-b":              "ktzip -1,ktzip -6,ktzip -9",
		"-b --mix":        "ktzip -1,ktzip -6,ktzip -9,ktzip -6 --mix,ktzip -9 --mix",
		"-3 -b -T2 --mix": "ktzip -3,ktzip -3 --mix",
	} {
		a, messages := testApp(t, dir, append(strings.Fields(args), name, name)...)
		searches := 0
		a.Search = func(o SearchOptions) (*codec.WriterConfig, Notes, error) {
			searches++
			return &codec.WriterConfig{Mixer: noMixer{}}, Notes{}, nil
		}
		var names []string
		a.Views = &Views{Compare: func(_ context.Context, data []byte, list []Candidate, progress func(int, int, string)) ([]describe.Method, error) {
			names = nil
			for _, c := range list {
				names = append(names, c.Name)
				text := fmt.Sprintf("ktzip -%d", c.Config.Level)
				if c.Config.Mixer != nil {
					text += " --mix"
				}
				if text != c.Name {
					t.Errorf("%s: %+v", c.Name, c.Config)
				}
			}
			progress(0, 1, "one")
			return []describe.Method{{Name: "one", Bytes: 10, Compress: 1e6, Restore: 2e6}}, nil
		}}
		a.operands(a.opt.operands)
		if got := strings.Join(names, ","); got != want || searches != len(names) || a.status.code() != 0 {
			t.Errorf("%s: %s, want %s; %d searches, code %d", args, got, want, searches, a.status.code())
		}
		text, err := os.ReadFile(messages.Name())
		sum := "2 files: 2000 bytes\n  method                bytes  ratio      compress       restore\n" +
			"  one                      20  0.010     1.00 MB/s     2.00 MB/s\n"
		if err != nil || !strings.HasSuffix(string(text), sum) {
			t.Errorf("%s: %v\n%s", args, err, text)
		}
	}
}

// A noMixer proposes nothing.
type noMixer struct{ codec.Mixer }
