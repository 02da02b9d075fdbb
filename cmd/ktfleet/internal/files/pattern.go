package files

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// anyFolders is the component of a pattern that any folders match, also none. As the last one
// it matches every file below.
const anyFolders = "**"

// A pattern says which files below a folder match.
type pattern struct {
	fixed string   // the folder, without a trailing slash unless it is the root; "" is the present one
	parts []string // components below fixed, the first of them with a wildcard
}

// everything returns the pattern of all files below a folder.
func everything(folder string) *pattern {
	return &pattern{trimSlashes(folder), []string{anyFolders}}
}

// trimSlashes returns a path without the slashes at its end, but the root as it is.
func trimSlashes(name string) string {
	scheme, rest := split(name)
	short := strings.TrimRight(rest, "/")
	switch {
	case scheme != "":
		return scheme + "://" + short
	case short == "" && name != "":
		return "/"
	}
	return short
}

// parsePattern returns the pattern that a path with wildcards stands for, nil if it has none.
// The wildcards of a component are those of path.Match: *, ?, [a-z], [^a-z]; \ takes away the
// meaning of the next character.
func parsePattern(text string) (*pattern, error) {
	scheme, rest := split(text)
	components := strings.Split(rest, "/")
	first := slices.IndexFunc(components, func(c string) bool { _, ok := literal(c); return !ok })
	if first < 0 && strings.Contains(rest, `\`) {
		first = len(components) - 1 // a file whose name has wildcards that mean themselves
	}
	if first < 0 {
		return nil, nil
	}
	for _, c := range components[first:] {
		if strings.Contains(c, anyFolders) && c != anyFolders {
			return nil, fmt.Errorf("** stands for whole folders, not in %s; write **/*.csv instead of **.csv", c)
		}
		if _, err := path.Match(c, ""); err != nil {
			return nil, fmt.Errorf("%s: %w", c, err)
		}
	}
	fixed := make([]string, first)
	for i, c := range components[:first] {
		fixed[i], _ = literal(c)
	}
	p := &pattern{strings.Join(fixed, "/"), components[first:]}
	if p.fixed == "" && first > 0 {
		p.fixed = "/"
	}
	if scheme != "" {
		p.fixed = scheme + "://" + p.fixed
	} else { // in the name of an object, an empty component means itself
		p.parts = slices.DeleteFunc(p.parts, func(c string) bool { return c == "" })
	}
	return p, nil
}

// literal returns the name that a component stands for. It reports false if the component has
// wildcards.
func literal(component string) (string, bool) {
	if !strings.ContainsAny(component, `*?[\`) {
		return component, true
	}
	var name []byte
	for i := 0; i < len(component); i++ {
		switch component[i] {
		case '*', '?', '[':
			return "", false
		case '\\':
			if i++; i == len(component) {
				return "", false // path.Match says that this is no pattern
			}
		}
		name = append(name, component[i])
	}
	return string(name), true
}

// Escape returns a path as a pattern that matches it alone.
func Escape(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}

// prefix returns what the paths of all matches begin with: the folder and the characters of
// the next component before its first wildcard.
func (p *pattern) prefix() string {
	part := p.parts[0]
	if i := strings.IndexAny(part, `*?[\`); i >= 0 {
		part = part[:i]
	}
	if p.fixed == "" {
		return part
	}
	return Join(p.fixed, part)
}

// matches reports whether the file at rel, a path below p.fixed, matches.
func (p *pattern) matches(rel string) bool { return p.follow(rel)[len(p.parts)] }

// leads reports whether files in the folder at rel, a path below p.fixed, may match.
func (p *pattern) leads(rel string) bool {
	return slices.Contains(p.follow(rel)[:len(p.parts)], true)
}

// follow returns for each i whether p.parts[:i] match the components of rel. No pattern
// matches a temporary file, or one in a temporary folder. The time is that of matching each
// component of rel with each of p: ** does not multiply it.
func (p *pattern) follow(rel string) []bool {
	now := make([]bool, len(p.parts)+1)
	next := make([]bool, len(p.parts)+1)
	now[0] = true
	p.skipFolders(now)
	for name := range strings.SplitSeq(rel, "/") {
		clear(next)
		if temporary(name) {
			return next
		}
		for i, part := range p.parts {
			if !now[i] {
				continue
			}
			if part == anyFolders {
				next[i] = true
			} else if ok, _ := path.Match(part, name); ok {
				next[i+1] = true
			}
		}
		p.skipFolders(next)
		now, next = next, now
	}
	return now
}

// skipFolders adds what ** matches by no folder.
func (p *pattern) skipFolders(states []bool) {
	for i, part := range p.parts {
		if states[i] && part == anyFolders {
			states[i+1] = true
		}
	}
}
