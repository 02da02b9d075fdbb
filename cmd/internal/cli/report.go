package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/ktzip/ktzip/cmd/internal/describe"
	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/dsl"
)

// A Viewer shows and measures files, as Views.
type Viewer interface {
	page(a *app, s *source) error
	measure(a *app, s *source) error
	measureTotals(a *app)
}

// Views are what --report and -b need.
type Views struct {
	// Build describes a compressed file, as describe.Build.
	Build func(src io.ReaderAt, size int64, o *describe.Options) (*describe.Report, error)
	// Page writes a page that shows r; text is for those who cannot see it.
	Page func(w io.Writer, r *describe.Report, text string) error
	// Compare measures the candidates on data, and other compressors after them. It calls progress as
	// often as the next one begins.
	Compare func(ctx context.Context, data []byte, list []Candidate, progress func(done, total int, name string)) ([]describe.Method, error)
}

// A Candidate is what Views.Compare compares with other compressors.
type Candidate struct {
	Name   string
	Config codec.WriterConfig // that compresses the data, unless File is what it compressed it to
	File   []byte
}

// pageSuffix follows the name of a file in the name of its page.
const pageSuffix = ".html"

// setReport sets where the page goes: to a file, to standard output, or into a folder.
func (o *options) setReport() {
	switch info, err := os.Stat(o.report); {
	case o.report == "":
	case descriptor(o.report) == 1:
		o.output = "-"
	case os.IsPathSeparator(o.report[len(o.report)-1]), err == nil && info.IsDir():
		o.outputDirFlat = o.report
	default:
		o.output = o.report
	}
}

// reportConflict returns what is wrong with the options of a report; "" if nothing is. The page has no
// place yet.
func (o *options) reportConflict() string {
	switch {
	case o.report == "":
	case o.decompress || o.test || o.list || o.explain != "" || o.bench || o.salvage != "":
		return "--report cannot be combined with -d, -t, -l, --explain, --salvage or -b"
	case o.output != "" || o.stdout || o.outputDir != "" || o.outputDirFlat != "" || o.remove:
		return "--report says where the page goes, - is standard output; it cannot be combined with -o, -c, --output-dir or --rm"
	case SuffixOf(o.report, o.suffix) != "":
		return fmt.Sprintf("--report %s: must be the name of the page, such as OUT.html; the files follow it", printable(o.report))
	case noPage(o.report):
		return fmt.Sprintf("--report %s: exists and is no page, such as OUT.html; the files follow it", printable(o.report))
	}
	return ""
}

// noPage reports whether path is a file that is no page by its name: with -f, a page would replace what it should
// show if the name of the page was forgotten.
func noPage(path string) bool {
	info, err := os.Stat(path)
	name := strings.ToLower(path)
	return err == nil && info.Mode().IsRegular() && descriptor(path) < 0 && !strings.HasSuffix(name, pageSuffix) && !strings.HasSuffix(name, ".htm")
}

// A reported is a compressed file that a page shows.
type reported struct {
	src  io.ReaderAt
	size int64
	from string // the options that compressed it for the page
}

// page writes a page about s, which is compressed first if it is not.
func (v *Views) page(a *app, s *source) error {
	if s.path == "" && a.opt.outputDirFlat != "" {
		return fmt.Errorf("has no name for a page in %s; use --report OUT.html", printable(a.opt.outputDirFlat))
	}
	j, err := a.jobTo(s, s.path+pageSuffix)
	if err != nil {
		return err
	}
	defer j.close()
	var spool spool
	defer spool.remove()
	file, err := a.reported(j, &spool)
	if err != nil {
		return err
	}
	report, err := v.Build(file.src, file.size, &describe.Options{
		Name: s.name, Version: strings.TrimSpace(Version(a.Name)), From: file.from,
		Reader: a.readerConfig(), Headers: true, Deflate: a.deflated, Without: a.planned,
		Progress: func(done int64) { j.meter.step(int(done>>10), int(file.size>>10), "report") },
	})
	if err != nil {
		return err
	}
	if len(report.Damage) == 0 {
		if report.Methods, err = v.methods(j, report.List, file); err != nil {
			return err
		}
	}
	if err := v.Page(j.out, report, strings.Join(report.Words, "\n")); err != nil {
		return err
	}
	if err := j.commit(pageAttributes(s)); err != nil {
		return err
	}
	if len(report.Damage) > 0 {
		a.warn(s.name, "is damaged; the page shows what is intact")
	}
	return j.report(report.List.Compressed, report.List.Original, nil)
}

// pageAttributes returns those of a page about s: who may not read s may not read what is in it.
func pageAttributes(s *source) attributes {
	at := sourceAttributes(s)
	at.modTime, at.mode = time.Time{}, at.mode&newFileMode|0o200
	return at
}

// reported returns the compressed file that j shows: its source, or what that is compressed to.
func (a *app) reported(j *job, spool *spool) (*reported, error) {
	s := j.source
	first := make([]byte, magicBytes)
	n, err := io.ReadFull(s.file, first)
	if err != nil && err != io.EOF && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	compressed := compressedFile(first[:n]) || SuffixOf(s.path, a.opt.suffix) != ""
	if s.regular() {
		start, err := s.file.Seek(int64(-n), io.SeekCurrent)
		if err != nil {
			return nil, err
		}
		if compressed {
			size := max(0, s.info.Size()-start)
			return &reported{src: io.NewSectionReader(s.file, start, size), size: size}, nil
		}
		first, n = nil, 0
	}
	if err := spool.create(); err != nil {
		return nil, err
	}
	data := j.meter.reader(io.MultiReader(bytes.NewReader(first[:n]), s.file))
	file := &reported{src: spool.file}
	if compressed {
		file.size, err = io.Copy(spool, data)
		return file, err
	}
	in := &input{data: data}
	if s.regular() {
		if in, err = a.inputOf(s); err != nil {
			return nil, err
		}
		in.data = j.meter.reader(in.data)
		if in.header.HasSize {
			in.data = io.LimitReader(in.data, in.header.Size)
		}
	}
	cfg := a.writerConfig()
	cfg.Header = in.header
	_, short, err := compressFile(j.meter.writer(spool), in.data, &cfg, false)
	a.warnOfSearch()
	if err == nil && short {
		err = errors.New("became shorter while it was read")
	}
	file.size, file.from = j.meter.out.Load(), strings.Join(a.opt.Args(), " ")
	return file, err
}

// A spool is a temporary file without a name, where the system has such files.
type spool struct{ file *os.File }

func (s *spool) create() (err error) {
	if s.file, err = os.CreateTemp("", temporaryPrefix+"*"+temporarySuffix); err != nil {
		return &outputError{os.TempDir(), err}
	}
	os.Remove(s.file.Name()) // an error is one of systems that do not remove open files
	return nil
}

// Write implements io.Writer; its errors name the file.
func (s *spool) Write(b []byte) (int, error) {
	n, err := s.file.Write(b)
	if err != nil {
		err = &outputError{s.file.Name(), err}
	}
	return n, err
}

func (s *spool) remove() {
	if s.file != nil {
		s.file.Close()
		os.Remove(s.file.Name())
	}
}

// maxCompared is how many bytes a file may restore to for its page to compare other compressors: these take
// some 10 s for so many. Arbitrary; -b compares longer ones.
const maxCompared = 32 << 20

// methods measures the file of j and other compressors on what it restores to; none if that is empty or
// too long.
func (v *Views) methods(j *job, l *describe.List, file *reported) ([]describe.Method, error) {
	if l.Original == 0 || max(l.Original, file.size) > maxCompared {
		return nil, nil
	}
	coded := make([]byte, file.size)
	if _, err := file.src.ReadAt(coded, 0); err != nil && err != io.EOF {
		return nil, err
	}
	r, err := codec.NewReader(bytes.NewReader(coded), j.app.readerConfig())
	if err != nil {
		return nil, err
	}
	data, _, err := atMost(r, l.Original, maxCompared)
	if err != nil {
		return nil, err
	}
	name := strings.TrimSpace("ktzip " + file.from)
	return v.Compare(j.app.ctx, data, []Candidate{{Name: name, File: coded}}, j.meter.step)
}

// deflated returns how many bytes b takes by deflate alone; 0 if that is unknown.
func (a *app) deflated(b []byte) int { return int(a.coded(b, nil)) }

// planned returns how many bytes segment takes by the plan p and deflate alone; 0 if that is unknown. A plan
// with copies is not tried: a Writer takes none.
func (a *app) planned(segment []byte, p *dsl.Program) int64 {
	for i := range p.Nodes {
		if p.Nodes[i].Op == dsl.Expand {
			return 0
		}
	}
	if len(segment) > dsl.FullPlanned {
		return 0
	}
	return a.coded(segment, p)
}

// coded returns how many bytes segments of b take, as few as possible, without a search; 0 if that is
// unknown. If p is not nil, they take it where it is shorter.
func (a *app) coded(b []byte, p *dsl.Program) int64 {
	cfg := codec.WriterConfig{
		Context: a.ctx, Threads: 1, NoVerify: true,
		SegmentSize: min(max(len(b), codec.DefaultBlockSize), codec.MaxSegmentSize),
	}
	if p != nil {
		cfg.Plans = []*dsl.Program{p}
	}
	w, err := codec.NewWriter(io.Discard, &cfg)
	if err != nil {
		return 0
	}
	if err := w.Close(); err != nil {
		return 0
	}
	_, empty := w.Written()
	w.Reset(io.Discard)
	if _, err := w.Write(b); err != nil {
		return 0
	}
	if err := w.Close(); err != nil {
		return 0
	}
	_, all := w.Written()
	return all - empty
}
