package cli

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
)

const samplesPlan = "sequence_1 = payload(0); sequence_2 = predict(sequence_1, 2, 0, [1, 1]); output = sequence_2"

// codings are arguments of a Coding.
var codings = [][]string{
	nil,
	{"-9"},
	{"-1", "--best"},
	{"--fast", "-n"},
	{"-7n"},
	{"-n7"},
	{"--no-name", "-n", "--no-name"},
	{"--block-size", "256", "--segment-size=64KiB"},
	{"--block-size=64", "--block-size", "4k"},
	{"--rsyncable", "--no-verify"},
	{"--plan", "none"},
	{"--plan=none", "--plan", samplesPlan},
	{"--plan=" + samplesPlan, "--plan=none"},
	{"--like", "a b=", "--like=-9="},
	{"--mix", "-9", "--restore-speed", "5MB/s"},
	{"--memory=2MiB"},
	{"--search", "both", "--device", "cpu"},
	{"--model", "weights.safetensors", "--device=cuda:1"},
	{"--mix", "--restore-speed=1MB", "--mix", "--memory", "1MiB", "-3", "--memory", "2MiB"},
}

// A refitter is a Planner that fits plans.
type refitter struct{ codec.Planner }

func (refitter) Refit(p *dsl.Program, _ []byte) *dsl.Program { return p }

// A mixer is not nil.
type mixer struct{ codec.Mixer }

// TestArgsMakeTheSameCoding holds that ParseCoding takes what Args returns for the same Coding, that
// Args is the same then, and that no option is in it twice.
func TestArgsMakeTheSameCoding(t *testing.T) {
	for _, args := range codings {
		c, others, err := ParseCoding(args, nil)
		if err != nil || len(others) > 0 {
			t.Errorf("%q: %v, others %q", args, err, others)
			continue
		}
		again, others, err := ParseCoding(c.Args(), nil)
		if err != nil || len(others) > 0 || !reflect.DeepEqual(again, c) || !reflect.DeepEqual(again.Args(), c.Args()) {
			t.Errorf("%q: %+v; %q: %+v, others %q, %v", args, c, c.Args(), again, others, err)
		}
		seen := map[string]bool{}
		for _, arg := range c.Args() {
			name, _, _ := strings.Cut(arg, "=")
			if seen[name] {
				t.Errorf("%q has %s twice", c.Args(), name)
			}
			seen[name] = true
		}
	}
}

// TestCodingIsThatOfKtzip holds that a Coding gives the configuration that ktzip compresses with.
func TestCodingIsThatOfKtzip(t *testing.T) {
	found := codec.WriterConfig{Planner: refitter{}, Finder: &noFinder{}, Mixer: mixer{}}
	for _, args := range codings {
		for _, like := range [][]*dsl.Program{nil, {planOf(t, samplesPlan)}} {
			opt, err := parse(&compressor, "", args)
			if err != nil {
				t.Fatal(err)
			}
			a := &app{Command: &compressor, opt: opt, like: like, config: found}
			want := a.writerConfig()
			c, _, err := ParseCoding(args, nil)
			if err != nil {
				t.Fatal(err)
			}
			if got := c.WriterConfig(found, like); !reflect.DeepEqual(got, want) {
				t.Errorf("%q: got %+v, want %+v", args, got, want)
			}
			if c.Search != opt.Search || c.NoName != opt.NoName || c.Like != opt.Like {
				t.Errorf("%q: got %+v, want %+v", args, c, opt.Coding)
			}
		}
	}
}

// TestLikeOutlivesPlanNone holds that plans of another file are fitted also if none are searched for.
func TestLikeOutlivesPlanNone(t *testing.T) {
	c, _, err := ParseCoding([]string{"--plan=none", "--like=f"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	like := []*dsl.Program{planOf(t, samplesPlan)}
	cfg := c.WriterConfig(codec.WriterConfig{Planner: refitter{}}, like)
	if _, ok := cfg.Planner.(codec.Refitter); !ok || len(cfg.Plans) != 1 || cfg.Planner.Promising(nil) {
		t.Errorf("got %+v", cfg)
	}
	if cfg := c.WriterConfig(codec.WriterConfig{Planner: refitter{}}, nil); cfg.Planner != nil {
		t.Errorf("without plans: %+v", cfg)
	}
}

// planOf parses a plan whose lines are separated by semicolons.
func planOf(t *testing.T, text string) *dsl.Program {
	t.Helper()
	var p planFlag
	if err := p.Set(text); err != nil {
		t.Fatal(err)
	}
	return p.programs[0]
}

// TestOthersStayAsTheyAre holds which arguments ParseCoding takes.
func TestOthersStayAsTheyAre(t *testing.T) {
	for _, c := range []struct{ args, want, others string }{
		{"--input a -9 --output b", "-9", "--input a --output b"},
		{"-v -T4 --block-size 64 x - y", "-6 --block-size=64", "-v -T4 x - y"},
		{"--block 64 --no-n --lik a", "-6", "--block 64 --no-n --lik a"}, // abbreviated
		{"-9v -nk -o9", "-6", "-9v -nk -o9"},
		{"-n -- -9 --mix", "-6 --no-name", "-- -9 --mix"},
		{"--memory-limit 1M --memory 1M", "-6 --memory=1M", "--memory-limit 1M"},
		{"--level=9 --=1 -- ", "-6", "--level=9 --=1 --"},
		{"--input=-9 -ü -\x00", "-6", "--input=-9 -ü -\x00"},
	} {
		got, others, err := ParseCoding(strings.Fields(c.args), nil)
		if err != nil {
			t.Errorf("%s: %v", c.args, err)
		} else if strings.Join(got.Args(), " ") != c.want || strings.Join(others, " ") != c.others {
			t.Errorf("%s: got %q and %q, want %s and %s", c.args, got.Args(), others, c.want, c.others)
		}
	}
}

// TestWrongCodingsAreExplained holds the messages.
func TestWrongCodingsAreExplained(t *testing.T) {
	device := func(name string) error { return errors.New("no such device") }
	for _, c := range []struct{ args, want string }{
		{"-0", "unknown level -0; levels are -1 (fastest) to -9 (smallest)"},
		{"-12n", "unknown level -12; levels are -1 (fastest) to -9 (smallest)"},
		{"--mix=1", "--mix takes no value"},
		{"x --like", "--like needs a value: --like FILE"},
		{"--block-size 100", "block size 100 is not a power of two within 16..4096"},
		{"--plan x", "--plan x: line 1, column 1: expected `sequence_1` or `output`\n\tx\n\t^"},
		{"--search all", "--search all: must be one of enumerate, seqcoder, both"},
		{"--device tpu", "--device tpu: no such device"},
	} {
		check := device
		if !strings.Contains(c.args, "--device") {
			check = nil
		}
		got, others, err := ParseCoding(strings.Fields(c.args), check)
		if err == nil || err.Error() != c.want || got != nil || others != nil {
			t.Errorf("%s: got %v, %q, %v, want %s", c.args, got, others, err, c.want)
		}
	}
}

// TestCodingUsageListsItsOptions holds that the help has each option that ParseCoding takes, and no other.
func TestCodingUsageListsItsOptions(t *testing.T) {
	text, all := CodingUsage(), usage(&compressor)
	for i := range flagTable {
		f := &flagTable[i]
		var lines strings.Builder
		usageLine(&lines, f, &compressor)
		if got := strings.Contains(text, lines.String()); got != f.codes() {
			t.Errorf("%s is listed: %t", f.names(), got)
		}
	}
	for line := range strings.Lines(text) {
		if !strings.Contains(all, line) {
			t.Errorf("the help of ktzip lacks %q", line)
		}
	}
}

// TestFilesAreThoseOfKtzip holds that a Writer with the configuration and the header of a Coding writes
// what ktzip writes.
func TestFilesAreThoseOfKtzip(t *testing.T) {
	dir := t.TempDir()
	path, when := filepath.Join(dir, "a"), time.Unix(1e9, 0)
	for _, size := range []int{0, 1, KnownSize, KnownSize + 1} {
		for _, args := range [][]string{{"-1"}, {"-1", "-n"}} {
			data := noise(size)
			a, _ := testApp(t, dir, append(args, "-f", "-T1", path)...)
			if err := errors.Join(os.WriteFile(path, data, 0o640), os.Chtimes(path, when, when)); err != nil {
				t.Fatal(err)
			}
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			a.operands(a.opt.operands)
			want, err := os.ReadFile(path + Suffix)
			if err != nil {
				t.Fatal(err)
			}
			c, _, err := ParseCoding(args, nil)
			if err != nil {
				t.Fatal(err)
			}
			cfg := c.WriterConfig(codec.WriterConfig{}, nil)
			about := container.Header{Name: "a", ModTime: info.ModTime(), Mode: info.Mode(), HasMode: true}
			cfg.Header = c.Header(about, int64(min(size, KnownSize+1)), info.Size())
			var got bytes.Buffer
			w, err := codec.NewWriter(&got, &cfg)
			if err != nil {
				t.Fatal(err)
			}
			w.Write(data)
			if err := w.Close(); err != nil || !bytes.Equal(got.Bytes(), want) {
				t.Errorf("%d bytes, %q: got %d bytes, want %d, header %+v, %v", size, args, got.Len(), len(want), cfg.Header, err)
			}
		}
	}
}

// TestHeaderHoldsWhatIsTrue holds the rules about sizes and names.
func TestHeaderHoldsWhatIsTrue(t *testing.T) {
	const more = KnownSize + 1
	for _, c := range []struct{ first, told, want int64 }{ // want is -1 if there is no size
		{0, 0, 0}, {0, 5, 0}, {5, 0, 5}, {KnownSize, 7, KnownSize}, {more, 7, -1}, {more, KnownSize, -1}, {more, more, more}, {more, 1 << 40, 1 << 40}, {more, -1, -1},
	} {
		h := new(Coding).Header(container.Header{}, c.first, c.told)
		if got := h.Size; h.HasSize != (c.want >= 0) || h.HasSize && got != c.want {
			t.Errorf("%d bytes, of %d: got %d, %t, want %d", c.first, c.told, h.Size, h.HasSize, c.want)
		}
	}
	for name, want := range map[string]string{"a": "a", "a\x00b": "", strings.Repeat("x", 1<<16): ""} {
		if got := new(Coding).Header(container.Header{Name: name}, 0, 0).Name; got != want {
			t.Errorf("%q becomes %q, want %q", name, got, want)
		}
	}
}
