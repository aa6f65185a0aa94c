package config

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
)

// What a glob may be made of, and how long those of a configuration may be
// together. A pull request brings its own globs, and each of them is held against
// every file of the repository.
const (
	mostGlob         = 500 // bytes
	mostGlobs        = 16 << 10
	mostDoubleStars  = 8
	mostAlternatives = 64
)

// Matches reports whether a contract's path selects the file: * stands for
// anything within a folder, ** for any folders, and {a,b} for either.
func Matches(pattern, file string) bool { return Glob(pattern)(file) }

// Glob returns what Matches says of a pattern, for many files. A file that is
// called what is written is selected as well, so that one whose name has such
// characters can be listed.
func Glob(pattern string) func(file string) bool {
	g, err := parseGlob(pattern)
	if err != nil || !IsGlob(pattern) {
		return func(file string) bool { return file == pattern }
	}
	return func(file string) bool { return file == pattern || g.matches(file) }
}

// IsGlob reports whether a contract's path may select several files.
func IsGlob(pattern string) bool {
	_, hasBraces := cutBraces(pattern)
	return hasBraces || strings.ContainsAny(pattern, "*?[")
}

// glob has the alternatives of a pattern, each in its parts between slashes.
type glob [][]string

// parseGlob splits a pattern. The error is for its author: path.ErrBadPattern if
// the pattern is malformed, which the caller says in words of its own.
func parseGlob(pattern string) (glob, error) {
	if len(pattern) > mostGlob && IsGlob(pattern) {
		const text = "a glob has at most %d characters, and this one has %d"
		return nil, fmt.Errorf(text, mostGlob, len(pattern))
	}
	written, err := alternatives(pattern)
	if err != nil {
		return nil, err
	}
	var g glob
	for _, text := range written {
		parts := strings.Split(text, "/")
		stars := 0
		for _, part := range parts {
			if part == "**" {
				stars++
			}
			if _, err := path.Match(part, ""); err != nil && IsGlob(pattern) {
				return nil, err
			}
		}
		if stars > mostDoubleStars {
			const text = "a glob has ** at most %d times, and this one %d times"
			return nil, fmt.Errorf(text, mostDoubleStars, stars)
		}
		g = append(g, parts)
	}
	return g, nil
}

// size is how long all alternatives are together: what matching a file costs.
func (g glob) size() int {
	n := 0
	for _, parts := range g {
		for _, part := range parts {
			n += len(part) + len("/")
		}
	}
	return n
}

// leaves reports whether the pattern may mean a file outside the repository.
func (g glob) leaves() bool {
	return slices.ContainsFunc(g, func(parts []string) bool {
		return parts[0] == "" || slices.Contains(parts, "..")
	})
}

func (g glob) matches(file string) bool { return g.matchesParts(strings.Split(file, "/")) }

// matchesParts is matches for a file whose path is split.
func (g glob) matchesParts(parts []string) bool {
	return slices.ContainsFunc(g, func(pattern []string) bool {
		return mayMatch(pattern, parts) && selects(pattern, parts, matchesPart)
	})
}

// mayMatch tells most of the files that a pattern does not select by its ends, at
// little cost.
func mayMatch(pattern, parts []string) bool {
	first, last := pattern[0], pattern[len(pattern)-1]
	switch {
	case len(pattern) > len(parts) && !slices.Contains(pattern, "**"):
		return false
	case first != "**" && !matchesPart(first, parts[0]):
		return false
	}
	return last == "**" || matchesPart(last, parts[len(parts)-1])
}

// selects reports whether the parts of a pattern select those of a file, given
// what one part of a pattern selects. It takes one step for each part of the one
// and each of the other: to try every number of folders for every ** would take
// for ever.
func selects(pattern, file []string, selectsPart func(pattern, part string) bool) bool {
	reached := make([]bool, len(file)+1) // by how many parts of the file the pattern so far selects
	reached[0] = true
	for _, part := range pattern {
		if part == "**" {
			for i := 1; i < len(reached); i++ {
				reached[i] = reached[i] || reached[i-1]
			}
			continue
		}
		for i := len(file); i > 0; i-- {
			reached[i] = reached[i-1] && selectsPart(part, file[i-1])
		}
		reached[0] = false
	}
	return reached[len(file)]
}

// matchesPart matches a part of a file's path. path.Match gives every * as little
// as it can and takes nothing back, so that it is quick whatever the pattern is.
func matchesPart(pattern, part string) bool {
	ok, err := path.Match(pattern, part)
	return ok && err == nil
}

// braces are the alternatives in a pattern, with what stands around them.
type braces struct {
	before, inside, after string
	nested                bool // so that it cannot be told what the commas separate
}

// cutBraces finds the first alternatives in a pattern. Braces without a comma are
// characters like others, as in {id}.yaml.
func cutBraces(pattern string) (b braces, found bool) {
	depth, open, comma := 0, 0, false
	for i := 0; i < len(pattern); i++ {
		switch pattern[i] {
		case '\\':
			i++
		case '{':
			if depth == 0 {
				open, comma, b.nested = i, false, false
			}
			b.nested = b.nested || depth > 0
			depth++
		case ',':
			comma = comma || depth > 0
		case '}':
			depth = max(depth-1, 0)
			if depth == 0 && comma {
				b.before, b.inside, b.after = pattern[:open], pattern[open+1:i], pattern[i+1:]
				return b, true
			}
		}
	}
	return b, false
}

// alternatives writes a pattern without braces, once for each way to choose.
func alternatives(pattern string) ([]string, error) {
	all := []string{""}
	rest := pattern
	for {
		b, found := cutBraces(rest)
		if !found {
			return combine(all, []string{rest}), nil
		}
		if b.nested {
			return nil, errors.New("braces within braces: write the alternatives side by side, as in {a,b,c}")
		}
		choices := strings.Split(b.inside, ",")
		if len(all)*len(choices) > mostAlternatives {
			return nil, fmt.Errorf("the braces make more than %d patterns of this one", mostAlternatives)
		}
		all = combine(combine(all, []string{b.before}), choices)
		rest = b.after
	}
}

// combine joins each beginning with each end.
func combine(beginnings, ends []string) []string {
	var all []string
	for _, a := range beginnings {
		for _, b := range ends {
			all = append(all, a+b)
		}
	}
	return all
}

// covers reports whether globs surely select all that another one does, except
// for a file of its very name.
func covers(globs []string, other string) bool {
	theirs, err := parseGlob(other)
	if err != nil {
		return false
	}
	var ours glob
	for _, pattern := range globs {
		if g, err := parseGlob(pattern); err == nil && IsGlob(pattern) {
			ours = append(ours, g...)
		}
	}
	return !slices.ContainsFunc(theirs, func(their []string) bool {
		return !slices.ContainsFunc(ours, func(our []string) bool { return selects(our, their, coversPart) })
	})
}

// coversPart reports whether a part of a pattern surely selects all that another
// one does.
func coversPart(pattern, other string) bool {
	switch {
	case other == "**":
		return false // it stands for any number of parts
	case pattern == other:
		return true
	case strings.ContainsAny(pattern, `?[\`):
		return false // what these select of the other's wildcards is not looked into
	}
	return matchesPart(pattern, withoutWildcards(other))
}

// unknown takes the place of a wildcard. No character of a file's name has this
// byte, so that in a pattern only * selects it.
const unknown = '\xff'

// withoutWildcards returns an example of what a part of a pattern selects, with
// unknown characters.
func withoutWildcards(part string) string {
	var b strings.Builder
	for i := 0; i < len(part); i++ {
		switch c := part[i]; c {
		case '\\':
			i++
			b.WriteByte(part[i])
		case '[':
			for i++; part[i] != ']'; i++ {
				if part[i] == '\\' {
					i++
				}
			}
			b.WriteByte(unknown)
		case '*', '?':
			b.WriteByte(unknown)
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}
