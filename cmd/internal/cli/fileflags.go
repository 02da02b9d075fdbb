package cli

import "github.com/spf13/pflag"

// fileOptions are the options about how files are written.
type fileOptions struct {
	synchronous bool // outputs are on the disk before the work goes on
	noSparse    bool // restored files have no holes
	salvage     salvageFlag
}

// fileFlags adds them to f.
func (o *fileOptions) fileFlags(f *pflag.FlagSet) {
	f.BoolVar(&o.synchronous, "synchronous", false, "")
	f.BoolVar(&o.noSparse, "no-sparse", false, "")
	f.VarPF(&o.salvage, "salvage", "", "").NoOptDefVal = salvageZeros
}
