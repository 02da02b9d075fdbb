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

// Candidates returns what may be the text of a program in an answer: the code in its fences, each
// and all joined, or, if there are none, what follows the published introduction and looks like
// code. What a model thought counts only if the answer has nothing after it.
func Candidates(text string) []string {
	text = invisible.Replace(text)
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

// invisible replaces characters that look like a space or like nothing, which are no Python.
var invisible = strings.NewReplacer("\u00a0", " ", "\u202f", " ", "\u200b", "", "\ufeff", "")

// What a reasoning model puts around its thoughts.
const (
	thinkStart = "<think>"
	thinkEnd   = "</think>"
)

// candidates returns the candidates of a part of an answer.
func candidates(text string) []string {
	c := &collector{}
	c.fences(text)
	if len(c.list) > 1 { // a program may be told in steps
		c.add(strings.Join(c.list, "\n"))
	}
	if len(c.list) == 0 {
		if i := strings.LastIndex(text, introduction); i >= 0 {
			text = text[i+len(introduction):]
		}
		c.runs(text)
	}
	return c.list
}

// The end of what precedes a program in answers to the published prompt, and the line that follows
// it.
const (
	introduction = "sequence is:"
	ending       = "###"
)

// A collector holds the last candidates.
type collector struct{ list []string }

// prompt matches what quotes of Markdown, and transcripts of Python, have before each line.
var prompt = regexp.MustCompile(`(?m)^[ \t]{0,8}(?:>{1,3}|\.\.\.)(?: |$)`)

// add adds a text without the ends of lines around it.
func (c *collector) add(text string) {
	text = strings.Trim(text, "\r\n")
	if strings.HasPrefix(strings.TrimLeft(text, " \t"), ">") {
		text = prompt.ReplaceAllString(text, "")
	}
	if len(text) > maxProgram || strings.TrimSpace(text) == "" {
		return
	}
	if c.list = append(c.list, text); len(c.list) > maxCandidates {
		c.list = append(c.list[:0], c.list[1:]...)
	}
}

// fence matches the line that begins or ends a block of code.
var fence = regexp.MustCompile("^[ \t]{0,8}(?:> ?)?[ \t]{0,8}(```+|~~~+)[ \t]*([A-Za-z0-9_+.-]*|[A-Za-z]+ [^`]*|\\{[^`}]*\\})[ \t\r]*$")

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

// Decorations of a line of code outside of fences: bullets, numbers, quotes, tags and inline code.
var (
	before = regexp.MustCompile("^[ \t]*(?:(?:[-*+]|>{1,3}|[0-9]{1,4}[.)])[ \t]+|`+|<[a-z]{1,16}>)+")
	after  = regexp.MustCompile("(?:`+|</[a-z]{1,16}>)+[ \t.\r]*$")
)

// undecorated returns line without decorations.
func undecorated(line string) string {
	if len(line) > maxProgram {
		return line
	}
	if word := strings.TrimLeft(line, " \t"); word != "" && strings.IndexByte("-*+>`<0123456789", word[0]) >= 0 {
		line = before.ReplaceAllString(line, "")
	}
	if word := strings.TrimRight(line, " \t\r."); word != "" && strings.IndexByte("`>", word[len(word)-1]) >= 0 {
		line = after.ReplaceAllString(line, "")
	}
	return line
}

// runs adds each run of lines that look like code, up to the line that ends a published answer. A
// run may have blank lines, comments, and lines within brackets.
func (c *collector) runs(text string) {
	var run, between strings.Builder // lines of code, and those since the last one
	depth := 0
	end := func() {
		c.add(run.String())
		run.Reset()
		between.Reset()
	}
	for pos := 0; pos < len(text); {
		line, next := cutLine(text, pos)
		pos = next
		if depth == 0 {
			line = undecorated(line)
		}
		head := line[:min(len(line), maxCodeStart)]
		switch blank := strings.TrimSpace(head); {
		case blank == ending && len(line) < maxCodeStart:
			pos = len(text)
		case depth == 0 && (blank == "" || blank[0] == '#' && !strings.HasPrefix(blank, ending)):
			if run.Len() > 0 {
				between.WriteString(line)
				between.WriteByte('\n')
			}
		case depth > 0, codeStart.MatchString(head):
			run.WriteString(between.String())
			between.Reset()
			run.WriteString(line)
			run.WriteByte('\n')
			_, opened := split(line)
			depth = max(0, depth+opened)
		default:
			end()
		}
	}
	end()
}
