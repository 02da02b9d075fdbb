package ktzip_test

import (
	"fmt"
	"io"
	"io/fs"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/ktzip/ktzip"
)

// encoding is the name of the content coding. It is registered nowhere: both sides must know it.
const encoding = "ktz"

// accepts reports whether a client takes responses of this encoding.
func accepts(r *http.Request) bool {
	for _, field := range r.Header.Values("Accept-Encoding") {
		for coding := range strings.SplitSeq(field, ",") {
			name, weight, _ := strings.Cut(coding, ";")
			weight = strings.TrimSpace(weight)
			if strings.EqualFold(strings.TrimSpace(name), encoding) && strings.Trim(strings.ToLower(weight), "0.") != "q=" {
				return true
			}
		}
	}
	return false
}

// compressing compresses the responses of next for those clients that take it. What next flushes is
// sent at once. Level 1 is fast enough for most; a higher one searches longer.
func compressing(next http.Handler, level int) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Accept-Encoding")
		if !accepts(r) {
			next.ServeHTTP(w, r)
			return
		}
		r = r.Clone(r.Context())
		r.Header.Del("Range") // of the content that is not compressed
		r.Header.Del("If-Range")
		cw := &compressedResponse{ResponseWriter: w, level: level, head: r.Method == http.MethodHead}
		defer cw.close()
		next.ServeHTTP(cw, r)
	})
}

// A compressedResponse compresses what is written to it.
type compressedResponse struct {
	http.ResponseWriter
	level  int
	head   bool          // there is no body
	w      *ktzip.Writer // nil before the header, and if there is no body to compress
	begun  bool          // the header was written
	failed error
}

func (c *compressedResponse) WriteHeader(status int) {
	h := c.Header()
	if !c.begun && status >= 200 { // others come before the response
		c.begun = true
		if status != http.StatusNoContent && status != http.StatusNotModified && h.Get("Content-Encoding") == "" {
			h.Set("Content-Encoding", encoding)
			h.Del("Content-Length")
			h.Del("Accept-Ranges")
			if !c.head {
				c.w, c.failed = ktzip.NewWriter(c.ResponseWriter, c.level)
			}
		}
		if tag := h.Get("ETag"); strings.HasPrefix(tag, `"`) { // of other bytes
			h.Set("ETag", "W/"+tag)
		}
	}
	c.ResponseWriter.WriteHeader(status)
}

func (c *compressedResponse) Write(b []byte) (int, error) {
	if !c.begun {
		if c.Header().Get("Content-Type") == "" {
			c.Header().Set("Content-Type", http.DetectContentType(b))
		}
		c.WriteHeader(http.StatusOK)
	}
	if c.failed != nil {
		return 0, c.failed
	}
	if c.head {
		return len(b), nil // or its length would be that of the response
	}
	if c.w == nil {
		return c.ResponseWriter.Write(b)
	}
	return c.w.Write(b)
}

// FlushError is what http.ResponseController calls.
func (c *compressedResponse) FlushError() error {
	if !c.begun {
		c.WriteHeader(http.StatusOK)
	}
	if c.w != nil {
		if err := c.w.Flush(); err != nil {
			return err
		}
	}
	return http.NewResponseController(c.ResponseWriter).Flush()
}

// close ends the body.
func (c *compressedResponse) close() {
	if c.w != nil {
		c.w.Close() // an error is the client's, who is gone
	}
}

// A transport asks for compressed responses, and restores them.
type transport struct{ http.RoundTripper }

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Header.Get("Accept-Encoding") != "" || r.Header.Get("Range") != "" {
		return t.RoundTripper.RoundTrip(r) // who asks for it deals with it
	}
	r = r.Clone(r.Context()) // a RoundTripper may not change it
	r.Header.Set("Accept-Encoding", encoding)
	resp, err := t.RoundTripper.RoundTrip(r)
	if err == nil && strings.EqualFold(resp.Header.Get("Content-Encoding"), encoding) {
		resp.Header.Del("Content-Encoding")
		resp.Header.Del("Content-Length")
		resp.ContentLength, resp.Uncompressed = -1, true
		resp.Body = &restoredBody{coded: resp.Body}
	}
	return resp, err
}

// A restoredBody restores a body as it comes.
type restoredBody struct {
	coded io.ReadCloser
	r     *ktzip.Reader // nil before the first Read
}

func (b *restoredBody) Read(p []byte) (n int, err error) {
	if b.r == nil {
		if b.r, err = ktzip.NewReader(b.coded); err != nil {
			return 0, err // and again: the Reader has it, too
		}
	}
	return b.r.Read(p)
}

func (b *restoredBody) Close() error { return b.coded.Close() }

// A handler that compresses responses, and a client that restores them. What the handler flushes
// arrives before it ends.
func ExampleNewWriter_http() {
	arrived := make(chan bool)
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, "the first measurement")
		if err := http.NewResponseController(w).Flush(); err != nil {
			log.Fatal(err)
		}
		<-arrived
		fmt.Fprintln(w, "the second one")
	})
	server := httptest.NewServer(compressing(handler, ktzip.BestSpeed))
	defer server.Close()

	client := &http.Client{Transport: transport{http.DefaultTransport}}
	resp, err := client.Get(server.URL)
	if err != nil {
		log.Fatal(err)
	}
	defer resp.Body.Close()
	first := make([]byte, len("the first measurement\n"))
	if _, err := io.ReadFull(resp.Body, first); err != nil {
		log.Fatal(err)
	}
	close(arrived)
	second, err := io.ReadAll(resp.Body)
	fmt.Printf("%s%s%v, %v\n", first, second, resp.Uncompressed, err)
	// Output:
	// the first measurement
	// the second one
	// true, <nil>
}

// Part of a file that is compressed, by the file server of package net/http.
func ExampleFS() {
	file, err := ktzip.Compress(nil, records(40_000), ktzip.BestSpeed)
	if err != nil {
		log.Fatal(err)
	}
	disk := fstest.MapFS{"flight.bin.ktz": {Data: file}} // or os.DirFS, embed.FS, a zip.Reader
	restored := ktzip.FS(disk)
	info, err := fs.Stat(restored, "flight.bin")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(info.Name(), info.Size(), "bytes")

	request := httptest.NewRequest("GET", "/flight.bin", nil)
	request.Header.Set("Range", "bytes=20000-20007")
	response := httptest.NewRecorder()
	http.FileServerFS(restored).ServeHTTP(response, request)
	fmt.Printf("%d %x\n", response.Code, response.Body)
	// Output:
	// flight.bin 40000 bytes
	// 206 8813803f8913803f
}

// TestHTTPExample holds what the example promises: who is asked, what is left as it is, and that
// damage is an error.
func TestHTTPExample(t *testing.T) {
	text := strings.Repeat("a line of text, ", 1000)
	mux := http.NewServeMux()
	mux.HandleFunc("/text", func(w http.ResponseWriter, r *http.Request) { io.WriteString(w, text) })
	mux.HandleFunc("/none", func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) })
	mux.HandleFunc("/empty", func(w http.ResponseWriter, r *http.Request) {})
	mux.HandleFunc("/coded", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", "identity")
		io.WriteString(w, text)
	})
	mux.Handle("/file", http.FileServerFS(fstest.MapFS{"file": {Data: []byte(text)}}))
	mux.HandleFunc("/damaged", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Encoding", encoding)
		io.WriteString(w, text)
	})
	server := httptest.NewServer(compressing(mux, 1))
	defer server.Close()
	for _, c := range []struct {
		path, accept, ranges string // accept is "client" if the client is that of the example
		coding               string // of the response as the client gets it
		status, size         int    // size is that of the body, 0 for less than a tenth of the text
	}{
		{"/text", "client", "", "", 200, len(text)},
		{"/text", "gzip, KTZ;q=0.5", "", "ktz", 200, 0},
		{"/text", "ktz;q=0.0", "", "", 200, len(text)},
		{"/text", "ktz; Q=0", "", "", 200, len(text)},
		{"/text", "identity", "", "", 200, len(text)},
		{"/none", "ktz", "", "", 204, 0},
		{"/empty", "client", "", "", 200, 0},
		{"/coded", "ktz", "", "identity", 200, len(text)},
		{"/file", "client", "", "", 200, len(text)},
		{"/file", "ktz", "bytes=0-9", "ktz", 200, 0},
		{"/file", "identity", "bytes=0-9", "", 206, 10},
		{"/nothing", "client", "", "", 404, len("404 page not found\n")},
		{"/damaged", "client", "", "", 200, -1},
	} {
		r, err := http.NewRequest("GET", server.URL+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		client := &http.Client{Transport: transport{http.DefaultTransport}}
		if c.accept != "client" {
			r.Header.Set("Accept-Encoding", c.accept)
		}
		if c.ranges != "" {
			r.Header.Set("Range", c.ranges)
		}
		resp, err := client.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		n := len(body)
		if c.size == 0 && n < len(text)/10 {
			n = 0
		}
		if c.size < 0 && err != nil {
			n, err = -1, nil
		}
		if got := resp.Header.Get("Content-Encoding"); err != nil || resp.StatusCode != c.status || n != c.size || got != c.coding {
			t.Errorf("%s %q: %s, %d bytes, %q, %v", c.path, c.accept, resp.Status, len(body), got, err)
		}
		if resp.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s: Vary is %q", c.path, resp.Header.Get("Vary"))
		}
	}
}

// TestHTTPExampleHeaders holds that HEAD tells what GET does, and that what is compressed has a tag that says
// that the bytes differ but a client that has it gets no body.
func TestHTTPExampleHeaders(t *testing.T) {
	text := strings.Repeat("a line of text, ", 1000)
	server := httptest.NewServer(compressing(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"1"`)
		if r.URL.Path == "/short" {
			io.WriteString(w, "short")
			return
		}
		http.ServeContent(w, r, "text.txt", time.Time{}, strings.NewReader(text))
	}), 1))
	defer server.Close()
	for _, c := range []struct {
		method, path  string
		accept, known string // known is the tag that the client has
		coding, tag   string
		status        int
		length        int64 // -1 if unknown
	}{
		{"HEAD", "/", "ktz", "", "ktz", `W/"1"`, 200, -1},
		{"HEAD", "/short", "ktz", "", "ktz", `W/"1"`, 200, -1},
		{"GET", "/", "ktz", "", "ktz", `W/"1"`, 200, -1},
		{"GET", "/", "ktz", `W/"1"`, "", `W/"1"`, 304, 0},
		{"HEAD", "/", "identity", "", "", `"1"`, 200, int64(len(text))},
		{"GET", "/", "identity", "", "", `"1"`, 200, int64(len(text))},
	} {
		r, err := http.NewRequest(c.method, server.URL+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept-Encoding", c.accept)
		if c.known != "" {
			r.Header.Set("If-None-Match", c.known)
		}
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(resp.Body)
		resp.Body.Close()
		length := resp.ContentLength
		if c.length < 0 && length == int64(len(body)) && c.method == "GET" {
			length = -1 // a short body
		}
		h := resp.Header
		if err != nil || resp.StatusCode != c.status || h.Get("Content-Encoding") != c.coding || h.Get("ETag") != c.tag || length != c.length {
			t.Errorf("%+v: %s, %d bytes, %v, %v", c, resp.Status, resp.ContentLength, h, err)
		}
	}
}
