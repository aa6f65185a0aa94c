package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/pflag"

	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/contracts"
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/registry"
)

// registered holds the flags that name a contract's versions in a schema
// registry. Credentials are not given by flags, which others can see.
type registered struct{ url, subject string }

func (r *registered) flags(flags *pflag.FlagSet) {
	flags.StringVar(&r.url, "registry", "",
		"the address of a schema registry whose versions are compared with too; credentials are in\n"+
			"ASSENT_REGISTRY_USER and ASSENT_REGISTRY_PASSWORD, or in ASSENT_REGISTRY_TOKEN")
	flags.StringVar(&r.subject, "subject", "",
		"what the registry keeps the versions under, such as trades-value")
}

// history reads what the registry knows of the contract.
func (r *registered) history(
	ctx context.Context, c *contracts.Contract, compatibility string,
) (contracts.History, error) {
	client, err := registry.NewConfluent(r.url, registry.Access{
		URL:      r.url,
		User:     os.Getenv("ASSENT_REGISTRY_USER"),
		Password: os.Getenv("ASSENT_REGISTRY_PASSWORD"),
		Token:    os.Getenv("ASSENT_REGISTRY_TOKEN"),
	})
	if err != nil {
		return contracts.History{}, err
	}
	named := *c
	named.Name, named.Compatibility = c.New.Root(), compatibility
	return named.History(ctx, client, &config.Registration{Name: r.url, Subject: r.subject})
}

// compareRegistered compares one file with the versions in a registry, and with
// an earlier file if there is one.
func (c *comparison) compareRegistered(
	ctx context.Context, notes io.Writer, olds []string, new string,
) ([]*diff.Report, error) {
	if c.registered.subject == "" {
		return nil, errors.New("--registry needs a --subject, such as trades-value")
	}
	if len(olds) == 0 {
		olds = []string{os.DevNull}
	}
	all, err := collect(c.format, olds, new)
	if err != nil {
		return nil, err
	}
	if info, err := os.Stat(new); err != nil || info.IsDir() || new == os.DevNull || len(olds) > 1 {
		return nil, errors.New("a registry holds the versions of one contract: " +
			"name its file, after an earlier one if you like")
	}
	contract := all[0]
	h, err := c.registered.history(ctx, contract, c.compatibility)
	if err != nil {
		return nil, err
	}
	for _, note := range h.Notes {
		fmt.Fprintln(notes, note)
	}
	how, err := c.judged(contract.Format, cmp.Or(c.compatibility, h.Level))
	if err != nil {
		return nil, err
	}
	if contract.Old().Absent() && len(h.Versions) > 0 {
		contract.Olds, h.Versions = h.Versions, nil
		how.Compatibility.Transitive = true // the history has the versions that count
	}
	report, _, err := contract.Compare(ctx, how, h)
	return []*diff.Report{report}, err
}
