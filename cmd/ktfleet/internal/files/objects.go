package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"golang.org/x/sync/errgroup"
)

// maxRemovals is how many objects are removed at a time: their requests mostly wait. Arbitrary.
const maxRemovals = 16

// errChanged is the error of reading a version of an object that another one replaced.
var errChanged = errors.New("changed while it was read")

// A client does what an object store can do. A name is a path without its scheme:
// "bucket/key". An object that is missing gives fs.ErrNotExist.
type client interface {
	// list calls each with every object whose name begins with prefix. Of an Info it sets Path, to
	// the name, and what else the listing says.
	list(ctx context.Context, prefix string, each func(Info)) error
	// stat sets the same.
	stat(ctx context.Context, name string) (Info, error)
	// open returns the content of the version that an Info describes.
	open(ctx context.Context, is Info) (content, error)
	create(ctx context.Context, name string, replace bool) (sink, error)
	remove(ctx context.Context, name string) error
}

// objects is the store of a scheme without folders: names merely have slashes.
type objects struct {
	scheme string
	client client
}

// name returns the name of the object at a path.
func (o objects) name(path string) string {
	_, name := split(path)
	return name
}

// named completes what a client says about an object.
func (o objects) named(is Info, rel string) Info {
	is.Path, is.Rel = o.scheme+"://"+is.Path, rel
	return is
}

func (o objects) stat(ctx context.Context, name string) (Info, error) {
	is, err := o.client.stat(ctx, o.name(name))
	if err != nil {
		return Info{}, pathError("stat", name, err)
	}
	return o.named(is, path.Base(is.Path)), nil
}

func (o objects) exists(ctx context.Context, name string) (bool, error) {
	_, err := o.stat(ctx, name)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// match lists everything that begins as the pattern does. An object whose name is no path, such
// as "a/../b", can't be written elsewhere under its name: that is an error. One whose name
// ends in a slash marks a folder and is left out.
func (o objects) match(ctx context.Context, p *pattern) (found []Info, err error) {
	var errs []error
	folder := o.name(p.fixed) + "/"
	err = o.client.list(ctx, o.name(p.prefix()), func(is Info) {
		rel, below := strings.CutPrefix(is.Path, folder)
		switch {
		case !below || strings.HasSuffix(rel, "/") || !p.matches(rel):
		case !fs.ValidPath(rel):
			errs = append(errs, fmt.Errorf("%s://%s: this name is no path of a file", o.scheme, is.Path))
		default:
			found = append(found, o.named(is, rel))
		}
	})
	if err != nil {
		return nil, pathError("list", p.fixed, err)
	}
	return found, errors.Join(errs...)
}

func (o objects) open(ctx context.Context, name string) (content, Info, error) {
	is, err := o.client.stat(ctx, o.name(name))
	if err != nil {
		return nil, Info{}, pathError("open", name, err)
	}
	c, err := o.client.open(ctx, is)
	return c, o.named(is, path.Base(is.Path)), pathError("open", name, err)
}

func (o objects) create(ctx context.Context, name string, replace bool) (sink, error) {
	return o.client.create(ctx, o.name(name), replace)
}

func (o objects) remove(ctx context.Context, name string) error {
	err := o.client.remove(ctx, o.name(name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func (o objects) removeAll(ctx context.Context, folder string) error {
	var names []string
	err := o.client.list(ctx, o.name(folder)+"/", func(is Info) { names = append(names, is.Path) })
	if err != nil {
		return err
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(maxRemovals)
	for _, name := range names {
		group.Go(func() error { return o.remove(ctx, o.scheme+"://"+name) })
	}
	return group.Wait()
}

// bucketOf returns the bucket and the key that a name consists of.
func bucketOf(name string) (bucket, key string, err error) {
	bucket, key, _ = strings.Cut(name, "/")
	if bucket == "" {
		return "", "", errors.New("names no bucket")
	}
	return bucket, key, nil
}

// keyOf is bucketOf for the name of an object, whose key is not empty.
func keyOf(name string) (bucket, key string, err error) {
	bucket, key, err = bucketOf(name)
	if err == nil && key == "" {
		err = errFolder
	}
	return bucket, key, err
}

// streams are contents without anything to close.
type streams func(ctx context.Context, from, n int64) (io.ReadCloser, error)

func (s streams) read(ctx context.Context, from, n int64) (io.ReadCloser, error) {
	return s(ctx, from, n)
}

func (streams) tries() int   { return maxTries }
func (streams) Close() error { return nil }
