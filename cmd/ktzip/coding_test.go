package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/ktzip/ktzip/cmd/internal/cli"
	"github.com/ktzip/ktzip/cmd/internal/finder"
	"github.com/ktzip/ktzip/cmd/internal/model"
	"github.com/ktzip/ktzip/codec"
	"github.com/ktzip/ktzip/container"
	"github.com/ktzip/ktzip/dsl"
)

// TestOtherCommandsWriteTheSame holds that a Writer with the configuration of a Coding writes what ktzip
// writes, also if the Coding came from another process as arguments.
func TestOtherCommandsWriteTheSame(t *testing.T) {
	dir := t.TempDir()
	plans, file := filepath.Join(dir, "plans"), filepath.Join(dir, "a")
	data := make([]byte, 30_000)
	for i := range data {
		data[i] = byte(i * i >> (9 * (i & 1)) / 7)
	}
	const plan = "sequence_1 = payload(0)\nsequence_2 = predict(sequence_1, 2, 0, [1, 1])\noutput = sequence_2\n"
	for path, text := range map[string][]byte{file: data, plans: []byte(plan)} {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{
		{"-1", "-n"},
		{"-9", "--block-size=64", "--segment-size=16KiB"},
		{"--plan", "none", "--like", plans},
		{"--like", plans, "--memory", "1MiB", "--restore-speed=2MB/s", "-3"},
		{"--search", "both", "--device=cpu", "--rsyncable", "--no-verify", "-2"},
	} {
		path, err := exec.LookPath("ktzip")
		if err != nil {
			t.Fatal(err)
		}
		want, err := exec.Command(path, append(args, "-c", file)...).Output()
		if err != nil {
			t.Fatalf("%q: %v", args, err)
		}
		here, _, err := cli.ParseCoding(args, model.Check)
		if err != nil {
			t.Fatal(err)
		}
		there, others, err := cli.ParseCoding(here.Args(), model.Check)
		if err != nil || len(others) > 0 {
			t.Fatalf("%q: others %q, %v", here.Args(), others, err)
		}
		if got := compressed(t, there, file, data); !bytes.Equal(got, want) {
			t.Errorf("%q: got %d bytes, want %d", args, len(got), len(want))
		}
	}
}

// compressed returns data, that of the file at path, compressed by c.
func compressed(t *testing.T, c *cli.Coding, path string, data []byte) []byte {
	t.Helper()
	found, _, err := finder.Config(c.Search)
	if err != nil {
		t.Fatal(err)
	}
	var like []*dsl.Program
	if c.Like != "" {
		f, err := os.Open(c.Like)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if like, err = cli.ReadPlans(f, nil); err != nil {
			t.Fatal(err)
		}
	}
	cfg := c.WriterConfig(*found, like)
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	cfg.Header = c.Header(container.Header{Name: info.Name(), ModTime: info.ModTime(), Mode: info.Mode(), HasMode: true}, int64(len(data)), info.Size())
	var b bytes.Buffer
	w, err := codec.NewWriter(&b, &cfg)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.ReadFrom(bytes.NewReader(data)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
