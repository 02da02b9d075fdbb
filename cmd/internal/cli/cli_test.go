package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"strings"
	"syscall"
	"testing"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/container"
)

// TestSizesHaveUnits reads numbers of bytes.
func TestSizesHaveUnits(t *testing.T) {
	for _, c := range []struct {
		text string
		want int64 // -1: an error
	}{
		{"0", 0}, {"128", 128}, {"128B", 128}, {"64KiB", 64 << 10}, {"64k", 64 << 10}, {"64 KiB", 64 << 10},
		{"1kB", 1000}, {"1MiB", 1 << 20}, {"2M", 2 << 20}, {"1GiB", 1 << 30}, {"1T", 1 << 40},
		{"9223372036854775807", math.MaxInt64}, {"9223372036854775808", -1}, {"8388608T", -1},
		{"", -1}, {"KiB", -1}, {"-1", -1}, {"+1", -1}, {"1.5M", 3 << 19}, {"2.5MB", 2_500_000}, {"0.125k", 128},
		{"1.", -1}, {".5M", -1}, {"1.2345M", -1}, {"1x", -1}, {"0x10", -1},
	} {
		var b byteSize
		switch err := b.Set(c.text); {
		case err != nil && c.want >= 0:
			t.Errorf("%q: %v", c.text, err)
		case err == nil && int64(b) != c.want:
			t.Errorf("%q is %d, want %d", c.text, b, c.want)
		}
	}
}

// TestModeFollowsFromFlags parses whole command lines.
func TestModeFollowsFromFlags(t *testing.T) {
	both := []Command{{Name: "ktzip", Compress: true}, {Name: "ktunzip"}}
	o, err := parse(&both[0], "", []string{"-9kvT3", "a", "-o", "b"})
	if err != nil || o.mode != compressing || o.Search.Level != 9 || !o.verbose || o.threads != 3 || o.output != "b" || fmt.Sprint(o.operands) != "[a]" {
		t.Errorf("%+v, %v", o, err)
	}
	o, err = parse(&both[0], "", []string{"-1", "-8"})
	if err != nil || o.Search.Level != 8 || fmt.Sprint(o.operands) != "[-]" {
		t.Errorf("%+v, %v", o, err)
	}
	for _, cmd := range both {
		for flags, want := range map[string]mode{"-d": restoring, "-dt": checking, "-l": listing, "--explain -d": explaining} {
			o, err := parse(&cmd, "", strings.Fields(flags))
			if err != nil || o.mode != want {
				t.Errorf("%s %s: %+v, %v", cmd.Name, flags, o, err)
			}
		}
	}
}

// TestReasonsForUsers holds how errors of other packages reach the user.
func TestReasonsForUsers(t *testing.T) {
	path := &fs.PathError{Op: "open", Path: "x", Err: syscall.ENOENT}
	file := func(off int64, msg string, err error) error {
		return fmt.Errorf("reading: %w", &container.Error{Off: off, Msg: msg, Err: err})
	}
	for _, c := range []struct {
		err  error
		want string
	}{
		{path, "no such file or directory"},
		{fmt.Errorf("more: %w", path), "no such file or directory"},
		{file(0, "magic", container.ErrFormat), "not a ktzip file"},
		{file(0, "magic", io.ErrUnexpectedEOF), "the file is empty (not a ktzip file)"},
		{file(7, "tag", io.ErrUnexpectedEOF), "the file is cut short at offset 7"},
		{file(4, "version 9", container.ErrVersion), "unsupported version: version 9"},
		{file(5, "the file needs 9 bytes of memory", container.ErrMemory), "the file needs 9 bytes of memory; raise --memory-limit"},
		{file(5, "tag", container.ErrCorrupt), "offset 5: corrupt file: tag"},
		{file(5, "segment", container.ErrChecksum), "offset 5: checksum mismatch: segment"},
		{file(5, "segment", &fs.PathError{Err: syscall.EIO}), "offset 5: input/output error"},
		{fmt.Errorf("%w: why", codec.ErrVerify), "the compressed data does not restore: a bug in this program or a fault of the machine; nothing was written"},
		{errors.New("codec: something"), "something"},
	} {
		if got := reason(c.err); got != c.want {
			t.Errorf("%v: %q, want %q", c.err, got, c.want)
		}
	}
}

// TestTerminalObeysNothing holds that neither names nor messages hold escape sequences.
func TestTerminalObeysNothing(t *testing.T) {
	for in, want := range map[string]string{"a b.ä": "a b.ä", "a\x1b[1m": `"a\x1b[1m"`, "\xff": `"\xff"`} {
		if got := printable(in); got != want {
			t.Errorf("printable(%q) = %s", in, got)
		}
	}
	for in, want := range map[string]string{
		"a b.ä\n\t\"": "a b.ä\n\t\"", "a\x1b[1m": `a\x1b[1m`, "\xff\ufffd": "\\xff\ufffd", "\u202e\r\a": `\u202e\r\a`, "\u009b1m": `\u009b1m`,
	} {
		if got := harmless(in); got != want {
			t.Errorf("harmless(%q) = %s, want %s", in, got, want)
		}
	}
}

func TestShorten(t *testing.T) {
	for in, want := range map[string]string{"short": "short", "a long name.txt": "a lo….txt"} {
		if got := shorten(in, 9); got != want {
			t.Errorf("shorten(%q) = %s, want %s", in, got, want)
		}
	}
}
