package jsonschema

import "github.com/assent-dev/assent/diff"

var breaking = diff.Breaking

// confluent answers as Confluent Schema Registry's strict policy does.
var confluent = diff.Profile{
	Name: "confluent",
	Doc:  "Answers as Confluent Schema Registry does (its strict policy): open objects are read as they are written.",
	Levels: map[string]diff.SideLevels{
		requiredWithDefault.ID: diff.Judged(diff.Safe),
		// What is not shown to be compatible is refused.
		patternChanged.ID:     diff.Judged(diff.Breaking),
		narrowingUndecided.ID: {Sends: &breaking},
		wideningUndecided.ID:  {Receives: &breaking},
	},
}
