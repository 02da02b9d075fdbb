package text

import (
	"encoding/binary"
	"slices"
	"strings"
	"testing"
	"unsafe"
)

// TestTemplatesRefused has templates that are invalid, and some that are valid.
func TestTemplatesRefused(t *testing.T) {
	many := func(n int, text string) string { return strings.Repeat(text, n) }
	for _, c := range []struct {
		templates string
		sets      []int
		valid     bool
	}{
		{"%", []int{1}, false}, {"%%", []int{1}, true}, {"%%%", []int{1}, false}, {"%u", []int{1}, false}, {"%u0", []int{1}, false}, {"%u8", []int{1}, true},
		{"%u9", []int{1}, false}, {"%q1", []int{1}, false}, {"%s", []int{1}, true}, {"%+s", []int{1}, false}, {"%05s", []int{1}, false}, {"%-5s", []int{1}, true},
		{"%5u1", []int{1}, false}, {"%0u1", []int{1}, false}, {"%064u1", []int{1}, true}, {"%065u1", []int{1}, false}, {"%0-5u1", []int{1}, false},
		{"%~u1", []int{1}, false}, {"%~.2u1", []int{1}, true}, {"%~-9.2u1", []int{1}, true}, {"%-~9.2u1", []int{1}, true}, {"%~~.2u1", []int{1}, false},
		{"%.0u1", []int{1}, false}, {"%.18u1", []int{1}, true}, {"%.19u1", []int{1}, false}, {"%.2x1", []int{1}, false}, {"%.2s", []int{1}, false},
		{"%w2", []int{1}, true}, {"%w3", []int{1}, false}, {"%05w1", []int{1}, false}, {"%.1w1", []int{1}, false},
		{"%=1u1", []int{1}, false}, {"%u1%=1u1", []int{1}, true}, {"%u1%=2u1", []int{1}, false}, {"%u1%=u1", []int{1}, false}, {"%u1%=0u1", []int{1}, false},
		{"%u1%=1u2", []int{1}, false}, {"%u1%@1u2", []int{1}, true}, {"%u1%&1u2", []int{1}, false}, {"%s%=1u1", []int{1}, false}, {"%u1\n%=1u1", []int{2}, false},
		{many(35, "%u1 ") + "%=zu1", []int{1}, true}, {many(34, "%u1 ") + "%=zu1", []int{1}, false},
		{"%u1%,u1", []int{1}, true}, {"%,u1", []int{1}, false}, {"%+u1%,u1", []int{1}, false}, {"%u2%,u1", []int{1}, false}, {"%u1%,u2", []int{1}, false},
		{"%d1%,u1", []int{1}, false}, {"%u1%,d1", []int{1}, false}, {"%u1%s%,u1", []int{1}, false}, {"%u1%%%,x1%,X1", []int{1}, true}, {"%w1%,u1", []int{1}, false},
		{"%u1" + many(254, "%,u1"), []int{1}, true}, {"%u1" + many(255, "%,u1"), []int{1}, false},
		{"%x1%,x1%c", []int{1}, true}, {"%x1%,x1 %u1 %c%c", []int{1}, true}, {"%x1%c", []int{1}, false}, {"%c", []int{1}, false}, {"%x1%,x1%02c", []int{1}, false},
		{"%x1%,x1%+c", []int{1}, false}, {"%x1%,x1%c%,x1", []int{1}, false}, {"%x1%,x1\n%c", []int{2}, false}, {"%*", []int{1}, true}, {"%5*", []int{1}, false}, {"%+:", []int{1}, false}, {"%*%*", []int{1}, false}, {"%*%:", []int{1}, false},
		{"%!", []int{1}, true}, {"%;", []int{1}, true}, {"%M", []int{1}, true}, {"%m", []int{1}, true}, {"%#", []int{1}, true}, {"%02M", []int{1}, false}, {"%M1%#", []int{1}, false},
		{"%<1>", []int{1}, false}, {"%<2>", []int{1}, false}, {"%<2>\nx", []int{1, 1}, true}, {"%<02>\nx", []int{1, 1}, false}, {"%<2\nx", []int{1, 1}, false},
		{"x\n%<2>", []int{1, 1}, false}, {"x\n%<1>", []int{1, 1}, false}, {"%+<2>\nx", []int{1, 1}, false}, {"x", []int{0, 1}, false}, {"x", []int{2}, false},
		{"x\ny", []int{1}, false}, {"x", nil, false}, {many(255, "x\n") + "x", []int{256}, true}, {many(256, "x\n") + "x", []int{257}, false},
		{many(1023, "x\n") + "x", []int{256, 256, 256, 256}, true}, {many(1024, "x\n") + "x", []int{256, 256, 256, 256, 1}, false},
		{many(16, "x\n") + "x", slices.Repeat([]int{1}, 17), false}, {many(15, "x\n") + "x", slices.Repeat([]int{1}, 16), true},
		{many(4096, "%s,"), []int{1}, true}, {many(4097, "%s,"), []int{1}, false}, {many(4097, "%%"), []int{1}, true},
		{"%u1" + many(128, "%@1u1"), []int{1}, true}, {"%u1" + many(129, "%@1u1"), []int{1}, false},
		{"%[]4", []int{1}, false}, {"%[Y]4", []int{1}, false}, {"%[Y-m-d]4", []int{1}, true}, {"%[Y-m-d]", []int{1}, false}, {"%[Y-m-d", []int{1}, false},
		{"%+05[Y-m-d]4", []int{1}, false}, {"%[m-d]4", []int{1}, true}, {"%[m]4", []int{1}, false}, {"%[Y-d]4", []int{1}, false}, {"%[Y-y-m-d]4", []int{1}, false},
		{"%[Y-m-b-d]4", []int{1}, false}, {"%[m-d-e]4", []int{1}, false}, {"%[d-d-m]4", []int{1}, false}, {"%[a m-d]4", []int{1}, false}, {"%[a Y-m-d]4", []int{1}, true},
		{"%[M]4", []int{1}, false}, {"%[H:S]4", []int{1}, false}, {"%[H:M.f]4", []int{1}, false}, {"%[H:M:S.fffffffff]8", []int{1}, true}, {"%[H:M:S.ffffffffff]8", []int{1}, false},
		{"%[H:M:S.f f]8", []int{1}, false}, {"%[H%%]4", []int{1}, false}, {"%[H" + many(63, ".") + "]4", []int{1}, true}, {"%[H" + many(64, ".") + "]4", []int{1}, false},
	} {
		_, err := Split(nil, c.templates+"\n", shapeOf("", c.sets))
		if c.valid != (err == nil) {
			t.Errorf("%.60q %v: %v, valid is %t", c.templates, c.sets, err, c.valid)
		}
	}
	if _, err := Split(nil, many(1<<20, "x")+"%q1\n", shapeOf("", []int{1})); err == nil || len(err.Error()) > 1<<10 {
		t.Errorf("a template of a MiB is refused in %d bytes", len(err.Error()))
	}
}

// TestMemory prints rows of as many slots, words and tables as there may be, and adds up what
// they take.
func TestMemory(t *testing.T) {
	const rows = maxWords / 2
	text := "text%w2%w2\n%u1" + strings.Repeat("%@1u1", maxAlikeSlots) + strings.Repeat("%[H]1", maxSlots-3-maxAlikeSlots) + "\n" + strings.Repeat("\n", maxTemplates-2)
	s := binary.AppendUvarint(binary.AppendUvarint(nil, rows), rows) // bytes of empty words
	s = append(s, make([]byte, maxSlots-2)...)                       // no exceptions
	s = append(s, make([]byte, rows)...)                             // all of template 0
	for range 2 {                                                    // each word is new
		for k := range rows {
			s = append(s, byte(k))
		}
		for k := range rows {
			s = append(s, byte(k>>8))
		}
	}
	l := Lists{s, append([]byte(text), strings.Repeat("\n", maxWords)...)}
	want := strings.Repeat("text\n", rows)
	dst := make([]byte, len(want))
	var x Printer
	if err := x.Print(dst, Shape{rows, '\n', []int32{256, 256, 256, 256}}, l); err != nil || string(dst) != want {
		t.Fatal(err)
	}
	size := cap(x.slots)*int(unsafe.Sizeof(slot{})) + cap(x.templates)*int(unsafe.Sizeof(template{})) + cap(x.forms)*int(unsafe.Sizeof(timeForm{})) +
		cap(x.cursors)*int(unsafe.Sizeof(cursor{})) + cap(x.dates)*int(unsafe.Sizeof(date{})) + 4*cap(x.words) + cap(x.alike)*int(unsafe.Sizeof(x.alike[0]))
	if size > 2<<20 || len(x.words) != maxWords || len(x.slots) != maxSlots+maxTemplates {
		t.Errorf("%d bytes for %d slots and %d words, want at most 2 MiB", size, len(x.slots), len(x.words))
	}
	t.Log(size)
}
