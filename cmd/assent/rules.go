package main

import (
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/formats"
)

func newRules() *cobra.Command {
	return &cobra.Command{
		Use:   "rules",
		Short: "List every rule with what it costs those who send and those who receive",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			table := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
			fmt.Fprintln(table, "RULE\tSENDS\tRECEIVES\tTITLE")
			for _, r := range catalogue() {
				fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", r.ID, r.Sends, r.Receives, r.Title)
			}
			return table.Flush()
		},
	}
}

// catalogue returns every rule: those on contracts, then those on the policy.
func catalogue() []*diff.Rule { return append(formats.All.Rules(), config.PolicyRules()...) }
