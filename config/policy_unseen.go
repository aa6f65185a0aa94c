package config

import "github.com/assent-dev/assent/diff"

// ContractUnseen is reported while an entry leads to nothing that could be
// compared, whatever a pull request changes.
var ContractUnseen = &diff.Rule{
	ID: "config/contract-unseen", Title: "entry leads to no contract",
	Sends: diff.Risky, Receives: diff.Risky, Editorial: true, AsksOwners: true,
	Doc: `
Nobody looks at what the entry was meant for, as long as it leads to no file, or to
one that is not recognised. In the pull request that brings it, that is a mistake on
its line. Where the base branch has it already, the author of another pull request
cannot help it: those have to agree whom the entry names as owners, else who answers
for the configuration. They are asked once more by the pull request that corrects the
entry, takes it away or adds the file, and by none after that.`,
	Example: `
-- .github/assent.yml --
version: 1
contracts:
  - path: api/odrers.yaml
-- want --
.github/assent.yml:3:5: risky: contract api/odrers.yaml: the entry leads to no contract: no file matches api/odrers.yaml [config/contract-unseen]
`,
}

// Unseen tells that an entry leads to nothing that could be compared, and why.
func Unseen(entry Contract, why string) diff.Fact {
	at, line := contractPath(entry.Path), entry.Line
	line.File = Path
	line.Line, line.Column = max(line.Line, 1), max(line.Column, 1)
	line.EndLine = max(line.EndLine, line.Line)
	return diff.Fact{
		At: diff.Place{Definition: at, Use: at, Side: diff.Both},
		Found: diff.Found{
			Rule:    ContractUnseen,
			New:     diff.Spot(line),
			After:   diff.HashOf(why),
			Message: "the entry leads to no contract: " + why,
		},
	}
}
