package avro

import (
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
)

// unions compares two types of which at least one is a union. It compares
// branches that correspond with each other, so that a change inside a branch is
// reported there and not as a removed branch.
func (w *walk) unions(p place, old, new ref) {
	b := newBranching(old, new)
	if b.replaced(old, new) {
		w.typeReplaced(p, old, new, b.readable())
		for _, k := range b.kept {
			w.logicals(p, b.old[k[0]], b.new[k[1]])
		}
		return
	}
	w.matchRenamedBranches(p, b)
	into := func(i, j int) place {
		return p.descend(branchHop(old, b.old[i]), branchHop(new, b.new[j]))
	}
	for _, k := range b.kept {
		w.types(into(k[0], k[1]), b.old[k[0]], b.new[k[1]])
	}
	for _, i := range b.merged {
		if o, n := b.old[i], b.new[b.to[i]]; o.to.kind == n.to.kind {
			w.types(into(i, b.to[i]).limitedTo(diff.Sends), o, n)
		}
	}
	for _, j := range b.split {
		if o, n := b.old[b.from[j]], b.new[j]; o.to.kind == n.to.kind {
			w.types(into(b.from[j], j).limitedTo(diff.Receives), o, n)
		}
	}
	w.addedAndRemovedBranches(p, b, old, new)
}

// branchHop is the step to a branch of a union. For any other type it is zero.
func branchHop(r, branch ref) hop {
	if r.to.kind != union {
		return hop{}
	}
	return hop{in: r.to, to: branch}
}

// replaced reports whether a union took the place of a single type, or the
// reverse, and no branch has the kind of the single type. That counts as one
// change of the type.
func (b *branching) replaced(old, new ref) bool {
	if old.to.kind == union && new.to.kind == union || len(b.old) == 0 || len(b.new) == 0 {
		return false
	}
	for _, o := range b.old {
		for _, n := range b.new {
			if o.to.kind == n.to.kind {
				return false
			}
		}
	}
	return true
}

// matchRenamedBranches pairs lost branches with gained ones: a definition that
// was renamed or resized, or the only lost branch with the only gained one.
func (w *walk) matchRenamedBranches(p place, b *branching) {
	var lost []int
	for _, i := range b.lost {
		o := b.old[i]
		at := slices.IndexFunc(b.gained, func(j int) bool {
			n := b.new[j]
			return o.to.isNamed() && o.to.kind == n.to.kind &&
				(matchingNames(o.to, n.to) != 0 || w.looksRenamed(p, o.to, n.to))
		})
		if at < 0 && len(b.lost) == 1 && len(b.gained) == 1 && !isNull(o) && !isNull(b.new[b.gained[0]]) {
			at = 0
		}
		if at < 0 {
			lost = append(lost, i)
			continue
		}
		b.kept = append(b.kept, [2]int{i, b.gained[at]})
		b.gained = slices.Delete(slices.Clone(b.gained), at, at+1)
	}
	b.lost = lost
}

var madeNullable = &diff.Rule{
	ID: "avro/made-nullable", Title: "null allowed", Sends: diff.Safe, Receives: diff.Breaking,
	Doc: `
Readers with the old schema cannot read null. The change is safe only for old data and
new readers. Update all readers before a writer leaves the value out.`,
	Aliases: []string{
		"confluent:TYPE_MISMATCH@receives", "confluent:MISSING_UNION_BRANCH@receives",
		"avro:MISSING_UNION_BRANCH@receives",
	},
	Example: `
--compatibility full
-- old.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "venue", "type": "string"}
]}
-- new.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "venue", "type": ["null", "string"]}
]}
-- want --
new.avsc:2:30: breaking: record Trade › venue: null is now allowed [avro/made-nullable] (was old.avsc:2)
    for example {"venue":null}: accepted by the new revision, refused by the old
    both: Trade › venue
`,
}

var madeRequired = &diff.Rule{
	ID: "avro/made-required", Title: "null no longer allowed", Sends: diff.Breaking, Receives: diff.Safe,
	Doc: `
The new schema cannot read old data with null, not even if the field has a default: a
default replaces an absent field and not null. Keep null in the union as long as data
with it is read.`,
	Aliases: []string{
		"confluent:TYPE_MISMATCH@sends", "confluent:MISSING_UNION_BRANCH@sends",
		"avro:MISSING_UNION_BRANCH@sends",
	},
	Example: `
-- old.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "venue", "type": ["null", "string"]}
]}
-- new.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "venue", "type": "string", "default": ""}
]}
-- want --
new.avsc:2:21: breaking: record Trade › venue: null is no longer allowed [avro/made-required] (was old.avsc:2)
    for example {"venue":null}: accepted by the old revision, refused by the new
    both: Trade › venue
new.avsc:2:39: safe: record Trade › venue: default added [avro/default-added] (was old.avsc:2)
    both: Trade › venue
`,
}

var unionBranchAdded = &diff.Rule{
	ID: "avro/union-branch-added", Title: "union branch added", Sends: diff.Safe, Receives: diff.Breaking,
	Doc: `
Readers with the old schema cannot read a value of the new branch. Update all
readers before the first writer uses it.`,
	Aliases: []string{"confluent:MISSING_UNION_BRANCH@receives", "avro:MISSING_UNION_BRANCH@receives"},
	Example: `
--compatibility full
-- old.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "venue", "type": ["null", "string"]}
]}
-- new.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "venue", "type": ["null", "string", "int"]}
]}
-- want --
new.avsc:2:48: breaking: record Trade › venue: branches added: int [avro/union-branch-added] (was old.avsc:2)
    for example {"venue":{"int":0}}: accepted by the new revision, refused by the old
    both: Trade › venue
`,
}

var unionBranchRemoved = &diff.Rule{
	ID: "avro/union-branch-removed", Title: "union branch removed", Sends: diff.Breaking, Receives: diff.Safe,
	Doc: `
The new schema has no branch that reads values of the old one. Keep the branch and stop
writing it.`,
	Aliases: []string{"confluent:MISSING_UNION_BRANCH@sends", "avro:MISSING_UNION_BRANCH@sends"},
	Example: `
-- old.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "venue", "type": ["null", "string", "int"]}
]}
-- new.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "venue", "type": ["null", "string"]}
]}
-- want --
new.avsc:2:21: breaking: record Trade › venue: branches removed: int [avro/union-branch-removed] (was old.avsc:2)
    for example {"venue":{"int":0}}: accepted by the old revision, refused by the new
    both: Trade › venue
`,
}

var unionBranchSplit = &diff.Rule{
	ID:       "avro/union-branch-split",
	Title:    "union branch added that old readers read as another branch",
	Sends:    diff.Safe,
	Receives: diff.Safe,
	Doc: `
Old readers promote values of the new branch to a branch that they have: for example,
they read an int as the long that was in the union before.`,
	Example: `
-- old.avsc --
["null", "long"]
-- new.avsc --
["null", "long", "int"]
-- want --
new.avsc:1:18: safe: schema: branches added that old readers read as another branch: int [avro/union-branch-split] (was old.avsc:1)
`,
}

var unionBranchMerged = &diff.Rule{
	ID:       "avro/union-branch-merged",
	Title:    "union branch removed, a wider branch reads its data",
	Sends:    diff.Safe,
	Receives: diff.Safe,
	Doc: `
The new schema promotes values of the old branch to a branch that remains: for example,
it reads an int as a long.`,
	Example: `
-- old.avsc --
["null", "long", "int"]
-- new.avsc --
["null", "long"]
-- want --
new.avsc:1:1: safe: schema: branches removed whose data a wider branch reads: int [avro/union-branch-merged] (was old.avsc:1)
`,
}

// addedAndRemovedBranches reports the branches that only one revision has.
func (w *walk) addedAndRemovedBranches(p place, b *branching, old, new ref) {
	lost, gained := pick(b.old, b.lost), pick(b.new, b.gained)
	if i := slices.IndexFunc(gained, isNull); i >= 0 {
		w.add(p, madeNullable, found{
			old:       old.at,
			new:       gained[i].at,
			after:     diff.HashOf("null"),
			message:   "null is now allowed",
			newSample: sample{typ: new.to, branch: gained[i].to},
		})
		gained = slices.Delete(gained, i, i+1)
	}
	if i := slices.IndexFunc(lost, isNull); i >= 0 {
		w.add(p, madeRequired, found{
			old:       lost[i].at,
			new:       new.at,
			before:    diff.HashOf("null"),
			message:   "null is no longer allowed",
			oldSample: sample{typ: old.to, branch: lost[i].to},
		})
		lost = slices.Delete(lost, i, i+1)
	}
	added := branchChange{unionBranchAdded, "branches added: ", gained}
	removed := branchChange{unionBranchRemoved, "branches removed: ", lost}
	split := branchChange{
		unionBranchSplit, "branches added that old readers read as another branch: ",
		pick(b.new, b.split),
	}
	merged := branchChange{
		unionBranchMerged, "branches removed whose data a wider branch reads: ",
		pick(b.old, b.merged),
	}
	w.branchesAdded(p, old, new, added)
	w.branchesRemoved(p, old, new, removed)
	w.branchesAdded(p, old, new, split)
	w.branchesRemoved(p, old, new, merged)
	w.unionForm(p, b, old, new)
}

func isNull(r ref) bool { return r.to.kind == "null" }

// branchChange is a rule and the branches that it reports in one finding.
type branchChange struct {
	rule     *diff.Rule
	message  string // the names of the branches follow
	branches []ref
}

func (w *walk) branchesAdded(p place, old, new ref, c branchChange) {
	if names := slices.Sorted(slices.Values(texts(c.branches))); len(names) > 0 {
		w.add(p, c.rule, found{
			old:       old.at,
			new:       c.branches[0].at,
			after:     diff.HashOf(names...),
			message:   c.message + strings.Join(names, ", "),
			values:    names,
			newSample: sample{typ: new.to, branch: c.branches[0].to},
		})
	}
}

func (w *walk) branchesRemoved(p place, old, new ref, c branchChange) {
	if names := slices.Sorted(slices.Values(texts(c.branches))); len(names) > 0 {
		w.add(p, c.rule, found{
			old:       c.branches[0].at,
			new:       new.at,
			before:    diff.HashOf(names...),
			message:   c.message + strings.Join(names, ", "),
			values:    names,
			oldSample: sample{typ: old.to, branch: c.branches[0].to},
		})
	}
}

var unionWrappingChanged = &diff.Rule{
	ID:       "avro/union-wrapping-changed",
	Title:    "type wrapped in a union with one branch, or unwrapped",
	Sends:    diff.Safe,
	Receives: diff.Safe,
	Doc: `
A union of one branch allows the same values as the branch, and each is read as the
other. The bytes differ by the number of the branch, which only matters to programs
that read without the writer's schema.`,
	Example: `
-- old.avsc --
{"type": "map", "values": "long"}
-- new.avsc --
{"type": "map", "values": ["long"]}
-- want --
new.avsc:1:17: safe: schema{}: written as [long] instead of long [avro/union-wrapping-changed] (was old.avsc:1)
`,
}

var unionBranchesReordered = &diff.Rule{
	ID:       "avro/union-branches-reordered",
	Title:    "union branches reordered",
	Sends:    diff.Safe,
	Receives: diff.Safe,
	Doc: `
Readers that know the writer's schema match branches by type. The numbers that are
written differ. Before Avro 1.12 a field's default had to be of the first branch, so
check the defaults.`,
	Example: `
-- old.avsc --
["null", "string"]
-- new.avsc --
["string", "null"]
-- want --
new.avsc:1:1: safe: schema: branches were reordered [avro/union-branches-reordered] (was old.avsc:1)
`,
}

// unionForm reports unions that have the same branches but are encoded
// differently.
func (w *walk) unionForm(p place, b *branching, old, new ref) {
	if len(b.lost)+len(b.gained)+len(b.split)+len(b.merged) > 0 {
		return
	}
	var rule *diff.Rule
	message := ""
	switch {
	case old.to.kind != new.to.kind:
		rule, message = unionWrappingChanged, "written as "+new.String()+" instead of "+old.String()
	case slices.ContainsFunc(b.kept, func(k [2]int) bool { return k[0] != k[1] }):
		rule, message = unionBranchesReordered, "branches were reordered"
	default:
		return
	}
	w.add(p, rule, found{
		old:     old.at,
		new:     new.at,
		before:  diff.HashOf(old.String()),
		after:   diff.HashOf(new.String()),
		message: message,
	})
}

func pick(refs []ref, indices []int) []ref {
	var out []ref
	for _, i := range indices {
		out = append(out, refs[i])
	}
	return out
}
