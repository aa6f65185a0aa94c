package pattern

import (
	"encoding/binary"
	"regexp/syntax"
	"slices"
)

// Two languages are compared by running the automata of both at once. A state
// is the set of instructions at which each automaton may be. One letter stands
// for every class of letters that the automata distinguish. The states are
// visited breadth first, so that the first string that one language has and the
// other lacks is the shortest.

// mostVisits bounds the comparison of two languages, in instructions that are
// looked at, and mostLetters the classes of letters.
const (
	mostVisits  = 4_000_000
	mostLetters = 600
)

// compile returns nil for a pattern that uses what a finite automaton cannot do,
// such as looking ahead or back.
func compile(pattern string) *syntax.Prog {
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

// product runs the automata of two languages on the same strings.
type product struct {
	first, second Language
	progs         []*syntax.Prog // of the first language, then of the second
	offset        int            // where those of the second begin
	letters       []rune
	seen          map[string]bool
	states        []state
	visits        int
}

func newProduct(first, second Language) *product {
	progs := slices.Concat(slices.Concat(first.clauses...), slices.Concat(second.clauses...))
	return &product{
		first:   first,
		second:  second,
		progs:   progs,
		offset:  len(slices.Concat(first.clauses...)),
		letters: lettersOf(progs),
		seen:    map[string]bool{},
	}
}

// state is where the automata are after a string.
type state struct {
	sets   []threads // one for each of product.progs
	length int       // of the string, up to product.longest
	from   int       // the state before, negative at the beginning
	letter rune      // that led here
}

// threads are the instructions at which an automaton may go on. One that has
// found a match accepts whatever follows.
type threads struct {
	at      []uint32
	matched bool
}

// run looks for a string that the first language has and the second lacks.
func (p *product) run() (Answer, string) {
	p.push(state{from: -1, sets: make([]threads, len(p.progs))})
	for i := 0; i < len(p.states); i++ { // the states grow
		if p.visits > mostVisits {
			return Undecided, ""
		}
		if p.accepts(p.first, i, 0) && !p.accepts(p.second, i, p.offset) {
			return No, p.text(i)
		}
		if p.first.most >= 0 && p.states[i].length >= p.first.most {
			continue
		}
		for _, letter := range p.letters {
			p.push(p.step(i, letter))
		}
	}
	return Yes, ""
}

// push adds a state unless it is known.
func (p *product) push(next state) {
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
		key = append(key, 'b') // ^ matches only here
	}
	if !p.seen[string(key)] {
		p.seen[string(key)] = true
		p.states = append(p.states, next)
	}
}

// step returns the state after one more letter.
func (p *product) step(i int, letter rune) state {
	before := p.states[i]
	next := state{from: i, letter: letter, length: min(before.length+1, p.longest())}
	for j, prog := range p.progs {
		now := p.closure(prog, before.sets[j], p.edges(i))
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

// longest is the length from which on neither language asks for the length.
func (p *product) longest() int {
	return max(p.first.least, p.first.most+1, p.second.least, p.second.most+1)
}

// edges says which empty matches are possible in a state.
func (p *product) edges(i int) syntax.EmptyOp {
	if p.states[i].from < 0 {
		return syntax.EmptyBeginText
	}
	return 0
}

// accepts reports whether the string that led to the state is in the language.
// The language's automata begin at offset.
func (p *product) accepts(l Language, i, offset int) bool {
	st := p.states[i]
	if st.length < l.least || l.most >= 0 && st.length > l.most {
		return false
	}
	end := p.edges(i) | syntax.EmptyEndText
	for _, c := range l.clauses {
		sets := st.sets[offset : offset+len(c)]
		offset += len(c)
		if !p.matchesOne(c, sets, end) {
			return false
		}
	}
	return true
}

func (p *product) matchesOne(c clause, sets []threads, end syntax.EmptyOp) bool {
	for j, prog := range c {
		if p.closure(prog, sets[j], end).matched {
			return true
		}
	}
	return false
}

// closure follows all instructions that take no letter. A match may begin
// anywhere, so the automaton's start always belongs to it.
func (p *product) closure(prog *syntax.Prog, set threads, at syntax.EmptyOp) threads {
	if set.matched {
		return set
	}
	p.visits += len(prog.Inst)
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
func (p *product) text(i int) string {
	var letters []rune
	for ; p.states[i].from >= 0; i = p.states[i].from {
		letters = append(letters, p.states[i].letter)
	}
	slices.Reverse(letters)
	return string(letters)
}
