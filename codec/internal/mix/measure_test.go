package mix

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func cpu() time.Duration {
	var r syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &r)
	return time.Duration(r.Utime.Nano())
}

// MEASURE="FILE KIND PARAM..." lines in file $MEASURE
func TestMeasure(t *testing.T) {
	path := os.Getenv("MEASURE")
	if path == "" {
		t.Skip()
	}
	reps := 1
	if r := os.Getenv("REPS"); r != "" {
		reps, _ = strconv.Atoi(r)
	}
	text, _ := os.ReadFile(path)
	var m Machine
	for _, line := range strings.Split(string(text), "\n") {
		f := strings.Fields(line)
		if len(f) < 2 || f[0][0] == '#' {
			continue
		}
		name := f[0]
		switch {
		case name[0] == '/':
		case strings.HasPrefix(name, "audio"):
			name = "/work/shared/kt/" + name
		default:
			if _, err := os.Stat("/work/shared/files/" + name); err == nil {
				name = "/work/shared/files/" + name
			} else {
				name = "/work/shared/field/" + name
			}
		}
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		p := &Samples{Channels: 1, Decisions: 20}
		switch kind := f[1]; kind {
		case "p12":
			p.Packing = Packed212
		default:
			p.BigEndian = strings.HasSuffix(kind, "b")
			kind = strings.TrimSuffix(kind, "b")
			p.Kind = map[byte]Kind{'s': Signed, 'u': Unsigned, 'f': Float, 'i': FloatIBM}[kind[0]]
			w, _ := strconv.Atoi(kind[1:])
			p.Width = w / 8
		}
		skip := 0
		for _, a := range f[2:] {
			key, value, _ := strings.Cut(a, "=")
			var n [5]int
			for i, s := range strings.Split(value, ",") {
				v, _ := strconv.ParseInt(s, 0, 64)
				n[i] = int(v)
			}
			switch key {
			case "skip":
				skip = n[0]
			case "ch":
				p.Channels = n[0]
			case "row":
				p.Row = n[0]
			case "ols":
				p.OLS = OLS{n[0], n[1], n[2], n[3], n[4]}
			case "lms":
				p.NLMS = append(p.NLMS, NLMS{n[0], n[1]})
			case "c":
				p.Contexts = uint(n[0])
			case "v":
				p.Values = uint(n[0])
			default:
				t.Fatal(key)
			}
		}
		src := data[skip:]
		best, bestD := time.Hour, time.Hour
		var out []byte
		for range reps {
			start := cpu()
			out, err = m.Encode(context.Background(), nil, src, p)
			if err != nil {
				t.Fatal(err)
			}
			best = min(best, cpu()-start)
			if os.Getenv("NODEC") != "" {
				continue
			}
			dst := make([]byte, len(src))
			start = cpu()
			if err := m.Decode(dst, out, p); err != nil {
				t.Fatal(line, err)
			}
			bestD = min(bestD, cpu()-start)
			if !bytes.Equal(dst, src) {
				t.Fatal("not equal", line)
			}
		}
		size := len(out) + skip
		fmt.Printf("%7d %.4f %5.2f/%5.2f MB/s %4.0f ns  %s D=%.2f,%d\n", size, float64(size)/float64(len(data)), float64(len(data))/1e6/best.Seconds(), float64(len(data))/1e6/bestD.Seconds(), float64(best.Nanoseconds())/float64(p.countOf(len(src))), line, float64(int64(p.countOf(len(src)))*20+4096-m.left)/float64(p.countOf(len(src))), m.Decisions())
	}
}
