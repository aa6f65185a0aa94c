package avro

import "github.com/assent-dev/assent/diff"

// confluent judges by resolution alone. It is for those who want assent to say
// what their registry will say, and no more.
var confluent = diff.Profile{
	Name: "confluent",
	Doc:  "Answers as Confluent Schema Registry does: logical types, and what is silently read otherwise, do not count.",
	Levels: map[string]diff.SideLevels{
		"avro/logical-type-changed":        diff.Judged(diff.Safe),
		"avro/decimal-changed":             diff.Judged(diff.Safe),
		"avro/logical-type-added":          diff.Judged(diff.Safe),
		"avro/logical-type-removed":        diff.Judged(diff.Safe),
		"avro/custom-logical-type-changed": diff.Judged(diff.Safe),
		"avro/default-of-later-branch":     diff.Judged(diff.Safe),
		"avro/namespace-changed":           diff.Judged(diff.Safe),
		"avro/type-exchanged":              diff.Judged(diff.Safe),
	},
}
