package config

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
	"github.com/assent-dev/assent/usage"
)

var consumerRemoved = &diff.Rule{
	ID: "config/consumer-removed", Title: "consumer removed",
	Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
The team is no longer asked about what breaks it. It knows whether it has stopped
to use the contract.`,
	Example: `
-- old/.github/assent.yml --
version: 1
contracts: [{path: api.yaml}]
consumers:
  - {team: acme/mobile, contract: api}
-- new/.github/assent.yml --
version: 1
contracts: [{path: api.yaml}]
-- want --
new/.github/assent.yml:1:1: breaking: contract api.yaml › consumer acme/mobile: is no longer registered [config/consumer-removed] (was old/.github/assent.yml:4)
    both: consumer acme/mobile
`,
}

var useNarrowed = &diff.Rule{
	ID: "config/use-narrowed", Title: "use no longer registered",
	Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
The team is no longer asked about this part of what it registered. It knows
whether it still needs it. Sending one more field does not widen the use: whoever
sends a field is not asked when it becomes required.`,
	Example: `
-- old/.github/assent.yml --
version: 1
contracts: [{path: api.yaml}]
consumers:
  - {team: acme/mobile, contract: api, uses: ["GET /orders reads id, status"]}
-- new/.github/assent.yml --
version: 1
contracts: [{path: api.yaml}]
consumers:
  - {team: acme/mobile, contract: api, uses: ["GET /orders reads id"]}
-- want --
new/.github/assent.yml:4:40: breaking: contract api.yaml › consumer acme/mobile: is no longer registered for all of GET /orders reads id, status [config/use-narrowed] (was old/.github/assent.yml:4)
    both: consumer acme/mobile
`,
}

var readerChanged = &diff.Rule{
	ID: "config/reader-changed", Title: "reader's schema changed",
	Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
Whether a team can read the data is found out with this schema. With another one
it may be asked less often: it knows which one it reads with.`,
	Example: `
-- old/.github/assent.yml --
version: 1
contracts: [{path: trade.avsc, format: avro}]
consumers:
  - {team: acme/billing, contract: trade, reader: billing.avsc}
-- old/billing.avsc --
{"type": "record", "name": "Trade", "fields": [{"name": "price", "type": "double"}]}
-- new/.github/assent.yml --
version: 1
contracts: [{path: trade.avsc, format: avro}]
consumers:
  - {team: acme/billing, contract: trade, reader: billing.avsc}
-- new/billing.avsc --
{"type": "record", "name": "Trade", "fields": []}
-- want --
new/.github/assent.yml:4:43: breaking: contract trade.avsc › consumer acme/billing: no longer reads with the schema that billing.avsc had [config/reader-changed] (was old/.github/assent.yml:4)
    both: consumer acme/billing
`,
}

// registered is what one team says of one contract, in one or more entries.
type registered struct {
	team    string
	entries []Consumer
	indexes []int
}

// hasReader reports whether the team reads with a schema of its own.
func (r *registered) hasReader() bool {
	return slices.ContainsFunc(r.entries, func(c Consumer) bool { return c.Reader != "" })
}

// consumersOf gathers the consumers of contracts of these names by team.
func (p *policy) consumersOf(names ...string) []registered {
	var indexes []int
	for _, name := range names {
		indexes = append(indexes, p.consumers[name]...)
	}
	slices.Sort(indexes)
	var all []registered
	byTeam := map[string]int{}
	for _, i := range slices.Compact(indexes) {
		consumer := p.Consumers[i]
		j, known := byTeam[strings.ToLower(consumer.Team)]
		if !known {
			j, all = len(all), append(all, registered{team: consumer.Team})
			byTeam[strings.ToLower(consumer.Team)] = j
		}
		all[j].entries = append(all[j].entries, consumer)
		all[j].indexes = append(all[j].indexes, i)
	}
	return all
}

// strays are the teams of consumers whose contract is none of the pairs, because
// it is recognised.
func (c *comparison) strays() []string {
	var names []string
	for name := range c.old.consumers {
		if !c.paired[name] {
			names = append(names, name)
		}
	}
	var teams []string
	for _, r := range c.old.consumersOf(names...) {
		teams = append(teams, r.team)
	}
	return teams
}

// compareConsumers compares who uses what.
func (c *comparison) compareConsumers() error {
	for _, p := range c.pairs {
		if p.new == nil {
			continue // nothing is left to use, or that is reported
		}
		old, new := c.old.consumersOf(p.old.names()...), c.new.consumersOf(p.new.names()...)
		if slices.ContainsFunc(old, func(r registered) bool { return r.hasReader() }) {
			if _, err := c.resolve(p); err != nil {
				return err
			}
		}
		if err := c.compareTeams(p.path(), p.format, old, new); err != nil {
			return err
		}
	}
	return c.compareStrays()
}

// compareStrays compares the consumers of contracts that are none of the pairs.
func (c *comparison) compareStrays() error {
	named := map[string]bool{}
	for _, consumer := range slices.Concat(c.old.Consumers, c.new.Consumers) {
		name := consumer.Contract
		if c.paired[name] || named[name] {
			continue
		}
		named[name] = true
		old, new := c.old.consumersOf(name), c.new.consumersOf(name)
		if err := c.compareTeams(contractPath(name), nil, old, new); err != nil {
			return err
		}
	}
	return nil
}

func (c *comparison) compareTeams(contract diff.Path, format *diff.Format, old, new []registered) error {
	now, known := byTeam(new), byTeam(old)
	for _, before := range old {
		i, stays := now[strings.ToLower(before.team)]
		if !stays {
			f := before.finding()
			f.rule, f.before, f.old = consumerRemoved, before.team, before.way(0)
			f.new, f.message = []string{"consumers"}, "is no longer registered"
			c.found(contract.Join(f.about), f, reachesOf([]string{before.team}, 0)...)
			continue
		}
		c.compareUses(contract, before, new[i])
		if err := c.compareReaders(contract, format, before, new[i]); err != nil {
			return err
		}
	}
	for _, after := range new {
		if _, was := known[strings.ToLower(after.team)]; !was {
			f := after.finding()
			f.after, f.new, f.message = after.team, after.way(0), "is registered"
			c.gain(contract, f)
		}
	}
	return nil
}

// byTeam returns the index of each team, whose name is in lower case.
func byTeam(all []registered) map[string]int {
	indexes := map[string]int{}
	for i, r := range all {
		indexes[strings.ToLower(r.team)] = i
	}
	return indexes
}

func (r *registered) finding() finding { return finding{about: ConsumerPath(r.team)} }

// way leads to the entry.
func (r *registered) way(i int) []string { return []string{"consumers", index(r.indexes[i])} }

// compareUses reports the uses that the new entries do not cover, and those that
// the old ones did not.
func (c *comparison) compareUses(contract diff.Path, old, new registered) {
	for _, lost := range uncovered(old, new) {
		f := old.finding()
		f.rule, f.before = useNarrowed, lost.text
		f.old, f.new = append(old.way(lost.entry), "uses"), append(new.way(0), "uses")
		f.message = fmt.Sprintf("is no longer registered for all of %s", lost.text)
		c.found(contract.Join(f.about), f, reachesOf([]string{old.team}, 0)...)
	}
	for _, won := range uncovered(new, old) {
		f := new.finding()
		f.after, f.old, f.new = won.text, append(old.way(0), "uses"), append(new.way(won.entry), "uses")
		f.message = "is registered for " + won.text
		c.gain(contract, f)
	}
}

// used is one use, and the entry that has it.
type used struct {
	usage.Use
	text  string
	entry int
}

// uncovered returns the uses of a team that other entries of it do not cover.
func uncovered(r, others registered) []used {
	var left []used
	theirs := others.uses()
	var all []usage.Use
	for _, u := range theirs {
		all = append(all, u.Use)
	}
	for _, u := range r.uses() {
		if len(theirs) == 0 || !usage.Cover(all, u.Use) {
			left = append(left, u)
		}
	}
	return left
}

// uses lists what the entries without a reader register.
func (r *registered) uses() []used {
	var all []used
	for i, entry := range r.entries {
		if entry.Reader == "" && len(entry.Parsed) == 0 {
			all = append(all, used{text: "the contract", entry: i})
		}
		for j, use := range entry.Parsed {
			all = append(all, used{Use: use, text: entry.Uses[j], entry: i})
		}
	}
	return all
}

// compareReaders reports the schemas that the team reads with no more.
func (c *comparison) compareReaders(contract diff.Path, format *diff.Format, old, new registered) error {
	digests := map[string]bool{}
	for _, entry := range new.entries {
		digest, err := c.new.readerDigest(entry.Reader, format)
		if err != nil {
			return err
		}
		digests[digest] = true
	}
	for i, entry := range old.entries {
		digest, err := c.old.readerDigest(entry.Reader, format)
		if err != nil {
			return err
		}
		if digest == "" || digests[digest] {
			continue
		}
		f := old.finding()
		f.rule, f.before = readerChanged, digest
		f.old, f.new = append(old.way(i), "reader"), append(new.way(0), "reader")
		f.message = fmt.Sprintf("no longer reads with the schema that %s had", entry.Reader)
		c.found(contract.Join(f.about), f, reachesOf([]string{old.team}, 0)...)
	}
	return nil
}

// readerDigest identifies the schema that a consumer reads with, however it is
// written; "" stands for none.
func (p *policy) readerDigest(reader string, format *diff.Format) (string, error) {
	if reader == "" || !p.has(reader) {
		return "", nil
	}
	files := []string{reader}
	if format != nil {
		scope := diff.Scope{FS: p.tree, Folder: path.Dir(reader), Outlines: p.surroundings.Outlines}
		all, err := format.Graph(scope).Closure(reader)
		if err != nil {
			return "", fmt.Errorf("find the files of %s: %w", reader, err)
		}
		files = all
	}
	slices.Sort(files)
	hash := sha256.New()
	for _, file := range files {
		data, err := fs.ReadFile(p.tree, file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return "", err
		}
		if doc, broken := tree.Parse(file, data, tree.Limits{}); broken == nil {
			digest := doc.Root.Digest()
			data = digest[:]
		}
		hash.Write(data)
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}
