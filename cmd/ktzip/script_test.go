//go:build !wasip1

package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/ktzip/ktzip/cmd/internal/cli"
	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/container"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){
		"ktzip":   main,
		"ktcrash": crash,
		"ktunzip": func() { os.Exit(cli.Main(cli.Command{Name: "ktunzip"}, os.Args)) },
		"ktcat":   func() { os.Exit(cli.Main(cli.Command{Name: "ktunzip"}, os.Args)) },
	})
}

// TestScripts runs testdata/script: each script tells how users see one subject.
func TestScripts(t *testing.T) {
	usualMask()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			// Or every process sleeps for a second at its end, under the race detector.
			env.Setenv("GORACE", "atexit_sleep_ms=0")
			share, err := filepath.Abs("../share")
			env.Setenv("SHARE", share)
			return err
		},
		Condition: func(cond string) (bool, error) {
			if cond != "root" {
				return false, fmt.Errorf("unknown condition %s", cond)
			}
			return os.Geteuid() == 0, nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":    exits,
			"generate": generate,
			"mode":     mode,
			"mtime":    mtime,
			"cut":      cut,
			"flip":     flip,
			"append":   appendFiles,
			"tidy":     tidy,
			"json":     jsonField,
			"link":     link,
			"strange":  strange,
			"hostile":  hostile,
			"owner":    owner,
			"holes":    holes,
			"zeros":    zeros,
		},
	})
}

// exits CODE COMMAND ARG...: runs the command and checks its exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var exit *exec.ExitError
		if !errors.As(err, &exit) {
			ts.Check(err)
		}
		got = exit.ExitCode()
	}
	if neg || got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// generate FILE KIND SIZE: makes a file of random bytes, text, ramps, or samples of 16 bits that
// wander or swing.
func generate(ts *testscript.TestScript, neg bool, args []string) {
	n, err := strconv.Atoi(args[2])
	ts.Check(err)
	b := make([]byte, n)
	r := rand.New(rand.NewPCG(1, uint64(n)))
	var start, step, period int // of a ramp
	sample, x, y := 0, 0, 0
	for i := range b {
		if i%128 == 0 {
			start, step, period = r.IntN(100), 1+r.IntN(4), 8+r.IntN(22)
		}
		switch args[1] {
		case "random":
			b[i] = byte(r.Uint32())
		case "text":
			b[i] = "etaoin shrdlu cmfwyp"[min(r.IntN(20), r.IntN(20))]
		case "samples":
			if b[i] = byte(sample >> 8); i%2 == 0 {
				sample += r.IntN(61) - 30
				b[i] = byte(sample)
			}
		case "waves": // a bell, pushed by noise, now loud, now not
			if b[i] = byte(x >> 8); i%2 == 0 {
				loud := 4 << (i / 1000 % 7)
				x, y = (7900*x-4060*y)>>12+r.IntN(loud)+r.IntN(loud)-loud, x
				b[i] = byte(x)
			}
		case "ramp": // a repeated one per block
			b[i] = byte(start + step*(i%128%period))
		default:
			ts.Fatalf("unknown kind %s", args[1])
		}
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b, 0o666))
}

// zeros FILE SIZE: makes a file of NULs.
func zeros(ts *testscript.TestScript, neg bool, args []string) {
	n, err := strconv.ParseInt(args[1], 10, 64)
	ts.Check(err)
	f, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(f.Truncate(n))
	ts.Check(f.Close())
}

// mode [!] FILE OCTAL: checks a file's permissions.
func mode(ts *testscript.TestScript, neg bool, args []string) {
	info, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	if got := fmt.Sprintf("%04o", info.Mode().Perm()); (got == args[1]) == neg {
		ts.Fatalf("mode of %s is %s", args[0], got)
	}
}

// mtime [!] FILE TIME: checks a file's time. mtime -set FILE TIME sets it.
func mtime(ts *testscript.TestScript, neg bool, args []string) {
	set := args[0] == "-set"
	if set {
		args = args[1:]
	}
	want, err := time.Parse(time.RFC3339Nano, args[1])
	ts.Check(err)
	if set {
		ts.Check(os.Chtimes(ts.MkAbs(args[0]), want, want))
		return
	}
	info, err := os.Stat(ts.MkAbs(args[0]))
	ts.Check(err)
	if got := info.ModTime(); got.Equal(want) == neg {
		ts.Fatalf("time of %s is %s", args[0], got.UTC().Format(time.RFC3339Nano))
	}
}

// cut FILE NEW BYTES: NEW is FILE without its last bytes.
func cut(ts *testscript.TestScript, neg bool, args []string) {
	b := []byte(ts.ReadFile(args[0]))
	n, err := strconv.Atoi(args[2])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), b[:len(b)-n], 0o666))
}

// flip FILE NEW OFFSET: NEW is FILE with another byte at the offset. A negative offset counts
// from the end.
func flip(ts *testscript.TestScript, neg bool, args []string) {
	b := []byte(ts.ReadFile(args[0]))
	n, err := strconv.Atoi(args[2])
	ts.Check(err)
	b[(n+len(b))%len(b)] ^= 0x55
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), b, 0o666))
}

// append NEW FILE...: NEW is the files, concatenated.
func appendFiles(ts *testscript.TestScript, neg bool, args []string) {
	var all []byte
	for _, name := range args[1:] {
		all = append(all, ts.ReadFile(name)...)
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), all, 0o666))
}

// tidy FOLDER NAME...: checks that the folder holds these names and no others.
func tidy(ts *testscript.TestScript, neg bool, args []string) {
	entries, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if got, want := strings.Join(names, " "), strings.Join(args[1:], " "); got != want {
		ts.Fatalf("%s holds %q, want %q", args[0], got, want)
	}
}

// json stdout|stderr KEY VALUE: checks a field of the first object that was printed. Dots
// separate the parts of KEY; numbers index lists.
func jsonField(ts *testscript.TestScript, neg bool, args []string) {
	var v any
	ts.Check(json.NewDecoder(strings.NewReader(ts.ReadFile(args[0]))).Decode(&v))
	for key := range strings.SplitSeq(args[1], ".") {
		switch at := v.(type) {
		case map[string]any:
			var ok bool
			if v, ok = at[key]; !ok && !neg {
				ts.Fatalf("no %s in %v", key, at)
			}
		case []any:
			i, err := strconv.Atoi(key)
			ts.Check(err)
			v = at[i]
		default:
			ts.Fatalf("no %s in %v", key, v)
		}
	}
	if got := fmt.Sprint(v); (got == args[2]) == neg {
		ts.Fatalf("%s is %s", args[1], got)
	}
}

// link OLD NEW: makes a hard link.
func link(ts *testscript.TestScript, neg bool, args []string) {
	ts.Check(os.Link(ts.MkAbs(args[0]), ts.MkAbs(args[1])))
}

// hostile FILE: makes a compressed file whose header asks for all permission bits.
func hostile(ts *testscript.TestScript, neg bool, args []string) {
	var b bytes.Buffer
	w, err := codec.NewWriter(&b, &codec.WriterConfig{Header: container.Header{Mode: 0o777, HasMode: true}})
	ts.Check(err)
	ts.Check(w.Close())
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b.Bytes(), 0o666))
}

// strange FILE: makes a compressed file whose header holds what ktzip never writes.
func strange(ts *testscript.TestScript, neg bool, args []string) {
	var b bytes.Buffer
	w, err := codec.NewWriter(&b, &codec.WriterConfig{
		Header: container.Header{Name: "a\x1b[31mb", ModTime: time.Unix(1<<60, 0)},
	})
	ts.Check(err)
	ts.Check(w.Close())
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), b.Bytes(), 0o666))
}

// names returns the names in a folder.
func names(t *testing.T, dir string) (list []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}
