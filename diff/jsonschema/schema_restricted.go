package jsonschema

import "github.com/assent-dev/assent/diff/tree"

// part is a schema as far as it concerns some kinds of values, with what one of
// its alternatives adds.
type part struct {
	whole, branch *effective
	kinds         kinds
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

// telling is a property and the branch of the other revision that has some of its
// values.
type telling struct {
	whole, branch *effective
	name          string
}

// having returns the schema of those of its values whose property suits the branch
// as well.
func (e *effective) having(name string, branch *effective) *effective {
	key := telling{e, branch, name}
	if p := e.reader.having[key]; p != nil {
		return p
	}
	p := *e
	p.also = map[string][]*tree.Node{name: branch.property(name).schemas}
	e.reader.having[key] = &p
	return &p
}
