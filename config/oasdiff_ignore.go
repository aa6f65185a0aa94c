package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
)

var (
	endpoint   = regexp.MustCompile(`\b(GET|PUT|POST|DELETE|OPTIONS|HEAD|PATCH|TRACE|QUERY)\s+(/\S*)`)
	bracketed  = regexp.MustCompile(`\[([a-z]+(?:-[a-z]+)+)\]`)
	quoted     = regexp.MustCompile("`([^`]+)`|\"([^\"]+)\"|(?:^|\\s)'([^']+)'")
	letters    = regexp.MustCompile(`[a-z]+`)
	synonymous = map[string]string{"deleted": "removed", "dropped": "removed"}
)

// Exceptions reads a file of accepted findings. A line is free text: method,
// path and what oasdiff said, perhaps with the check's name in brackets. The
// check is found by its name, or else as the one all of whose words the text
// has.
func (m *Imported) Exceptions(file string, data []byte, rules []*diff.Rule) (mistakes []*diff.Error) {
	checks := named(rules)
	eachLine(data, func(n int, text string) {
		where := endpoint.FindStringSubmatch(text)
		if where == nil {
			m.Notes = append(m.Notes, at(file, n, "no method and path are in this line: it excepts nothing"))
			return
		}
		found := recognise(text, checks)
		if len(found) == 0 {
			m.Notes = append(m.Notes, at(file, n, "what this line accepts is not recognised: name the check, [response-property-removed], or write an entry under ignore"))
			return
		}
		operation := where[1] + " " + where[2]
		rest := text[strings.Index(text, where[0])+len(where[0]):]
		for _, rule := range found {
			for _, subject := range subjects(operation, rest) {
				m.Ignore = append(m.Ignore, Ignore{Rule: rule, Subject: subject, Reason: fmt.Sprintf("%s:%d", file, n)})
			}
		}
	})
	return nil // free text makes none
}

// recognise returns the rules that a line speaks of, none if that is not clear.
func recognise(text string, checks map[string][]place) []string {
	if m := bracketed.FindStringSubmatch(text); m != nil {
		return ids(checks[m[1]])
	}
	words := letters.FindAllString(strings.ToLower(text), -1)
	for i, w := range words {
		if s := synonymous[w]; s != "" {
			words[i] = s
		}
	}
	var best []string // rules
	most := 1         // words of the check
	for name, places := range checks {
		parts := strings.Split(name, "-")
		if slices.ContainsFunc(parts, func(p string) bool { return !slices.Contains(words, p) }) {
			continue
		}
		switch rules := ids(places); {
		case len(parts) > most:
			best, most = rules, len(parts)
		case len(parts) == most && !slices.Equal(best, rules):
			best = nil // it may be either
		}
	}
	return best
}

// ids lists the rules of the places, each once.
func ids(places []place) []string {
	var all []string
	for _, p := range places {
		if !slices.Contains(all, p.rule.ID) {
			all = append(all, p.rule.ID)
		}
	}
	return all
}

// positions are quoted like names and are none.
var positions = []string{"query", "header", "path", "cookie", "type", "in"}

// subjects are patterns for what a text quotes, below the operation: a
// property, a parameter, a status. A text that quotes nothing is on the
// operation as a whole.
func subjects(operation, text string) []string {
	var all []string
	for _, m := range quoted.FindAllStringSubmatch(text, -1) {
		name := m[1] + m[2] + m[3] // one of them
		name = name[strings.LastIndex(name, "/")+1:]
		if name == "" || slices.Contains(positions, name) || strings.ContainsAny(name, "*{}›") {
			continue
		}
		for _, way := range []string{" › ", " › * ", " › ** › ", " › ** › * "} {
			if subject := operation + way + name; !slices.Contains(all, subject) {
				all = append(all, subject)
			}
		}
	}
	if len(all) == 0 {
		return []string{operation}
	}
	return all
}
