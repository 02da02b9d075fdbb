package cli

// fileOptions are the options about how files are written.
type fileOptions struct {
	synchronous bool // outputs are on the disk before the work goes on
	noSparse    bool // restored files have no holes
	salvage     salvageFlag
}
