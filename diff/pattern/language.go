// Package pattern compares regular expressions by the strings that they match:
// it decides whether every string that one matches is matched by another, and
// finds a string that is not.
//
// A pattern matches a string if it matches anywhere in it, as in JSON Schema.
// The package knows neither schemas nor keywords. The formats whose contracts
// restrict strings by patterns call it.
package pattern

import (
	"regexp/syntax"
	"slices"
)

// Language is a set of strings: those of a length in a range that match at least
// one pattern of every clause.
type Language struct {
	clauses     []clause
	least, most int // characters; a negative most is unbounded
}

// clause holds alternative patterns. An element is nil if its pattern is
// not a finite automaton.
type clause []*syntax.Prog

// AllOf returns the strings of any length that match every pattern. Without
// patterns these are all strings.
func AllOf(patterns ...string) Language {
	l := Language{most: unbounded}
	for _, p := range patterns {
		l.clauses = append(l.clauses, clause{compile(p)})
	}
	return l
}

// AnyOf returns the strings of any length that match at least one pattern.
// Without patterns there are none.
func AnyOf(patterns ...string) Language {
	var c clause
	for _, p := range patterns {
		c = append(c, compile(p))
	}
	return Language{clauses: []clause{c}, most: unbounded}
}

// unbounded is a length without an upper end.
const unbounded = -1

// OfLength returns the strings that have between least and most characters. A
// negative most is unbounded. Counting costs a state per character: callers keep
// the numbers small.
func OfLength(least, most int) Language {
	return Language{least: least, most: most}
}

// And returns the strings that are in both languages.
func (l Language) And(other Language) Language {
	both := Language{
		clauses: slices.Concat(l.clauses, other.clauses),
		least:   max(l.least, other.least),
		most:    l.most,
	}
	if l.most < 0 || other.most >= 0 && other.most < l.most {
		both.most = other.most
	}
	return both
}

// Answer is the answer to a question that is not always decided.
type Answer uint8

// Undecided is the answer where a pattern is not a finite automaton, since it looks
// ahead or back, or where the automata are too large to be compared.
const (
	Undecided Answer = iota
	Yes
	No
)

// Within reports whether every string of l is a string of the other language.
// If the answer is No, it comes with the shortest string that shows it.
func (l Language) Within(other Language) (answer Answer, outside string) {
	p := newProduct(l, other)
	if slices.Contains(p.progs, nil) || len(p.letters) > mostLetters {
		return Undecided, ""
	}
	return p.run()
}

// Shortest returns the shortest string of the language. It reports false if
// there is none, or none was found.
func (l Language) Shortest() (string, bool) {
	answer, found := l.Within(AnyOf())
	return found, answer == No
}

// Example returns the shortest string that matches the pattern and matches none
// of the avoided ones. It reports false if there is none, or none was found.
func Example(pattern string, avoided ...string) (string, bool) {
	answer, found := AllOf(pattern).Within(AnyOf(avoided...))
	return found, answer == No
}
