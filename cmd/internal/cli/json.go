package cli

import (
	"encoding/json"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/ktzip/ktzip/container"
)

// The objects that --json prints, one per line. Numbers are in bytes unless stated
// otherwise. A ratio is compressed / original, and null if the original is empty. JSON is
// UTF-8: in a name that is not, U+FFFD replaces each wrong byte, and a second field, with
// _base64 at the end of its key, has the bytes.

// A workJSON tells what a job did: compress, restore or test.
type workJSON struct {
	Name       string       `json:"name"`                    // of the input
	NameBytes  []byte       `json:"name_base64,omitempty"`   // if that is not UTF-8
	Output     string       `json:"output,omitempty"`        // absent after testing
	OutBytes   []byte       `json:"output_base64,omitempty"` // if that is not UTF-8
	Action     string       `json:"action"`                  // "compress", "restore" or "test"
	Original   int64        `json:"original"`
	Compressed int64        `json:"compressed"`
	Ratio      *float64     `json:"ratio"`
	Seconds    float64      `json:"seconds"`
	Salvage    *salvageJSON `json:"salvage,omitempty"` // with --salvage
}

// A listJSON describes a compressed file, for -l.
type listJSON struct {
	Name          string       `json:"name"`
	NameBytes     []byte       `json:"name_base64,omitempty"` // if that is not UTF-8
	Compressed    int64        `json:"compressed"`
	Original      int64        `json:"original"`
	Ratio         *float64     `json:"ratio"`
	Segments      int64        `json:"segments"`
	Blocks        int64        `json:"blocks"`
	ProgramBlocks int64        `json:"program_blocks"`
	ProgramShare  *float64     `json:"program_share"`           // of the blocks, 0 to 1; null if there are none
	ProgramBytes  int64        `json:"program_bytes"`           // plans, flags and programs
	RawBytes      int64        `json:"raw_bytes"`               // members
	Memory        int64        `json:"memory"`                  // that restoring needs with one thread
	Predicted     bool         `json:"predicted"`               // a group has a predictor
	RestoreSpeed  int64        `json:"restore_speed,omitempty"` // expected, in bytes a second, if there are predictors
	Plan          bool         `json:"plan"`                    // a segment has a plan other than the identity
	Plans         []string     `json:"plan_names"`              // the operations of each such plan, from the output on
	Headers       []headerJSON `json:"headers"`                 // of each of the concatenated files

	time int64 // nanoseconds that restoring takes on the reference processor
}

// A headerJSON is a file's header. Optional fields that the header lacks are absent.
type headerJSON struct {
	FormatVersion int    `json:"format_version"`
	Edition       int    `json:"edition"` // of the language
	BlockSize     int    `json:"block_size"`
	SegmentSize   int    `json:"segment_size"` // the most that a segment restores to
	Name          string `json:"name,omitempty"`
	ModTime       string `json:"mtime,omitempty"` // RFC 3339 in UTC, or @ and seconds since 1970
	Mode          string `json:"mode,omitempty"`  // octal
	Size          *int64 `json:"size,omitempty"`
}

// An explainJSON describes a compressed file with its programs, for --explain.
type explainJSON struct {
	listJSON
	Plans       []planJSON    `json:"plans"` // other than the identity
	Programs    []programJSON `json:"programs"`
	ProgramBits float64       `json:"program_bits"` // the sum of their costs
	Covered     int64         `json:"covered"`      // bytes of the streams that programs produce
}

// A planJSON is the plan of a segment.
type planJSON struct {
	Offset int64       `json:"offset"` // of the segment
	Size   int64       `json:"size"`
	Text   string      `json:"text"`
	Groups []groupJSON `json:"groups"`
}

// A groupJSON describes streams that are coded together.
type groupJSON struct {
	Streams   []streamJSON `json:"streams"`
	Raw       int64        `json:"raw_bytes"`           // of the group's member
	Predictor string       `json:"predictor,omitempty"` // its text; absent if deflate codes the member
	Worth     []int        `json:"worth,omitempty"`     // of each of its components: by how many thousandths the group's first bytes take more without it
}

// A streamJSON is a stream of a plan.
type streamJSON struct {
	Bytes int64   `json:"bytes"`
	Bits  float64 `json:"bits"` // of its programs and its symbols in the member
}

// A programJSON is a block's program.
type programJSON struct {
	Stream int     `json:"stream"`
	Offset int64   `json:"offset"` // in the stream
	Length int     `json:"length"`
	Bits   float64 `json:"bits"` // of the flag and the program
	Text   string  `json:"text"`
}

// printJSON prints v on a line of standard output, or of standard error if standard output
// is taken by data.
func (a *app) printJSON(taken bool, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	b = append(b, '\n')
	if taken {
		_, err = a.stderr.Write(b)
		return err
	}
	if _, err = a.stdout.Write(b); err != nil {
		return &outputError{stdoutName, err}
	}
	return nil
}

// nameBytes returns the bytes of a name that is not UTF-8; nil if it is.
func nameBytes(name string) []byte {
	if utf8.ValidString(name) {
		return nil
	}
	return []byte(name)
}

func headerFields(h *container.Header) headerJSON {
	j := headerJSON{
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

// ratio returns a / b; nil if b is 0.
func ratio(a, b int64) *float64 {
	if b == 0 {
		return nil
	}
	r := float64(a) / float64(b)
	return &r
}

func ratioText(a, b int64) string {
	if r := ratio(a, b); r != nil {
		return fmt.Sprintf("%.3f", *r)
	}
	return "-"
}
