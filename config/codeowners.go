package config

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"unicode"

	"github.com/hmarr/codeowners"

	"github.com/assent-dev/assent/approval"
	"github.com/assent-dev/assent/diff"
)

// CodeOwnerFiles are the places of CODEOWNERS, in GitHub's order: the first file
// that exists counts.
var CodeOwnerFiles = []string{".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"}

const (
	mostCodeOwners = 3 << 20 // bytes; GitHub does not load a file that has more
	mostRules      = 10_000  // with 2 KB each
	mostSkipped    = 5       // lines that are told one by one
)

// CodeOwners says who owns which files of a repository, by its CODEOWNERS.
type CodeOwners struct {
	// Mistakes are about lines that are skipped, as GitHub skips them.
	Mistakes []*diff.Error

	file  string // where it is
	text  string
	rules codeowners.Ruleset
	index *ruleIndex // of the rules; nil until it is needed
	whole string     // what has to be said of the file as a whole
	// unread is set where there are rules that are not read: whom they name is not
	// known.
	unread bool

	asked bool // Of was called
	// nameless are the rules that it came to and that name nobody who can be asked,
	// by their lines.
	nameless map[int]*codeowners.Rule
}

// ReadCodeOwners reads CODEOWNERS. In a tree without one nobody owns anything.
func ReadCodeOwners(tree fs.FS) (*CodeOwners, error) {
	o := &CodeOwners{nameless: map[int]*codeowners.Rule{}}
	for _, name := range CodeOwnerFiles {
		data, err := fs.ReadFile(tree, name)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		o.file, o.text = name, string(data)
		if len(data) > mostCodeOwners {
			const text = "%s has more than %d MB, so that GitHub ignores it, and nobody owns anything."
			o.whole = fmt.Sprintf(text, name, mostCodeOwners>>20)
			return o, nil
		}
		o.parse()
		break
	}
	return o, nil
}

// parse reads line by line, so that a bad one costs its own rule alone.
func (o *CodeOwners) parse() {
	n := 0
	for line := range strings.Lines(strings.TrimPrefix(o.text, "\ufeff")) {
		n++
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "#") {
			continue
		}
		line = spelledRule(line)
		if len(line) >= bufio.MaxScanTokenSize || len(o.rules)+len(o.Mistakes) > mostRules {
			const text = "%s has more than %d rules, or one of %d characters, so that it is not read: " +
				"nobody can agree for its owners."
			o.whole = fmt.Sprintf(text, o.file, mostRules, bufio.MaxScanTokenSize)
			o.rules, o.Mistakes, o.unread = nil, nil, true
			return
		}
		rules, err := codeowners.ParseFile(strings.NewReader(line))
		if err != nil {
			why := strings.TrimPrefix(err.Error(), "line 1: ")
			o.Mistakes = append(o.Mistakes, at(o.file, n, "%s", why))
		}
		for _, rule := range rules { // none or one
			rule.LineNumber = n
			o.rules = append(o.rules, rule)
		}
	}
}

// Of returns who owns a file. The Party is zero if nobody does. If the owners are
// named only in ways that assent cannot tell accounts by, as with e-mail
// addresses, the Party has these names, and nobody can agree for it.
func (o *CodeOwners) Of(file string) approval.Party {
	o.asked = true
	rule := o.rule(file)
	if rule != nil && len(rule.Owners) > 0 && len(addresses(rule)) == len(rule.Owners) {
		o.nameless[rule.LineNumber] = rule
	}
	party, _ := o.find(file)
	return party
}

// Notes say, for people, which lines of CODEOWNERS name nobody although they are
// meant to. There are none unless Of was called.
func (o *CodeOwners) Notes() []string {
	if !o.asked {
		return nil
	}
	var notes []string
	if o.whole != "" {
		notes = append(notes, o.whole)
	}
	for i, m := range o.Mistakes {
		if i == mostSkipped {
			notes = append(notes, fmt.Sprintf("%d more lines of %s are skipped.", len(o.Mistakes)-i, o.file))
			break
		}
		const text = "%s line %d is skipped, as GitHub skips it: %s."
		notes = append(notes, fmt.Sprintf(text, o.file, m.Line, m.Message))
	}
	for _, line := range slices.Sorted(maps.Keys(o.nameless)) {
		const text = "%s line %d names only e-mail addresses (%s): assent cannot tell whose they are, and " +
			"nobody can agree for them. Name an account or a team."
		names := strings.Join(addresses(o.nameless[line]), ", ")
		notes = append(notes, fmt.Sprintf(text, o.file, line, names))
	}
	return notes
}

// find returns who owns a file, and the line that says so.
func (o *CodeOwners) find(file string) (party approval.Party, from diff.Location) {
	if o.unread {
		return approval.Party{Users: []string{"the owners in " + o.file}}, lineOf(o.file, 1)
	}
	rule := o.rule(file)
	if rule == nil {
		return party, from
	}
	for _, owner := range rule.Owners {
		switch owner.Type {
		case codeowners.TeamOwner:
			party.Teams = append(party.Teams, owner.Value)
		case codeowners.UsernameOwner:
			party.Users = append(party.Users, owner.Value)
		}
	}
	if party.IsZero() {
		party.Users = addresses(rule)
	}
	return party, lineOf(o.file, rule.LineNumber)
}

// rule returns the last rule that selects a file, nil if there is none.
func (o *CodeOwners) rule(file string) *codeowners.Rule {
	if o.index == nil {
		o.index = indexRules(o.rules)
	}
	return o.index.last(spelled(file))
}

// addresses are the owners of a rule that are named by e-mail addresses. No
// account is called like one.
func addresses(rule *codeowners.Rule) []string {
	var all []string
	for _, owner := range rule.Owners {
		if owner.Type == codeowners.EmailOwner {
			all = append(all, owner.Value)
		}
	}
	return all
}

// spelledRule spells the pattern with which a line begins.
func spelledRule(line string) string {
	if strings.HasPrefix(line, "!") { // which GitHub refuses
		return line
	}
	end, escaped := len(line), false
	for i, r := range line {
		if !escaped && (r == ' ' || r == '\t') {
			end = i
			break
		}
		escaped = r == '\\' && !escaped
	}
	return spelled(line[:end]) + line[end:]
}

// spelled writes as codes the characters that the library refuses in a pattern and
// GitHub takes, as in {id}.yaml. Files are held against patterns in this spelling.
// A question mark in a pattern does not stand for such a character.
func spelled(text string) string {
	var b strings.Builder
	for _, r := range text {
		refused := strings.ContainsRune("!\"$%&',:;<=>^`{|}~", r) ||
			r > unicode.MaxASCII && !unicode.IsSpace(r)
		if refused || r == '(' { // which begins a code
			fmt.Fprintf(&b, "(%x)", r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}
