package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"google.golang.org/api/googleapi"
)

// names returns everything below base, temporary files too.
func names(t *testing.T, base string) (list []string) {
	t.Helper()
	s, err := storeOf(t.Context(), base)
	if err != nil {
		t.Fatal(err)
	}
	if o, ok := s.(objects); ok {
		err = o.client.list(t.Context(), o.name(base)+"/", func(is Info) { list = append(list, is.Path) })
	} else {
		list, err = localNames(base)
	}
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func create(t *testing.T, path string, replace bool) *Output {
	t.Helper()
	o, err := Create(t.Context(), path, replace)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestOutputAppearsAtCommit(t *testing.T) {
	data := noise(100_000)
	eachScheme(t, func(t *testing.T, base string) {
		path := Join(base, "new/folder/f [1]\n?%.ktz")
		o := create(t, path, false)
		if _, err := io.WriteString(o, data); err != nil {
			t.Fatal(err)
		}
		if exists, err := Exists(t.Context(), path); exists || err != nil {
			t.Errorf("before Commit: %v, %v", exists, err)
		}
		if found, err := Match(t.Context(), base); !errors.Is(err, ErrNoMatch) {
			t.Errorf("before Commit: %v, %v", found, err)
		}
		if err := o.Commit(Attributes{}); err != nil {
			t.Fatal(err)
		}
		if exists, err := Exists(t.Context(), path); !exists || err != nil {
			t.Errorf("after Commit: %v, %v", exists, err)
		}
		if got := get(t, path); got != data {
			t.Error("other content")
		}
		o.Abandon() // does nothing
		if err := o.Commit(Attributes{}); err == nil {
			t.Error("Commit succeeds twice")
		}
		if _, err := o.Write([]byte("x")); err == nil {
			t.Error("Write succeeds after Commit")
		}
		if list := names(t, base); len(list) != 1 {
			t.Errorf("%q", list)
		}
	})
}

func TestAbandonLeavesNothing(t *testing.T) {
	eachScheme(t, func(t *testing.T, base string) {
		for i, n := range []int{0, 10, 1 << 20, 40 << 20} { // the last one takes parts of an upload
			o := create(t, Join(base, fmt.Sprint(i)), false)
			for range n >> 20 {
				if _, err := o.Write(make([]byte, 1<<20)); err != nil {
					t.Fatal(err)
				}
			}
			o.Abandon()
			o.Abandon()
		}
		if list := names(t, base); len(list) != 0 {
			t.Errorf("%q", list)
		}
	})
	uploads, err := s3Client().ListMultipartUploads(t.Context(), &s3.ListMultipartUploadsInput{Bucket: aws.String(testBucket)})
	if err != nil || len(uploads.Uploads) > 0 {
		t.Errorf("uploads are left: %v, %v", uploads, err)
	}
}

func TestCancelledOutputLeavesNothing(t *testing.T) {
	eachScheme(t, func(t *testing.T, base string) {
		ctx, cancel := context.WithCancel(t.Context())
		o, err := Create(ctx, Join(base, "f"), false)
		if err != nil {
			t.Fatal(err)
		}
		o.Write([]byte("x"))
		cancel()
		if err := o.Commit(Attributes{}); !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), Join(base, "f")) {
			t.Errorf("%v", err)
		}
		if list := names(t, base); len(list) != 0 {
			t.Errorf("%q", list)
		}
	})
}

// TestRetriesAgree executes what an engine may: the same bundle again after it was complete.
func TestRetriesAgree(t *testing.T) {
	eachScheme(t, func(t *testing.T, base string) {
		path := Join(base, "f")
		for range 3 {
			if err := WriteFile(t.Context(), path, []byte("the result"), false); err != nil {
				t.Error(err)
			}
		}
		for _, other := range []string{"another  ", "the result, longer", ""} {
			err := WriteFile(t.Context(), path, []byte(other), false)
			if !errors.Is(err, ErrExists) || !strings.Contains(err.Error(), path) {
				t.Errorf("%v, want ErrExists", err)
			}
		}
		if got := get(t, path); got != "the result" {
			t.Errorf("%q", got)
		}
		if err := WriteFile(t.Context(), path, []byte("another"), true); err != nil || get(t, path) != "another" {
			t.Errorf("%v", err)
		}
		if list := names(t, base); len(list) != 1 {
			t.Errorf("%q", list)
		}
	})
}

// TestAttemptsRace executes the same bundle eight times at once.
func TestAttemptsRace(t *testing.T) {
	const attempts = 8
	eachScheme(t, func(t *testing.T, base string) {
		for _, replace := range []bool{false, true} {
			path := Join(base, fmt.Sprint("same", replace))
			var group sync.WaitGroup
			for range attempts {
				group.Go(func() {
					if err := WriteFile(t.Context(), path, []byte("the result"), replace); err != nil {
						t.Error(err)
					}
				})
			}
			group.Wait()
			if got := get(t, path); got != "the result" {
				t.Errorf("%q", got)
			}
		}
		if strings.HasPrefix(base, "memfs") {
			return // looks and then writes
		}
		path := Join(base, "different")
		errs := make([]error, attempts)
		var group sync.WaitGroup
		for i := range errs {
			group.Go(func() { errs[i] = WriteFile(t.Context(), path, []byte(fmt.Sprint(i)), false) })
		}
		group.Wait()
		won := 0
		for i, err := range errs {
			switch {
			case err == nil && get(t, path) == fmt.Sprint(i):
				won++
			case !errors.Is(err, ErrExists):
				t.Errorf("%d: %v", i, err)
			}
		}
		if won != 1 {
			t.Errorf("%d attempts won", won)
		}
	})
}

// TestLongUploadsMeetWhatExists holds for uploads that fail before Commit, since the server
// looks at their beginning.
func TestLongUploadsMeetWhatExists(t *testing.T) {
	data := []byte(noise(40 << 20))
	path := "gs://" + testBucket + "/long"
	for range 2 {
		if err := WriteFile(t.Context(), path, data, false); err != nil {
			t.Error(err)
		}
	}
	data[len(data)-1]++
	if err := WriteFile(t.Context(), path, data, false); !errors.Is(err, ErrExists) {
		t.Errorf("%v", err)
	}
	// The fake of S3 does not look what exists at the end of an upload by parts.
	path = "s3://" + testBucket + "/long"
	if err := WriteFile(t.Context(), path, data, true); err != nil || get(t, path) != string(data) {
		t.Error(err)
	}
	// A server may say so at the first part.
	o := create(t, Join(t.TempDir(), "f"), false)
	o.sink = takenSink{o.sink}
	put(t, o.path, "12")
	io.WriteString(o, "1")
	io.WriteString(o, "2")
	if err := o.Commit(Attributes{}); err != nil {
		t.Error(err)
	}
}

// A takenSink says that its name is taken.
type takenSink struct{ sink }

func (takenSink) Write([]byte) (int, error) {
	return 0, gcsError(&googleapi.Error{Code: http.StatusPreconditionFailed})
}

func TestFoldersAreNoOutputs(t *testing.T) {
	eachScheme(t, func(t *testing.T, base string) {
		for _, path := range []string{base + "/", base + "/x/", ""} {
			if o, err := Create(t.Context(), path, true); err == nil {
				o.Abandon()
				t.Errorf("creates %q", path)
			}
		}
	})
}

func TestRemoveIsRepeatable(t *testing.T) {
	eachScheme(t, func(t *testing.T, base string) {
		put(t, Join(base, "f"), "x")
		put(t, Join(base, TemporaryPrefix+"7/d/part"), "x")
		put(t, Join(base, TemporaryPrefix+"7/part"), "x")
		put(t, Join(base, TemporaryPrefix+"77"), "x")
		for range 2 {
			if err := Remove(t.Context(), Join(base, "f")); err != nil {
				t.Error(err)
			}
			if err := RemoveAll(t.Context(), Join(base, TemporaryPrefix+"7")); err != nil {
				t.Error(err)
			}
		}
		if list := names(t, base); len(list) != 1 || !strings.HasSuffix(list[0], "77") {
			t.Errorf("left are %q", list)
		}
		for _, folder := range []string{base, base + "/", Join(base, "x")} {
			if err := RemoveAll(t.Context(), folder); err == nil {
				t.Errorf("removes %s", folder)
			}
		}
	})
}

func TestObjectsThatAreNoPathsAreReported(t *testing.T) {
	for scheme := range relays {
		base := scheme + "://" + testBucket + "/names"
		for _, name := range []string{"ok", "a/../../escape", "a//b", "./c", "folder/"} {
			s, err := storeOf(t.Context(), base)
			if err != nil {
				t.Fatal(err)
			}
			o, err := s.create(t.Context(), base+"/"+name, true)
			if err == nil {
				err = o.commit(Attributes{})
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		found, err := Match(t.Context(), base)
		if len(found) != 1 || found[0].Rel != "ok" {
			t.Errorf("%s: %v", scheme, found)
		}
		if err == nil || !strings.Contains(err.Error(), "a/../../escape") || !strings.Contains(err.Error(), "a//b") {
			t.Errorf("%s: %v", scheme, err)
		}
	}
}

func TestTimesOfObjectsAreKnown(t *testing.T) {
	eachScheme(t, func(t *testing.T, base string) {
		put(t, Join(base, "f"), "x")
		is, err := Stat(t.Context(), Join(base, "f"))
		if err != nil || time.Since(is.ModTime).Abs() > time.Minute {
			t.Errorf("%+v, %v", is, err)
		}
	})
}
