package diff

import (
	"strings"
)

// Pattern selects paths: it matches from the beginning up to the end or to the
// end of a part. * stands for anything within a part and a path segment, ** for
// anything; names in {} are equal to each other.
type Pattern string

// Match reports whether the pattern selects the path, or one that it is within.
func (p Pattern) Match(at Path) bool {
	_, ok := p.Select(at)
	return ok
}

// Select returns the shortest path that the pattern selects and the given one
// is within. It takes time in proportion to the pattern and to the path.
func (p Pattern) Select(at Path) (Path, bool) {
	m := newMatcher(string(p))
	var selected Path
	for step, end := range at.All() {
		if !selected.IsZero() && !step.Attached() {
			if m.matched() {
				return selected, true
			}
			m.read(Separator)
		}
		m.read(unnamed(step.String()))
		selected = end
	}
	return selected, m.matched()
}

// Covers reports whether the pattern surely selects all that another one does.
// Where both have wildcards it may say no although it does.
func (p Pattern) Covers(other Pattern) bool {
	mine, theirs := unnamed(strings.TrimSpace(string(p))), unnamed(strings.TrimSpace(string(other)))
	if mine == theirs || strings.HasPrefix(theirs, mine+Separator) {
		return true
	}
	prefix, open := strings.CutSuffix(mine, "**")
	if open && !strings.Contains(prefix, "*") && strings.HasPrefix(theirs, prefix) {
		return true
	}
	if strings.Contains(theirs, "*") {
		return false
	}
	var at Path
	for _, part := range strings.Split(theirs, Separator) {
		at = at.Then(Step{Kind: Definition, Name: part})
	}
	return p.Match(at)
}

// unnamed drops the names of variables: /orders/{id} becomes /orders/{}.
func unnamed(text string) string {
	var b strings.Builder
	for {
		open := strings.IndexByte(text, '{')
		if open < 0 {
			break
		}
		length := strings.IndexAny(text[open+1:], "{}")
		if length < 0 {
			break
		}
		b.WriteString(text[:open+1])
		text = text[open+1:]
		if text[length] == '}' {
			text = text[length:]
		}
	}
	b.WriteString(text)
	return b.String()
}

// The wildcards of a pattern, as runes that no text holds.
const (
	withinPart rune = -1 - iota // any text without / and without the separator
	anyText
)

// matcher reads a text and keeps the places in the pattern that it may have
// come to.
type matcher struct {
	pattern  []rune
	at, next []bool // by index into the pattern; the last one is its end
}

func newMatcher(pattern string) *matcher {
	text := unnamed(strings.TrimSpace(pattern))
	m := &matcher{}
	for text != "" {
		if rest, ok := strings.CutPrefix(text, "**"); ok {
			m.pattern, text = append(m.pattern, anyText), rest
		} else if rest, ok := strings.CutPrefix(text, "*"); ok {
			m.pattern, text = append(m.pattern, withinPart), rest
		} else {
			literal := text
			if i := strings.IndexByte(text, '*'); i >= 0 {
				literal = text[:i]
			}
			m.pattern, text = append(m.pattern, []rune(literal)...), text[len(literal):]
		}
	}
	m.at, m.next = make([]bool, len(m.pattern)+1), make([]bool, len(m.pattern)+1)
	m.enter(m.at, 0)
	return m
}

// enter adds a place, and those behind the wildcards there, which may stand for
// nothing. Behind a place that was added before, nothing is left to add.
func (m *matcher) enter(places []bool, i int) {
	for !places[i] {
		places[i] = true
		if i < len(m.pattern) && m.pattern[i] < 0 {
			i++
		}
	}
}

func (m *matcher) read(text string) {
	for _, r := range text {
		clear(m.next)
		for i, expected := range m.pattern {
			switch {
			case !m.at[i]:
			case expected == anyText, expected == withinPart && r != '/' && r != '›':
				m.enter(m.next, i)
			case expected == r:
				m.enter(m.next, i+1)
			}
		}
		m.at, m.next = m.next, m.at
	}
}

// matched reports whether the pattern is at its end.
func (m *matcher) matched() bool { return m.at[len(m.pattern)] }
