package main

import (
	"encoding/json"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"regexp"
	"testing"
)

// reportOf returns the report in a page.
func reportOf(t *testing.T, page []byte) (report map[string]any) {
	t.Helper()
	data := regexp.MustCompile(`(?s)<script type="application/json"[^>]*>(.*?)</script>`).FindSubmatch(page)
	if data == nil {
		t.Fatal("the page has no report")
	}
	if err := json.Unmarshal(data[1], &report); err != nil {
		t.Fatal(err)
	}
	return report
}

// TestPageSaysWhatListSays holds that the figures of a page are those of -l --json, and that it names the
// size of the file among those of other compressors.
func TestPageSaysWhatListSays(t *testing.T) {
	dir := t.TempDir()
	ktzip := func(args ...string) []byte {
		t.Helper()
		path, err := exec.LookPath("ktzip")
		if err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(path, args...)
		cmd.Dir, cmd.Stderr = dir, os.Stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	data := make([]byte, 24_000)
	r, x := rand.New(rand.NewPCG(1, 2)), 0
	for i := 0; i < len(data); i += 2 {
		x += r.IntN(61) - 30
		data[i], data[i+1] = byte(x), byte(x>>8)
	}
	if err := os.WriteFile(filepath.Join(dir, "samples"), data, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"-1"}, {"-6", "--mix", "--segment-size=8KiB"}} {
		ktzip(append(args, "-f", "samples")...)
		var list map[string]any
		if err := json.Unmarshal(ktzip("-l", "--json", "samples.ktz"), &list); err != nil {
			t.Fatal(err)
		}
		report := reportOf(t, ktzip("--report", "-", "samples.ktz"))
		if !reflect.DeepEqual(report["list"], list) {
			t.Errorf("%v: the page says\n%v\nand -l --json\n%v", args, report["list"], list)
		}
		own := report["methods"].([]any)[0].(map[string]any)
		if own["name"] != "ktzip" || own["bytes"] != list["compressed"] || own["compress"] != 0.0 || own["restore"] == 0.0 {
			t.Errorf("%v: %v", args, own)
		}
		coded := 0.0
		for _, s := range report["segments"].([]any) {
			coded += s.(map[string]any)["coded"].(float64)
		}
		if all := list["compressed"].(float64); coded <= 0 || coded > all || coded < all-200 {
			t.Errorf("%v: segments of %v bytes, the file has %v", args, coded, all)
		}
		if list["predicted"] == false {
			continue // once is enough
		}
		report = reportOf(t, ktzip(append(args, "--report", "-", "samples")...))
		if got := report["list"].(map[string]any); got["compressed"] != list["compressed"] || got["name"] != "samples" {
			t.Errorf("%v: compressed for the page it takes %v bytes, else %v", args, got["compressed"], list["compressed"])
		}
	}
}
