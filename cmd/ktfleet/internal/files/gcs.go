package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"strconv"

	"cloud.google.com/go/storage"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/util/gcsx"
	"google.golang.org/api/googleapi"
	"google.golang.org/api/iterator"
)

// gcs is Google Cloud Storage.
type gcs struct{ *storage.Client }

// newGCS takes the application's default credentials, or none if there are none, as Beam does.
func newGCS(ctx context.Context) (store, error) {
	c, err := gcsx.NewClient(ctx, storage.ScopeReadWrite)
	if err != nil {
		if c, err = gcsx.NewUnauthenticatedClient(ctx); err != nil {
			return nil, err
		}
	}
	// Each request may be repeated: a version is read, written with the same bytes or removed.
	c.SetRetry(storage.WithPolicy(storage.RetryAlways))
	return objects{"gs", gcs{c}}, nil
}

func (c gcs) list(ctx context.Context, prefix string, each func(Info)) error {
	bucket, key, err := bucketOf(prefix)
	if err != nil {
		return err
	}
	q := &storage.Query{Prefix: key}
	if err := q.SetAttrSelection([]string{"Bucket", "Name", "Size", "Updated", "Generation"}); err != nil {
		return err
	}
	for it := c.Bucket(bucket).Objects(ctx, q); ; {
		a, err := it.Next()
		if err == iterator.Done {
			return nil
		}
		if err != nil {
			return gcsError(err)
		}
		each(gcsInfo(bucket, a))
	}
}

func gcsInfo(bucket string, a *storage.ObjectAttrs) Info {
	return Info{Path: bucket + "/" + a.Name, Size: a.Size, ModTime: a.Updated, Version: strconv.FormatInt(a.Generation, 10)}
}

func (c gcs) object(name string) (*storage.ObjectHandle, error) {
	bucket, key, err := keyOf(name)
	return c.Bucket(bucket).Object(key), err
}

func (c gcs) stat(ctx context.Context, name string) (Info, error) {
	o, err := c.object(name)
	if err != nil {
		return Info{}, err
	}
	a, err := o.Attrs(ctx)
	if err != nil {
		return Info{}, gcsError(err)
	}
	return gcsInfo(o.BucketName(), a), nil
}

// open reads the bytes as they are stored: the server would restore gzip, and ignore ranges.
func (c gcs) open(_ context.Context, is Info) (content, error) {
	o, err := c.object(is.Path)
	if err != nil {
		return nil, err
	}
	generation, err := strconv.ParseInt(is.Version, 10, 64)
	if err != nil {
		return nil, err
	}
	o = o.Generation(generation).ReadCompressed(true)
	return streams(func(ctx context.Context, from, n int64) (io.ReadCloser, error) {
		r, err := o.NewRangeReader(ctx, from, n)
		if err = gcsError(err); errors.Is(err, fs.ErrNotExist) {
			err = errChanged // or removed
		}
		if err != nil {
			return nil, err
		}
		return r, nil
	}), nil
}

// create begins an upload. It holds a buffer of 16 MiB, the client's default.
func (c gcs) create(ctx context.Context, name string, replace bool) (sink, error) {
	o, err := c.object(name)
	if err != nil {
		return nil, err
	}
	if !replace {
		o = o.If(storage.Conditions{DoesNotExist: true})
	}
	ctx, cancel := context.WithCancel(ctx)
	return &gcsSink{o.NewWriter(ctx), cancel}, nil
}

func (c gcs) remove(ctx context.Context, name string) error {
	o, err := c.object(name)
	if err != nil {
		return err
	}
	return gcsError(o.Delete(ctx))
}

// A gcsSink is an upload. The object appears when Close returns.
type gcsSink struct {
	*storage.Writer
	cancel context.CancelFunc // ends the upload
}

func (s *gcsSink) Write(p []byte) (int, error) {
	n, err := s.Writer.Write(p)
	return n, gcsError(err)
}

func (s *gcsSink) commit(Attributes) error {
	defer s.cancel()
	return gcsError(s.Close())
}

func (s *gcsSink) abandon() { s.cancel() }

// gcsError returns err as an error of package io/fs, if it is one.
func gcsError(err error) error {
	var e *googleapi.Error
	switch {
	case errors.Is(err, storage.ErrObjectNotExist):
		return fs.ErrNotExist
	case errors.As(err, &e) && e.Code == http.StatusPreconditionFailed:
		return fmt.Errorf("%w: %w", fs.ErrExist, err)
	}
	return err
}
