package config

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"github.com/assent-dev/assent/diff"
)

// Oasdiff names files of oasdiff that hold here as well, so that who comes from
// it need not write them anew. What rules and ignore say goes before them.
type Oasdiff struct {
	// Config is oasdiff's own configuration, .oasdiff.yaml: of it, the three
	// settings below are read. Default: none.
	Config string `yaml:"config"`
	// SeverityLevels gives checks another level, a line each: "ID err", warn, info
	// or none. Default: none.
	SeverityLevels string `yaml:"severity-levels"`
	// ErrIgnore lists errors that are accepted, a line each with method, path and
	// what oasdiff says. Default: none.
	ErrIgnore string `yaml:"err-ignore"`
	// WarnIgnore lists warnings that are accepted, likewise. Default: none.
	WarnIgnore string `yaml:"warn-ignore"`

	line diff.Location // of the entry
}

// Imported is what files of oasdiff say, in assent's terms.
type Imported struct {
	Levels map[string]Levels // by rule id
	Ignore []Ignore
	Notes  []*diff.Error // lines that could not be taken over, and why

	files []string // that were read or are missing
}

// ImportOasdiff adds to the policy what the named files of the tree say, and to
// the notes the lines that have no meaning here. The mistakes are the author's,
// the error is that of the file system.
func (r *Repository) ImportOasdiff(tree fs.FS, rules []*diff.Rule) (mistakes []*diff.Error, err error) {
	all, mistakes, err := r.Oasdiff.read(tree, rules)
	r.Files = all.files
	if err != nil || len(mistakes) > 0 {
		return mistakes, err
	}
	for id, levels := range all.Levels {
		if _, set := r.Rules[id]; !set {
			if r.Rules == nil {
				r.Rules = map[string]Levels{}
			}
			r.Rules[id] = levels
		}
	}
	r.Ignore = append(r.Ignore, all.Ignore...)
	r.Notes = append(r.Notes, all.Notes...)
	return nil, nil
}

// What a file of oasdiff's may have: each line is held against all checks.
const (
	mostOasdiff      = 1 << 20 // bytes
	mostOasdiffLines = 10_000
)

func (o Oasdiff) read(tree fs.FS, rules []*diff.Rule) (all Imported, mistakes []*diff.Error, err error) {
	data := func(name string) []byte {
		if name == "" || err != nil {
			return nil
		}
		all.files = append(all.files, path.Clean(name))
		var text []byte
		text, err = fs.ReadFile(tree, path.Clean(name))
		if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrInvalid) {
			mistakes, err = append(mistakes, &diff.Error{
				Location: o.line,
				Message:  "oasdiff: there is no file " + name,
			}), nil
		}
		if len(text) > mostOasdiff || bytes.Count(text, []byte("\n")) > mostOasdiffLines {
			const message = "oasdiff: %s is too long: at most %d bytes and %d lines are read"
			mistakes = append(mistakes, &diff.Error{
				Location: o.line,
				Message:  fmt.Sprintf(message, name, mostOasdiff, mostOasdiffLines),
			})
			return nil
		}
		return text
	}
	if text := data(o.Config); text != nil {
		var theirs Oasdiff
		if broken := yaml.Load(text, &theirs); broken != nil {
			return all, located(o.Config, broken), nil
		}
		o = Oasdiff{
			SeverityLevels: cmp.Or(o.SeverityLevels, theirs.SeverityLevels),
			ErrIgnore:      cmp.Or(o.ErrIgnore, theirs.ErrIgnore),
			WarnIgnore:     cmp.Or(o.WarnIgnore, theirs.WarnIgnore),
			line:           o.line,
		}
	}
	wrong := all.Severities(o.SeverityLevels, data(o.SeverityLevels), rules)
	all.Exceptions(o.ErrIgnore, data(o.ErrIgnore), rules)
	all.Exceptions(o.WarnIgnore, data(o.WarnIgnore), rules)
	return all, append(mistakes, wrong...), err
}

func at(file string, line int, format string, args ...any) *diff.Error {
	return &diff.Error{Location: lineOf(file, line), Message: fmt.Sprintf(format, args...)}
}

func lineOf(file string, line int) diff.Location {
	return diff.Location{File: file, Line: line, Column: 1, EndLine: line}
}

// eachLine calls f for every line that says something.
func eachLine(data []byte, f func(number int, text string)) {
	n := 0
	for line := range strings.Lines(string(data)) {
		n++
		if text := strings.TrimSpace(line); text != "" && !strings.HasPrefix(text, "#") {
			f(n, text)
		}
	}
}

// severities are oasdiff's levels in assent's; none is less than safe.
var severities = map[string]int{
	"none":    -1,
	"info":    int(diff.Safe),
	"warn":    int(diff.Risky),
	"warning": int(diff.Risky),
	"err":     int(diff.Breaking),
	"error":   int(diff.Breaking),
}

// place is a rule on one side.
type place struct {
	rule *diff.Rule
	side diff.Side
}

// named lists what oasdiff's checks are called here: a rule, and the sides of it.
func named(rules []*diff.Rule) map[string][]place {
	all := map[string][]place{}
	for _, r := range rules {
		for _, alias := range r.Names() {
			name, ok := strings.CutPrefix(alias, "oasdiff:")
			if !ok {
				continue
			}
			name, side, sided := strings.Cut(name, "@")
			for _, s := range []diff.Side{diff.Sends, diff.Receives} {
				if !sided || side == s.String() {
					all[name] = append(all[name], place{r, s})
				}
			}
		}
	}
	return all
}

// Severities reads a file of severity levels. A rule of assent's may stand for
// several checks: it is raised with any of them, and lowered only with all, so
// that nothing is silenced that nobody named.
func (m *Imported) Severities(file string, data []byte, rules []*diff.Rule) (mistakes []*diff.Error) {
	checks := named(rules)
	given, on := map[string]int{}, map[string]int{} // levels and lines by check
	eachLine(data, func(n int, text string) {
		fields := strings.Fields(text)
		level, known := severities[strings.ToLower(fields[len(fields)-1])]
		switch {
		case len(fields) != 2 || !known:
			mistakes = append(mistakes,
				at(file, n, "%q: want a check of oasdiff's and err, warn, info or none", text))
		case checks[fields[0]] == nil:
			m.Notes = append(m.Notes, at(file, n,
				"%s is not a rule of assent: docs/oasdiff.md says what becomes of it", fields[0]))
		default:
			given[fields[0]], on[fields[0]] = level, n
		}
	})
	for _, p := range places(checks, given) {
		m.set(file, p, given, on, checks)
	}
	return mistakes
}

// places are those that some of the checks stand for, in a fixed order.
func places(checks map[string][]place, given map[string]int) []place {
	var all []place
	for _, name := range slices.Sorted(maps.Keys(given)) {
		for _, p := range checks[name] {
			if !slices.Contains(all, p) {
				all = append(all, p)
			}
		}
	}
	return all
}

// set gives a rule on one side the level of the checks that it stands for.
func (m *Imported) set(file string, p place, given, on map[string]int, checks map[string][]place) {
	level, line, missing := -1, 0, ""
	for _, name := range slices.Sorted(maps.Keys(checks)) {
		if !slices.Contains(checks[name], p) {
			continue
		}
		said, known := given[name]
		if known {
			level, line = max(level, said), max(line, on[name])
		} else if !follows(name, given) {
			missing = name
		}
	}
	own := int(p.rule.Level(p.side))
	if level < own && missing != "" {
		m.Notes = append(m.Notes, at(file, line,
			"%s also stands for %s, which is not lowered: say rules: {%s: {%s: %s}} if all of it is meant",
			p.rule.ID, missing, p.rule.ID, p.side, diff.Level(max(level, 0))))
		return
	}
	if level == own {
		return
	}
	if m.Levels == nil {
		m.Levels = map[string]Levels{}
	}
	levels, chosen := m.Levels[p.rule.ID], diff.Level(max(level, 0))
	if p.side == diff.Sends {
		levels.Sends = &chosen
	} else {
		levels.Receives = &chosen
	}
	m.Levels[p.rule.ID] = levels
}

// follows reports whether a check goes along with one that is given: it says the
// same in a special case, or of a body as a whole what the other says of
// properties.
func follows(name string, given map[string]int) bool {
	if _, ok := given[strings.Replace(name, "-body-", "-property-", 1)]; ok {
		return true
	}
	for other := range given {
		if strings.HasPrefix(name, other+"-") {
			return true
		}
	}
	return false
}
