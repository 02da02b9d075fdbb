package plan

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/ktzip/ktzip/dsl"
)

var update = flag.Bool("update", false, "write the table of prices of container/FORMAT.md")

// formatPrices returns the table of prices of section 9.
func formatPrices() string {
	names := map[string][]string{} // of the operations with a price
	var order []string
	for _, op := range []dsl.Op{dsl.Payload, dsl.Between, dsl.Concatenate, dsl.ReverseList, dsl.AddItem, dsl.Interleave, dsl.ScanAdd, dsl.Zigzag, dsl.Floats, dsl.ScanXor,
		dsl.Median, dsl.Paeth, dsl.Predict, dsl.LMS, dsl.Transpose, dsl.Fields, dsl.Pack, dsl.Records, dsl.Expand, dsl.Columns, dsl.Kinds, dsl.Mix, dsl.Lines, dsl.Branches, dsl.Scaled, dsl.Multiples, dsl.Lookup, dsl.Letters, dsl.Converted, dsl.Distinct, dsl.Normals} {
		price := prices[op].text
		if names[price] == nil {
			order = append(order, price)
		}
		names[price] = append(names[price], "`"+op.String()+"`")
	}
	var b strings.Builder
	for _, price := range order {
		fmt.Fprintf(&b, "| %s | %s |\n", strings.Join(names[price], ", "), price)
	}
	return b.String()
}

// TestFormat holds container/FORMAT.md to the prices and limits of this package.
func TestFormat(t *testing.T) {
	const name = "../../container/FORMAT.md"
	doc, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	const head = "| operation | steps |\n| --- | --- |\n"
	before, rest, ok := strings.Cut(string(doc), head)
	if !ok {
		t.Fatalf("FORMAT.md has no table %q", head)
	}
	_, after, _ := strings.Cut(rest, "\n\n")
	want := before + head + formatPrices() + "\n" + after
	if *update {
		if err := os.WriteFile(name, []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if want != string(doc) {
		t.Error("the table of prices in FORMAT.md differs from this package's; -update writes it")
	}
	for _, number := range []int{MaxStreams, MaxKinds, onceSteps} {
		if !strings.Contains(want, fmt.Sprint(number)) {
			t.Errorf("FORMAT.md does not mention %d", number)
		}
	}
}
