package odcs

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

var statusRetired = &diff.Rule{
	ID: "odcs/status-retired", Title: "contract retired", Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
Nobody maintains a retired contract, and its data may no longer exist. Set the status to
deprecated first, give readers a date (endOfSupport, endOfLife), and retire the contract
once nobody is registered for it.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
status: active
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
status: retired
-- want --
new.yaml:4:1: breaking: contract: status changed from active to retired [odcs/status-retired] (was old.yaml:4)
`,
}

var statusDeprecated = &diff.Rule{
	ID: "odcs/status-deprecated", Title: "contract deprecated", Sends: diff.Risky, Receives: diff.Risky,
	Doc: `
The data still exists but will be removed. Consumers have to plan to move to another
contract. Name it in the description, and state the last day as endOfSupport.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
status: active
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
status: deprecated
-- want --
new.yaml:4:1: risky: contract: status changed from active to deprecated [odcs/status-deprecated] (was old.yaml:4)
`,
}

var statusWithdrawn = &diff.Rule{
	ID: "odcs/status-withdrawn", Title: "contract is a draft again", Sends: diff.Risky, Receives: diff.Risky,
	Doc: `
The contract is a proposal again and may change without notice. Publish the draft of the
next version beside the active contract.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
status: active
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
status: draft
-- want --
new.yaml:4:1: risky: contract: status changed from active to draft [odcs/status-withdrawn] (was old.yaml:4)
`,
}

var statusChanged = &diff.Rule{
	ID: "odcs/status-changed", Title: "status changed",
	Doc: `
The contract is becoming active, or was not active yet.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
status: draft
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
status: active
-- want --
new.yaml:4:1: safe: contract: status changed from draft to active [odcs/status-changed] (was old.yaml:4)
`,
}

// status compares the status of the contract.
func (w *walk) status(p place, o, n *tree.Node) {
	a, b := strings.ToLower(o.Str()), strings.ToLower(n.Str())
	rule := statusChanged
	switch {
	case a == b:
		return
	case isUnpublished(a):
	case b == "retired":
		rule = statusRetired
	case b == "deprecated":
		rule = statusDeprecated
	case isUnpublished(b):
		rule = statusWithdrawn
	}
	w.member(p, rule, changed("status", o, n), w.old, w.new, "status")
}

// isUnpublished reports whether a contract with this status promises nothing
// yet.
func isUnpublished(status string) bool { return status == "proposed" || status == "draft" }

var versionDecreased = &diff.Rule{
	ID: "odcs/version-decreased", Title: "version decreased", Sends: diff.Risky, Receives: diff.Risky,
	Doc: `
Tools that take the highest version as the newest do not find this one. To undo a change,
publish the earlier content with a higher version.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
version: 1.2.0
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
version: 1.1.0
-- want --
new.yaml:4:1: risky: contract: version changed from 1.2.0 to 1.1.0 [odcs/version-decreased] (was old.yaml:4)
`,
}

var versionNotBumped = &diff.Rule{
	ID:       "odcs/version-not-bumped",
	Title:    "breaking change without a new major version",
	Sends:    diff.Risky,
	Receives: diff.Risky,
	Doc: `
Consumers use the major version to see whether they have to act. Raise it together with a
breaking change; before 1.0 raise the minor version. A contract without a version, or
with a version that is not made of numbers, is not judged.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
version: 1.2.0
schema:
  - name: orders
    properties:
      - {name: price, logicalType: number}
      - {name: currency, logicalType: string}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
version: 1.3.0
schema:
  - name: orders
    properties:
      - {name: price, logicalType: number}
-- want --
new.yaml:4:1: risky: contract: the contract breaks and its version goes from 1.2.0 to 1.3.0: raise the major version [odcs/version-not-bumped] (was old.yaml:4)
new.yaml:8:9: breaking: schema orders › currency: the property was removed [odcs/property-removed] (was old.yaml:9)
`,
}

// version judges the version of the contract: a breaking change needs a new
// major version (before 1.0 a new minor one), and no version may decrease.
func (w *walk) version(p place) {
	o, n := get(w.old, "version"), get(w.new, "version")
	a, before := release(o)
	b, after := release(n)
	switch {
	case o == nil || n == nil:
	case before && after && slices.Compare(b, a) < 0:
		w.member(p, versionDecreased, changed("version", o, n), w.old, w.new, "version")
	case w.broken != 0 && (o.Text == n.Text || before && after && !majorRaised(a, b)):
		part := "major"
		if before && after && a[0]+b[0] == 0 {
			part = "minor"
		}
		w.add(p, versionNotBumped, found{
			old: o.At(), new: n.At(), before: o.Digest(), after: n.Digest(), side: w.broken,
			message: "the contract breaks and its version goes from " + text(o) + " to " + text(n) +
				": raise the " + part + " version",
		})
	}
}

var releaseNumber = regexp.MustCompile(`^[vV]?(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?(?:[-+ ].*)?$`)

// release returns the numbers of a version, and false if it is not made of
// numbers.
func release(n *tree.Node) ([]int, bool) {
	if n == nil {
		return nil, false
	}
	m := releaseNumber.FindStringSubmatch(n.Text)
	if m == nil {
		return nil, false
	}
	numbers := make([]int, 3)
	for i, digits := range m[1:] {
		numbers[i], _ = strconv.Atoi(cmp.Or(digits, "0")) // at most nine digits
	}
	return numbers, true
}

func majorRaised(a, b []int) bool { return b[0] > a[0] || a[0] == 0 && b[0] == 0 && b[1] > a[1] }
