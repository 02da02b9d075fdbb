package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/feature/s3/transfermanager"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"
)

const (
	// s3PartSize is the length of the parts of an upload. S3 takes 10,000 of them, so an object
	// has at most 160 GB; an upload holds s3PartSize × (s3Uploads + 1) bytes.
	s3PartSize = 16 << 20
	// s3Uploads is how many parts of an object are sent at a time. Arbitrary.
	s3Uploads = 2
	// s3Cleaning is how long the parts of an upload that was given up may take to be removed.
	// Arbitrary.
	s3Cleaning = 30 * time.Second
	// anyTag is the entity tag that every object matches.
	anyTag = "*"
)

// awsS3 is S3, or what speaks its protocol.
type awsS3 struct {
	*s3.Client
	uploads *transfermanager.Client
}

// newS3 takes credentials, region and AWS_ENDPOINT_URL as all of Amazon's programs do. At an
// endpoint of its own, the bucket is in the path, since hardly any has a domain per bucket.
func newS3(ctx context.Context) (store, error) {
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		return nil, err
	}
	c := s3.NewFromConfig(cfg, func(o *s3.Options) {
		o.UsePathStyle = o.BaseEndpoint != nil
		o.DisableLogOutputChecksumValidationSkipped = true // ranges have no checksums
	})
	uploads := transfermanager.New(c, func(o *transfermanager.Options) {
		o.PartSizeBytes, o.MultipartUploadThreshold, o.Concurrency = s3PartSize, s3PartSize, s3Uploads
		o.FailTimeout = s3Cleaning
	})
	return objects{"s3", awsS3{c, uploads}}, nil
}

func (c awsS3) list(ctx context.Context, prefix string, each func(Info)) error {
	bucket, key, err := bucketOf(prefix)
	if err != nil {
		return err
	}
	pages := s3.NewListObjectsV2Paginator(c.Client, &s3.ListObjectsV2Input{Bucket: &bucket, Prefix: &key})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return s3Error(err)
		}
		for _, o := range page.Contents {
			each(Info{
				Path:    bucket + "/" + aws.ToString(o.Key),
				Size:    aws.ToInt64(o.Size),
				ModTime: aws.ToTime(o.LastModified).Truncate(time.Second), // as a request for the object gives it
				Version: aws.ToString(o.ETag),
			})
		}
	}
	return nil
}

func (c awsS3) stat(ctx context.Context, name string) (Info, error) {
	bucket, key, err := keyOf(name)
	if err != nil {
		return Info{}, err
	}
	o, err := c.HeadObject(ctx, &s3.HeadObjectInput{Bucket: &bucket, Key: &key})
	if err != nil {
		return Info{}, s3Error(err)
	}
	return Info{
		Path:    name,
		Size:    aws.ToInt64(o.ContentLength),
		ModTime: aws.ToTime(o.LastModified),
		Version: aws.ToString(o.ETag),
	}, nil
}

func (c awsS3) open(_ context.Context, is Info) (content, error) {
	bucket, key, err := keyOf(is.Path)
	if err != nil {
		return nil, err
	}
	return streams(func(ctx context.Context, from, n int64) (io.ReadCloser, error) {
		o, err := c.GetObject(ctx, &s3.GetObjectInput{
			Bucket:  &bucket,
			Key:     &key,
			IfMatch: &is.Version,
			Range:   aws.String(fmt.Sprintf("bytes=%d-%d", from, from+n-1)),
		})
		switch err = s3Error(err); {
		case errors.Is(err, fs.ErrExist):
			return nil, errChanged
		case err != nil:
			return nil, err
		case aws.ToString(o.ETag) != is.Version: // some of S3's likes ignore IfMatch
			o.Body.Close()
			return nil, errChanged
		}
		return o.Body, nil
	}), nil
}

// create begins an upload, which reads what Write gives it.
func (c awsS3) create(ctx context.Context, name string, replace bool) (sink, error) {
	bucket, key, err := keyOf(name)
	if err != nil {
		return nil, err
	}
	r, w := io.Pipe()
	in := &transfermanager.UploadObjectInput{Bucket: &bucket, Key: &key, Body: r}
	if !replace {
		in.IfNoneMatch = aws.String(anyTag)
	}
	ctx, cancel := context.WithCancel(ctx)
	s := &s3Sink{w, cancel, make(chan error, 1)}
	go func() {
		_, err := c.uploads.UploadObject(ctx, in)
		err = s3Error(err)
		r.CloseWithError(err)
		s.done <- err
	}()
	return s, nil
}

func (c awsS3) remove(ctx context.Context, name string) error {
	bucket, key, err := keyOf(name)
	if err != nil {
		return err
	}
	_, err = c.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: &bucket, Key: &key})
	return s3Error(err)
}

// An s3Sink is an upload. The object appears when its last part has been sent.
type s3Sink struct {
	*io.PipeWriter
	cancel context.CancelFunc
	done   chan error // the result of the upload
}

func (s *s3Sink) commit(Attributes) error {
	defer s.cancel()
	s.Close()
	return <-s.done
}

func (s *s3Sink) abandon() {
	s.CloseWithError(fs.ErrClosed)
	<-s.done // the parts are removed
	s.cancel()
}

// s3Error returns err as an error of package io/fs, if it is one. Of uploads that race, S3 may
// answer that they are in conflict.
func s3Error(err error) error {
	var e smithy.APIError
	if !errors.As(err, &e) {
		return err
	}
	switch e.ErrorCode() {
	case "NoSuchKey", "NotFound":
		return fs.ErrNotExist
	case "PreconditionFailed", "ConditionalRequestConflict":
		return fmt.Errorf("%w: %w", fs.ErrExist, err)
	}
	return err
}
