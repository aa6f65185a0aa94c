package odcs

import (
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

var roleRemoved = &diff.Rule{
	ID: "odcs/role-removed", Title: "role removed", Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
Consumers that have access by the role lose it. Keep the role until all of them have
another one.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
roles:
  - {role: reader, access: read}
  - {role: analyst, access: read}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
roles:
  - {role: analyst, access: read}
-- want --
new.yaml:5:5: breaking: role reader: the role was removed [odcs/role-removed] (was old.yaml:5)
    both: contract
`,
}

var roleAccessChanged = &diff.Rule{
	ID:       "odcs/role-access-changed",
	Title:    "access of a role changed",
	Sends:    diff.Risky,
	Receives: diff.Risky,
	Doc: `
Consumers with the role have different access to the data now, perhaps less than they
need.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
roles:
  - {role: analyst, access: read and share}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
roles:
  - {role: analyst, access: read}
-- want --
new.yaml:5:21: risky: role analyst: access changed from read and share to read [odcs/role-access-changed] (was old.yaml:5)
    both: contract
`,
}

var roleAdded = &diff.Rule{
	ID: "odcs/role-added", Title: "role added",
	Doc: `
Consumers have another way to get access.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
roles:
  - {role: analyst, access: read}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
roles:
  - {role: analyst, access: read}
  - {role: reader, access: read}
-- want --
new.yaml:6:5: safe: role reader: the role is new [odcs/role-added]
    both: contract
`,
}

var supportLastChannelRemoved = &diff.Rule{
	ID:       "odcs/support-last-channel-removed",
	Title:    "last support channel removed",
	Sends:    diff.Risky,
	Receives: diff.Risky,
	Doc: `
Readers do not know whom to ask, or where outages are announced. Name a channel.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
status: active
support:
  - {channel: "#orders", tool: slack, url: "https://chat.example.org/orders"}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
status: active
-- want --
new.yaml:4:1: risky: contract: the last support channel was removed [odcs/support-last-channel-removed] (was old.yaml:5)
`,
}

var ownerRemoved = &diff.Rule{
	ID: "odcs/owner-removed", Title: "last owner removed", Sends: diff.Risky, Receives: diff.Risky,
	Doc: `
The team has no owner any more: no member whose role contains "owner" and who has not
left (dateOut). Name another owner.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
team:
  members:
    - {username: ada@example.org, role: Data Owner}
    - {username: max@example.org, role: Steward}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
team:
  members:
    - {username: max@example.org, role: Steward}
-- want --
new.yaml:4:1: risky: contract: the team no longer has an owner [odcs/owner-removed] (was old.yaml:4)
`,
}

// access compares roles, support channels and the team.
func (w *walk) access(whole place) {
	m := pair(w.old, w.new, "roles", byMembers("role", "access"), byMembers("role"))
	for _, c := range m.both {
		p := rolePlace(whole, c.new)
		if !same(c.old, c.new, "access") {
			w.member(p, roleAccessChanged, changed("access", get(c.old, "access"), get(c.new, "access")),
				c.old, c.new, "access")
		}
		w.metadata(p, c.old, c.new, "role", "access")
	}
	for _, l := range m.gone {
		w.add(rolePlace(whole, l.old), roleRemoved, found{
			old:     l.old.At(),
			new:     l.near,
			before:  l.old.Digest(described...),
			after:   diff.HashOf("removed"),
			message: "the role was removed",
		})
	}
	for _, n := range m.fresh {
		w.add(rolePlace(whole, n), roleAdded, found{
			new:     n.At(),
			after:   n.Digest(described...),
			message: "the role is new",
		})
	}
	o, n := get(w.old, "support"), get(w.new, "support")
	switch {
	case o != nil && n == nil:
		w.member(whole, supportLastChannelRemoved, "the last support channel was removed", w.old, w.new,
			"support")
	case o.Hash() != n.Hash() && !sameSet(o, n):
		w.member(whole, metadataChanged, "support channels changed", w.old, w.new, "support")
	}
	switch {
	case hasOwner(w.old) && !hasOwner(w.new):
		w.member(whole, ownerRemoved, "the team no longer has an owner", w.old, w.new, "team")
	case !sameTeam(get(w.old, "team"), get(w.new, "team")):
		w.member(whole, metadataChanged, "the team changed", w.old, w.new, "team")
	}
}

func rolePlace(whole place, n *tree.Node) place {
	whole.definition = diff.PathOf(aspect("role", get(n, "role").Text))
	return whole
}

// teamMembers returns the list of a team's members. In version 3.0 of the
// standard the team itself is this list.
func teamMembers(team *tree.Node) *tree.Node {
	if team.Is(tree.Object) {
		return get(team, "members")
	}
	return team
}

// hasOwner reports whether the contract's team has an owner who has not left.
func hasOwner(root *tree.Node) bool {
	for member := range teamMembers(get(root, "team")).Children() {
		if strings.Contains(strings.ToLower(get(member, "role").Str()), "owner") &&
			get(member, "dateOut") == nil {
			return true
		}
	}
	return false
}

// sameTeam reports whether two teams are equal, in whichever version of the
// standard they are written.
func sameTeam(o, n *tree.Node) bool {
	if !slices.Equal(hashes(teamMembers(o)), hashes(teamMembers(n))) {
		return false
	}
	for _, key := range members(o, n) {
		if key != "members" && key != "" && !same(o, n, key) {
			return false
		}
	}
	return true
}
