package main

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

func newRoot(out, errs io.Writer) *cobra.Command {
	root := &cobra.Command{
		Use:   "assent",
		Short: "Finds the API changes that break somebody, and asks exactly those who are hit",
		Long: `assent compares API contracts by what they promise, not by their text, and
says whom a change hurts. As a GitHub App it reviews every pull request and asks
the teams that are hit for their approval.`,
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error {
		return fmt.Errorf("%w: see \"%s --help\"", err, cmd.CommandPath())
	})
	root.SetOut(out)
	root.SetErr(errs)
	root.AddCommand(newServe(), newDemo(), newCompare(), newRules(), newExplain())
	return root
}
