package job

import (
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/apache/beam/sdks/v2/go/pkg/beam/options/jobopts"
	"github.com/spf13/pflag"
)

// given sets flags of Beam for the time of a test.
func given(t *testing.T, endpoint, environment, binary string) {
	was := []string{*jobopts.Endpoint, *jobopts.EnvironmentType, *jobopts.WorkerBinary}
	set := func(values []string) {
		*jobopts.Endpoint, *jobopts.EnvironmentType, *jobopts.WorkerBinary = values[0], values[1], values[2]
	}
	set([]string{endpoint, environment, binary})
	t.Cleanup(func() { set(was) })
}

// TestWorkerBinary holds which program the workers get.
func TestWorkerBinary(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ runner, environment, given, goos, want string }{
		{Prism, "", "", "linux", os.DevNull},
		{Prism, "", "", "windows", os.DevNull},
		{Prism, "PROCESS", "", "linux", self},
		{"universal", "LOOPBACK", "", "darwin", os.DevNull},
		{"universal", "PROCESS", "/opt/ktfleet", "darwin", "/opt/ktfleet"},
		{"flink", "", "", "linux", self},
		{"flink", "DOCKER", "", "darwin", ""},
	} {
		given(t, "", c.environment, c.given)
		got, err := (&Options{Runner: c.runner}).workerBinary(c.goos)
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%+v: %q, %v", c, got, err)
		}
	}
}

// TestNoJobServer holds that a job server that is missing is told at once.
func TestNoJobServer(t *testing.T) {
	for endpoint, want := range map[string]string{"": "give --endpoint", "localhost:1": "no job server answers"} {
		given(t, endpoint, "LOOPBACK", "")
		_, err := Run(t.Context(), "none", &Options{Runner: "flink", Temp: t.TempDir(), Stderr: t.Output()}, nil)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", endpoint, err, want)
		}
	}
}

// TestFlagsOfBeam holds that flags of Beam reach it as given, and that those of workers are no options.
func TestFlagsOfBeam(t *testing.T) {
	f := pflag.NewFlagSet("", pflag.ContinueOnError)
	(&Options{}).Flags(f)
	if err := f.Parse([]string{"--use_public_ips=false", "--beam_strict=false"}); err != nil {
		t.Fatal(err)
	}
	set := map[string]string{}
	flag.Visit(func(g *flag.Flag) { set[g.Name] = g.Value.String() })
	if set["use_public_ips"] != "false" || set["beam_strict"] != "false" {
		t.Errorf("Beam sees %v", set)
	}
	if err := f.Parse([]string{"--worker", "4"}); err == nil {
		t.Error("--worker is taken, who meant --workers")
	}
}
