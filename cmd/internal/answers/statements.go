package answers

import "strings"

// A statement is a logical line of Python: one or more lines of text.
type statement struct {
	line   int // the number of its first line, from 1
	indent int // bytes before its text
	text   string
}

// statements splits text into logical lines without comments. Lines within brackets, and those
// after a backslash, belong to the one before. An unclosed bracket goes to the end. Texts in three
// quotes that begin a line are comments.
func statements(text string) (list []statement) {
	var b strings.Builder
	depth, first, indent := 0, 0, 0
	quote := "" // that is open
	for number := 1; text != ""; number++ {
		line, next := cutLine(text, 0)
		text = text[next:]
		if b.Len() == 0 {
			if line, quote = afterQuotes(line, quote); quote != "" {
				continue
			}
		}
		code, opened := split(line)
		code = strings.TrimRight(code, " \t\r\f")
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
		if depth = max(0, depth+opened); depth == 0 && !joined {
			list = append(list, statement{first, indent, strings.TrimSpace(b.String())})
			b.Reset()
		}
	}
	if b.Len() > 0 {
		list = append(list, statement{first, indent, strings.TrimSpace(b.String())})
	}
	return list
}

// blocks joins the header of each loop and what is in it, which becomes one logical line.
func blocks(list []statement) (joined []statement) {
	for i := 0; i < len(list); {
		s := list[i]
		i++
		if strings.HasPrefix(s.text, "for ") && strings.HasSuffix(s.text, ":") {
			var body []string
			for ; i < len(list) && list[i].indent > s.indent; i++ {
				body = append(body, list[i].text)
			}
			s.text += " " + strings.Join(body, "; ")
		}
		joined = append(joined, s)
	}
	return joined
}

// afterQuotes returns what is left of a line without the text in three quotes that begins it, or
// was begun before it with quote, and the quote if the text does not end.
func afterQuotes(line, quote string) (left, open string) {
	text := line
	if quote == "" {
		text = strings.TrimLeft(line, " \t")
		if !strings.HasPrefix(text, `"""`) && !strings.HasPrefix(text, "'''") {
			return line, ""
		}
		quote, text = text[:3], text[3:]
	}
	if _, left, ended := strings.Cut(text, quote); ended {
		return left, ""
	}
	return "", quote
}

// split returns line without its comment, and how many brackets it opens more than it closes. What
// is in quotes does not count.
func split(line string) (code string, opened int) {
	quote := byte(0)
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case quote != 0 && c == '\\':
			i++
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			if strings.IndexByte(line[i+1:], c) >= 0 { // or it is an apostrophe
				quote = c
			}
		case c == '(' || c == '[' || c == '{':
			opened++
		case c == ')' || c == ']' || c == '}':
			opened--
		case c == '#':
			return line[:i], opened
		}
	}
	return line, opened
}
