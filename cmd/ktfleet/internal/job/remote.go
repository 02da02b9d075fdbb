package job

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/apache/beam/sdks/v2/go/pkg/beam/options/jobopts"
)

// dataflow is the runner that has no job server.
const dataflow = "dataflow"

// reachTime is how long a job server may take to answer; arbitrary.
const reachTime = 10 * time.Second

// reach returns an error if the runner needs a job server, and none answers. Beam waits for two minutes, and
// does not say for what.
func (o *Options) reach(ctx context.Context) error {
	endpoint := *jobopts.Endpoint
	switch {
	case o.Runner == Prism || o.Runner == dataflow:
		return nil
	case endpoint == "":
		return fmt.Errorf("--runner %s: give --endpoint HOST:PORT, where Beam's job server listens", o.Runner)
	case strings.Contains(endpoint, "/"):
		return nil // an address of another kind, which gRPC knows
	}
	c, err := (&net.Dialer{Timeout: reachTime}).DialContext(ctx, "tcp", endpoint)
	if err != nil {
		return fmt.Errorf("--endpoint %s: no job server answers: %w", endpoint, err)
	}
	return c.Close()
}

// errNoBinary says what to give, if this process can't be a worker.
var errNoBinary = errors.New("give --worker_binary: ktfleet for the workers' system, from CGO_ENABLED=0 GOOS=linux go build")

// workerBinary returns the program that is sent to workers, unless one is given: this one if goos is that of
// Beam's containers. Beam would build one, which takes the sources of this one and Go.
func (o *Options) workerBinary(goos string) (string, error) {
	switch {
	case *jobopts.WorkerBinary != "":
		return *jobopts.WorkerBinary, nil
	case jobopts.IsLoopback(), o.Runner == Prism && *jobopts.EnvironmentType == "":
		return os.DevNull, nil // none is sent: the worker is this process
	case goos != "linux":
		return "", errNoBinary
	}
	return os.Executable()
}

// chooseBinary sets the program that is sent to workers.
func (o *Options) chooseBinary() (err error) {
	*jobopts.WorkerBinary, err = o.workerBinary(runtime.GOOS)
	return err
}
