package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/contracts"
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/life"
)

// comparison holds the flags of "assent compare".
type comparison struct {
	format, compatibility, profile, today string
	notice                                map[string]int
	inProgress, allow                     []string
	severities, errIgnore, warnIgnore     string
	imported                              config.Imported // from the three files
	output, failOn                        string
	registered                            registered
}

func newCompare() *cobra.Command {
	var c comparison
	cmd := &cobra.Command{
		Use:   "compare OLD... NEW",
		Short: "Compare files or folders; several OLD are earlier versions, oldest first",
		Long: `Compare reads contracts from files or folders and prints each change with its
line. Contracts in folders are matched by their path. A contract that does not
exist on one side is named /dev/null there.

The exit status is 0 if nothing breaks, 1 if something does, and 2 if a contract
could not be compared.

With --registry, one file is compared with the versions in a schema registry as
well, as many as the compatibility asks for; without --compatibility, the
registry's own holds. The registry is also asked what it would say to the file.`,
		Example: `  assent compare orders-v1.yaml orders-v2.yaml
  assent compare v1.avsc v2.avsc v3.avsc --compatibility full_transitive
  assent compare --output json api-before/ api-after/
  assent compare --registry https://registry.acme.com --subject trades-value trade.avsc`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) < 2 && c.registered.url == "" || len(args) < 1 {
				return errors.New("compare needs two files or folders at least, the newest last")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := c.readFiles(cmd.ErrOrStderr()); err != nil {
				return err
			}
			return c.run(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr(), args[:len(args)-1],
				args[len(args)-1])
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&c.format, "format", "", "the contracts' format (default: recognised)")
	flags.StringVar(&c.compatibility, "compatibility", "",
		"none, backward, forward or full, the last three also with _transitive (default: the format's)")
	flags.StringVar(&c.profile, "profile", "",
		"judge as another tool does, such as confluent (default: as the rules say)")
	flags.StringVar(&c.today, "today", time.Now().Format(time.DateOnly),
		"the day by which sunsets are judged")
	flags.StringToIntVar(&c.notice, "notice", nil,
		"days between announcing a sunset and the sunset, by stability level: stable=180")
	flags.StringSliceVar(&c.inProgress, "in-progress", config.DefaultInProgress,
		"what is reported and never breaking: tag:NAME, stability:LEVEL or \"POST /drafts\"")
	flags.StringSliceVar(&c.allow, "allow", nil,
		"let a new version break: major (of the contract), path (/v2/orders beside /v1/orders)")
	flags.StringVar(&c.severities, "severity-levels", "", "a file of oasdiff's with levels of its checks")
	flags.StringVar(&c.errIgnore, "err-ignore", "", "a file of oasdiff's with errors that are accepted")
	flags.StringVar(&c.warnIgnore, "warn-ignore", "", "a file of oasdiff's with warnings that are accepted")
	flags.StringVar(&c.output, "output", "text", "text or json")
	flags.StringVar(&c.failOn, "fail-on", "breaking",
		"the level at which the exit status is 1: breaking, risky or never")
	c.registered.flags(flags)
	return cmd
}

func (c *comparison) run(ctx context.Context, out, notes io.Writer, olds []string, new string) error {
	write, err := writer(c.output)
	if err != nil {
		return err
	}
	fails, err := failsOn(c.failOn)
	if err != nil {
		return err
	}
	var reports []*diff.Report
	if c.registered.url != "" {
		reports, err = c.compareRegistered(ctx, notes, olds, new)
	} else {
		reports, err = c.compareAll(ctx, olds, new)
	}
	if err != nil {
		return err
	}
	if err := write(out, reports); err != nil {
		return err
	}
	return fails(diff.VerdictOf(reports...))
}

// compareAll compares what the arguments hold, in parallel.
func (c *comparison) compareAll(ctx context.Context, olds []string, new string) ([]*diff.Report, error) {
	all, err := collect(c.format, olds, new)
	if err != nil {
		return nil, err
	}
	reports := make([]*diff.Report, len(all))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, contract := range all {
		group.Go(func() error {
			how, err := c.judged(contract.Format, c.compatibility)
			if err != nil {
				return err
			}
			reports[i], err = compare(ctx, contract, how)
			return err
		})
	}
	return reports, group.Wait()
}

// judged says how contracts of a format are judged.
func (c *comparison) judged(format *diff.Format, mode string) (diff.Contract, error) {
	compatibility, err := format.Compatibility(mode)
	if err != nil {
		return diff.Contract{}, err
	}
	profile, err := format.Profile(c.profile)
	if err != nil {
		return diff.Contract{}, err
	}
	options, err := c.options(profile)
	return diff.Contract{Compatibility: compatibility, Options: options, Policy: c.policy()}, err
}

func (c *comparison) options(profile diff.Profile) (diff.Options, error) {
	o := diff.Options{Profile: profile, Today: diff.Day(c.today), Lifecycle: diff.Lifecycle{Notice: c.notice}}
	if _, err := time.Parse(time.DateOnly, c.today); err != nil {
		return o, fmt.Errorf("--today %s: write a day as 2027-03-31", c.today)
	}
	for level := range c.notice {
		if !slices.Contains(life.Stabilities(), level) {
			return o, fmt.Errorf("--notice %s: want draft, alpha, beta or stable", level)
		}
	}
	for _, what := range c.allow {
		switch what {
		case "major":
			o.Versioning.Major = true
		case "path":
			o.Versioning.Path = true
		default:
			return o, fmt.Errorf("--allow %s: want major or path", what)
		}
	}
	return o, nil
}

// compare returns the report on a contract. What kept it from being compared,
// such as a file that may not be read, is part of the report, so that the other
// contracts are still printed; the error is that of a cancelled context.
func compare(ctx context.Context, c *contracts.Contract, how diff.Contract) (*diff.Report, error) {
	report, _, err := c.Compare(ctx, how, contracts.History{})
	if err == nil || ctx.Err() != nil {
		return report, err
	}
	file := cmp.Or(c.New.Root(), c.Old().Root())
	at := diff.Location{File: file, Line: 1, Column: 1, EndLine: 1}
	return &diff.Report{
		Contract:      c.Name,
		Path:          file,
		Format:        c.Format.Name,
		Compatibility: how.Compatibility.Name,
		Errors:        []*diff.Error{{Location: at, Message: err.Error()}},
	}, nil
}

// failsOn returns what turns a verdict into the exit status.
func failsOn(level string) (func(diff.Verdict) error, error) {
	failing := map[string][]diff.Verdict{
		"breaking": {diff.VerdictBreaking},
		"risky":    {diff.VerdictBreaking, diff.VerdictRisky},
		"never":    nil,
	}
	verdicts, ok := failing[level]
	if !ok {
		return nil, fmt.Errorf("--fail-on %s: want breaking, risky or never", level)
	}
	return func(v diff.Verdict) error {
		if v == diff.Failed {
			return verdictError(2)
		}
		if slices.Contains(verdicts, v) {
			return verdictError(1)
		}
		return nil
	}, nil
}
