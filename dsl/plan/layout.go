package plan

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/ktzip/ktzip/dsl"
)

// Limits of plans (container/FORMAT.md, section 9). They bound the memory and the time of a
// decoder. The values are arbitrary, if no reason is given, and fixed by the format.
const (
	MaxStreams = 64      // streams of a segment
	MaxKinds   = 1 << 16 // different heads of Records: their numbers have 2 bytes

	scratchPerByte = 4    // bytes of lists, for each of the first dsl.FullPlanned bytes of a segment
	bytesMore      = 4096 // of lists and of streams, for short segments
)

// Versions of the format that have plans: of segments up to dsl.FullPlanned bytes; and of
// longer ones, and with the operations from dsl.Expand on.
const shortVersion, longVersion = 2, 3

// Limits of parameters.
const (
	maxPredictList = 64      // numbers in the list of Predict: 32 distances and coefficients
	maxShift       = 30      // bits, of a prediction's sum
	maxDistances   = 32      // of LMS
	maxWeights     = 1 << 12 // of LMS, all sets together
	maxReach       = 1 << 14 // elements from an element of LMS back to the farthest
	maxHead        = 8       // bytes of a head of Records: a key is a uint64
	maxKindsHead   = 64      // bytes of a head of Kinds
	maxAdded       = 1 << 16 // bytes that Records and Kinds add to the length that a head states
	maxUnit        = 1 << 16 // bytes that a length of Kinds counts in, or is padded to
)

// MaxScratch returns how many bytes of lists a plan for a segment of size bytes may have
// in addition to the segment and its streams (container/FORMAT.md, section 9).
func MaxScratch(size int) int { return scratchPerByte*min(size, dsl.FullPlanned) + bytesMore }

// MaxStreamBytes returns how many bytes the streams of a segment of size bytes may have
// together.
func MaxStreamBytes(size int) int { return size + min(size, dsl.FullPlanned) + bytesMore }

// maxList returns how many bytes a list may have in a plan for size bytes: those of lists in
// use, or those of the segment and some more.
func maxList(size int) int { return max(MaxScratch(size), size+bytesMore) }

// A Layout says what executing a plan for a segment of a certain size takes. It is
// computed before anything is executed, in time linear in the plan.
//
// The length of every list follows from the segment's: an operation that makes n bytes
// says how long its arguments are. Of the two lists of a Concatenate, the
// plan must state the length of one, by Between(s, 0, n); the other has the remaining bytes.
type Layout struct {
	Streams []int // length of each stream, in bytes
	Steps   int64 // of reading and executing the plan, at most dsl.SegmentSteps
	Scratch int   // bytes of lists in use at a time, at most MaxScratch
	Version uint8 // of the format: the first that has all of the plan

	p       *dsl.Program
	lengths []int // of the list of each node; -1 if the output does not need it
}

// NewLayout returns the layout of the plan p for a segment of size bytes. The error is
// dsl.ErrExecution if p cannot make a segment of that size, or dsl.ErrLimit.
func NewLayout(p *dsl.Program, size int) (*Layout, error) {
	if size > dsl.MaxPlanned {
		return nil, fmt.Errorf("%w: a plan for %d bytes, at most %d", dsl.ErrLimit, size, dsl.MaxPlanned)
	}
	if p.Out < 0 {
		return nil, errEarlier
	}
	l := &Layout{Version: shortVersion, p: p, lengths: make([]int, len(p.Nodes))}
	if size > dsl.FullPlanned {
		l.Version = longVersion
	}
	if err := l.layLists(size); err != nil {
		return nil, err
	}
	total := 0 // of at most MaxStreams lists, each at most maxList
	for k, n := range l.Streams {
		if n < 0 {
			return nil, fmt.Errorf("%w: the plan does not use stream %d, but a later one", dsl.ErrExecution, k)
		}
		total += n
	}
	if total > MaxStreamBytes(size) {
		return nil, fmt.Errorf("%w: streams of %d bytes for a segment of %d", dsl.ErrLimit, total, size)
	}
	if l.Steps = l.steps(); l.Steps > dsl.SegmentSteps(int64(size)) {
		return nil, errSteps
	}
	if l.Scratch = l.scratch(); l.Scratch > MaxScratch(size) {
		return nil, fmt.Errorf("%w: lists of %d bytes for a segment of %d", dsl.ErrLimit, l.Scratch, size)
	}
	return l, nil
}

// Size returns how many bytes the list of node i of the plan has; -1 if the output does not need it.
func (l *Layout) Size(i int) int { return l.lengths[i] }

// Check reports what is wrong with the operations of the plan p and their parameters, whatever the size of the segment,
// also with those that the output does not need. The error is dsl.ErrExecution.
func Check(p *dsl.Program) error {
	for i := range p.Nodes {
		if err := check(&p.Nodes[i]); err != nil {
			return dsl.LineError(i, err)
		}
	}
	return nil
}

// check is Check for a node.
func check(n *dsl.Node) error {
	r := rowOf(n.Op)
	if r == nil {
		return fmt.Errorf("%w: %s is not for plans", dsl.ErrExecution, n.Op)
	}
	if r.check == nil {
		return nil
	}
	return r.check(n)
}

// layLists sets the length of each list and stream, from the output down. A node refers
// to nodes before it, so all who need its list have said so when its turn comes.
func (l *Layout) layLists(size int) error {
	stated := statedLengths(l.p)
	for i := range l.lengths {
		l.lengths[i] = -1
	}
	l.lengths[l.p.Out] = size
	for i := l.p.Out; i >= 0; i-- {
		if l.lengths[i] < 0 {
			continue
		}
		if err := l.layArguments(i, size, stated); err != nil {
			return dsl.LineError(i, err)
		}
	}
	return nil
}

// layArguments sets the lengths of the arguments of node i, or that of its stream.
func (l *Layout) layArguments(i, size int, stated []int) error {
	n := &l.p.Nodes[i]
	if err := check(n); err != nil {
		return err
	}
	if n.Op >= dsl.Expand {
		l.Version = longVersion
	}
	if n.Op == dsl.Payload {
		return l.needStream(int(n.Nums[0]), l.lengths[i])
	}
	refs := n.Refs[:n.Op.Lists()]
	var given [2]int
	for k, ref := range refs {
		if ref < 0 {
			return errEarlier
		}
		given[k] = stated[ref]
	}
	wanted, err := rowOf(n.Op).lengths(n, l.lengths[i], given)
	for k := 0; k < len(refs) && err == nil; k++ {
		err = l.needList(refs[k], wanted[k], size)
	}
	return err
}

// needList notes that node i must make n bytes, in a plan for size bytes.
func (l *Layout) needList(i, n, size int) error {
	if n > maxList(size) {
		return fmt.Errorf("%w: a list of %d bytes for a segment of %d", dsl.ErrLimit, n, size)
	}
	if have := l.lengths[i]; have >= 0 && have != n {
		return fmt.Errorf("%w: sequence_%d is used with %d bytes and with %d", dsl.ErrExecution, i+1, have, n)
	}
	l.lengths[i] = n
	return nil
}

// needStream notes that stream k must have n bytes.
func (l *Layout) needStream(k, n int) error {
	if k < 0 || k >= MaxStreams {
		return fmt.Errorf("%w: stream %d, want 0 to %d", dsl.ErrLimit, k, MaxStreams-1)
	}
	for k >= len(l.Streams) {
		l.Streams = append(l.Streams, -1)
	}
	if have := l.Streams[k]; have >= 0 && have != n {
		return fmt.Errorf("%w: stream %d is used with %d bytes and with %d", dsl.ErrExecution, k, have, n)
	}
	l.Streams[k] = n
	return nil
}

// statedLengths returns the lengths of lists that p itself states, -1 if it does not.
func statedLengths(p *dsl.Program) []int {
	const most = 8 * dsl.MaxPlanned // sums stop here: longer than any list may be
	stated := make([]int, len(p.Nodes))
	for i := range p.Nodes {
		n := &p.Nodes[i]
		switch {
		case n.Op == dsl.Between:
			stated[i] = min(max(int(n.Nums[1]), -1), most)
			continue
		case n.Op.Lists() == 0 || n.Op == dsl.Pack || n.Op == dsl.Expand || n.Op == dsl.Lines || n.Op == dsl.Lookup || n.Op == dsl.Letters || n.Op == dsl.Distinct:
			stated[i] = -1
			continue
		}
		for _, ref := range n.Refs[:n.Op.Lists()] {
			if ref < 0 || stated[ref] < 0 {
				stated[i] = -1
				break
			}
			stated[i] = min(stated[i]+stated[ref], most)
		}
	}
	return stated
}

// steps returns the steps of reading and executing the plan. A list that is used twice is
// made twice; a node is read once.
func (l *Layout) steps() (steps int64) {
	times := l.times()
	for i := l.p.Out; i >= 0; i-- {
		if times[i] == 0 {
			continue
		}
		n := &l.p.Nodes[i]
		var sizes [2]int
		for k, ref := range n.Refs[:n.Op.Lists()] {
			sizes[k] = l.lengths[ref]
		}
		steps += n.ReadSteps()
		if each := executionSteps(n, l.lengths[i], sizes[0], sizes[1]); times[i] > maxSteps/each {
			steps = maxSteps
		} else {
			steps = min(steps+times[i]*each, maxSteps)
		}
	}
	return steps
}

// maxSteps is where steps and executions stop to be counted: more than any plan may take.
const maxSteps = 1 << 40

// times returns how many times each node is executed.
func (l *Layout) times() []int64 {
	times := make([]int64, len(l.lengths))
	times[l.p.Out] = 1
	for i := l.p.Out; i >= 0; i-- {
		n := &l.p.Nodes[i]
		for _, ref := range n.Refs[:n.Op.Lists()] {
			if times[i] > 0 {
				times[ref] = min(times[ref]+times[i], maxSteps)
			}
		}
	}
	return times
}

// scratch returns how many bytes of lists are in use at a time, at most.
func (l *Layout) scratch() int {
	below := make([]int, len(l.lengths)) // in use while the list of the node is made
	for i := range l.p.Out + 1 {
		if l.lengths[i] < 0 {
			continue
		}
		n := &l.p.Nodes[i]
		var sizes [2]int
		for k, ref := range n.Refs[:n.Op.Lists()] {
			sizes[k] = l.lengths[ref]
			below[i] = max(below[i], below[ref])
		}
		r := rowOf(n.Op)
		if r.perHead > 0 {
			records := l.lengths[n.Refs[0]] / int(n.Nums[0])
			below[i] = max(below[i], r.perHead*records) // once the arguments are made
		}
		below[i] += r.place.ownBytes(sizes[0], sizes[1])
	}
	return below[l.p.Out]
}

// What the lists that a node takes are for it.

// A part is a list that a node takes.
type part struct {
	node int
	role string // what it is for the node; "" if it is the only one
}

// parts returns the lists that node i takes, those of concatenations of concatenations all alike.
func (l *Layout) parts(i int) (list []part) {
	n := &l.p.Nodes[i]
	switch {
	case n.Op == dsl.Concatenate:
		sections, name := l.sections(nil, i, 0), "part"
		if user := userOf(l.p, i); user != nil && user.Op == dsl.Transpose && int(user.Nums[1]) == len(sections) {
			name = "channel"
		}
		for k, s := range sections {
			list = append(list, part{s.Node, fmt.Sprintf("%s %d of %d", name, k+1, len(sections))})
		}
	case n.Op.Lists() == 2:
		for k, role := range wordings[n.Op].roles {
			list = append(list, part{n.Refs[k], role})
		}
	case n.Op.Lists() == 1:
		list = append(list, part{node: n.Refs[0]})
	}
	return list
}

// maxRole is how many bytes the roles of a list and of those that it is part of have together; inner ones go first.
const maxRole = 60

// of returns the role of a part of a list that has the role outer itself.
func (a part) of(outer string) string {
	switch {
	case a.role == "" || outer == "":
		return a.role + outer
	case len(a.role)+len(outer) > maxRole:
		return outer
	}
	return a.role + " of " + outer
}

// joinRoles adds a role to those said before: of numbered ones, such as channel 2 of 12, the number.
func joinRoles(said, role string) string {
	name, number, _ := strings.Cut(role, " ")
	number, _, _ = strings.Cut(number, " of ")
	before, _, _ := strings.Cut(said, " of ")
	switch _, err := strconv.Atoi(number); {
	case err != nil || !strings.HasPrefix(before, name):
		return "several " + strings.TrimSuffix(name, "s") + "s"
	case len(before) > maxRole/2:
		return strings.TrimSuffix(before, ", …") + ", …"
	}
	return name + "s" + strings.TrimPrefix(strings.TrimPrefix(before, name), "s") + ", " + number
}
