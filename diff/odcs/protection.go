package odcs

import (
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
)

// classes are the usual classifications, from open to strict.
var classes = []string{"public", "internal", "confidential", "restricted", "secret"}

var classificationLowered = &diff.Rule{
	ID:       "odcs/classification-lowered",
	Title:    "classification lowered or removed",
	Sends:    diff.Breaking,
	Receives: diff.Breaking,
	Doc: `
Protected data may now be copied to places where it must not be. Consumers that store the
data or grant access by its class rely on it. Let them agree, or keep the class and
offer a masked property.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: email, logicalType: string, classification: confidential}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: email, logicalType: string, classification: internal}
-- want --
new.yaml:7:44: breaking: schema orders › email: classification changed from confidential to internal [odcs/classification-lowered] (was old.yaml:7)
`,
}

var classificationRaised = &diff.Rule{
	ID:       "odcs/classification-raised",
	Title:    "classification raised or added",
	Sends:    diff.Risky,
	Receives: diff.Risky,
	Doc: `
Readers have to protect the data better, and some may lose access. Give them time.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: email, logicalType: string, classification: internal}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: email, logicalType: string, classification: restricted}
-- want --
new.yaml:7:44: risky: schema orders › email: classification changed from internal to restricted [odcs/classification-raised] (was old.yaml:7)
`,
}

var classificationChanged = &diff.Rule{
	ID:       "odcs/classification-changed",
	Title:    "classification changed to an unknown class",
	Sends:    diff.Risky,
	Receives: diff.Risky,
	Doc: `
Only the people who defined the classes know which one is stricter. The order that assent
knows is public, internal, confidential, restricted, secret.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: email, logicalType: string, classification: internal}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: email, logicalType: string, classification: gdpr-contact}
-- want --
new.yaml:7:44: risky: schema orders › email: classification changed from internal to gdpr-contact [odcs/classification-changed] (was old.yaml:7)
`,
}

var encryptedNameChanged = &diff.Rule{
	ID:       "odcs/encrypted-name-changed",
	Title:    "name of the encrypted value changed",
	Sends:    diff.Risky,
	Receives: diff.Breaking,
	Doc: `
Readers of the encrypted value find nothing under the old name, or find plain values where
they were encrypted. Offer both names until readers have moved.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: email, logicalType: string, encryptedName: email_encrypted}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: email, logicalType: string, encryptedName: email_enc}
-- want --
new.yaml:7:44: breaking: schema orders › email: encrypted name changed from email_encrypted to email_enc [odcs/encrypted-name-changed] (was old.yaml:7)
`,
}

// protection compares how a property has to be protected.
func (w *walk) protection(e element) {
	o, n := get(e.old, "classification"), get(e.new, "classification")
	if a, b := strings.ToLower(raw(o)), strings.ToLower(raw(n)); a != b {
		x, y := classOf(a), classOf(b)
		rule := classificationChanged
		switch {
		case n == nil, x >= 0 && y >= 0 && x > y:
			rule = classificationLowered
		case o == nil, x >= 0 && y >= 0:
			rule = classificationRaised
		}
		w.member(e.place, rule, changed("classification", o, n), e.old, e.new, "classification")
	}
	if !same(e.old, e.new, "encryptedName") {
		w.member(e.place, encryptedNameChanged,
			changed("encrypted name", get(e.old, "encryptedName"), get(e.new, "encryptedName")), e.old, e.new,
			"encryptedName")
	}
}

// classOf ranks a classification by name, or by the numbers 1 to 5 that the
// standard mentions. It returns -1 for an unknown one.
func classOf(name string) int {
	if len(name) == 1 && name[0] >= '1' && name[0] <= '5' {
		return int(name[0] - '1')
	}
	return slices.Index(classes, name)
}
