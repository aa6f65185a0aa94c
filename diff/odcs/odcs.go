// Package odcs compares data contracts of the Open Data Contract Standard, 3.0
// to 3.2. In a data contract, a producer makes promises to the readers of its
// data.
//
// The promises are about data at rest, so most rules concern one direction
// only. A weaker promise (a column that may be empty, a lower availability)
// breaks readers; a stronger one breaks producers, whose data has to satisfy
// it. The default is forward: readers are protected.
//
// Both revisions are checked first (check.go). Lists are paired by natural keys
// and stable ids (pair.go), and every element is compared once (walk.go). The
// rules of a theme and the code that reports them share a file. Different
// spellings of the same thing in the versions of the standard are read as
// equal.
//
// A contract is also compared with the schema that it describes (link.go), and
// disagreements are reported (drift.go). The package knows neither databases
// nor registries, and fetches nothing that a contract names. Its callers are
// diff.Compare and package contracts, through Format.
package odcs

import (
	"context"
	"path"
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// Format is the Open Data Contract Standard. By default readers of the data are
// protected.
var Format = &diff.Format{
	Name:       "odcs",
	Extensions: []string{".json", ".yaml", ".yml"},
	Match:      match,
	Default:    "forward",
	Rules:      rules,
	Links:      links,
	ByName:     true,
	Describes:  true,
	Compare:    compare,
}

// rules are in the order of the documentation.
var rules = []*diff.Rule{
	// The contract as a whole.
	idChanged, apiVersionChanged, termsChanged, definitionChanged, metadataChanged,
	statusRetired, statusDeprecated, statusWithdrawn, statusChanged, versionDecreased,
	versionNotBumped,
	// Objects and properties.
	objectRemoved, objectRenamed, objectAdded, objectPhysicalNameChanged, physicalNameAdded,
	physicalNameRemoved, tableViewChanged, objectPhysicalTypeChanged, granularityChanged,
	propertyRemoved, propertyRenamed, propertyAdded, requiredPropertyAdded,
	propertyPhysicalNameChanged,
	// Types.
	logicalTypeChanged, logicalTypeNarrowed, logicalTypeRemoved, logicalTypeAdded, mapTypeChanged,
	physicalTypeChanged, physicalTypeWidened, physicalTypeNarrowed, physicalTypeRemoved,
	physicalTypeAdded,
	// Promises about all values, and keys.
	requiredRelaxed, requiredAdded, uniqueRelaxed, uniqueAdded,
	primaryKeyChanged, primaryKeyAdded, partitioningChanged,
	// The limits of values.
	constraintTightened, constraintRelaxed, constraintIncomparable, multipleChanged, maxLengthRelaxed,
	minItemsDropped, uniqueItemsRelaxed, requiredMemberRelaxed,
	patternChanged, textFormatChanged,
	numberFormatWidened, numberFormatNarrowed, numberFormatChanged,
	dateFormatChanged, timezoneChanged,
	enumValueAdded, enumValueRemoved, enumRemoved, enumAdded,
	vectorShapeChanged, vectorModelChanged, vectorMeasureChanged,
	// Protection and meaning.
	classificationLowered, classificationRaised, classificationChanged, encryptedNameChanged,
	semanticsChanged, criticalDataElementDropped, deprecatedSet,
	// Relationships.
	relationshipRemoved, relationshipChanged, relationshipAdded,
	// Quality.
	qualityRemoved, qualityWarningRemoved, qualityAdded, qualityRelaxed, qualityWarningRelaxed,
	qualityTightened, qualityChanged, qualityScheduleChanged,
	// Service levels.
	slaWeakened, slaStrengthened, slaAdded, slaRemoved, slaOtherRemoved, slaIncomparable,
	// Where the data is, who may read it, and at what price.
	serverRemoved, serverRenamed, serverTypeChanged, serverLocationChanged, serverAdded,
	roleRemoved, roleAccessChanged, roleAdded, supportLastChannelRemoved, ownerRemoved,
	priceIncreased, priceBasisChanged, priceLowered,
	// Differences from the schema that the contract describes.
	fieldUndocumented, fieldMissing, fieldTypeDrift, fieldNullabilityDrift,
}

// match looks for the two members that every data contract begins with, or else
// for the file's extension.
func match(name string, head []byte) bool {
	members := tree.Members(head)
	if members["kind"] == kind && members["apiVersion"] != "" {
		return true
	}
	base := strings.ToLower(path.Base(name))
	return slices.ContainsFunc([]string{".odcs.yaml", ".odcs.yml", ".odcs.json"}, func(ext string) bool {
		return strings.HasSuffix(base, ext)
	})
}

func compare(ctx context.Context, r *diff.Report, old, new diff.Source, _ diff.Options) error {
	o, err := load(old)
	if err != nil {
		return r.Fail(err)
	}
	n, err := load(new)
	if err != nil {
		return r.Fail(err)
	}
	w := newWalk(r, o, n)
	if o.Hash() != n.Hash() {
		if err := w.run(ctx); err != nil {
			return err
		}
	}
	return w.drifts(old, new)
}

// load reads one revision. The error joins all mistakes of its author.
func load(s diff.Source) (*tree.Node, error) {
	doc, err := tree.NewFiles(s.FS, s.Cache).Open(s.Root())
	if err != nil {
		return nil, err
	}
	return doc.Root, check(doc.Root)
}
