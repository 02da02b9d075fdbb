package files

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
	"testing"

	"cloud.google.com/go/storage"
	_ "github.com/apache/beam/sdks/v2/go/pkg/beam/io/filesystem/memfs"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/fsouza/fake-gcs-server/fakestorage"
	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

const testBucket = "bucket"

// A relay hands requests on to the fake of an object store. It counts those that ask for a range,
// and cuts the answers to the next ones short.
type relay struct {
	to     http.Handler
	ranges atomic.Int64
	cuts   atomic.Int64 // answers to ranges that will be cut
}

func (r *relay) ServeHTTP(w http.ResponseWriter, q *http.Request) {
	if q.Method == http.MethodGet && q.Header.Get("Range") != "" {
		r.ranges.Add(1)
		if r.cuts.Add(-1) >= 0 {
			w = &cutWriter{w, 1000}
		}
	}
	r.to.ServeHTTP(w, q)
}

// A cutWriter breaks the connection after some bytes.
type cutWriter struct {
	http.ResponseWriter
	bytes int
}

func (c *cutWriter) Write(p []byte) (int, error) {
	if len(p) < c.bytes {
		c.bytes -= len(p)
		return c.ResponseWriter.Write(p)
	}
	c.ResponseWriter.Write(p[:c.bytes])
	c.ResponseWriter.(http.Flusher).Flush()
	panic(http.ErrAbortHandler)
}

var relays = map[string]*relay{"gs": {}, "s3": {}}

// TestMain starts fakes of gs:// and s3:// in this process, where the clients look for them.
func TestMain(m *testing.M) { os.Exit(withFakes(m.Run)) }

func withFakes(run func() int) int {
	for scheme, variable := range map[string]string{"gs": "STORAGE_EMULATOR_HOST", "s3": "AWS_ENDPOINT_URL"} {
		server := httptest.NewServer(relays[scheme])
		defer server.Close()
		os.Setenv(variable, server.URL)
	}
	fake, err := fakestorage.NewServerWithOptions(fakestorage.Options{
		NoListener: true, ExternalURL: os.Getenv("STORAGE_EMULATOR_HOST"), PublicHost: strings.TrimPrefix(os.Getenv("STORAGE_EMULATOR_HOST"), "http://"),
	})
	if err != nil {
		panic(err)
	}
	defer fake.Stop()
	relays["gs"].to = fake.HTTPHandler()
	fake.CreateBucketWithOpts(fakestorage.CreateBucketOpts{Name: testBucket})

	relays["s3"].to = gofakes3.New(s3mem.New()).Server()
	os.Setenv("AWS_ACCESS_KEY_ID", "key")
	os.Setenv("AWS_SECRET_ACCESS_KEY", "secret")
	os.Setenv("AWS_REGION", "eu-central-1")
	c := s3Client()
	if _, err := c.CreateBucket(context.Background(), &s3.CreateBucketInput{Bucket: aws.String(testBucket)}); err != nil {
		panic(err)
	}
	return run()
}

func s3Client() *s3.Client {
	s, err := storeOf(context.Background(), "s3://"+testBucket)
	if err != nil {
		panic(err)
	}
	return s.(objects).client.(awsS3).Client
}

func gcsClient() *storage.Client {
	s, err := storeOf(context.Background(), "gs://"+testBucket)
	if err != nil {
		panic(err)
	}
	return s.(objects).client.(gcs).Client
}

var testBases atomic.Int64

// eachScheme calls test with an empty folder of each scheme.
func eachScheme(t *testing.T, test func(t *testing.T, base string)) {
	for _, scheme := range []string{"", "memfs", "gs", "s3"} {
		t.Run("scheme="+scheme, func(t *testing.T) {
			if scheme == "" {
				test(t, t.TempDir())
				return
			}
			test(t, fmt.Sprintf("%s://%s/t%d", scheme, testBucket, testBases.Add(1)))
		})
	}
}

// put writes a file for a test.
func put(t *testing.T, path, data string) {
	t.Helper()
	if err := WriteFile(t.Context(), path, []byte(data), true); err != nil {
		t.Fatal(err)
	}
}

// get returns what a file has.
func get(t *testing.T, path string) string {
	t.Helper()
	data, err := ReadFile(t.Context(), path, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
