package answers

import "strings"

// A statement is a logical line of Python: one or more lines of text.
type statement struct {
	line   int // the number of its first line, from 1
	indent int // bytes before its text
	text   string
}

// statements splits text into logical lines without comments. Lines within brackets, and those
// after a backslash, belong to the one before. An unclosed bracket goes to the end.
func statements(text string) (list []statement) {
	var b strings.Builder
	depth, first, indent := 0, 0, 0
	for number := 1; text != ""; number++ {
		line, next := cutLine(text, 0)
		text = text[next:]
		code := strings.TrimRight(withoutComment(line), " \t\r\f")
		joined := strings.HasSuffix(code, `\`)
		code = strings.TrimSuffix(code, `\`)
		if b.Len() == 0 {
			word := strings.TrimLeft(code, " \t")
			if word == "" {
				continue
			}
			first, indent = number, len(code)-len(word)
		}
		b.WriteString(code)
		b.WriteByte(' ')
		if depth = max(0, depth+nesting(code)); depth == 0 && !joined {
			list = append(list, statement{first, indent, strings.TrimSpace(b.String())})
			b.Reset()
		}
	}
	if b.Len() > 0 {
		list = append(list, statement{first, indent, strings.TrimSpace(b.String())})
	}
	return list
}

// withoutComment returns line without its comment. The subset has strings only where they have no
// meaning.
func withoutComment(line string) string {
	code, _, _ := strings.Cut(line, "#")
	return code
}
