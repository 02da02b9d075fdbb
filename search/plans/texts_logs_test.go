package plans

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"
)

// A message is a template of a log: words with fields between.
type message struct {
	words  []string // one more than fields
	fields []*cellColumn
}

// message returns a message of some words.
func (p *page) message(vocabulary []string) *message {
	m := &message{}
	fields := p.IntN(4)
	for k := range fields + 1 {
		var words []string
		for range 1 + p.IntN(4) {
			words = append(words, vocabulary[p.IntN(len(vocabulary))])
		}
		text := strings.Join(words, " ")
		if k > 0 {
			text = oneOf(p.Rand, "", "", ":", ",", " ms,", "%", "]") + " " + text
		}
		if k < fields {
			m.fields = append(m.fields, oneOf(p.Rand, variables...)(p.Rand))
			text += oneOf(p.Rand, " ", " ", ": ", "=", " [", " /")
		}
		m.words = append(m.words, text)
	}
	return m
}

// variables are what stands in messages.
var variables = []func(*rand.Rand) *cellColumn{noises, noises, measures, counters, enumerations, states, addresses, hexes, ids, uuids, padded}

// row returns the message with cells for its fields.
func (m *message) row(cells func(f *cellColumn) string) string {
	text := ""
	for k, w := range m.words {
		text += w
		if k < len(m.fields) {
			text += cells(m.fields[k])
		}
	}
	return text
}

// logTimes are what is in front of the messages of logs.
func logTimes(r *rand.Rand) *cellColumn {
	form := oneOf(r, timeForms[:9]...)
	if r.IntN(4) == 0 {
		return epochs(r)
	}
	return timesOf(r, form, time.Duration(r.IntN(3000))*time.Millisecond, 1+r.Int64N(int64(5*time.Second)))
}

// logs are messages of some templates with a time, and more, in front.
func logs(r *rand.Rand) textPuzzle {
	p := newPage(r)
	p.most = max(p.most, 400)
	vocabulary := names(r, 200)
	var messages []*message
	for range 5 + r.IntN(56) {
		messages = append(messages, p.message(vocabulary))
	}
	at := logTimes(r)
	parts := []*cellColumn{at}
	gaps := []string{oneOf(r, "", "", "["), ": "}
	if gaps[0] == "[" {
		gaps[1] = "] "
	}
	for range r.IntN(4) { // such as host, process, level
		f := oneOf(r, states, enumerations, counters, enumerations)(r)
		gaps[len(gaps)-1] = oneOf(r, " ", " ", "] ", " [")
		parts, gaps = append(parts, f), append(gaps, oneOf(r, " ", ": ", "]: "))
	}
	head := func(cells func(f *cellColumn) string) string {
		text := gaps[0]
		for k, f := range parts {
			text += cells(f) + gaps[k+1]
		}
		return text
	}
	cell := func(f *cellColumn) string { return f.cell(r) }
	odd := r.IntN(mostExceptions) * r.IntN(2)
	used := map[*message]bool{}
	for k := 0; !p.full(); {
		if r.IntN(1000) < odd {
			p.add("\tat " + strings.Join(names(r, 3), "."))
			continue
		}
		if k = biased(r, len(messages)); r.IntN(4) == 0 { // messages often follow each other
			k = (k + 1) % len(messages)
		}
		used[messages[k]] = true
		p.add(head(cell) + messages[k].row(cell))
	}
	if odd > 0 {
		p.trait("%d/1000 of other rows", odd)
	}
	slot := func(f *cellColumn) string { return f.slot(p) }
	slotOfHead := p.set("")
	p.sets[1][0] = head(slot)
	for _, m := range messages {
		if used[m] {
			p.template(slotOfHead + literalWords(m).row(slot))
		}
	}
	p.anyRow()
	return p.puzzle("log of %d messages after %s", len(messages), at.kind)
}

// literalWords returns m with its words as templates have them.
func literalWords(m *message) *message {
	n := &message{fields: m.fields}
	for _, w := range m.words {
		n.words = append(n.words, literal(w))
	}
	return n
}

// accessLog is what a web server writes.
func accessLog(r *rand.Rand) textPuzzle {
	p := newPage(r)
	host, at := addresses(r), timesOf(r, timeForms[6], time.Duration(r.IntN(3000))*time.Millisecond, int64(4*time.Second))
	var pages, agents []string
	for range 5 + r.IntN(100) {
		pages = append(pages, "/"+strings.Join(names(r, 1+r.IntN(3)), "/")+oneOf(r, "", ".html", ".png"))
	}
	for range 1 + r.IntN(20) {
		agents = append(agents, fmt.Sprintf("Mozilla/5.0 (%s; %s %d.%d) %s/%d", name(r), name(r), r.IntN(12), r.IntN(9), name(r), r.IntN(100)))
	}
	words := func(list []string) *cellColumn {
		return &cellColumn{predictors: []string{""}, form: "w1", isText: true, next: func() string { return list[biased(r, len(list))] }}
	}
	path, status, agent := words(pages), words([]string{"200", "304", "404", "500", "206"}), words(agents)
	size := &cellColumn{predictors: []string{""}, form: "u3", next: func() string { return strconv.Itoa(biased(r, 200_000)) }}
	for !p.full() {
		p.add(fmt.Sprintf(`%s - - [%s] "GET %s HTTP/1.1" %s %s "-" "%s"`, host.cell(r), at.cell(r), path.cell(r), status.cell(r), size.cell(r), agent.cell(r)))
	}
	p.template(fmt.Sprintf(`%s - - [%s] "GET %s HTTP/1.1" %s %s "-" "%s"`, host.slot(p), at.slot(p), path.slot(p), status.slot(p), size.slot(p), agent.slot(p)))
	return p.puzzle("access log")
}

// metrics are the values of series, scraped again and again.
func metrics(r *rand.Rand) textPuzzle {
	p := newPage(r)
	at := epochsOf(r, 3)
	type series struct {
		head  string
		value *cellColumn
	}
	var all []series
	var comments []string // before each name's series
	starts := map[int]string{}
	for _, n := range names(r, 2+r.IntN(12)) {
		n = strings.Join([]string{n, name(r), oneOf(r, "total", "bytes", "seconds", "count")}, "_")
		comments = append(comments, "# TYPE "+n+" "+oneOf(r, "counter", "gauge"))
		starts[len(all)] = comments[len(comments)-1]
		keys := names(r, 1+r.IntN(3))
		for range 1 + r.IntN(12) {
			var labels []string
			for _, k := range keys {
				labels = append(labels, k+`="`+name(r)+`"`)
			}
			all = append(all, series{head: n + "{" + strings.Join(labels, ",") + "} ", value: oneOf(r, counters, walksOf, constants, noises)(r)})
		}
	}
	withTime := r.IntN(2) == 0
	p.most = max(p.most, 8*len(all))
	for !p.full() {
		now := at.cell(r)
		for k := range all {
			if c, ok := starts[k]; ok {
				p.add(c)
			}
			row := all[k].head + all[k].value.cell(r)
			if withTime {
				row += " " + now
			}
			p.add(row)
		}
	}
	for k := range all {
		text := literal(all[k].head) + all[k].value.slot(p)
		if withTime {
			text += " %+u8"
		}
		p.template(text)
	}
	for _, c := range comments {
		p.template(literal(c))
	}
	return p.puzzle("%d series of metrics, with times %t", len(all), withTime)
}

// epochsOf are epochs with so many digits of a fraction, without a point.
func epochsOf(r *rand.Rand, fraction int) *cellColumn {
	x := int64(1_200_000_000 + r.IntN(500_000_000))
	for range fraction {
		x *= 10
	}
	return &cellColumn{predictors: []string{"+"}, form: "u8", next: func() string {
		x += 15_000 + r.Int64N(4)
		return strconv.FormatInt(x, 10)
	}}
}

// constants are numbers that hardly change.
func constants(r *rand.Rand) *cellColumn {
	x := r.IntN(1_000_000)
	return &cellColumn{kind: "constant", predictors: []string{"+"}, form: "u3", next: func() string {
		if r.IntN(200) == 0 {
			x++
		}
		return strconv.Itoa(x)
	}}
}
