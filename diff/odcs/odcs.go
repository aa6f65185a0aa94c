// Package odcs compares data contracts of the Open Data Contract Standard, 3.0
// to 3.2: what a producer promises those who read its data.
//
// A data contract is a promise about data at rest, so most of its rules cut one
// way only: a weaker promise (a column that may be empty, a lower availability)
// hurts those who read, a stronger one those whose data has to satisfy it. The
// default is forward: readers are protected. Both revisions are checked first
// (check.go); lists are paired by their natural keys and stable ids (pair.go);
// then every element is compared once (walk.go), theme by theme, beside the
// rules of the theme. What the versions of the standard write differently and
// mean alike is read alike, where it is read.
//
// A contract is tied to the schema that it describes (link.go), and what the
// two disagree on is reported as well (drift.go). The package knows neither
// databases nor registries, and fetches nothing that a contract names. Its
// callers are diff.Compare and package contracts, through Format.
package odcs

import (
	"context"
	"path"
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// Format is the Open Data Contract Standard. By default those who read the data
// are protected.
var Format = &diff.Format{
	Name:       "odcs",
	Extensions: []string{".json", ".yaml", ".yml"},
	Match:      match,
	Default:    "forward",
	Rules:      rules,
	References: references,
	ByName:     true,
	Describe:   describe,
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
	// What is promised of values.
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

// match looks for the two members that every data contract begins with, then
// at the name.
func match(name string, head []byte) bool {
	members := tree.Members(head)
	if members["kind"] == kind && members["apiVersion"] != "" {
		return true
	}
	base := strings.ToLower(path.Base(name))
	return slices.ContainsFunc([]string{".odcs.yaml", ".odcs.yml", ".odcs.json"}, func(ext string) bool { return strings.HasSuffix(base, ext) })
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

// load reads one revision. The error joins all of its author's mistakes.
func load(s diff.Source) (*tree.Node, error) {
	doc, err := tree.NewFiles(s.FS, s.Cache).Open(s.Root())
	if err != nil {
		return nil, err
	}
	return doc.Root, check(doc.Root)
}
