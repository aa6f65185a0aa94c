package diff

// Fact is something that the caller knows of a contract and comparing cannot
// find. Where comparing finds it too, both are one change.
type Fact struct {
	At    Place
	Found Found

	against string // the label of the earlier revision that it concerns
	alias   string // of a refusal
}

// Removed tells where the new revision still names a contract that is gone: the
// place to show its removal.
func Removed(old Source, named Location) Fact {
	return Fact{At: wholeContract, Found: Found{
		Rule:    contractRemoved,
		Old:     start(old),
		Near:    Spot(named),
		Message: "the contract was removed",
	}}
}

// Renamed tells that the contract was in another file before.
func Renamed(old, new Source) Fact {
	found := Found{
		Rule:    contractRenamed,
		Old:     start(old),
		New:     start(new),
		Message: "the contract moved to another file",
	}
	return Fact{At: wholeContract, Found: found, against: old.Label}
}

// tell adds facts, except for what a registry refuses: that counts only where
// comparing finds nothing.
func (r *Report) tell(facts []Fact) {
	for _, fact := range facts {
		if !fact.isRefusal() {
			one := &Report{Contract: r.Contract}
			one.Found(fact.At, fact.Found)
			r.take(one.Changes, fact.against)
		}
	}
}

// wholeContract is where the rules on contracts as a whole hold.
var wholeContract = Place{Use: PathOf(Step{Kind: Whole, Name: "contract"}), Side: Both}

func start(s Source) Spot { return Spot{File: s.Root(), Line: 1, Column: 1, EndLine: 1} }
