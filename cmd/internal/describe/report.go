package describe

// A Report is what a page shows of a file. It prints as JSON, which the page draws. Texts and numbers that
// stem from the file are data: the page never takes them as markup.
//
// Its size is bounded whatever the file: details beyond the limits below are left out, and counted.
type Report struct {
	List     *List          `json:"list"`               // what -l --json says
	Version  string         `json:"version"`            // of the program
	From     string         `json:"from,omitempty"`     // how the file was compressed for the report, such as "-9 --mix"; absent if it was a compressed file
	Words    []string       `json:"words"`              // what is in the file, in lines that a person reads first
	Damage   []Damage       `json:"damage,omitempty"`   // what is not intact; only that is missing below
	Segments []SegmentPart  `json:"segments"`           // in their order
	Parts    []CostPart     `json:"parts,omitempty"`    // the parts that cost most, at most maxCostParts
	Costly   []Stretch      `json:"costly,omitempty"`   // the stretches that cost most, at most maxCostly
	Details  []Detail       `json:"details"`            // of segments with a plan or a predictor: SegmentPart.Detail is an index
	Programs []ProgramBlock `json:"programs,omitempty"` // of blocks, at most maxPrograms
	Methods  []Method       `json:"methods,omitempty"`  // this file and others' compressors, measured now
	Omitted  Omitted        `json:"omitted"`
}

// Omitted counts what a Report leaves out.
type Omitted struct {
	Segments int `json:"segments"` // listed together with a neighbour
	Details  int `json:"details"`  // segments with a plan whose details are left out
	Programs int `json:"programs"` // blocks with a program
}

// A Damage is a stretch of a file that cannot be restored.
type Damage struct {
	Offset int64  `json:"offset"` // in what the files restore to; -1 if unknown
	Size   int64  `json:"size"`   // -1 if unknown
	Error  string `json:"error"`
}

// A SegmentPart is a segment on the map.
type SegmentPart struct {
	File     int       `json:"file"`   // number among concatenated files
	Offset   int64     `json:"offset"` // in what the files restore to
	Size     int64     `json:"size"`
	Coded    int64     `json:"coded"`         // bytes in the file
	Programs int64     `json:"program_bytes"` // of these, plan, flags and programs
	Raw      int64     `json:"raw_bytes"`     // of these, members
	Blocks   [2]int    `json:"blocks"`        // all, and those with a program
	Plan     string    `json:"plan"`          // the names of the plan's operations; empty without a plan
	Detail   int       `json:"detail"`        // index in Report.Details; -1 if there is none
	Cell     int       `json:"cell"`          // bytes of the segment that each of Heat stands for; the last may stand for fewer
	Heat     []int     `json:"heat"`          // what each cell costs, in 1/16 bit a byte; they sum up to about Coded
	Sections []Stretch `json:"sections,omitempty"`
	Preview  string    `json:"preview"` // the first bytes, as text or hexadecimal digits
}

// A Stretch is bytes of what the files restore to.
type Stretch struct {
	Segment int     `json:"segment"` // index in Report.Segments
	Offset  int64   `json:"offset"`  // in what the files restore to
	Size    int64   `json:"size"`
	Bits    float64 `json:"bits"`              // that it costs
	Words   string  `json:"words,omitempty"`   // what it holds
	Node    int     `json:"node"`              // of the plan, that makes it; -1 if none does
	Streams []int   `json:"streams,omitempty"` // numbers of those that a section is made of, but for those of sections before
}

// A Detail is what is known of a segment by its plan and its predictors.
type Detail struct {
	Words   []string    `json:"words"` // what the plan says of the data, in sentences
	Text    string      `json:"text"`  // of the plan, with comments (plan.Explain)
	Nodes   []Node      `json:"nodes"` // of the plan, in its order; the last one that is needed makes the segment
	Out     int         `json:"out"`   // that node
	Groups  []GroupPart `json:"groups"`
	Tables  []Table     `json:"tables,omitempty"`
	Signals []Signal    `json:"signals,omitempty"`
	Images  []Image     `json:"images,omitempty"`
	Texts   []TextTable `json:"texts,omitempty"`
}

// A Node is a line of a plan.
type Node struct {
	Name     string `json:"name"`     // sequence_3
	Line     string `json:"line"`     // its text, cut after maxLine bytes
	Words    string `json:"words"`    // in the field's words; a few of them
	Args     []int  `json:"args"`     // nodes
	Stream   int    `json:"stream"`   // number of the payload's stream; -1 of other operations
	Size     int64  `json:"size"`     // bytes of its list; -1 if the output does not need it
	Deflated int64  `json:"deflated"` // bytes that its list takes by deflate alone; 0 if that was not tried
	Without  int64  `json:"without"`  // bytes that the segment takes if the plan lacks this step, and if it joins lists, those that make these, as deflate's share of it says; 0 if it cannot or was not tried
}

// A GroupPart is streams that are coded together.
type GroupPart struct {
	Raw       int64       `json:"raw_bytes"`
	First     int         `json:"first"` // number of the first stream
	Streams   []Stream    `json:"streams"`
	Predictor []Component `json:"predictor,omitempty"` // its lines; none if deflate codes the group
}

// A Component is a line of a predictor.
type Component struct {
	Line  string `json:"line"`
	Words string `json:"words"`
	Worth int    `json:"worth"` // by how many thousandths the group's first bytes take more without it; 0 if that was not tried
}

// A Table is the records of columns(…) or kinds(…).
type Table struct {
	Node    int    `json:"node"`
	Words   string `json:"words"` // such as "records of 18 kinds, told apart by their first byte"
	Records int    `json:"records"`
	Size    int64  `json:"size"`  // bytes of all records
	Kinds   []Kind `json:"kinds"` // those that cost most first

	bits float64 // that all records cost
}

// A Kind is the records of a table that have the same fields.
type Kind struct {
	Name    string  `json:"name"`
	Records int     `json:"records"`
	Example string  `json:"example,omitempty"` // the first bytes of a record, as SegmentPart.Preview
	Bytes   float64 `json:"bytes"`             // of a record; the mean if they differ
	Bits    float64 `json:"bits"`              // that all records of the kind cost
	Fields  []Field `json:"fields"`
}

// A Field is a field of a record.
type Field struct {
	Offset    int      `json:"offset"`              // in the record; -1 if it differs, and of fields that are left out
	Width     int      `json:"width"`               // bytes
	Type      string   `json:"type"`                // such as int16be
	Predictor string   `json:"predictor,omitempty"` // what it is predicted from, in words
	Reading   string   `json:"reading,omitempty"`   // the type that Samples are shown as, if it is another
	Bits      float64  `json:"bits"`                // that the fields of all records cost
	Samples   []string `json:"samples"`             // the values of some records
}

// A Signal is sampled numbers.
type Signal struct {
	Node     int       `json:"node"`  // whose list has the numbers
	Words    string    `json:"words"` // such as "12 channels of 16-bit samples"
	Type     string    `json:"type"`  // of all numbers; empty if they differ
	Start    int64     `json:"start"` // number of the first sample shown, of each channel
	Channels []Channel `json:"channels"`
	Shown    int       `json:"shown"` // channels; others are left out
	Total    int       `json:"total"`
}

// A Channel is a stretch of one channel of a signal.
type Channel struct {
	Name   string    `json:"name,omitempty"` // such as "bytes 12–15, int32"; absent if its number says it all
	Values []float64 `json:"values"`
	Rest   []float64 `json:"rest,omitempty"` // what is left of the same samples after prediction; absent if nothing predicts them
	Bits   float64   `json:"bits"`           // that a sample of the channel costs; 0 if that is unknown
}

// An Image is a picture, made smaller by leaving out pixels.
type Image struct {
	Node     int    `json:"node"`
	Words    string `json:"words"`
	Width    int    `json:"width"` // of the original, in pixels
	Height   int    `json:"height"`
	Columns  int    `json:"columns"` // of Pixels
	Rows     int    `json:"rows"`
	Channels int    `json:"channels"`       // 1 (gray) or 3
	Pixels   []byte `json:"pixels"`         // rows of pixels, 0 to 255, scaled to the range that occurs
	Rest     []byte `json:"rest,omitempty"` // what is left after prediction: 128 stands for nothing
}

// A TextTable is rows of text that templates print.
type TextTable struct {
	Node      int        `json:"node"`
	Words     string     `json:"words"`
	Rows      int        `json:"rows"`
	Templates []Template `json:"templates"` // the most frequent ones
	Total     int        `json:"total"`     // templates

	bits float64 // that all rows cost
}

// A Template prints rows, or parts of rows.
type Template struct {
	Set   int     `json:"set"` // from 1; those of set 1 print rows
	Text  string  `json:"text"`
	Rows  int     `json:"rows"`
	Bits  float64 `json:"bits"` // that all instances cost
	Slots []Slot  `json:"slots"`
}

// A Slot is where a template prints what differs.
type Slot struct {
	Text    string   `json:"text"`           // such as %+u2
	Name    string   `json:"name,omitempty"` // as the text around it says
	Words   string   `json:"words"`          // such as "a number of 2 bytes, less the one before"
	Bits    float64  `json:"bits"`           // that all instances cost; 0 if that is unknown
	Samples []string `json:"samples"`        // what it printed in some rows
}

// A ProgramBlock is a block that a program makes.
type ProgramBlock struct {
	Segment int `json:"segment"` // index in Report.Segments
	Program
	Refers []int `json:"refers,omitempty"` // indexes in Report.Programs of the blocks whose lists it uses
}

// A Method is what a compressor makes of the file.
type Method struct {
	Name     string  `json:"name"` // such as "gzip -9"
	Bytes    int64   `json:"bytes"`
	Compress float64 `json:"compress"` // bytes a second of one thread; 0 if that was not measured
	Restore  float64 `json:"restore"`  // the same
}
