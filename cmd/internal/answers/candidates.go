package answers

import (
	"regexp"
	"strings"
)

// Limits of a text; arbitrary. A literal of 1,024 bytes, the longest sequence that is searched
// for, has 5 KiB.
const (
	maxProgram    = 256 << 10 // bytes of the text of a program
	maxCandidates = 16        // texts of programs of a text, the last ones
)

// Candidates returns what may be the text of a program in an answer: the code in its fences or,
// if there are none, what follows the published introduction and looks like code. What a model
// thought counts only if the answer has nothing after it.
func Candidates(text string) []string {
	thought, answer := "", text
	if i := strings.LastIndex(text, thinkEnd); i >= 0 {
		thought, answer = text[:i], text[i+len(thinkEnd):]
	} else if i := strings.Index(text, thinkStart); i >= 0 {
		thought, answer = text[i:], text[:i]
	}
	list := candidates(answer)
	if len(list) == 0 {
		list = candidates(thought)
	}
	return list
}

// What a reasoning model puts around its thoughts.
const (
	thinkStart = "<think>"
	thinkEnd   = "</think>"
)

// candidates returns the candidates of a part of an answer.
func candidates(text string) []string {
	c := &collector{}
	c.fences(text)
	if len(c.list) == 0 {
		if i := strings.LastIndex(text, introduction); i >= 0 {
			text = text[i+len(introduction):]
		}
		text, _, _ = strings.Cut(text, ending)
		c.runs(text)
	}
	return c.list
}

// The end of what precedes a program in answers to the published prompt, and what follows it.
const (
	introduction = "sequence is:"
	ending       = "###"
)

// A collector holds the last candidates.
type collector struct{ list []string }

// add adds a text without the ends of lines around it.
func (c *collector) add(text string) {
	text = strings.Trim(text, "\r\n")
	if len(text) > maxProgram || strings.TrimSpace(text) == "" {
		return
	}
	if c.list = append(c.list, text); len(c.list) > maxCandidates {
		c.list = append(c.list[:0], c.list[1:]...)
	}
}

// fence matches the line that begins or ends a block of code.
var fence = regexp.MustCompile("^[ \t]{0,8}(```+|~~~+)[ \t]*([A-Za-z0-9_+.-]*)[ \t\r]*$")

// maxFence is the most bytes of a line that may be a fence.
const maxFence = 128

// fences adds the code of each fenced block. One that does not end goes to the end.
func (c *collector) fences(text string) {
	open, start := "", 0
	for pos := 0; pos < len(text); {
		line, next := cutLine(text, pos)
		var mark []string
		if len(line) <= maxFence && strings.ContainsAny(line, "`~") {
			mark = fence.FindStringSubmatch(line)
		}
		switch {
		case mark == nil:
		case open == "":
			open, start = mark[1], next
		case strings.HasPrefix(mark[1], open) && mark[2] == "":
			c.add(text[start:pos])
			open = ""
		}
		pos = next
	}
	if open != "" {
		c.add(text[start:])
	}
}

// cutLine returns the line of text at pos, and where the next one begins.
func cutLine(text string, pos int) (line string, next int) {
	if i := strings.IndexByte(text[pos:], '\n'); i >= 0 {
		return text[pos : pos+i], pos + i + 1
	}
	return text[pos:], len(text)
}

// codeStart matches the beginning of a line that looks like code: an assignment, a definition,
// an import, a call of print.
var codeStart = regexp.MustCompile(`^[ \t]*(?:[A-Za-z_][A-Za-z0-9_]*[ \t]*\+?=[^=]|def [A-Za-z_]|from [A-Za-z_.]+ import |import [A-Za-z_]|print[ \t]*\(|return )`)

// maxCodeStart is how many bytes of a line are looked at.
const maxCodeStart = 256

// runs adds each run of lines that look like code. A run may have blank lines, comments, and
// lines within brackets.
func (c *collector) runs(text string) {
	start, end, depth := -1, 0, 0
	for pos := 0; pos < len(text); {
		line, next := cutLine(text, pos)
		head := line[:min(len(line), maxCodeStart)]
		blank := strings.TrimSpace(head)
		switch {
		case depth == 0 && (blank == "" || blank[0] == '#'):
		case depth > 0, codeStart.MatchString(head):
			if start < 0 {
				start = pos
			}
			end, depth = next, max(0, depth+nesting(line))
		default:
			if start >= 0 {
				c.add(text[start:end])
			}
			start = -1
		}
		pos = next
	}
	if start >= 0 {
		c.add(text[start:end])
	}
}

// nesting returns how many brackets line opens more than it closes.
func nesting(line string) (n int) {
	for i := range len(line) {
		switch line[i] {
		case '(', '[', '{':
			n++
		case ')', ']', '}':
			n--
		case '#':
			return n
		}
	}
	return n
}
