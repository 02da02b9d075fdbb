package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/dsl"
)

// planLines returns a plan as text that differs for each k.
func planLines(k int) string {
	return fmt.Sprintf("sequence_1 = payload(0)\nsequence_2 = predict(sequence_1, 2, 0, [%d])\noutput = sequence_2\n", k+1)
}

// plansText returns n plans as text.
func plansText(n int) string {
	var list []string
	for k := range n {
		list = append(list, planLines(k))
	}
	return strings.Join(list, "---\n")
}

// texts returns the text of each plan.
func texts(plans []*dsl.Program) (list []string) {
	for _, p := range plans {
		list = append(list, p.String()+"\n")
	}
	return list
}

// TestPlansAsTextAreRead holds which texts hold which plans.
func TestPlansAsTextAreRead(t *testing.T) {
	for text, want := range map[string]string{
		planLines(0): planLines(0),
		"# of what\n\n" + planLines(0) + "# no more":                              planLines(0),
		"# of what\n---\n" + planLines(0) + "---\n":                               planLines(0),
		plansText(maxLike):                                                        strings.ReplaceAll(plansText(maxLike), "---\n", ""),
		strings.ReplaceAll(plansText(2), "\n", "\r\n"):                            planLines(0) + planLines(1),
		planLines(1) + " --- \n" + planLines(0) + "---\n" + planLines(1):          planLines(1) + planLines(0),
		"    sequence_1 = payload(0)  # --explain indents\n\toutput = sequence_1": "sequence_1 = payload(0)\noutput = sequence_1\n",
		"sequence_1 = payload(0)\nsequence_2 = payload(0)\noutput = sequence_2":   "sequence_1 = payload(0)\noutput = sequence_1\n",
		"#":            "",
		"# no plan\n":  "",
		"\n---\n---\n": "",
	} {
		plans, err := ReadPlans(iotest.OneByteReader(strings.NewReader(text)), nil)
		if got := strings.Join(texts(plans), ""); err != nil || got != want {
			t.Errorf("%q: got %q, %v, want %q", text, got, err, want)
		}
	}
}

// TestWrongPlansAreExplained holds the messages about files that are neither compressed nor plans as text.
func TestWrongPlansAreExplained(t *testing.T) {
	const neither = "neither a ktzip file nor plans as text"
	for text, want := range map[string]string{
		"":                    "the file is empty (not a ktzip file)",
		"a\x00b":              neither,
		"\x1f\x8b\x08\x00abc": neither,
		"\xff\xfe#\x00":       neither,
		"hello":               neither + ": line 1, column 1: expected `sequence_1` or `output`",
		planLines(0) + "---\n# two\n\nsequence_1 = payload(0,1)": neither + `: line 7, column 23: expected ')'`,
		planLines(0) + "----\n":                                  neither + ": line 4, column 1: nothing may follow the output",
		"sequence_1 = payload(0)":                                neither + ": line 1, column 24: the program ends without `output = sequence_k`",
		"sequence_1 = rest()\noutput = sequence_1":               neither + ": line 1, column 14: rest is for block programs only",
		plansText(maxLike + 1):                                   "more than 16 plans",
		strings.Repeat("#", maxPlansText+1):                      neither + ", which has at most 1048576 bytes",
		strings.Repeat("#", maxPlansText-1) + "é":                neither,
		strings.Repeat("\n", 1<<20-1) + "x" + "\n" + "é!":        neither + ", which has at most 1048576 bytes",
	} {
		plans, err := ReadPlans(strings.NewReader(text), nil)
		if err == nil || reason(err) != want || plans != nil {
			t.Errorf("%.100q: got %d plans, %v, want %s", text, len(plans), err, want)
		}
	}
	failed := errors.New("disk on fire")
	for _, text := range []string{"", "#", planLines(0), "KTZ"} {
		if plans, err := ReadPlans(io.MultiReader(strings.NewReader(text), iotest.ErrReader(failed)), nil); !errors.Is(err, failed) || plans != nil {
			t.Errorf("%q: got %v, want %v", text, err, failed)
		}
	}
}

// TestHostilePlansAreRefused holds that plans as text have the limits of plans in files.
func TestHostilePlansAreRefused(t *testing.T) {
	var nodes, list strings.Builder
	nodes.WriteString("sequence_1 = payload(0)\n")
	for i := 1; i <= dsl.MaxNodes; i++ {
		fmt.Fprintf(&nodes, "sequence_%d = concatenate(sequence_%d, sequence_%d)\n", i+1, i, i)
	}
	fmt.Fprintf(&nodes, "output = sequence_%d\n", dsl.MaxNodes+1)
	list.WriteString("sequence_1 = [" + strings.Repeat("1, ", dsl.MaxPlanList) + "1]\noutput = sequence_1\n")
	for _, text := range []string{
		nodes.String(), list.String(),
		strings.Repeat("---\n", maxPlansText/4-10) + "x",
		strings.Repeat("sequence_1 = payload(0)\noutput = sequence_1\n---\n", 20_000) + "x",
		strings.Repeat("(", maxPlansText),
		"sequence_1 = payload(" + strings.Repeat("9", 100_000) + ")",
	} {
		if plans, err := ReadPlans(strings.NewReader(text), nil); err == nil || plans != nil {
			t.Errorf("%.100q: got %d plans, %v", text, len(plans), err)
		}
	}
}

// TestWrittenPlansAreRead holds that ReadPlans reads what WritePlans writes, whatever the comment says.
func TestWrittenPlansAreRead(t *testing.T) {
	plans := []*dsl.Program{planOf(t, samplesPlan), planOf(t, "sequence_1 = payload(0); output = sequence_1"), planOf(t, samplesPlan)}
	for n, want := range [][]*dsl.Program{nil, plans[:1], plans[:2], plans[:2]} {
		for _, about := range []string{"", "of a\n", "of \"a\x1b[1m\"\r\nsequence_1 = payload(0)\n\n---\noutput = sequence_1\x00\xff"} {
			var b bytes.Buffer
			if err := WritePlans(&b, about, plans[:n]); err != nil {
				t.Fatal(err)
			}
			got, err := ReadPlans(&b, nil)
			if err != nil || fmt.Sprint(texts(got)) != fmt.Sprint(texts(want)) {
				t.Errorf("%d plans, %q: got %q, %v, want %q", n, about, texts(got), err, texts(want))
			}
		}
	}
	var b bytes.Buffer
	WritePlans(&b, "of a\nand b", plans)
	if got, want := b.String(), "# of a\n# and b\n"+plans[0].String()+"\n---\n"+plans[1].String()+"\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	for k := range maxLike {
		plans = append(plans, planOf(t, planLines(k)))
	}
	b.Reset()
	if err := WritePlans(&b, "", plans); err == nil || b.Len() > 0 {
		t.Errorf("%d plans: %d bytes, %v", len(plans), b.Len(), err)
	}
}

// TestLikeTakesPlansAsText holds that a file of --like gives the same as text as compressed.
func TestLikeTakesPlansAsText(t *testing.T) {
	dir := t.TempDir()
	data := make([]byte, 20_000)
	for i := range data {
		data[i] = byte(i * i >> (8 * (i & 1)) / 7)
	}
	var file bytes.Buffer
	w, err := codec.NewWriter(&file, &codec.WriterConfig{Plans: []*dsl.Program{planOf(t, "sequence_1 = payload(0); sequence_2 = get_subsequence_between_indices(sequence_1, 0, 9); output = sequence_2"), planOf(t, samplesPlan)}})
	if err != nil {
		t.Fatal(err)
	}
	w.Write(data)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	compressed, err := ReadPlans(&file, nil)
	if err != nil || len(compressed) != 1 {
		t.Fatalf("%d plans, %v", len(compressed), err)
	}
	path := filepath.Join(dir, "plans")
	var text bytes.Buffer
	if err := errors.Join(WritePlans(&text, "", compressed), os.WriteFile(path, text.Bytes(), 0o600)); err != nil {
		t.Fatal(err)
	}
	a, _ := testApp(t, dir, "--like", path, "x")
	if err := a.readLike(); err != nil || fmt.Sprint(texts(a.like)) != fmt.Sprint(texts(compressed)) {
		t.Errorf("got %q, %v, want %q", texts(a.like), err, texts(compressed))
	}
}
