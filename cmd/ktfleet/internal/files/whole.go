package files

import (
	"context"
	"fmt"
	"io"
)

// ReadFile returns the content of a file of at most limit bytes.
func ReadFile(ctx context.Context, path string, limit int64) ([]byte, error) {
	f, err := Open(ctx, path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if f.Size() > limit {
		return nil, fmt.Errorf("%s has %d bytes, want at most %d", path, f.Size(), limit)
	}
	data := make([]byte, f.Size())
	_, err = io.ReadFull(f.Reader(0), data)
	return data, err
}

// WriteFile makes a file that has that content, under the conditions of Create and Commit.
func WriteFile(ctx context.Context, path string, data []byte, replace bool) error {
	o, err := Create(ctx, path, replace)
	if err != nil {
		return err
	}
	o.Write(data) // Commit returns its error
	return o.Commit(Attributes{})
}

// Remove removes a file. It is no error if there is none.
func Remove(ctx context.Context, path string) error {
	s, err := storeOf(ctx, path)
	if err != nil {
		return err
	}
	return pathError("remove", path, s.remove(ctx, path))
}

// RemoveAll removes a temporary folder and everything in it. It is no error if there is none.
// It refuses folders whose names do not begin with TemporaryPrefix, so that a wrong path costs
// nobody's files.
func RemoveAll(ctx context.Context, folder string) error {
	if !temporary(baseName(folder)) {
		return fmt.Errorf("%s: is not removed, since its name does not begin with %s", folder, TemporaryPrefix)
	}
	s, err := storeOf(ctx, folder)
	if err != nil {
		return err
	}
	return pathError("remove", folder, s.removeAll(ctx, trimSlashes(folder)))
}
