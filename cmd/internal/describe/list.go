package describe

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
)

// The objects of this package print as JSON. Numbers are in bytes unless stated otherwise. A ratio
// is compressed / original, and null if the original is empty. JSON is UTF-8: in a name that is not,
// U+FFFD replaces each wrong byte, and a second field, with _base64 at the end of its key, has the
// bytes.

// A List describes a compressed file, for -l. Add adds its parts.
type List struct {
	Name          string   `json:"name"`
	NameBytes     []byte   `json:"name_base64,omitempty"` // if that is not UTF-8
	Compressed    int64    `json:"compressed"`
	Original      int64    `json:"original"`
	Ratio         *float64 `json:"ratio"`
	Segments      int64    `json:"segments"`
	Blocks        int64    `json:"blocks"`
	ProgramBlocks int64    `json:"program_blocks"`
	ProgramShare  *float64 `json:"program_share"`           // of the blocks, 0 to 1; null if there are none
	ProgramBytes  int64    `json:"program_bytes"`           // plans, flags and programs
	RawBytes      int64    `json:"raw_bytes"`               // members
	Memory        int64    `json:"memory"`                  // that restoring needs with one thread
	Predicted     bool     `json:"predicted"`               // a group has a predictor
	RestoreSpeed  int64    `json:"restore_speed,omitempty"` // expected, in bytes a second, if there are predictors
	Plan          bool     `json:"plan"`                    // a segment has a plan other than the identity
	Plans         []string `json:"plan_names"`              // the operations of each such plan, from the output on
	Headers       []Header `json:"headers"`                 // of each of the concatenated files

	Time  int64 `json:"-"` // nanoseconds that restoring takes on the reference processor
	known map[string]bool
}

// A Header is a file's header. Optional fields that the header lacks are absent.
type Header struct {
	FormatVersion int    `json:"format_version"`
	Edition       int    `json:"edition"` // of the language
	BlockSize     int    `json:"block_size"`
	SegmentSize   int    `json:"segment_size"` // the most that a segment restores to
	Name          string `json:"name,omitempty"`
	ModTime       string `json:"mtime,omitempty"` // RFC 3339 in UTC, or @ and seconds since 1970
	Mode          string `json:"mode,omitempty"`  // octal
	Size          *int64 `json:"size,omitempty"`
}

// NewList returns a List of a file that has no parts yet.
func NewList(name string) *List { return &List{Name: name, NameBytes: NameBytes(name)} }

// Add adds a part of a file, as codec.Inspect visits it: a header, which is listed if headers, or a
// segment.
func (l *List) Add(info *codec.SegmentInfo, headers bool) {
	if info.Size == 0 {
		if headers {
			l.Headers = append(l.Headers, headerFields(info.Header))
		}
		l.Memory = max(l.Memory, codec.Memory(info.Header))
		return
	}
	l.Segments++
	l.Original += info.Size
	l.Blocks += int64(info.Blocks)
	l.ProgramBlocks += int64(info.ProgramBlocks)
	l.ProgramBytes += info.ProgramBytes
	l.RawBytes += info.RawBytes
	l.Time += info.Time
	for _, g := range info.Groups {
		if g.Predictor != nil {
			l.Predicted = true
			l.addPlan(PlanName(g.Predictor))
		}
	}
	if info.Plan != nil {
		l.Plan = true
		l.addPlan(PlanName(info.Plan))
	}
}

// AddList adds the sizes, the memory and the plans of another file.
func (l *List) AddList(o *List) {
	l.Compressed += o.Compressed
	l.Original += o.Original
	l.Blocks += o.Blocks
	l.ProgramBlocks += o.ProgramBlocks
	l.Memory = max(l.Memory, o.Memory)
	l.Predicted = l.Predicted || o.Predicted
	l.Time += o.Time
	for _, name := range o.Plans {
		l.addPlan(name)
	}
}

// End sets what follows from all parts of a file of so many bytes.
func (l *List) End(compressed int64) {
	l.Compressed, l.RestoreSpeed = compressed, l.Speed()
	l.Ratio, l.ProgramShare = Ratio(l.Compressed, l.Original), Ratio(l.ProgramBlocks, l.Blocks)
}

// Speed returns about how many bytes a second of a usual processor the file restores at, if it has
// predictors; else 0.
func (l *List) Speed() int64 {
	if !l.Predicted || l.Time == 0 {
		return 0
	}
	return int64(float64(l.Original) / float64(l.Time) * 1e9)
}

// maxPlanNames bounds the memory that the plans of a hostile file can take. It is
// arbitrary, and more than anyone reads.
const maxPlanNames = 256

// addPlan adds the name of a plan unless it was added before, or there are maxPlanNames.
func (l *List) addPlan(name string) {
	if l.known[name] || len(l.Plans) == maxPlanNames {
		return
	}
	if l.known == nil {
		l.known = map[string]bool{}
	}
	l.known[name] = true
	l.Plans = append(l.Plans, name)
}

// PlanName returns the operations of a plan, from the output on, each once, but for those
// that only say where bytes come from.
func PlanName(p *dsl.Program) string {
	var names []string
	for i := range slices.Backward(p.Nodes) {
		op := p.Nodes[i].Op
		if op != dsl.Payload && op != dsl.Between && op != dsl.Concatenate && !slices.Contains(names, op.String()) {
			names = append(names, op.String())
		}
	}
	return strings.Join(names, "+")
}

// NameBytes returns the bytes of a name that is not UTF-8; nil if it is.
func NameBytes(name string) []byte {
	if utf8.ValidString(name) {
		return nil
	}
	return []byte(name)
}

func headerFields(h *container.Header) Header {
	j := Header{
		FormatVersion: int(h.Version), Edition: h.Edition(),
		BlockSize: h.BlockSize(), SegmentSize: h.SegmentSize(), Name: h.Name,
	}
	if !h.ModTime.IsZero() {
		j.ModTime = timeText(h.ModTime)
	}
	if h.HasMode {
		j.Mode = fmt.Sprintf("%04o", h.Mode.Perm())
	}
	if h.HasSize {
		j.Size = &h.Size
	}
	return j
}

// timeText returns any time that a header can hold.
func timeText(t time.Time) string {
	const first, last = -62135596800, 253402300799 // years 1 to 9999
	if s := t.Unix(); s < first || s > last {
		return fmt.Sprintf("@%d", s)
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// Ratio returns a / b; nil if b is 0.
func Ratio(a, b int64) *float64 {
	if b == 0 {
		return nil
	}
	r := float64(a) / float64(b)
	return &r
}

// RatioText returns a / b with three decimals; - if b is 0.
func RatioText(a, b int64) string {
	if r := Ratio(a, b); r != nil {
		return fmt.Sprintf("%.3f", *r)
	}
	return "-"
}
