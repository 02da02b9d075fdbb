package cli

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/ktzip/ktzip/container"
)

// The objects that --json prints, one a line. Numbers are in bytes unless they
// say otherwise; a ratio is compressed / original and null where that is
// nothing.

// A workJSON follows compressing, restoring and testing.
type workJSON struct {
	Name       string       `json:"name"`             // of the input
	Output     string       `json:"output,omitempty"` // its name; absent after testing
	Action     string       `json:"action"`           // "compress", "restore" or "test"
	Original   int64        `json:"original"`
	Compressed int64        `json:"compressed"`
	Ratio      *float64     `json:"ratio"`
	Seconds    float64      `json:"seconds"`
	Salvage    *salvageJSON `json:"salvage,omitempty"` // after --salvage
}

// A listJSON describes a compressed file, for -l.
type listJSON struct {
	Name          string       `json:"name"`
	Compressed    int64        `json:"compressed"`
	Original      int64        `json:"original"`
	Ratio         *float64     `json:"ratio"`
	Segments      int64        `json:"segments"`
	Blocks        int64        `json:"blocks"`
	ProgramBlocks int64        `json:"program_blocks"`
	ProgramShare  *float64     `json:"program_share"` // of the blocks, 0 to 1; null without blocks
	ProgramBytes  int64        `json:"program_bytes"` // plans, flags and programs
	RawBytes      int64        `json:"raw_bytes"`     // GZIP members
	Memory        int64        `json:"memory"`        // that restoring needs, with one thread
	Plan          bool         `json:"plan"`          // a segment has one other than the identity
	Plans         []string     `json:"plan_names"`    // the operations of each such plan, from the output on
	Headers       []headerJSON `json:"headers"`       // of each of the concatenated files
}

// A headerJSON is a file's header; what it does not hold is absent.
type headerJSON struct {
	FormatVersion int    `json:"format_version"`
	Edition       int    `json:"edition"` // of the language
	BlockSize     int    `json:"block_size"`
	SegmentSize   int    `json:"segment_size"` // the most that a segment restores to
	Name          string `json:"name,omitempty"`
	ModTime       string `json:"mtime,omitempty"` // RFC 3339, UTC; or @ and seconds since 1970
	Mode          string `json:"mode,omitempty"`  // octal
	Size          *int64 `json:"size,omitempty"`
}

// An explainJSON is what --explain prints, where one is asked for as JSON.
type explainJSON struct {
	listJSON
	Plans       []planJSON    `json:"plans"` // but the identity
	Programs    []programJSON `json:"programs"`
	ProgramBits float64       `json:"program_bits"` // the sum of their costs
	Covered     int64         `json:"covered"`      // bytes of the original that programs make
}

// A planJSON is the plan of a segment.
type planJSON struct {
	Offset int64       `json:"offset"` // of the segment
	Size   int64       `json:"size"`
	Text   string      `json:"text"`
	Groups []groupJSON `json:"groups"`
}

// A groupJSON is some streams that are coded as one.
type groupJSON struct {
	Streams []streamJSON `json:"streams"`
	Raw     int64        `json:"raw_bytes"` // the group's GZIP member
}

// A streamJSON is a stream of a plan.
type streamJSON struct {
	Bytes int64   `json:"bytes"`
	Bits  float64 `json:"bits"` // of its programs and its codes in the member
}

// A programJSON is a block's program.
type programJSON struct {
	Stream int     `json:"stream"`
	Offset int64   `json:"offset"` // in the stream
	Length int     `json:"length"`
	Bits   float64 `json:"bits"` // cost of flag and program
	Text   string  `json:"text"`
}

// printJSON prints v on a line of standard output, or of standard error where
// standard output has the data.
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

func headerFields(h *container.Header) headerJSON {
	j := headerJSON{
		FormatVersion: int(h.Version), Edition: container.Edition,
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

// timeText writes any time that a header can hold.
func timeText(t time.Time) string {
	const first, last = -62135596800, 253402300799 // years 1 to 9999
	if s := t.Unix(); s < first || s > last {
		return fmt.Sprintf("@%d", s)
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// ratio is a / b, or nil where b is 0.
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
