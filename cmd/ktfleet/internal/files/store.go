package files

import (
	"context"
	"io"
	"sync"
)

// A store holds the files of a scheme. Its methods take whole paths and return errors that
// name them. They are safe for concurrent use.
type store interface {
	// stat describes a file. The error of a missing one is fs.ErrNotExist, of a folder errFolder.
	stat(ctx context.Context, path string) (Info, error)
	exists(ctx context.Context, path string) (bool, error)
	// match returns the files that a pattern matches, in any order. A missing folder has none.
	match(ctx context.Context, p *pattern) ([]Info, error)
	// open opens a file for reading until ctx ends.
	open(ctx context.Context, path string) (content, Info, error)
	create(ctx context.Context, path string, replace bool) (sink, error)
	// remove removes a file, if it exists.
	remove(ctx context.Context, path string) error
	// removeAll removes everything in a folder, and the folder.
	removeAll(ctx context.Context, folder string) error
}

// A content gives the bytes of one state of a file. It is safe for concurrent use.
type content interface {
	// read returns a stream of n bytes from an offset. 0 <= from, 0 < n, from+n <= size.
	read(ctx context.Context, from, n int64) (io.ReadCloser, error)
	// tries returns how often a stream is opened again that broke without a byte.
	tries() int
	io.Closer
}

// A sink takes the bytes of a file that does not exist before commit.
type sink interface {
	io.Writer
	// commit makes the file appear. The error is fs.ErrExist if the file exists and the sink must
	// not replace it. After an error nothing is left.
	commit(at Attributes) error
	// abandon leaves nothing. It is not called after commit.
	abandon()
}

// schemes are the stores that are made here. What else there is, Beam's registry says.
var schemes = map[string]func(context.Context) (store, error){
	"":   func(context.Context) (store, error) { return local{}, nil },
	"gs": newGCS,
	"s3": newS3,
}

// opened are the stores of this process by scheme. Clients are made once, since each asks for
// credentials and keeps connections of its own.
var opened struct {
	sync.Mutex
	stores map[string]store
}

// storeOf returns the store of a path.
func storeOf(ctx context.Context, path string) (store, error) {
	scheme, _ := split(path)
	opened.Lock()
	defer opened.Unlock()
	if s := opened.stores[scheme]; s != nil {
		return s, nil
	}
	create := schemes[scheme]
	if create == nil {
		create = func(ctx context.Context) (store, error) { return newBeam(ctx, scheme) }
	}
	s, err := create(context.WithoutCancel(ctx)) // the store outlives ctx
	if err != nil {
		return nil, pathError("open", path, err)
	}
	if opened.stores == nil {
		opened.stores = map[string]store{}
	}
	opened.stores[scheme] = s
	return s, nil
}
