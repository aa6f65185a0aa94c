package config

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/formats"
	"github.com/assent-dev/assent/diff/tree"
)

// Format compares policies as if they were contracts: what a repository's
// configuration protects, together with CODEOWNERS, the files of oasdiff and the
// readers' schemas. Less protection is breaking, more is safe. What counts is the
// effect: a file that says the same in other words differs in nothing. The root
// is the configuration's file, which may be missing.
//
// The policy itself has no say in how its changes are judged. That is why
// Repository.Rules and Ignore know none of these rules.
func Format(known formats.List, oldSide, newSide Surroundings) *diff.Format {
	return &diff.Format{
		Name:    "config",
		Match:   func(file string, _ []byte) bool { return file == Path },
		Sided:   true,
		Default: "backward",
		Rules:   changeRules(),
		Compare: func(ctx context.Context, r *diff.Report, old, new diff.Source, o diff.Options) error {
			c := &comparison{report: r, known: known, today: o.Today}
			c.sides.old, c.sides.new = oldSide, newSide
			return c.run(ctx, old, new)
		},
	}
}

// Surroundings is what a policy rests on beside its own files.
type Surroundings struct {
	// Teams are those that data contracts name, by the files that these describe.
	// They answer for files whose entries name nobody.
	Teams map[string][]string
	// Outlines returns what files of the repository say by themselves, as far as
	// they exist. nil: the files are read.
	Outlines func(files []string) (map[string]diff.Outline, error)
}

// PolicyRules returns the rules on policies.
func PolicyRules() []*diff.Rule { return append(changeRules(), ContractUnseen) }

// changeRules returns the rules on changes of a policy.
func changeRules() []*diff.Rule {
	return []*diff.Rule{
		contractUnlisted, formatChanged, compatibilityLowered, profileChanged, historyChanged,
		inProgressAdded, ownersChanged, ruleLowered, exceptionAdded,
		consumerRemoved, useNarrowed, readerChanged,
		impactDropped, unclaimedLoosened, selfApprovalAllowed, fewerMustAgree,
		noticeShortened, versioningLoosened, mended, tightened,
	}
}

// comparison finds what one policy protects less than an earlier one.
type comparison struct {
	report   *diff.Report
	known    formats.List
	sides    struct{ old, new Surroundings }
	today    diff.Day
	old, new *policy
	pairs    []*pair
	paired   map[string]bool // the names of the pairs' contracts, in either policy
}

func (c *comparison) run(ctx context.Context, old, new diff.Source) (err error) {
	if c.new, err = readPolicy(new, c.known, c.sides.new); err != nil {
		return c.report.Fail(err)
	}
	if c.old, err = readPolicy(old, c.known, c.sides.old); err != nil {
		return c.mend(err)
	}
	if err := c.pair(ctx); err != nil {
		return err
	}
	if err := errors.Join(c.compareLevels(), c.compareExceptions()); err != nil {
		return err
	}
	c.compareGlobs()
	c.compareApprovals()
	c.compareLifecycle()
	c.compareVersioning()
	c.compareOwners(diff.Path{}, c.old.ownersOf(listed{file: Path}), c.new.ownersOf(listed{file: Path}))
	for _, p := range c.pairs {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := c.comparePair(p); err != nil {
			return err
		}
	}
	return c.compareConsumers()
}

var mended = &diff.Rule{
	ID: "config/mended", Title: "policy can be read again",
	Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
What a file protects that cannot be read is not known, and neither is what is
lost by another one. The owners have to agree to what holds from now on.`,
	Example: `
-- old/.github/assent.yml --
version: 2
-- new/.github/assent.yml --
version: 1
-- want --
new/.github/assent.yml:1:1: breaking: policy: takes the place of one that cannot be read [config/mended]
`,
}

// mend reports that the new policy takes the place of one that cannot be read. It
// returns the error unless an author made the mistake.
func (c *comparison) mend(err error) error {
	if err := new(diff.Report).Fail(err); err != nil {
		return err
	}
	text := "no file"
	if c.new.root != nil {
		digest := c.new.root.Digest()
		text = hex.EncodeToString(digest[:])
	}
	at := setting("policy", "")
	c.report.Found(diff.Place{Definition: at, Use: at, Side: diff.Both}, diff.Found{
		Rule:    mended,
		New:     diff.Heading(c.new.root),
		After:   diff.HashOf(text),
		Message: "takes the place of one that cannot be read",
	})
	return nil
}

// policy is what holds at one revision.
type policy struct {
	*Repository
	tree   fs.FS      // of the repository
	folder string     // that the repository lies in
	root   *tree.Node // of the file; nil where it is missing
	files  []string   // of the repository, sorted
	owners *CodeOwners
	// selection looks up what the policy lists.
	selection    *Selection
	surroundings Surroundings
	// consumers has the indexes of the consumers, by the names of their contracts.
	consumers map[string][]int
}

// readPolicy reads the policy of a revision. The error joins all of its author's
// mistakes.
func readPolicy(s diff.Source, known formats.List, around Surroundings) (*policy, error) {
	p := &policy{Repository: Default(), folder: path.Clean(strings.TrimSuffix(s.Root(), Path))}
	p.surroundings = around
	in, err := fs.Sub(s.FS, p.folder)
	if err != nil {
		return nil, err
	}
	p.tree = in
	if p.surroundings.Outlines == nil {
		p.surroundings.Outlines = func(files []string) (map[string]diff.Outline, error) {
			return readOutlines(in, known, files)
		}
	}
	data, err := fs.ReadFile(s.FS, s.Root())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read %s: %w", s.Root(), err)
	}
	if err == nil {
		if err := p.read(s.Root(), data, known.Rules()); err != nil {
			return nil, err
		}
	}
	p.selection = p.Repository.Selection()
	p.consumers = map[string][]int{}
	for i, consumer := range p.Consumers {
		p.consumers[consumer.Contract] = append(p.consumers[consumer.Contract], i)
	}
	if p.owners, err = ReadCodeOwners(in); err != nil {
		return nil, err
	}
	err = fs.WalkDir(in, ".", func(file string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			p.files = append(p.files, file)
		}
		return err
	})
	slices.Sort(p.files)
	return p, err
}

// readOutlines returns the outlines of those of the files that exist.
func readOutlines(in fs.FS, known formats.List, files []string) (map[string]diff.Outline, error) {
	all := map[string]diff.Outline{}
	for _, file := range files {
		data, err := fs.ReadFile(in, file)
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) {
			continue
		}
		if err != nil {
			return nil, err
		}
		all[file] = known.Outline(file, data, nil)
	}
	return all, nil
}

func (p *policy) read(name string, data []byte, rules []*diff.Rule) error {
	r, mistakes := Read(name, data, rules)
	more, err := r.ImportOasdiff(p.tree, rules)
	if err != nil {
		return err
	}
	var all []error
	for _, m := range append(mistakes, more...) {
		all = append(all, m)
	}
	if len(all) > 0 {
		return errors.Join(all...)
	}
	doc, err := tree.Parse(name, data, tree.Limits{})
	if err != nil {
		return err
	}
	p.Repository, p.root = r, doc.Root
	return nil
}

// has reports whether the repository has a file.
func (p *policy) has(file string) bool {
	_, found := slices.BinarySearch(p.files, file)
	return found
}

// node returns the element at a path of keys and indexes, nil if the file has
// none or the path is empty.
func (p *policy) node(way []string) *tree.Node {
	if len(way) == 0 {
		return nil
	}
	n := p.root
	for _, step := range way {
		n = below(n, step)
	}
	return n
}

// finding is something that the new policy protects less, or more.
type finding struct {
	rule     *diff.Rule
	about    diff.Path // the setting
	old, new []string  // the ways to it in both files
	// oldAt and newAt are places in CODEOWNERS, which come before the ways.
	oldAt, newAt  diff.Location
	side          diff.Side // of the consumers that are concerned; 0 stands for both
	before, after string    // what counts, "" for nothing
	message       string
}

// found reports a finding at a place. Where no consumer is registered who is
// concerned, it reaches the place itself.
func (c *comparison) found(at diff.Path, f finding, reaches ...diff.Reach) {
	found := diff.Found{
		Rule:    f.rule,
		Old:     diff.Spot(f.oldAt),
		New:     diff.Spot(f.newAt),
		Near:    (&checker{root: c.new.root}).at(f.new...),
		Before:  hashOf(f.before),
		After:   hashOf(f.after),
		Message: f.message,
		Reaches: reaches,
	}
	if f.oldAt.IsZero() {
		found.Old = c.old.node(f.old)
	}
	if f.newAt.IsZero() {
		found.New = c.new.node(f.new)
	}
	c.report.Found(diff.Place{Definition: at, Use: at, Side: cmp.Or(f.side, diff.Both)}, found)
}

func hashOf(text string) diff.Hash {
	if text == "" {
		return diff.Hash{}
	}
	return diff.HashOf(text)
}

// lose reports what takes protection from all contracts that are concerned:
// their consumers lose it, and where a contract has none, its owners. Those of a
// policy that lists none are not all known.
func (c *comparison) lose(f finding, concerns func(*pair) bool) {
	var reaches []diff.Reach
	concerned := false
	for _, p := range c.pairs {
		if !concerns(p) {
			continue
		}
		concerned = true
		if len(p.teams) == 0 {
			c.found(p.path().Join(f.about), f)
		}
		reaches = append(reaches, reachesOf(p.teams, f.side)...)
	}
	reaches = append(reaches, reachesOf(c.strays(), f.side)...)
	if len(reaches) > 0 || !concerned || len(c.old.Contracts) == 0 {
		c.found(f.about, f, reaches...)
	}
}

// loseAt reports what takes protection from one contract.
func (c *comparison) loseAt(p *pair, f finding) {
	c.found(p.path().Join(f.about), f, reachesOf(p.teams, f.side)...)
}

// gain reports what protects more.
func (c *comparison) gain(at diff.Path, f finding) {
	f.rule = tightened
	c.found(at.Join(f.about), f)
}

func everyContract(*pair) bool { return true }

func reachesOf(teams []string, side diff.Side) []diff.Reach {
	var all []diff.Reach
	for _, team := range teams {
		all = append(all, diff.Reach{Use: ConsumerPath(team), Side: cmp.Or(side, diff.Both)})
	}
	return all
}

// ConsumerPath is the place where a change of a policy reaches a consumer's team.
func ConsumerPath(team string) diff.Path {
	return diff.PathOf(diff.Step{Kind: diff.Definition, Noun: "consumer", Name: team})
}

// setting is the path of a key that holds for all contracts.
func setting(noun, name string) diff.Path {
	return diff.PathOf(diff.Step{Kind: diff.Aspect, Noun: noun, Name: name})
}

// index writes an index for a path of keys.
func index(i int) string { return strconv.Itoa(i) }

var tightened = &diff.Rule{
	ID: "config/tightened", Title: "policy protects more",
	Doc: `
What is looked at from now on, or asks for more, takes protection from nobody.
That holds for contracts and consumers that are added as well.`,
	Example: `
-- old/.github/assent.yml --
version: 1
-- new/.github/assent.yml --
version: 1
approvals: {per-team: 2}
-- want --
new/.github/assent.yml:2:13: safe: approvals › per-team: members of a team who must agree: 2 instead of 1 [config/tightened]
`,
}
