package jsonschema

import "github.com/assent-dev/assent/diff"

// A schema with several types and alternatives of one type each are two ways to
// write the same: {"type": ["string", "null"]} and {"anyOf": [{"type": "string"},
// {"type": "null"}]}. Where one side is written the one way and the other the
// other, each alternative is compared with what the plain side says of its
// types.

// part is a schema as far as it concerns some kinds of values, with what one of
// its alternatives adds.
type part struct {
	whole, branch *effective
	kinds         kinds
}

// compareParts reports whether the schemas could be compared this way.
func (w *walk) compareParts() bool {
	plain, split := w.old, w.new
	if len(plain.groups) > 0 {
		plain, split = split, plain
	}
	if len(plain.groups) > 0 || len(split.groups) != 1 {
		return false
	}
	branches := w.distinct(split)
	var seen kinds
	for _, b := range branches {
		if seen&b.schema.kinds != 0 {
			return false
		}
		seen |= b.schema.kinds
	}
	if split.kinds&^seen != 0 { // no branch allows what their types promise
		return false
	}
	for _, b := range branches {
		shared := b.schema.kinds & w.old.kinds & w.new.kinds
		if shared == 0 {
			continue // the kinds themselves have been compared
		}
		one, other := plain.part(nil, shared), split.part(b.schema, shared)
		if plain == w.old {
			w.among(diff.Step{}, one, other)
		} else {
			w.among(diff.Step{}, other, one)
		}
	}
	return true
}

// part returns the schema limited to the kinds; the branch takes the place of
// all alternatives.
func (e *effective) part(branch *effective, k kinds) *effective {
	key := part{e, branch, k}
	if p := e.reader.parts[key]; p != nil {
		return p
	}
	p := &effective{reader: e.reader, sites: e.sites, nodes: e.nodes, choices: e.choices, never: e.never, excess: e.excess, kinds: k}
	if branch != nil {
		p.sites = append(e.sites[:len(e.sites):len(e.sites)], branch.sites...)
		p.nodes = append(e.nodes[:len(e.nodes):len(e.nodes)], branch.nodes...)
		p.groups, p.excess = branch.groups, e.excess || branch.excess
		p.choices = append(e.choices[:len(e.choices):len(e.choices)], branch.choices...)
	}
	e.reader.parts[key] = p
	return p
}
