package answer

import (
	"bytes"
	"encoding/json"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/ktzip/ktzip/cmd/internal/describe"
)

// fill sets v to any value: some are empty.
func fill(r *rand.Rand, v reflect.Value, depth int) {
	texts := []string{"", "plain", "<b>&\"\\\x00\x1f\x7f\n\t\b\f\r", "\xff\xc3(\ufffd", "Grüße 𝄞\u2028\u2029"}
	numbers := []float64{0, 1, -1.5, 1e-7, 1e21, 123456789.125, 1e-6, 5e-324, math.MaxFloat64, 1e-10}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(r.IntN(2) == 0)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(r.Uint64()) >> r.IntN(64))
	case reflect.Uint8:
		v.SetUint(uint64(r.IntN(256)))
	case reflect.Float64:
		v.SetFloat(numbers[r.IntN(len(numbers))])
	case reflect.String:
		v.SetString(texts[r.IntN(len(texts))])
	case reflect.Pointer:
		if r.IntN(4) > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			fill(r, v.Elem(), depth)
		}
	case reflect.Slice:
		if n := r.IntN(4); n > 0 {
			v.Set(reflect.MakeSlice(v.Type(), n-1, n-1))
		}
		fallthrough
	case reflect.Array:
		for k := range v.Len() {
			fill(r, v.Index(k), depth+1)
		}
	case reflect.Struct:
		for k := range v.NumField() {
			if v.Field(k).CanSet() {
				fill(r, v.Field(k), depth+1)
			}
		}
	}
}

// TestJSON holds that answers are as encoding/json prints them.
func TestJSON(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		for _, v := range []any{new(describe.Report), new(describe.Explanation), new(Restored), new(Report)} {
			fill(r, reflect.ValueOf(v).Elem(), 0)
			want, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			want = bytes.ReplaceAll(want, []byte(`\ufffd`), []byte("\ufffd")) // which stands for what is not UTF-8
			if got := JSON(v); string(got) != string(want) {
				for k := range min(len(got), len(want)) {
					if got[k] != want[k] {
						t.Fatalf("got  %.80q\nwant %.80q", got[max(0, k-20):], want[max(0, k-20):])
					}
				}
				t.Fatalf("got %d bytes, want %d", len(got), len(want))
			}
		}
	}
}

// TestJSONOfNoNumber holds that what encoding/json refuses is null.
func TestJSONOfNoNumber(t *testing.T) {
	for _, x := range []float64{math.NaN(), math.Inf(1), math.Inf(-1)} {
		if got := string(JSON([]float64{x})); got != "[null]" {
			t.Errorf("%v: got %s", x, got)
		}
	}
}
