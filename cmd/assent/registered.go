package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/pflag"

	"github.com/assent-dev/assent/app"
	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/registry"
)

// registered holds the flags that name a contract's versions in a schema
// registry. Credentials are no flags: others would see them.
type registered struct{ url, subject string }

func (r *registered) flags(flags *pflag.FlagSet) {
	flags.StringVar(&r.url, "registry", "", "the address of a schema registry whose versions are compared with too; credentials are in\nASSENT_REGISTRY_USER and ASSENT_REGISTRY_PASSWORD, or in ASSENT_REGISTRY_TOKEN")
	flags.StringVar(&r.subject, "subject", "", "what the registry keeps the versions under, such as trades-value")
}

// history reads what the registry knows of the contract.
func (r *registered) history(ctx context.Context, p *pairing, compatibility string) (app.History, error) {
	client, err := registry.NewConfluent(r.url, registry.Access{
		URL: r.url, User: os.Getenv("ASSENT_REGISTRY_USER"), Password: os.Getenv("ASSENT_REGISTRY_PASSWORD"), Token: os.Getenv("ASSENT_REGISTRY_TOKEN"),
	})
	if err != nil {
		return app.History{}, err
	}
	entry := config.Contract{Name: p.new.Root(), Compatibility: compatibility, Registry: &config.Registration{Name: r.url, Subject: r.subject}}
	return app.ReadHistory(ctx, client, p.format, entry, p.olds[0], p.new)
}

// compareRegistered compares one file with the versions in a registry, and with
// an earlier file if there is one.
func (c *comparison) compareRegistered(ctx context.Context, notes io.Writer, olds []string, new string) ([]*diff.Report, error) {
	if c.registered.subject == "" {
		return nil, errors.New("--registry needs a --subject, such as trades-value")
	}
	if len(olds) == 0 {
		olds = []string{os.DevNull}
	}
	contracts, err := collect(c.format, olds, new)
	if err != nil {
		return nil, err
	}
	if len(contracts) != 1 || contracts[0].name != single || contracts[0].new.Absent() || len(olds) > 1 {
		return nil, errors.New("a registry holds the versions of one contract: name its file, after an earlier one if you like")
	}
	p := &contracts[0]
	h, err := c.registered.history(ctx, p, c.compatibility)
	if err != nil {
		return nil, err
	}
	for _, note := range h.Notes {
		fmt.Fprintln(notes, note)
	}
	contract, err := c.contract(p, cmp.Or(c.compatibility, h.Level))
	if err != nil {
		return nil, err
	}
	contract.Refusals = h.Refusals
	if base := p.olds[0]; !base.Absent() {
		report, _, err := diff.CompareHistory(ctx, contract, base, h.Versions, p.new)
		return []*diff.Report{report}, err
	}
	contract.Compatibility.Transitive = true // which versions count is settled
	report, err := diff.Compare(ctx, contract, h.Versions, p.new)
	return []*diff.Report{report}, err
}
