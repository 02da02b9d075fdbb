package codec

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
)

// Where the flags of a header are, and that of predictors (container/FORMAT.md, section 2).
const flagsAt, flagPredictors = 5, 64

// golden returns the files of each version of the format, by name, with what
// they restore to. They were written once and are never written again: what a
// version means does not change.
func golden(t *testing.T) map[string][2][]byte {
	t.Helper()
	names, err := filepath.Glob("../container/testdata/golden/*/*.ktz")
	if err != nil || len(names) < 10 {
		t.Fatal("golden files are missing: ", names, err)
	}
	files := map[string][2][]byte{}
	for _, name := range names {
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !hasPredictors && file[flagsAt]&flagPredictors != 0 {
			continue
		}
		raw, err := os.ReadFile(strings.TrimSuffix(name, ".ktz") + ".raw")
		if err != nil {
			t.Fatal(err)
		}
		files[name] = [2][]byte{file, raw}
	}
	return files
}

func TestGolden(t *testing.T) {
	for name, f := range golden(t) {
		if got := restore(t, f[0]); !bytes.Equal(got, f[1]) {
			t.Errorf("%s restores to something else", name)
		}
	}
}

// TestGoldenSpeaks checks that the golden files of the newest version use every operation of every
// role of the language.
func TestGoldenSpeaks(t *testing.T) {
	if !hasPredictors {
		t.Skip("a program without predictors can't read those with them")
	}
	type use struct {
		role dsl.Role
		op   dsl.Op
	}
	seen := map[use]bool{}
	add := func(role dsl.Role, p *dsl.Program) {
		if p == nil {
			return
		}
		for _, n := range p.Nodes {
			seen[use{role, n.Op}] = true
		}
	}
	for name, f := range golden(t) {
		if filepath.Base(filepath.Dir(name)) != strconv.Itoa(container.Version) {
			continue
		}
		err := Inspect(bytes.NewReader(f[0]), nil, true, func(s *SegmentInfo) error {
			add(dsl.Plan, s.Plan)
			for _, g := range s.Groups {
				add(dsl.Predictor, g.Predictor)
			}
			for b := range s.Programs {
				p, err := dsl.Parse(b.Text, dsl.Block)
				if err != nil {
					return err
				}
				add(dsl.Block, p)
			}
			return nil
		})
		if err != nil {
			t.Fatal(name, err)
		}
	}
	for op := range dsl.Op(255) {
		for _, role := range []dsl.Role{dsl.Block, dsl.Plan, dsl.Predictor} {
			if op.In(role) && !seen[use{role, op}] {
				t.Errorf("no golden file has %s in role %d", op, role)
			}
		}
	}
}

// driver runs unktz.py on files in one process, for speed.
const driver = `
import io, sys
sys.path.insert(0, "../container/testdata")
import unktz
for path in sys.argv[1:]:
    sys.stdout = io.TextIOWrapper(open(path + ".out", "wb"))
    try:
        unktz.main(path)
    except SystemExit as e:
        with open(path + ".err", "w") as w:
            w.write(str(e))
    sys.stdout.close()
`

// python restores files with the decoder that was written from FORMAT.md. A nil
// one is a file that it refused; a failure of another kind ends the test.
func python(t *testing.T, files [][]byte) [][]byte {
	t.Helper()
	path, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("no python3 to run the other decoder with")
	}
	dir := t.TempDir()
	args := []string{"-B", "-c", driver}
	for i, file := range files {
		args = append(args, filepath.Join(dir, strconv.Itoa(i)))
		if err := os.WriteFile(args[len(args)-1], file, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if msg, err := exec.Command(path, args...).CombinedOutput(); err != nil {
		t.Fatalf("unktz.py: %v: %s", err, msg)
	}
	restored := make([][]byte, len(files))
	for i, name := range args[3:] {
		if _, err := os.Stat(name + ".err"); err == nil {
			continue
		}
		if restored[i], err = os.ReadFile(name + ".out"); err != nil {
			t.Fatal(err)
		}
	}
	return restored
}

// TestFormatDocument runs a decoder written from FORMAT.md on the golden files.
func TestFormatDocument(t *testing.T) {
	if raceEnabled {
		t.Skip("the other decoder is a process of its own")
	}
	var names []string
	var files, raws [][]byte
	for name, f := range golden(t) {
		names, files, raws = append(names, name), append(files, f[0]), append(raws, f[1])
	}
	for i, got := range python(t, files) {
		if got == nil || !bytes.Equal(got, raws[i]) {
			t.Errorf("unktz.py gives something else for %s", names[i])
		}
	}
}

// TestFormatDocumentRefuses breaks golden files; both decoders are to refuse
// them, and to agree if the checksums of the broken parts are right.
func TestFormatDocumentRefuses(t *testing.T) {
	if raceEnabled {
		t.Skip("the other decoder is a process of its own")
	}
	all := golden(t)
	var broken, changed [][]byte
	for _, name := range []string{"1/ramps-with-name-mtime-mode", "1/mixed-small-blocks", "1/every-operation", "2/every-plan", "2/samples", "3/mixed-small-blocks", "3/every-plan", "3/expand", "3/kinds", "3/mix", "3/lines", "3/letters", "3/encoded", "3/branches", "3/disguise", "3/predicted", "3/messages", "3/one-byte"} {
		file := all[filepath.FromSlash("../container/testdata/golden/"+name+".ktz")][0]
		if file == nil {
			continue // built without predictors
		}
		for off := 3; off < len(file); off += len(file)/16 + 1 {
			flipped := bytes.Clone(file)
			flipped[off] ^= 0x41
			broken = append(broken, flipped, file[:off])
		}
		for i := range 10 {
			changed = append(changed, rebuilt(t, file, func(s *container.Segment) {
				coded := s.Programs
				if len(coded) == 0 {
					coded = s.Raw
				}
				coded[i*(len(coded)-1)/9] ^= 4
			}))
		}
	}
	for i, theirs := range python(t, append(broken, changed...)) {
		if i < len(broken) {
			if _, err := decode(broken[i], nil); err == nil || theirs != nil {
				t.Errorf("broken file %d: %v; unktz.py refuses it: %v", i, err, theirs == nil)
			}
			continue
		}
		i -= len(broken)
		got, err := decode(changed[i], nil)
		if (err == nil) != (theirs != nil) || err == nil && !bytes.Equal(got, theirs) {
			t.Errorf("changed file %d: %v; unktz.py refuses it: %v", i, err, theirs == nil)
		}
	}
}

// rebuilt is a file with its first segment changed, and right checksums.
func rebuilt(t *testing.T, file []byte, change func(*container.Segment)) []byte {
	t.Helper()
	r := container.NewReader(bytes.NewReader(file))
	var b []byte
	var x container.Index
	var head *container.Header
	for {
		var s container.Segment
		h, err := r.Next(&s)
		at := len(b)
		switch {
		case err == io.EOF:
			return x.Append(b, head)
		case err != nil:
			t.Fatal(err)
		case h != nil:
			if b, err = h.Append(b); err != nil {
				t.Fatal(err)
			}
			x.Header, head = int64(len(b)), h
			continue
		case len(x.Entries) == 0:
			change(&s)
		}
		if b, err = s.Append(b, head); err != nil {
			t.Fatal(err)
		}
		x.Entries = append(x.Entries, container.Entry{Coded: int64(len(b) - at), Size: int64(s.Size)})
	}
}
