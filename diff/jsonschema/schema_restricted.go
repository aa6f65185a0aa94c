package jsonschema

import (
	"slices"

	"github.com/assent-dev/assent/diff/tree"
)

// kindsKey identifies a result of restrictedToKinds.
type kindsKey struct {
	whole, branch *effective
	kinds         kinds
}

// restrictedToKinds returns the schema limited to some kinds of values. The
// branch, if it is not nil, takes the place of the choices.
func (e *effective) restrictedToKinds(branch *effective, k kinds) *effective {
	key := kindsKey{e, branch, k}
	if p := e.reader.restrictedKinds[key]; p != nil {
		return p
	}
	p := &effective{
		reader:      e.reader,
		sites:       e.sites,
		nodes:       e.nodes,
		falseSchema: e.falseSchema,
		valueLists:  e.valueLists,
		kinds:       k,
		tooLarge:    e.tooLarge,
	}
	if branch != nil {
		p.sites = slices.Concat(e.sites, branch.sites)
		p.nodes = slices.Concat(e.nodes, branch.nodes)
		p.groups, p.tooLarge = branch.groups, e.tooLarge || branch.tooLarge
		p.valueLists = slices.Concat(e.valueLists, branch.valueLists)
	}
	e.reader.restrictedKinds[key] = p
	return p
}

// caseKey identifies a result of restrictedTo.
type caseKey struct {
	whole, branch *effective
	name          string
}

// restrictedTo returns the schema limited to the values in which the property
// fits the branch, too.
func (e *effective) restrictedTo(name string, branch *effective) *effective {
	key := caseKey{e, branch, name}
	if p := e.reader.restrictedCases[key]; p != nil {
		return p
	}
	p := *e
	p.extraProperties = map[string][]*tree.Node{name: branch.property(name).schemas}
	e.reader.restrictedCases[key] = &p
	return &p
}
