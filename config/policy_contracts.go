package config

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
)

// listed is a contract of a policy: a file, and what holds for it.
type listed struct {
	Contract
	file string
	way  []string // to its entry; none if it is recognised
}

// listed returns the contracts that the policy lists, by themselves or by a glob. A
// file counts by its first entry.
func (p *policy) listed(ctx context.Context) ([]listed, error) {
	isListed := func(string) bool { return true } // also one that is missing
	selected, err := p.selection.Of(ctx, slices.Values(p.files), isListed)
	if err != nil {
		return nil, err
	}
	var all []listed
	seen := map[string]bool{}
	for _, s := range selected {
		isMissing := IsGlob(p.Contracts[s.Entry].Path) && !p.has(s.File)
		if !seen[s.File] && !isMissing {
			seen[s.File] = true
			all = append(all, p.listedBy(s.Entry, s.File))
		}
	}
	return all, nil
}

// listedBy returns what an entry says of a file.
func (p *policy) listedBy(i int, file string) listed {
	return listed{Contract: p.Contracts[i].For(file), file: file, way: []string{"contracts", index(i)}}
}

// of returns what the policy says of a file.
func (p *policy) of(file string) (listed, bool) {
	i := p.selection.first(file)
	if i < 0 {
		return listed{}, false
	}
	return p.listedBy(i, file), true
}

// pair is a contract of the old policy, and what the new one says of it.
type pair struct {
	old   listed
	new   *listed  // nil if it is listed no more
	teams []string // the consumers that the old policy registers

	format   *diff.Format // at the old revision; nil if it cannot be told
	resolved bool
}

// path names the contract by its file, which is what makes it the same contract
// under another name.
func (p *pair) path() diff.Path { return contractPath(p.old.file) }

func contractPath(file string) diff.Path {
	return diff.PathOf(diff.Step{Kind: diff.Definition, Noun: "contract", Name: file})
}

// ContractOf returns the file of the contract that a change of a policy concerns;
// "" for what does not concern a single one.
func ContractOf(c *diff.Change) string {
	first := c.Subject.First()
	if first != contractPath(first.Name).First() {
		return ""
	}
	return first.Name
}

// Effect identifies what a change of a policy leads to, whatever was before. What
// holds for all contracts has the same effect wherever it is reported.
func Effect(c *diff.Change) string {
	subject, leads := c.Subject, c.After
	if c.Removed() {
		leads = c.Before
	}
	if file := ContractOf(c); file != "" && slices.Contains(general, c.Rule) {
		subject = subject.After(contractPath(file))
	}
	return fmt.Sprintf("%s %s %x", c.Rule.ID, subject, leads)
}

// general are the rules on what holds for all contracts. What they find is
// reported at each contract that has no consumers.
var general = []*diff.Rule{
	ruleLowered, exceptionAdded, impactDropped, unclaimedLoosened, selfApprovalAllowed, fewerMustAgree,
	noticeShortened, versioningLoosened,
}

// Unlists reports whether a change of a policy is that a contract is not looked
// at any more.
func Unlists(c *diff.Change) bool { return c.Rule == contractUnlisted }

// names are those by which a configuration may mean the contract.
func (l *listed) names() []string { return []string{l.Name, DefaultName(l.file)} }

// pair finds what the new policy says of the contracts of the old one.
func (c *comparison) pair(ctx context.Context) error {
	find := c.old.listed
	if len(c.old.Contracts) == 0 {
		find = c.unlisted
	}
	all, err := find(ctx)
	if err != nil {
		return err
	}
	now, err := c.new.listed(ctx)
	if err != nil {
		return err
	}
	c.paired = map[string]bool{}
	for _, old := range all {
		if err := ctx.Err(); err != nil {
			return err
		}
		p := &pair{old: old}
		for _, r := range c.old.consumersOf(old.names()...) {
			p.teams = append(p.teams, r.team)
		}
		if err := c.match(p, now); err != nil {
			return err
		}
		names := old.names()
		if p.new != nil {
			names = append(names, p.new.names()...)
		}
		for _, name := range names {
			c.paired[name] = true
		}
		c.pairs = append(c.pairs, p)
	}
	return nil
}

// match finds what the new policy says of a contract. A contract is its file; an
// entry of the same name is the same contract only where the file is gone.
func (c *comparison) match(p *pair, now []listed) error {
	if l, found := c.new.of(p.old.file); found {
		p.new = &l
		return nil
	}
	if c.new.has(p.old.file) {
		if len(c.new.Contracts) > 0 {
			return nil
		}
		format, err := c.recognise(c.new, p.old.file)
		if l := (listed{Contract: Recognised(p.old.file), file: p.old.file}); format != nil {
			p.new = &l
		}
		return err
	}
	for _, l := range now {
		if l.Name == p.old.Name {
			p.new = &l
			return nil
		}
	}
	return nil
}

// unlisted returns the contracts of a policy that lists none, as far as the new
// policy treats them in another way.
func (c *comparison) unlisted(ctx context.Context) ([]listed, error) {
	var all []listed
	ownersStay := c.old.owners.text == c.new.owners.text &&
		reflect.DeepEqual(c.old.surroundings.Teams, c.new.surroundings.Teams)
	for _, file := range c.old.files {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if !c.known.Candidate(file) || strings.HasPrefix(file, ".github/") {
			continue
		}
		l := listed{Contract: Recognised(file), file: file}
		stays := ownersStay || equalParties(c.old.ownersOf(l), c.new.ownersOf(l))
		if len(c.new.Contracts) > 0 || !stays {
			all = append(all, l)
		}
	}
	outlines, err := c.old.outlines(all)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(l listed) bool {
		o := outlines[l.file]
		if o.Unread && o.Format == "" {
			c.unseen(l.file, o)
		}
		return o.Format == ""
	}), nil
}

// unseen reports that nobody knows whether a file is a contract that the new policy
// treats in another way.
func (c *comparison) unseen(file string, o diff.Outline) {
	c.found(contractPath(file), finding{
		rule:    contractUnlisted,
		after:   "unknown",
		new:     []string{"contracts"},
		message: "may be a contract, and was not looked into: " + o.Wrong.Message,
	})
}

// outlines returns what the files of contracts say by themselves.
func (p *policy) outlines(of []listed) (map[string]diff.Outline, error) {
	var files []string
	for _, l := range of {
		files = append(files, l.file)
	}
	return p.surroundings.Outlines(files)
}

// recognise returns the format of a file, nil if it is none or if there is no
// such file.
func (c *comparison) recognise(in *policy, file string) (*diff.Format, error) {
	outlines, err := in.surroundings.Outlines([]string{file})
	if o := outlines[file]; err == nil && o.Format != "" {
		return c.known.Named(o.Format)
	}
	return nil, err
}

// formatOf returns the format of a contract, nil if it cannot be told.
func (c *comparison) formatOf(in *policy, l *listed) (*diff.Format, error) {
	if l.Format == "" {
		return c.recognise(in, l.file)
	}
	format, err := c.known.Named(l.Format)
	if err != nil {
		return nil, nil // comparing the contract reports it
	}
	return format, nil
}

// resolve finds the format that a contract had.
func (c *comparison) resolve(p *pair) (*diff.Format, error) {
	if p.resolved {
		return p.format, nil
	}
	format, err := c.formatOf(c.old, &p.old)
	p.format, p.resolved = format, err == nil
	return format, err
}
