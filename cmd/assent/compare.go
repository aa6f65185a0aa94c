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
			return c.run(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr(), args[:len(args)-1], args[len(args)-1])
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&c.format, "format", "", "the contracts' format (default: recognised)")
	flags.StringVar(&c.compatibility, "compatibility", "", "none, backward, forward or full, the last three also with _transitive (default: the format's)")
	flags.StringVar(&c.profile, "profile", "", "judge as another tool does, such as confluent (default: as the rules say)")
	flags.StringVar(&c.today, "today", time.Now().Format(time.DateOnly), "the day by which sunsets are judged")
	flags.StringToIntVar(&c.notice, "notice", nil, "days between announcing a sunset and the sunset, by stability level: stable=180")
	flags.StringSliceVar(&c.inProgress, "in-progress", config.DefaultInProgress, "what is reported and never breaking: tag:NAME, stability:LEVEL or \"POST /drafts\"")
	flags.StringSliceVar(&c.allow, "allow", nil, "let a new version break: major (of the contract), path (/v2/orders beside /v1/orders)")
	flags.StringVar(&c.severities, "severity-levels", "", "a file of oasdiff's with levels of its checks")
	flags.StringVar(&c.errIgnore, "err-ignore", "", "a file of oasdiff's with errors that are accepted")
	flags.StringVar(&c.warnIgnore, "warn-ignore", "", "a file of oasdiff's with warnings that are accepted")
	flags.StringVar(&c.output, "output", "text", "text or json")
	flags.StringVar(&c.failOn, "fail-on", "breaking", "the level at which the exit status is 1: breaking, risky or never")
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
	contracts, err := collect(c.format, olds, new)
	if err != nil {
		return nil, err
	}
	share(contracts)
	reports := make([]*diff.Report, len(contracts))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := range contracts {
		group.Go(func() (err error) {
			reports[i], err = c.report(ctx, &contracts[i])
			return err
		})
	}
	return reports, group.Wait()
}

// share lets contracts of a format that can tell learn from each other.
func share(contracts []pairing) {
	shared := map[*diff.Format]*diff.Format{}
	for i := range contracts {
		f := contracts[i].format
		if f.Session == nil || len(contracts) == 1 {
			continue
		}
		if shared[f] == nil {
			same := *f
			same.Compare = f.Session()
			shared[f] = &same
		}
		contracts[i].format = shared[f]
	}
}

// report compares one contract as the flags say.
func (c *comparison) report(ctx context.Context, p *pairing) (*diff.Report, error) {
	contract, err := c.contract(p, c.compatibility)
	if err != nil {
		return nil, err
	}
	if p.untouched {
		return &diff.Report{Contract: p.name, Path: p.new.Root(), Format: p.format.Name, Compatibility: contract.Compatibility.Name}, nil
	}
	return p.compare(ctx, contract)
}

// contract says how a pair is compared.
func (c *comparison) contract(p *pairing, mode string) (diff.Contract, error) {
	compatibility, err := p.format.Compatibility(mode)
	if err != nil {
		return diff.Contract{}, err
	}
	profile, err := p.format.Profile(c.profile)
	if err != nil {
		return diff.Contract{}, err
	}
	options, err := c.options(profile)
	if err != nil {
		return diff.Contract{}, err
	}
	return diff.Contract{
		Name: p.name, Format: p.format, Compatibility: compatibility, Renamed: p.renamed,
		Options: options, Policy: c.policy(),
	}, nil
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

// compare returns the pair's report. What kept it from being compared, such as
// a file that may not be read, is part of the report, so that the other
// contracts are still printed; the error is that of a cancelled context.
func (p *pairing) compare(ctx context.Context, contract diff.Contract) (*diff.Report, error) {
	report, err := diff.Compare(ctx, contract, p.olds, p.new)
	if err == nil || ctx.Err() != nil {
		return report, err
	}
	file := cmp.Or(p.new.Root(), p.olds[len(p.olds)-1].Root())
	report = &diff.Report{Contract: p.name, Path: file, Format: p.format.Name, Compatibility: contract.Compatibility.Name}
	report.Errors = []*diff.Error{{Location: diff.Location{File: file, Line: 1, Column: 1, EndLine: 1}, Message: err.Error()}}
	return report, nil
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
