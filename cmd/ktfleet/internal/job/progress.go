package job

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/apache/beam/sdks/v2/go/pkg/beam/core/runtime/metricsx"
	jobpb "github.com/apache/beam/sdks/v2/go/pkg/beam/model/jobmanagement_v1"
	"github.com/apache/beam/sdks/v2/go/pkg/beam/options/jobopts"
	"github.com/dustin/go-humanize"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// progressInterval is how often the counters are asked for: some milliseconds' work.
const progressInterval = time.Second

// watch shows, on a terminal, the counters of the job called name until the returned function is
// called. Runners without a job service, such as Dataflow, have a page of their own.
func (o *Options) watch(ctx context.Context, name string) (done func()) {
	if !o.Terminal || o.Quiet || o.NoProgress || o.Verbose {
		return func() {}
	}
	counts := here
	if o.Runner != Prism {
		counts = (&service{name: name}).counts
	}
	ctx, cancel := context.WithCancel(ctx)
	var group sync.WaitGroup
	group.Go(func() {
		ticks := time.NewTicker(progressInterval)
		defer ticks.Stop()
		began := time.Now()
		for {
			select {
			case <-ctx.Done():
				fmt.Fprint(o.Stderr, eraseLine)
				return
			case <-ticks.C:
				if c, ok := counts(ctx); ok {
					fmt.Fprint(o.Stderr, eraseLine, c.line(time.Since(began)))
				}
			}
		}
	})
	return func() {
		cancel()
		group.Wait()
	}
}

const eraseLine = "\r\x1b[K" // ECMA-48: carriage return, erase in line

// line returns what the counters say after some time.
func (c *Count) line(after time.Duration) string {
	text := fmt.Sprintf("%s in, %s out, %d segments, %d with a plan, %d files", size(c.In), size(c.Out), c.Segments, c.Plans, c.Files)
	if c.Failed > 0 {
		text += fmt.Sprintf(", %d skipped", c.Failed)
	}
	return fmt.Sprintf("%s, %s/s, %s", text, size(int64(float64(c.In)/max(after.Seconds(), 1e-3))), after.Round(time.Second))
}

// size returns n bytes as people write them.
func size(n int64) string { return humanize.Bytes(uint64(max(n, 0))) }

// A service is a job service that tells the counters of the job called name.
type service struct {
	name   string
	id     string // of the job; "" as long as it is not known
	client jobpb.JobServiceClient
}

// counts returns the counters; ok is false as long as they are not known.
func (s *service) counts(ctx context.Context) (c Count, ok bool) {
	if s.client == nil && *jobopts.Endpoint != "" {
		conn, err := grpc.NewClient(*jobopts.Endpoint, grpc.WithTransportCredentials(insecure.NewCredentials()))
		if err != nil {
			return c, false
		}
		s.client = jobpb.NewJobServiceClient(conn)
	}
	if s.client == nil || !s.find(ctx) {
		return c, false
	}
	response, err := s.client.GetJobMetrics(ctx, &jobpb.GetJobMetricsRequest{JobId: s.id})
	if err != nil {
		return c, false
	}
	m := response.GetMetrics()
	for _, found := range metricsx.FromMonitoringInfos(nil, m.GetAttempted(), m.GetCommitted()).AllMetrics().Counters() {
		for _, x := range counters {
			if found.Namespace() == Namespace && found.Name() == x.name {
				*x.field(&c) += max(found.Attempted, found.Committed)
			}
		}
	}
	return c, true
}

// find finds the ID of the job, and reports whether it is known.
func (s *service) find(ctx context.Context) bool {
	if s.id != "" {
		return true
	}
	jobs, err := s.client.GetJobs(ctx, &jobpb.GetJobsRequest{})
	if err != nil {
		return false
	}
	for _, j := range jobs.GetJobInfo() {
		if j.GetJobName() == s.name {
			s.id = j.GetJobId()
		}
	}
	return s.id != ""
}
