package codec

import (
	"bytes"
	"testing"

	"github.com/ktzip/ktzip/dsl/plan"
)

// TestCostsSum wants the costs of bytes to sum up to those of their streams, of all golden files.
func TestCostsSum(t *testing.T) {
	for name, f := range golden(t) {
		err := Inspect(bytes.NewReader(f[0]), nil, true, func(s *SegmentInfo) error {
			if s.Size == 0 {
				return nil
			}
			for range s.Programs { // reads the section, too
				break
			}
			costs, err := s.Costs()
			if err != nil {
				return err
			}
			if !bytes.Equal(s.Restored, f[1][s.Offset:s.Offset+s.Size]) {
				t.Errorf("%s: other bytes than restored after Costs", name)
			}
			if s.Groups == nil && (len(costs) != 1 || int64(len(costs[0])) != s.Size) {
				t.Errorf("%s: without a plan %d streams", name, len(costs))
			}
			for _, g := range s.Groups {
				sum, bytes, want := 0.0, int64(0), 0.0
				for _, stream := range g.Streams {
					if int64(len(costs[0])) != stream.Size {
						t.Fatalf("%s: costs of %d bytes, want %d", name, len(costs[0]), stream.Size)
					}
					for _, c := range costs[0] {
						sum += float64(c) / 16
					}
					costs, bytes, want = costs[1:], bytes+stream.Size, want+stream.Cost.Bits()
				}
				least, most := want-float64(s.Blocks)/16, want+float64(bytes)/256
				if g.Predictor != nil { // what is before the first byte is not charged
					least, most = want-2560, want+8
				}
				if sum < least-1 || sum > most+1 {
					t.Errorf("%s: a group of %d bytes costs %.1f, its bytes %.1f", name, bytes, want, sum)
				}
			}
			return nil
		})
		if err != nil {
			t.Error(name, err)
		}
	}
}

// TestStreams wants the streams of plans, after what they cost was asked for, to make the segments of all golden files.
func TestStreams(t *testing.T) {
	var m plan.Machine
	plans := 0
	for name, f := range golden(t) {
		err := Inspect(bytes.NewReader(f[0]), nil, true, func(s *SegmentInfo) error {
			if s.Size == 0 {
				return nil
			}
			if _, err := s.Costs(); err != nil {
				return err
			}
			streams, err := s.Streams()
			if err != nil {
				return err
			}
			got := streams[0]
			if s.Plan != nil {
				plans++
				got = make([]byte, s.Size)
				if err := m.Join(got, s.Plan, streams); err != nil {
					return err
				}
			}
			if want := f[1][s.Offset : s.Offset+s.Size]; !bytes.Equal(got, want) || !bytes.Equal(s.Restored, want) {
				t.Errorf("%s: the streams make other bytes", name)
			}
			return nil
		})
		if err != nil {
			t.Error(name, err)
		}
	}
	if plans < 10 {
		t.Errorf("%d plans", plans)
	}
}

// TestCostsOfPlain wants dear bytes where they are: noise between runs of a byte.
func TestCostsOfPlain(t *testing.T) {
	src := append(append(make([]byte, 4000), mixed(5000, 3)[1000:]...), make([]byte, 4000)...)
	for i := range 1000 {
		src[6000+i] = byte(i*i>>3 + i*7)
	}
	sum, coded := 0, int64(0)
	err := Inspect(bytes.NewReader(compress(t, src, 0, &WriterConfig{})), nil, false, func(s *SegmentInfo) error {
		if s.Size == 0 {
			return nil
		}
		costs, err := s.Costs()
		if err != nil {
			return err
		}
		for i, c := range costs[0] {
			if i < 4000 && i > 10 && c > 4 {
				t.Fatalf("byte %d of a run costs %d/16 bit", i, c)
			}
			sum += int(c)
		}
		coded = s.RawBytes
		return nil
	})
	if err != nil || int64(sum) > coded*128 || int64(sum) < coded*128*3/4 {
		t.Errorf("bytes cost %d of %d bytes; %v", sum/128, coded, err)
	}
}
