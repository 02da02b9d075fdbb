package cli

import "encoding/json"

// The objects that --json prints, one per line, are those of package describe and these.

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
