package app

import (
	"github.com/assent-dev/assent/approval"
	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/contracts"
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/usage"
)

// addPolicyChanges adds what the pull request changes of the policy. Those who
// lose protection are asked, and where none of them is registered, the owners, by
// the policy that decides. What it says of unclaimed changes does not hold here:
// anyone who writes to it could loosen everything else unseen.
func addPolicyChanges(in *approval.Input, r *contracts.Result, owners *config.CodeOwners) {
	for _, change := range r.PolicyChanges {
		name := change.Report.Contract
		in.Reports = append(in.Reports, change.Report)
		in.Terms.Owners[name] = policyOwners(change, owners)
		for _, consumer := range r.Policy.Consumers {
			in.Consumers = append(in.Consumers, approval.Consumer{
				Team:     consumer.Team,
				Contract: name,
				Uses:     []usage.Use{{Of: diff.Pattern(config.ConsumerPath(consumer.Team).String())}},
			})
		}
	}
}

// policyOwners returns who answers for a change of the policy: the teams of the
// contract, else its code owners, else those of the configuration, else anyone
// who may write.
func policyOwners(change contracts.PolicyChange, owners *config.CodeOwners) approval.Party {
	if len(change.Owners) > 0 {
		return approval.Party{Teams: change.Owners}
	}
	for _, file := range []string{change.File, config.Path} {
		if file == "" {
			continue
		}
		if party := owners.Of(file); !party.IsZero() {
			return party
		}
	}
	return approval.Party{Writers: true}
}
