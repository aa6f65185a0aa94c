package pattern

import (
	"regexp/syntax"
	"slices"
	"unicode"
)

// The surrogates lie between these two code points. They are not letters.
const (
	firstSurrogate = 0xd800
	afterSurrogate = 0xe000
)

// lettersOf returns one letter of every class that the automata distinguish,
// beginning with those that people can read.
func lettersOf(progs []*syntax.Prog) []rune {
	edges := []rune{0, unicode.MaxRune + 1, firstSurrogate, afterSurrogate}
	for _, prog := range progs {
		if prog == nil {
			continue
		}
		for i := range prog.Inst {
			edges = append(edges, edgesOf(&prog.Inst[i])...)
		}
	}
	slices.Sort(edges)
	edges = slices.Compact(edges)
	var letters []rune
	for i, low := range edges[:len(edges)-1] {
		if low != firstSurrogate && low <= unicode.MaxRune {
			letters = append(letters, readable(low, edges[i+1]-1))
		}
	}
	slices.SortStableFunc(letters, func(a, b rune) int { return legibility(a) - legibility(b) })
	return letters
}

// edgesOf lists where the ranges of letters of an instruction begin, and where
// the letters after them begin.
func edgesOf(inst *syntax.Inst) []rune {
	switch inst.Op {
	case syntax.InstRuneAnyNotNL:
		return []rune{'\n', '\n' + 1}
	case syntax.InstRune, syntax.InstRune1:
	default:
		return nil
	}
	var edges []rune
	if len(inst.Rune) == 1 { // one letter, perhaps in any case
		letter := inst.Rune[0]
		edges = append(edges, letter, letter+1)
		folds := syntax.Flags(inst.Arg)&syntax.FoldCase != 0
		for r := unicode.SimpleFold(letter); folds && r != letter; r = unicode.SimpleFold(r) {
			edges = append(edges, r, r+1)
		}
		return edges
	}
	for i := 0; i+1 < len(inst.Rune); i += 2 {
		edges = append(edges, inst.Rune[i], inst.Rune[i+1]+1)
	}
	return edges
}

// readable returns a letter between low and high, one that people can read where
// there is one.
func readable(low, high rune) rune {
	for _, r := range "aA0 -_!" {
		if low <= r && r <= high {
			return r
		}
	}
	return max(low, min(high, '!'))
}

// legibility ranks letters and digits first, then other visible characters of
// ASCII.
func legibility(r rune) int {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
		return 0
	case r > ' ' && r < unicode.MaxASCII:
		return 1
	}
	return 2
}
