package avro

import "github.com/assent-dev/assent/diff"

// confluent judges by resolution alone. It is for those who want assent to say
// what their registry will say, and no more.
var confluent = diff.Profile{
	Name: "confluent",
	Doc:  "Answers as Confluent Schema Registry does: logical types, and what is silently read otherwise, do not count.",
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
