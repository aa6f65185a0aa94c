package diff

import (
	"slices"
	"strings"
)

// Refusal is one reason why a schema registry, asked beforehand, would not take
// the new revision.
type Refusal struct {
	Registry    string // the kind of registry, as in the aliases of rules: "confluent"
	Type        string // the registry's name of the reason
	Path        string // a JSON pointer into the root file; "" if it gives none
	Description string
}

// contractRefused is a rule on contracts as a whole: the registry has the last
// word, so what it says counts where assent found nothing.
var contractRefused = &Rule{
	ID: "contract/refused", Title: "refused by the schema registry", Sends: Breaking, Receives: Breaking,
	Doc: `
The schema registry was asked what it would say to this version, and it would not
take it: the first producer that registers the schema would fail. The message is
the registry's own. Change the schema, or the subject's compatibility there.`,
	Example: `
-- old.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "price", "type": "double"}
]}
-- new.avsc --
{"type": "record", "name": "Trade", "fields": [
  {"name": "price", "type": "double"},
  {"name": "venue", "type": "string", "default": ""}
]}
-- refusals --
FIELD_RESERVED /fields/1 The field 'venue' at path '/fields/1' is reserved by an earlier version
-- want --
new.avsc:3:3: breaking: contract: the schema registry refuses it: The field 'venue' at path '/fields/1' is reserved by an earlier version [contract/refused]
new.avsc:3:3: safe: record Trade › venue: field added with a default [avro/field-added]
    both: Trade › venue
`,
}

// Refused tells that a registry refuses the new revision, at the place that it
// points to. What comparing reports as breaking there, or by the registry's name
// for it, is not repeated.
func Refused(r Refusal, at Location) Fact {
	return Fact{
		At: wholeContract,
		Found: Found{
			Rule:    contractRefused,
			New:     Spot(at),
			Message: "the schema registry refuses it: " + r.Description,
			Values:  []string{r.Type},
			After:   HashOf(r.Type, r.Path, r.Description),
		},
		alias: r.Registry + ":" + r.Type,
	}
}

func (f *Fact) isRefusal() bool { return f.Found.Rule == contractRefused }

// refuse adds the refusals that no finding explains. What a weaker compatibility
// or an exception lets pass is still refused by the registry. A contract that
// cannot be read has worse to report.
func (c *Contract) refuse(r *Report) {
	if len(r.Errors) > 0 {
		return
	}
	refusals := &Report{Contract: c.Name}
	for _, fact := range c.Facts {
		if fact.isRefusal() && !r.explains(fact) {
			refusals.Found(fact.At, fact.Found)
		}
	}
	if len(refusals.Changes) > 0 {
		r.Changes = append(r.Changes, c.weigh(refusals.Changes)...)
		r.sort()
	}
}

// explains reports whether a finding breaks at the place of the refusal or by
// its name.
func (r *Report) explains(refusal Fact) bool {
	at := locationOf(refusal.Found.New)
	return slices.ContainsFunc(r.Changes, func(c Change) bool {
		if c.Level < Breaking {
			return false
		}
		isNamed := slices.ContainsFunc(c.Rule.Aliases, func(alias string) bool {
			name, _, _ := strings.Cut(alias, "@")
			return name == refusal.alias
		})
		return isNamed || c.New.File == at.File && c.New.Line == at.Line
	})
}
