package text

import (
	"strings"
	"testing"

	"github.com/ktzip/ktzip/internal/mutate"
)

// FuzzFind looks for templates of any bytes: all of them invert.
func FuzzFind(plain *testing.F) {
	f := mutate.Of(plain)
	for _, s := range []string{
		"",
		"\n\n\n\n\n\n\n\n\n",
		strings.Repeat("a,1\nb,2.5\n", 8),
		strings.Repeat("%s%%,%d\n%,-0,00\n", 8),
		strings.Repeat("2026-11-27 20:31:05 x=1\n", 8) + "2026-13-99 99:99:99 x=1",
		strings.Repeat(`{"a":1},{"b":"x"},`, 9),
		strings.Repeat(":00000001FF\n$G*47\n$*\n*\n:\n", 4),
		strings.Repeat("18446744073709551615 9223372036854775808\n-0 00 -00 0.0\n", 6),
		strings.Repeat("Feb 30 24:00:00\nFeb 29 23:59:59\n", 6),
		strings.Repeat("  1 \n 22 \n\t\r\n", 5),
		strings.Repeat("0x1f,0XFF,deadbeefdeadbeef\n0x,0X,DEADBEEFDEADBEEF\n", 5),
		strings.Repeat("a\x00\xff\x1fb\n\x1f\n", 6),
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		src = src[:min(len(src), 1<<12)]
		for _, m := range Find(src, changes, changes) {
			inverts(t, src, m, changes)
		}
		Promising(src, 1<<10, changes)
	})
}

// changes is a price that takes hardly any time: how many bytes are not as the one before.
func changes(stream []byte) (n int) {
	for i, c := range stream {
		if i == 0 || c != stream[i-1] {
			n++
		}
	}
	return n
}
