package config

import (
	"cmp"
	"errors"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/life"
	"github.com/assent-dev/assent/diff/tree"
	"github.com/assent-dev/assent/usage"
)

// checker finds what the YAML library cannot: values that mean nothing. The
// tree gives their lines.
type checker struct {
	root *tree.Node
	errs []*diff.Error

	globs    int                 // bytes of them so far
	named    map[string]bool     // what consumers may call contracts
	selected []func(string) bool // likewise, by globs
}

func (r *Repository) check(name string, data []byte, rules []*diff.Rule) []*diff.Error {
	doc, err := tree.Parse(name, data, tree.Limits{Bytes: 1 << 20})
	if err != nil {
		located, _ := err.(*diff.Error) // Parse returns no other kind
		return []*diff.Error{located}
	}
	c := &checker{root: doc.Root}
	if r.Version != 1 {
		c.errorf(c.at("version"), "version %d is not known: write version: 1", r.Version)
	}
	c.contracts(r)
	c.consumers(r)
	c.approvals(r)
	c.rules(r, rules)
	c.lifecycle(r)
	r.Oasdiff.line = c.at("oasdiff").At()
	slices.SortStableFunc(c.errs, func(a, b *diff.Error) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return c.errs
}

// at finds the node at a path of keys and indexes, or the closest one above.
func (c *checker) at(way ...string) *tree.Node {
	n := c.root
	for _, step := range way {
		next := below(n, step)
		if next == nil {
			return n
		}
		n = next
	}
	return n
}

// below returns the member of that name, or the element at that index.
func below(n *tree.Node, step string) *tree.Node {
	if i, err := strconv.Atoi(step); err == nil && n.Is(tree.Array) {
		return n.Element(i)
	}
	return n.Get(step)
}

func (c *checker) errorf(n *tree.Node, format string, args ...any) {
	c.errs = append(c.errs, n.Errorf(format, args...))
}

// mostContracts bounds the entries: what a file is listed by is looked up among
// all of them.
const mostContracts = 5000

func (c *checker) contracts(r *Repository) {
	if len(r.Contracts) > mostContracts {
		c.errorf(c.at("contracts"), "%d contracts, and at most %d are compared: a glob lists many files",
			len(r.Contracts), mostContracts)
		r.Contracts = r.Contracts[:mostContracts]
	}
	c.named = map[string]bool{}
	seen := map[string]bool{}
	for i := range r.Contracts {
		contract, entry := &r.Contracts[i], c.at("contracts", index(i))
		contract.Line = entry.At()
		if contract.Path == "" {
			c.errorf(entry, "a contract needs a path")
			continue
		}
		c.path(entry.Get("path"), contract.Path)
		if contract.Name == "" {
			contract.Name = DefaultName(contract.Path)
		}
		if seen[contract.Name] {
			c.errorf(entry, "a second contract is named %s: give it a name of its own", contract.Name)
		}
		seen[contract.Name], c.named[contract.Name] = true, true
		c.registration(i, contract)
		for j, owner := range contract.Owners {
			if err := fullTeam(owner); err != nil {
				c.errorf(c.at("contracts", index(i), "owners", index(j)), "%v", err)
			}
		}
	}
}

// path checks the path of a contract, and notes how consumers may call what it
// selects: by the file without its extension.
func (c *checker) path(at *tree.Node, pattern string) {
	g, ok := c.glob(at, pattern, "is not a path in this repository")
	if !ok { // what it means is not known, so that no consumer is wrong about it
		c.selected = append(c.selected, func(string) bool { return true })
	} else if g.leaves() {
		c.errorf(at, "%q is not a path in this repository", pattern)
	}
	for _, parts := range g {
		name := DefaultName(strings.Join(parts, "/"))
		if IsGlob(name) {
			c.selected = append(c.selected, Glob(name))
		}
		c.named[name] = true
	}
}

// glob parses a pattern, and complains of one that cannot be used: where it is
// malformed, in the caller's words.
func (c *checker) glob(at *tree.Node, pattern, malformed string) (glob, bool) {
	g, err := parseGlob(pattern)
	switch {
	case errors.Is(err, path.ErrBadPattern):
		c.errorf(at, "%q %s", pattern, malformed)
	case err != nil:
		c.errorf(at, "%v", err)
	case IsGlob(pattern):
		before := c.globs
		c.globs += g.size()
		if before <= mostGlobs && c.globs > mostGlobs {
			c.errorf(at, "the globs up to here have more than %d characters together, with every way to "+
				"choose between braces: a wider glob takes the place of many", mostGlobs)
		}
	}
	return g, err == nil
}

// DefaultName is the id of a contract that has none of its own.
func DefaultName(file string) string { return strings.TrimSuffix(file, path.Ext(file)) }

// Recognised returns the entry that a file would have that is recognised as a
// contract and not listed.
func Recognised(file string) Contract {
	return Contract{Name: DefaultName(file), Path: file, InProgress: DefaultInProgress}
}

// For returns what the entry says of one of the files that it selects. A file
// that a glob selects has its own name.
func (c Contract) For(file string) Contract {
	if IsGlob(c.Path) {
		c.Name = DefaultName(file)
	}
	return c
}

func (c *checker) consumers(r *Repository) {
	for i := range r.Consumers {
		consumer, index := &r.Consumers[i], strconv.Itoa(i)
		team := c.at("consumers", index, "team")
		consumer.Line = team.At()
		if err := fullTeam(consumer.Team); err != nil {
			c.errorf(team, "%v", err)
		}
		if len(r.Contracts) > 0 && !c.calls(consumer.Contract) {
			c.errorf(c.at("consumers", index, "contract"), "no contract is named %q", consumer.Contract)
		}
		c.reader(index, consumer)
		for j, text := range consumer.Uses {
			use, err := usage.Parse(text)
			if err != nil {
				c.errorf(c.at("consumers", index, "uses", strconv.Itoa(j)), "%v", err)
				continue
			}
			consumer.Parsed = append(consumer.Parsed, use)
		}
	}
}

// reader checks the file of a consumer's own schema.
func (c *checker) reader(index string, consumer *Consumer) {
	at := c.at("consumers", index, "reader")
	switch {
	case consumer.Reader == "":
	case !fs.ValidPath(consumer.Reader) || consumer.Reader == ".":
		c.errorf(at, "%q is not a file in this repository", consumer.Reader)
	case len(consumer.Uses) > 0:
		c.errorf(at, "a reader says what is used: leave out uses, or register what the team sends in an "+
			"entry of its own")
	}
}

// calls reports whether a consumer may mean a contract by the name.
func (c *checker) calls(name string) bool {
	return c.named[name] ||
		slices.ContainsFunc(c.selected, func(selects func(string) bool) bool { return selects(name) })
}

func (c *checker) approvals(r *Repository) {
	if !slices.Contains([]string{"owners", "fail", "pass"}, r.Approvals.Unclaimed) {
		c.errorf(c.at("approvals", "unclaimed"), "unclaimed: %q: want owners, fail or pass",
			r.Approvals.Unclaimed)
	}
	if r.Approvals.PerTeam < 1 {
		c.errorf(c.at("approvals", "per-team"), "per-team: %d: want 1 or more", r.Approvals.PerTeam)
	}
}

func (c *checker) rules(r *Repository, rules []*diff.Rule) {
	known := func(id string) bool {
		return slices.ContainsFunc(rules, func(rule *diff.Rule) bool { return rule.ID == id })
	}
	for id := range r.Rules {
		if !known(id) {
			c.unknownRule(c.at("rules", id), id)
		}
	}
	for i := range r.Ignore {
		e, index := &r.Ignore[i], strconv.Itoa(i)
		entry := c.at("ignore", index)
		if e.Rule != "" && !known(e.Rule) {
			c.unknownRule(c.at("ignore", index, "rule"), e.Rule)
		}
		if e.Rule == "" && e.Subject == "" {
			c.errorf(entry, "an exception needs a rule, a subject, or both")
		}
		if e.Reason == "" {
			c.errorf(entry, "an exception needs a reason, for those who read it later")
		}
		if e.Until == "" {
			continue
		}
		until, err := time.Parse(time.DateOnly, e.Until)
		if err != nil {
			c.errorf(c.at("ignore", index, "until"), "until: %q is not a day: write it as 2027-03-31",
				e.Until)
		}
		e.until = until
	}
}

// unknownRule complains of a rule that the configuration cannot be about.
func (c *checker) unknownRule(at *tree.Node, id string) {
	if slices.ContainsFunc(PolicyRules(), func(r *diff.Rule) bool { return r.ID == id }) {
		c.errorf(at, "%s is a rule on this file, and this file has no say in how its changes are judged", id)
		return
	}
	c.errorf(at, "no rule %s: \"assent rules\" lists them all", id)
}

func (c *checker) lifecycle(r *Repository) {
	for level, days := range r.Lifecycle.Notice {
		at := c.at("lifecycle", "notice", level)
		if !slices.Contains(life.Stabilities(), level) {
			c.errorf(at, "no stability level %s: want draft, alpha, beta or stable", level)
		}
		if days < 0 {
			c.errorf(at, "%s: %d: want days, 0 or more", level, days)
		}
	}
}
