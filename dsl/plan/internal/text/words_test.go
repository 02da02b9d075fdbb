package text

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
)

// TestTemplatesInWords wants each slot as it stands in the template, and what it prints.
func TestTemplatesInWords(t *testing.T) {
	text := "100%% %u1%%,%+d2%<2>\n%x1%,X1|%c|%s*%*\n%~.1u2 %.3u2 %&1u2 %@2u1 %w1\n%/[H:M]2 %^X4 %=1x4\n"
	want := `set 0 "100%% %u1%%,%+d2%<2>"
%u1: a number
%+d2: a number with a sign, less the one before
%<2>: what a template of set 2 prints
set 0 "%x1%,X1|%c|%s*%*"
%x1: a number in hexadecimal digits
%,X1: a number in hexadecimal digits
%c: the bytes before it as characters
%s: any text
%*: a checksum of the row
set 0 "%~.1u2 %.3u2 %&1u2 %@2u1 %w1"
%~.1u2: a number with 1 decimal
%.3u2: a number with 3 decimals
%&1u2: a number, less the one before, moved as the number before it
%@2u1: a number, less the last one with the same number 2 before it
%w1: a word that may repeat
set 1 "%/[H:M]2 %^X4 %=1x4"
%/[H:M]2: a time, less what the two before lead to
%^X4: a number in hexadecimal digits, xor the one before
%=1x4: a number in hexadecimal digits, less the number before it
`
	before := strings.Clone(text)
	list, err := Templates([]byte(text), Shape{Count: 1, End: '\n', Sets: []int32{3, 1}})
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, x := range list {
		fmt.Fprintf(&got, "set %d %q\n", x.Set, x.Text)
		for _, s := range x.Slots {
			fmt.Fprintf(&got, "%s: %s\n", s.Text, s.Words)
		}
	}
	if got.String() != want || text != before {
		t.Errorf("got\n%s", got.String())
	}
	for _, sets := range [][]int32{nil, {4, 1}, {0}} {
		if _, err := Templates([]byte(text), Shape{Count: 1, End: '\n', Sets: sets}); err == nil {
			t.Errorf("templates of sets %v", sets)
		}
	}
}

// TestTrace wants what is shown of slots to be what is printed, and each number and cell to be shown once.
func TestTrace(t *testing.T) {
	src := "a,1,x\nb,300,y\na,2,z\nb,word,z\n"
	text := "%w1,%u2,%<2>\n%s\nx\n"
	shape := Shape{Count: 4, End: '\n', Sets: []int32{1, 2}}
	s, err := Split([]byte(src), text, shape)
	if err != nil {
		t.Fatal(err)
	}
	l, err := s.Lists()
	if err != nil {
		t.Fatal(err)
	}
	columns, cells := make([]int, len(l.Columns)), make([]int, len(l.Text))
	var p Printer
	dst := make([]byte, len(src))
	var got []string
	err = p.Trace(dst, shape, Lists{l.Columns, bytes.Clone(l.Text)}, func(x *Printed) {
		if x.Literal > x.From || x.From > x.End {
			t.Errorf("a slot from %d to %d, after text from %d", x.From, x.End, x.Literal)
		}
		if x.Choice >= 0 {
			columns[x.Choice]++
		}
		for k := range x.Size {
			columns[x.Number+k*x.Plane]++
		}
		for i := x.Cell[0]; i < x.Cell[1]; i++ {
			cells[i]++
		}
		got = append(got, fmt.Sprintf("%d.%d=%s", x.Template, x.Slot, dst[x.From:x.End]))
	})
	if err != nil || string(dst) != src {
		t.Fatalf("printed %q, %v", dst, err)
	}
	const head = 3 // lengths of cells
	for i, n := range columns {
		if (n == 1) != (i >= head) {
			t.Errorf("byte %d of the columns is shown %d times", i, n)
		}
	}
	for i, n := range cells {
		if (n == 1) != (i >= len(text)) {
			t.Errorf("byte %d of the cells is shown %d times", i, n)
		}
	}
	if first := strings.Join(got[:7], " "); first != "0.0=a 0.1=1 1.0=x 1.1= 0.2=x 0.3= 0.0=b" {
		t.Errorf("shown as %s", first)
	}
	if p.trace != nil {
		t.Error("the trace stays")
	}
}
