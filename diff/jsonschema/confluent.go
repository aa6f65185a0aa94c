package jsonschema

import "github.com/assent-dev/assent/diff"

// profiles judge as Confluent Schema Registry does under its two policies. Both
// read open objects literally. A change that is not proven to be compatible
// breaks.
var profiles = []diff.Profile{
	{
		Name:   "confluent",
		Doc:    "Answers as Confluent Schema Registry does under its policy STRICT.",
		Levels: strictLevels,
	},
	{
		Name: "confluent-lenient",
		Doc: "Answers as Confluent Schema Registry does under its policy LENIENT, which lets open and " +
			"closed objects gain and lose properties.",
		Levels: lenientLevels(),
	},
}

var breakingLevel = diff.Breaking

var strictLevels = map[string]diff.SideLevels{
	requiredWithDefault.ID: diff.Judged(diff.Safe),
	patternChanged.ID:      diff.Judged(diff.Breaking),
	narrowingUndecided.ID:  {Sends: &breakingLevel},
	wideningUndecided.ID:   {Receives: &breakingLevel},
}

// lenientLevels returns the strict levels, and those of changes that the policy
// LENIENT takes for compatible.
func lenientLevels() map[string]diff.SideLevels {
	levels := map[string]diff.SideLevels{}
	for id, l := range strictLevels {
		levels[id] = l
	}
	for _, rule := range []*diff.Rule{
		openPropertyDeclared, openPropertyUndeclared, propertyRefused, propertyAddedToClosed,
		additionalRestricted, additionalOpened,
	} {
		levels[rule.ID] = diff.Judged(diff.Safe)
	}
	return levels
}

// readingOf returns how a profile reads schemas.
func readingOf(p diff.Profile) reading {
	if p.Name == profiles[0].Name || p.Name == profiles[1].Name {
		return confluent
	}
	return usual
}
