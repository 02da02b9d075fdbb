package family

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/ktzip/ktzip/cmd/ktfleet/internal/job"
)

// A Summary is what was found.
type Summary struct {
	Files    int      `json:"files"` // that are not empty
	Plans    []string `json:"plans"` // of the family, as text, the best one first; none if none makes files shorter
	Searched Sums     `json:"searched"`
	Others   Sums     `json:"others"` // that were judged
}

// Sums are those of some files, in bytes.
type Sums struct {
	Files  int   `json:"files"`
	Size   int64 `json:"size"`   // of what counts
	Family int64 `json:"family"` // by the family's plans, for each file the best of them
	Own    int64 `json:"own"`    // by the plans of each file's own search; 0 if they were not searched
	Plain  int64 `json:"plain"`  // without a plan
}

// settle finds the plans of the family.
type settle struct{ Config }

// ProcessElement emits a result of each judged file, and one whose details are the Summary.
func (s *settle) ProcessElement(_ []byte, total func(*int) bool, candidates func(*Candidates) bool,
	found func(*Found) bool, judged func(*Case) bool, results func(string)) error {
	var sum Summary
	total(&sum.Files)
	var c Candidates
	candidates(&c)
	var cases, failed []Case
	own := map[string]Found{}
	var f Found
	for found(&f) {
		own[f.Path] = f
		f = Found{}
	}
	var one Case
	for judged(&one) {
		if one.Error = cmp.Or(one.Error, own[one.Path].Error); one.Error == "" {
			cases = append(cases, one)
		} else {
			failed = append(failed, one)
		}
		one = Case{}
	}
	for _, one := range failed {
		results((&job.Result{Path: one.Path, Error: one.Error}).Line())
	}
	set, costs := cheapest(cases, len(c.Plans), s.Keep)
	for _, k := range set {
		sum.Plans = append(sum.Plans, c.Plans[k])
	}
	for i, one := range cases {
		results((&job.Result{Path: one.Path, In: one.Size, Out: costs[i]}).Line())
		sums := &sum.Others
		if f, ok := own[one.Path]; ok {
			sums = &sum.Searched
			sums.Own += f.Bytes
		}
		sums.Files, sums.Size, sums.Family, sums.Plain = sums.Files+1, sums.Size+one.Size, sums.Family+costs[i], sums.Plain+one.Plain
	}
	details, err := json.Marshal(sum)
	if err != nil {
		return err
	}
	results((&job.Result{Details: details}).Line())
	return nil
}

// cheapest returns at most keep of n candidates, each the one that makes cases, together with those
// before it, take least; none if none does. Of those that do as well it is the first. costs are
// what the cases take by them, each by the best one.
func cheapest(cases []Case, n, keep int) (set []int, costs []int64) {
	for _, c := range cases {
		costs = append(costs, c.Plain)
	}
	for len(set) < min(keep, n) {
		best, least := -1, sum(costs)
		var with []int64
		for k := range n {
			tried := make([]int64, len(cases))
			for i, c := range cases {
				if tried[i] = c.Costs[k]; len(set) > 0 {
					tried[i] = min(tried[i], costs[i])
				}
			}
			if total := sum(tried); total < least {
				best, least, with = k, total, tried
			}
		}
		if best < 0 {
			break
		}
		set, costs = append(set, best), with
	}
	return set, costs
}

// sum returns the sum of list.
func sum(list []int64) (total int64) {
	for _, x := range list {
		total += x
	}
	return total
}

// Judged returns how many files were judged.
func (s *Summary) Judged() int { return s.Searched.Files + s.Others.Files }

// About says in words what was found, in lines.
func (s *Summary) About() string {
	var b strings.Builder
	plans := "plan"
	if len(s.Plans) > 1 {
		plans = "plans"
	}
	fmt.Fprintf(&b, "%s of a family of %s, of which %d are judged\n", plans, count(s.Files), s.Judged())
	if len(s.Plans) == 0 {
		b.WriteString("no plan makes them shorter\n")
		return b.String()
	}
	if s.Searched.Files > 0 {
		loss, word := 100*(float64(s.Searched.Family)/float64(s.Searched.Own)-1), "loss"
		if loss < 0 {
			loss, word = -loss, "gain"
		}
		fmt.Fprintf(&b, "%s, searched: family's %s: %d bytes; each file's own plan: %d bytes (%s %.2f %%); without a plan: %d bytes\n",
			count(s.Searched.Files), plans, s.Searched.Family, s.Searched.Own, word, loss, s.Searched.Plain)
	}
	if s.Others.Files > 0 {
		fmt.Fprintf(&b, "%s, not searched: family's %s: %d bytes; without a plan: %d bytes\n",
			count(s.Others.Files), plans, s.Others.Family, s.Others.Plain)
	}
	return b.String()
}

// count returns n files in words.
func count(n int) string {
	if n == 1 {
		return "1 file"
	}
	return fmt.Sprintf("%d files", n)
}
