package diff

import (
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff/tree"
)

// Refusal is one reason why a schema registry, asked beforehand, would not take
// the new revision.
type Refusal struct {
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

// refuse adds what the registry says and assent does not: a reason for which no
// finding breaks, neither by its name nor at its place. What a weaker
// compatibility or an exception lets pass here is still refused there.
func (c *Contract) refuse(r *Report, new Source) error {
	if len(c.Refusals) == 0 || new.Absent() || len(r.Errors) > 0 {
		return nil // what cannot be read is told of already
	}
	doc, err := tree.NewFiles(new.FS, new.Cache).Open(new.Root())
	if err != nil {
		return r.Fail(err)
	}
	var more []Change
	for _, refusal := range c.Refusals {
		at := closest(doc, refusal.Path).At()
		if r.explains(refusal, at) {
			continue
		}
		more = append(more, Change{
			Contract: c.Name, Rule: contractRefused, Subject: wholeContract.Use, Message: "the schema registry refuses it: " + refusal.Description, New: at,
			Values: []string{refusal.Type}, After: HashOf(refusal.Type, refusal.Path, refusal.Description),
			Reaches: []Reach{{Use: wholeContract.Use, Side: Both}},
		})
	}
	r.Changes = append(r.Changes, c.weigh(more)...)
	r.sort()
	return nil
}

func (r *Report) explains(refusal Refusal, at Location) bool {
	return slices.ContainsFunc(r.Changes, func(c Change) bool {
		if c.Level < Breaking {
			return false
		}
		return c.New.File == at.File && c.New.Line == at.Line || slices.ContainsFunc(c.Rule.Aliases, func(alias string) bool {
			name, _, _ := strings.Cut(alias, "@")
			return name == "confluent:"+refusal.Type
		})
	})
}

// closest follows a JSON pointer as far as it leads.
func closest(doc *tree.Document, pointer string) *tree.Node {
	for {
		if n := doc.Pointer(pointer); n != nil {
			return n
		}
		pointer = pointer[:max(strings.LastIndexByte(pointer, '/'), 0)]
	}
}
