package main

import (
	"fmt"
	"go/doc/comment"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/assent-dev/assent/diff"
)

func newExplain() *cobra.Command {
	return &cobra.Command{
		Use:     "explain RULE",
		Short:   "Say why a rule exists, what to do instead, and show its example",
		Example: "  assent explain schema/property-removed",
		Args:    cobra.ExactArgs(1),
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			var ids []string
			for _, r := range catalogue() {
				ids = append(ids, r.ID)
			}
			return ids, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			rules := catalogue()
			i := slices.IndexFunc(rules, func(r *diff.Rule) bool {
				return r.ID == args[0] || slices.Contains(r.Names(), args[0])
			})
			if i < 0 {
				return fmt.Errorf("no rule %s: \"assent rules\" lists them all", args[0])
			}
			_, err := cmd.OutOrStdout().Write([]byte(explain(rules[i])))
			return err
		},
	}
}

func explain(r *diff.Rule) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: %s\n", r.ID, r.Title)
	fmt.Fprintf(&b, "%s for those who send, %s for those who receive\n\n", r.Sends, r.Receives)
	var parser comment.Parser
	var printer comment.Printer
	b.Write(printer.Text(parser.Parse(r.Doc)))
	if len(r.Aliases) > 0 {
		fmt.Fprintf(&b, "\nElsewhere: %s\n", strings.Join(r.Aliases, ", "))
	}
	if r.Example != "" {
		fmt.Fprintf(&b, "\nExample:\n\n%s\n", strings.TrimSpace(r.Example))
	}
	return b.String()
}
