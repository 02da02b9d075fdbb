package files

import (
	"errors"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// tree is what the tests match in.
var tree = []string{
	"a.csv", "b.csv", "b.txt", "d/a.csv", "d/e/a.csv", "d/e/f/a.csv", "d/e/f/b.bin", "dd/a.csv",
	".hidden", ".ktfleet-1/part", ".ktfleet-2.tmp", "d/.ktfleet-3.tmp",
	"sp ace/x y", "x[1].bin", "x1.bin", "q#?%41&+ü.bin", "100%/f", "back\\slash",
}

func TestMatchGivesPathsAndRels(t *testing.T) {
	all := []string{
		".hidden", "100%/f", "a.csv", "b.csv", "b.txt", "back\\slash", "d/a.csv", "d/e/a.csv", "d/e/f/a.csv",
		"d/e/f/b.bin", "dd/a.csv", "q#?%41&+ü.bin", "sp ace/x y", "x1.bin", "x[1].bin",
	}
	tests := []struct {
		pattern, below string
		want           []string // Rel, each below the folder
	}{
		{"", "", all},
		{"/", "", all},
		{"/**", "", all},
		{"/a.csv", "", []string{"a.csv"}},
		{"/d/e/a.csv", "d/e", []string{"a.csv"}},
		{"/*.csv", "", []string{"a.csv", "b.csv"}},
		{"/**/*.csv", "", []string{"a.csv", "b.csv", "d/a.csv", "d/e/a.csv", "d/e/f/a.csv", "dd/a.csv"}},
		{"/**/e/**/*.csv", "", []string{"d/e/a.csv", "d/e/f/a.csv"}},
		{"/**/**/f/**", "", []string{"100%/f", "d/e/f/a.csv", "d/e/f/b.bin"}},
		{"/d", "d", []string{"a.csv", "e/a.csv", "e/f/a.csv", "e/f/b.bin"}},
		{"/d/", "d", []string{"a.csv", "e/a.csv", "e/f/a.csv", "e/f/b.bin"}},
		{"/d*/a.csv", "", []string{"d/a.csv", "dd/a.csv"}},
		{"/d/*/a.csv", "d", []string{"e/a.csv"}},
		{"/d/?/f/[!-b]*", "d", []string{"e/f/a.csv", "e/f/b.bin"}},
		{"/x[1].bin", "", []string{"x[1].bin"}},  // the file of that name
		{"/x[0-1].bin", "", []string{"x1.bin"}},  // no such file
		{`/x\[1].bin`, "", []string{"x[1].bin"}}, // escaped
		{`/x\[*`, "", []string{"x[1].bin"}},
		{`/back\slash`, "", []string{"back\\slash"}},
		{"/sp ace/*", "sp ace", []string{"x y"}},
		{"/q#?%41&+ü.bin", "", []string{"q#?%41&+ü.bin"}},
		{"/q#*", "", []string{"q#?%41&+ü.bin"}},
		{"/100%", "100%", []string{"f"}},
		{"/.h*", "", []string{".hidden"}},
	}
	eachScheme(t, func(t *testing.T, base string) {
		for _, name := range tree {
			put(t, Join(base, name), name)
		}
		for _, tt := range tests {
			found, err := Match(t.Context(), base+tt.pattern)
			if err != nil {
				t.Errorf("%s: %v", tt.pattern, err)
				continue
			}
			var got []string
			for _, f := range found {
				got = append(got, f.Rel)
				if want := Join(base, path.Join(tt.below, f.Rel)); f.Path != want {
					t.Errorf("%s: path %q, want %q", tt.pattern, f.Path, want)
				}
				if name := path.Join(tt.below, f.Rel); f.Size != int64(len(name)) || f.ModTime.IsZero() {
					t.Errorf("%s: %+v has not the size or no time", tt.pattern, f)
				}
				is, err := Stat(t.Context(), f.Path)
				if err != nil || !is.Same(f) || is.Path != f.Path || is.Rel != path.Base(f.Path) {
					t.Errorf("Stat gives %+v, %v; Match gives %+v", is, err, f)
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("%s: got %q, want %q", tt.pattern, got, tt.want)
			}
		}
	})
}

func TestMatchOfNothingIsAnError(t *testing.T) {
	eachScheme(t, func(t *testing.T, base string) {
		put(t, Join(base, "d/a.csv"), "x")
		put(t, Join(base, ".ktfleet-1.tmp"), "x")
		for _, pattern := range []string{"/no", "/no/", "/*.csv", "/no/**", "/.ktfleet-1.tmp", "/.ktfleet-*", "/d/a.csv/x", "/d/a.csv/"} {
			found, err := Match(t.Context(), base+pattern)
			if len(found) > 0 || !errors.Is(err, ErrNoMatch) && !strings.Contains(err.Error(), "not a directory") {
				t.Errorf("%s: %v, %v", pattern, found, err)
			} else if !strings.Contains(err.Error(), base) {
				t.Errorf("%s: the error does not name it: %v", pattern, err)
			}
		}
		for _, pattern := range []string{"/[a", "/**.csv", "/d**/x"} {
			if _, err := Match(t.Context(), base+pattern); err == nil || errors.Is(err, ErrNoMatch) {
				t.Errorf("%s: %v, want an error of syntax", pattern, err)
			}
		}
	})
	for _, pattern := range []string{"nope://a/b", "gs://", "s3:///x", "gs://*", "s3://nosuchbucket/x*"} {
		if _, err := Match(t.Context(), pattern); err == nil || errors.Is(err, ErrNoMatch) {
			t.Errorf("%s: %v", pattern, err)
		}
	}
}

// oracle translates a pattern of *, ** and letters to a regular expression.
func oracle(parts []string) *regexp.Regexp {
	text := strings.NewReplacer("*", "[^/]*").Replace(strings.Join(parts, "/")) + "/"
	text = strings.ReplaceAll(text, "[^/]*[^/]*/", "([^/]+/)*")
	return regexp.MustCompile("^" + text + "$")
}

func TestFollowAgreesWithRegularExpressions(t *testing.T) {
	words := func(alphabet []string, n int) (all [][]string) {
		all = [][]string{nil}
		for begin, level := 0, 0; level < n; level++ {
			end := len(all)
			for _, w := range all[begin:end] {
				for _, a := range alphabet {
					all = append(all, append(slices.Clone(w), a))
				}
			}
			begin = end
		}
		return all[1:]
	}
	names := words([]string{"a", "b", "ab"}, 4)
	for _, parts := range words([]string{"a", "*", "**", "a*"}, 4) {
		p := &pattern{parts: parts}
		expression := oracle(parts)
		for _, name := range names {
			rel := strings.Join(name, "/")
			if got, want := p.matches(rel), expression.MatchString(rel+"/"); got != want {
				t.Fatalf("%q matches %q: %v, want %v", parts, rel, got, want)
			}
			if p.matches(rel) && len(name) > 1 && !p.leads(path.Dir(rel)) {
				t.Fatalf("%q matches %q, but does not lead to its folder", parts, rel)
			}
		}
	}
}

func TestHostilePatternsTakeLittleTime(t *testing.T) {
	p := &pattern{parts: strings.Split(strings.Repeat("**/a*a*a*b/", 60)+"x", "/")}
	if p.matches(strings.Repeat(strings.Repeat("a", 200)+"/", 200) + "y") {
		t.Error("matches")
	}
}

func TestJoinKeepsSchemes(t *testing.T) {
	tests := []struct {
		base     string
		elements []string
		want     string
	}{
		{"gs://b", []string{"x"}, "gs://b/x"},
		{"gs://b/", []string{"x", "y/z"}, "gs://b/x/y/z"},
		{"/", []string{"x"}, "/x"},
		{"", []string{"x"}, "x"},
		{"a/../b", []string{"x"}, "a/../b/x"},
	}
	for _, tt := range tests {
		if got := Join(tt.base, tt.elements...); got != tt.want {
			t.Errorf("Join(%q, %q) = %q, want %q", tt.base, tt.elements, got, tt.want)
		}
	}
}
