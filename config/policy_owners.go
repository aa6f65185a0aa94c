package config

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/assent-dev/assent/approval"
	"github.com/assent-dev/assent/diff"
)

var ownersChanged = &diff.Rule{
	ID: "config/owners-changed", Title: "others answer",
	Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
Owners agree to what hits no registered consumer, and to changes of the policy.
Those who answered so far have to agree to others, to more and to fewer.`,
	Example: `
-- old/.github/assent.yml --
version: 1
contracts:
  - {path: api.yaml, owners: [acme/orders]}
-- new/.github/assent.yml --
version: 1
contracts:
  - {path: api.yaml, owners: [acme/orders, acme/interns]}
-- want --
new/.github/assent.yml:3:22: breaking: contract api.yaml › owners: the owners are acme/interns, acme/orders instead of acme/orders [config/owners-changed] (was old/.github/assent.yml:3)
`,
}

// answer is who answers for a file, and where that is said.
type answer struct {
	party approval.Party
	way   []string      // in the configuration
	at    diff.Location // in CODEOWNERS
}

// ownersOf returns who answers for a contract: those whom its entry names, else
// the teams of the data contract that describes it, else its code owners, else
// whoever may write.
func (p *policy) ownersOf(l listed) answer {
	a := answer{party: approval.Party{Teams: l.Owners}, way: append(slices.Clone(l.way), "owners")}
	if a.party.IsZero() {
		a.party.Teams = p.surroundings.Teams[l.file]
	}
	if a.party.IsZero() {
		a.party, a.at = p.owners.find(l.file)
		if a.at.File != "" {
			a.at.File = path.Join(p.folder, a.at.File)
		}
	}
	if a.party.IsZero() {
		a.party.Writers = true
	}
	return a
}

// compareOwners compares who answers for a contract, or without one for the
// policy itself.
func (c *comparison) compareOwners(at diff.Path, old, new answer) {
	if equalParties(old, new) {
		return
	}
	f := finding{
		rule:    ownersChanged,
		about:   setting("owners", ""),
		old:     old.way,
		new:     new.way,
		oldAt:   old.at,
		newAt:   new.at,
		before:  old.String(),
		after:   new.String(),
		message: fmt.Sprintf("the owners are %s instead of %s", new, old),
	}
	if old.party.Writers {
		c.gain(at, f)
		return
	}
	c.found(at.Join(f.about), f)
}

// String lists who answers, in a fixed order.
func (a answer) String() string {
	if a.party.Writers {
		return "anyone with write access"
	}
	all := slices.Concat(a.party.Teams, a.party.Users)
	slices.SortFunc(all, func(a, b string) int {
		return strings.Compare(strings.ToLower(a), strings.ToLower(b))
	})
	return strings.Join(slices.Compact(all), ", ")
}

func equalParties(a, b answer) bool { return strings.EqualFold(a.String(), b.String()) }
