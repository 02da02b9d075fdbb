package dsl

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the table of operations of container/FORMAT.md, and the editions' tables")

// formatTable returns the rows of the operations from first up to end of a table of FORMAT.md.
func formatTable(first, end Op) string {
	var b strings.Builder
	for op := first; op < end; op++ {
		r := &table[op]
		args, coded := []string{}, []string{}
		if r.word != "" {
			args = append(args, r.word)
		}
		letters := "stabn"
		refs, nums := 0, 0
		for _, k := range r.params {
			if k == kindRef {
				args = append(args, string(letters[refs]))
				refs++
			} else {
				args = append(args, []string{"a", "b", "k", ""}[nums])
				nums++
			}
		}
		order := r.coded
		if order == nil {
			for k := range r.params {
				order = append(order, k)
			}
		}
		for _, k := range order {
			at := numModels[op][k]
			switch r.params[k] {
			case kindRef:
			case kindList:
				args[k] = "[…]"
				coded = append(coded, fmt.Sprintf("list at %d", at))
			case kindValue:
				coded = append(coded, fmt.Sprintf("%s: V %d", args[k+len(args)-len(r.params)], at))
			case kindEnd:
				coded = append(coded, fmt.Sprintf("%s: E %d", args[k+len(args)-len(r.params)], at))
			default:
				coded = append(coded, fmt.Sprintf("%s: N %d", args[k+len(args)-len(r.params)], at))
			}
		}
		for range refs {
			coded = append(coded, "R")
		}
		if len(coded) == 0 {
			coded = append(coded, "nothing")
		}
		fmt.Fprintf(&b, "| %d | `%s(%s)` | %s |\n", op.symbol(), r.name, strings.Join(args, ", "), strings.Join(coded, ", "))
	}
	return b.String()
}

// replaced returns doc with table in place of the rows below head.
func replaced(t *testing.T, doc, head, table string) string {
	t.Helper()
	before, rest, ok := strings.Cut(doc, head)
	if !ok {
		t.Fatalf("FORMAT.md has no table %q", head)
	}
	_, after, _ := strings.Cut(rest, "\n\n")
	return before + head + table + "\n" + after
}

// editions are the initial states of the models, and the files that hold them for other programs.
var editions = []struct {
	table []entry
	name  string
}{Edition1 - 1: {edition1, "../container/edition1.tsv"}, Edition2 - 1: {edition2, "../container/edition2.tsv"}}

// formatEdition returns the initial states of the models, for other programs to read.
func formatEdition(edition int, table []entry) string {
	var b strings.Builder
	fmt.Fprintf(&b, "# Models of edition %d whose initial state is not (32768, 0): number, p, n (FORMAT.md, section 6).\n", edition)
	for _, e := range table {
		fmt.Fprintf(&b, "%d\t%d\t%d\n", e.i, e.p, e.n)
	}
	return b.String()
}

// TestFormat holds container/FORMAT.md and the editions' tables to those of this package.
func TestFormat(t *testing.T) {
	const name = "../container/FORMAT.md"
	doc, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	want := replaced(t, string(doc), "| s | operation (text form) | coded |\n| --- | --- | --- |\n", formatTable(0, numOps))
	want = replaced(t, want, "| s | component (text form) | coded |\n| --- | --- | --- |\n", formatTable(firstComponent, endOps))
	if *update {
		if os.WriteFile(name, []byte(want), 0o666) != nil {
			t.Fatal("cannot write")
		}
	}
	if !*update && want != string(doc) {
		t.Error("the table of operations in FORMAT.md differs from this package's; -update writes it")
	}
	for k, e := range editions {
		want := formatEdition(k+1, e.table)
		if *update && os.WriteFile(e.name, []byte(want), 0o666) != nil {
			t.Fatal("cannot write")
		}
		if got, err := os.ReadFile(e.name); err != nil || string(got) != want {
			t.Errorf("%s differs from this package's; -update writes it: %v", e.name, err)
		}
	}
	if last := fmt.Sprintf("s > %d is invalid", numOps-1); !strings.Contains(want, last) {
		t.Errorf("FORMAT.md does not say %q", last)
	}
	for _, number := range []int{atDistance, atRemainder, sizeModel - 1, rootPlan, rootBlock, symRef, MaxNodes, PastLists, PastElements, MaxRest, MaxDistance, atMember, MaxPlanList, blockSteps, atNear, atAfter, nearLists, atCoder, atComponent, MaxPredictorList} {
		if !strings.Contains(want, fmt.Sprint(number)) {
			t.Errorf("FORMAT.md does not mention %d", number)
		}
	}
}
