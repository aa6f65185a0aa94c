package avro

import "github.com/assent-dev/assent/diff"

// confluent judges only by schema resolution, as Confluent Schema Registry
// does.
var confluent = diff.Profile{
	Name: "confluent",
	Doc: "Judges as Confluent Schema Registry does: it ignores logical types, and changes that silently " +
		"give data another meaning.",
	Levels: map[string]diff.SideLevels{
		logicalTypeChanged.ID:       diff.Judged(diff.Safe),
		decimalChanged.ID:           diff.Judged(diff.Safe),
		logicalTypeAdded.ID:         diff.Judged(diff.Safe),
		logicalTypeRemoved.ID:       diff.Judged(diff.Safe),
		customLogicalTypeChanged.ID: diff.Judged(diff.Safe),
		defaultOfLaterBranch.ID:     diff.Judged(diff.Safe),
		namespaceChanged.ID:         diff.Judged(diff.Safe),
		typeExchanged.ID:            diff.Judged(diff.Safe),
	},
}
