package jsonschema

import (
	"encoding/binary"
	"regexp/syntax"
	"slices"
	"unicode"
)

// A pattern stands for a language: the strings that it finds a match in. Whether
// one language lies within another is decided by running both automata at once,
// each as the set of the places it may be at, over one letter of every class
// that they tell apart. The first string that the one accepts and the other
// refuses is the shortest, and shows the difference.

// language is the strings of a length that match every pattern, or any of them.
type language struct {
	patterns    []*syntax.Prog
	any         bool
	least, most int // characters; most < 0 is no bound
}

// languageOf returns the strings of any length that match every pattern.
func languageOf(patterns ...string) language {
	l := language{most: -1}
	for _, p := range patterns {
		l.patterns = append(l.patterns, automaton(p))
	}
	return l
}

// and is the language of the strings that are in both.
func (a language) and(b language) language {
	both := language{patterns: slices.Concat(a.patterns, b.patterns), least: max(a.least, b.least), most: a.most}
	if a.most < 0 || b.most >= 0 && b.most < a.most {
		both.most = b.most
	}
	return both
}

// matching returns the shortest string that matches the pattern and none of the
// others.
func matching(pattern string, others ...string) (string, bool) {
	avoided := languageOf(others...)
	avoided.any = true
	lies, found := languageOf(pattern).within(avoided)
	return found, lies == no
}

// mostVisits bounds the search for a string that tells two languages apart, in
// instructions that are looked at, and mostLetters the classes of letters.
const (
	mostVisits  = 4_000_000
	mostLetters = 600
)

// automaton compiles a pattern, nil if it uses what a finite automaton cannot
// do, such as looking ahead or back.
func automaton(pattern string) *syntax.Prog {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return nil
	}
	prog, err := syntax.Compile(re.Simplify())
	if err != nil {
		return nil
	}
	for _, inst := range prog.Inst {
		const edges = syntax.EmptyBeginText | syntax.EmptyEndText
		if inst.Op == syntax.InstEmptyWidth && syntax.EmptyOp(inst.Arg)&^edges != 0 {
			return nil
		}
	}
	return prog
}

// answer is what can be said of a question that is not always decided.
type answer uint8

const (
	unknown answer = iota
	yes
	no
)

// within reports whether every string of a is one of b, and if not, the
// shortest that is none.
func (a language) within(b language) (answer, string) {
	s := &search{a: a, b: b, seen: map[string]bool{}}
	s.progs = slices.Concat(a.patterns, b.patterns)
	s.letters = lettersOf(s.progs)
	if slices.Contains(s.progs, nil) || len(s.letters) > mostLetters {
		return unknown, ""
	}
	return s.run()
}

// search is a walk over the common states of two languages.
type search struct {
	a, b    language
	progs   []*syntax.Prog // of a, then of b
	letters []rune
	seen    map[string]bool
	states  []state
	visits  int
}

// state is where the automata are after a string.
type state struct {
	sets   []threads // of a's patterns, then of b's
	length int       // of the string, as far as it matters
	from   int       // the state before
	letter rune
}

// threads are the instructions at which a pattern may go on. One that has found
// a match accepts whatever follows.
type threads struct {
	at      []uint32
	matched bool
}

func (s *search) run() (answer, string) {
	s.push(state{from: -1, sets: make([]threads, len(s.progs))})
	for i := 0; i < len(s.states); i++ { // the states grow
		if s.visits > mostVisits {
			return unknown, ""
		}
		if s.accepts(s.a, i, 0) && !s.accepts(s.b, i, len(s.a.patterns)) {
			return no, s.text(i)
		}
		if s.a.most >= 0 && s.states[i].length >= s.a.most {
			continue
		}
		for _, letter := range s.letters {
			s.push(s.step(i, letter))
		}
	}
	return yes, ""
}

// push adds a state that was not met before.
func (s *search) push(next state) {
	var key []byte
	for _, set := range next.sets {
		if set.matched {
			key = append(key, 1)
		}
		for _, pc := range set.at {
			key = binary.AppendUvarint(key, uint64(pc)+2)
		}
		key = append(key, 0)
	}
	key = binary.AppendUvarint(key, uint64(next.length))
	if next.from < 0 {
		key = append(key, 'b') // only here does ^ match
	}
	if !s.seen[string(key)] {
		s.seen[string(key)] = true
		s.states = append(s.states, next)
	}
}

// step is the state after one more letter.
func (s *search) step(i int, letter rune) state {
	before := s.states[i]
	next := state{from: i, letter: letter, length: min(before.length+1, s.farthest())}
	for j, prog := range s.progs {
		now := s.closure(prog, before.sets[j], s.at(i))
		set := threads{matched: now.matched}
		for _, pc := range now.at {
			if inst := &prog.Inst[pc]; !set.matched && inst.MatchRune(letter) {
				set.at = append(set.at, inst.Out)
			}
		}
		slices.Sort(set.at)
		set.at = slices.Compact(set.at)
		next.sets = append(next.sets, set)
	}
	return next
}

// farthest is the length after which all are alike.
func (s *search) farthest() int { return max(s.a.least, s.a.most+1, s.b.least, s.b.most+1) }

func (s *search) at(i int) syntax.EmptyOp {
	if s.states[i].from < 0 {
		return syntax.EmptyBeginText
	}
	return 0
}

// accepts reports whether the string that led to the state is in the language,
// whose patterns begin at first.
func (s *search) accepts(l language, i, first int) bool {
	st := s.states[i]
	if st.length < l.least || l.most >= 0 && st.length > l.most {
		return false
	}
	for j, prog := range l.patterns {
		if s.closure(prog, st.sets[first+j], s.at(i)|syntax.EmptyEndText).matched == l.any {
			return l.any
		}
	}
	return !l.any
}

// closure follows all that takes no letter. A match may begin at any place.
func (s *search) closure(prog *syntax.Prog, set threads, at syntax.EmptyOp) threads {
	if set.matched {
		return set
	}
	s.visits += len(prog.Inst)
	var all threads
	stack := append(slices.Clone(set.at), uint32(prog.Start))
	seen := make([]bool, len(prog.Inst))
	for len(stack) > 0 {
		pc := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if seen[pc] {
			continue
		}
		seen[pc] = true
		switch inst := prog.Inst[pc]; inst.Op {
		case syntax.InstMatch:
			return threads{matched: true}
		case syntax.InstAlt, syntax.InstAltMatch:
			stack = append(stack, inst.Out, inst.Arg)
		case syntax.InstCapture, syntax.InstNop:
			stack = append(stack, inst.Out)
		case syntax.InstEmptyWidth:
			if syntax.EmptyOp(inst.Arg)&^at == 0 {
				stack = append(stack, inst.Out)
			}
		case syntax.InstFail:
		default:
			all.at = append(all.at, pc)
		}
	}
	return all
}

// text spells the string that led to the state.
func (s *search) text(i int) string {
	var letters []rune
	for ; s.states[i].from >= 0; i = s.states[i].from {
		letters = append(letters, s.states[i].letter)
	}
	slices.Reverse(letters)
	return string(letters)
}

// lettersOf returns one letter of every class that the patterns tell apart,
// those that people can read first.
func lettersOf(progs []*syntax.Prog) []rune {
	edges := []rune{0, unicode.MaxRune + 1, 0xd800, 0xe000} // surrogates are no letters
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
		if low != 0xd800 && low <= unicode.MaxRune {
			letters = append(letters, readable(low, edges[i+1]-1))
		}
	}
	slices.SortStableFunc(letters, func(a, b rune) int { return legibility(a) - legibility(b) })
	return letters
}

// edgesOf lists where the letters of an instruction begin and where they end.
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
		edges = append(edges, inst.Rune[0], inst.Rune[0]+1)
		folds := syntax.Flags(inst.Arg)&syntax.FoldCase != 0
		for r := unicode.SimpleFold(inst.Rune[0]); folds && r != inst.Rune[0]; r = unicode.SimpleFold(r) {
			edges = append(edges, r, r+1)
		}
		return edges
	}
	for i := 0; i+1 < len(inst.Rune); i += 2 {
		edges = append(edges, inst.Rune[i], inst.Rune[i+1]+1)
	}
	return edges
}

// readable returns a letter between low and high that people can read, if one
// is there.
func readable(low, high rune) rune {
	for _, r := range "aA0 -_!" {
		if low <= r && r <= high {
			return r
		}
	}
	return max(low, min(high, '!'))
}

func legibility(r rune) int {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
		return 0
	case r > ' ' && r < unicode.MaxASCII:
		return 1
	}
	return 2
}
