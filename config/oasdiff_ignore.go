package config

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
)

var (
	endpoint   = regexp.MustCompile(`\b([A-Z]{3,})\s+(/\S*)`)
	bracketed  = regexp.MustCompile(`\[([a-z]+(?:-[a-z]+)+)\]`)
	quoted     = regexp.MustCompile("`([^`]+)`|\"([^\"]+)\"|(?:^|\\s)'([^']+)'")
	aside      = regexp.MustCompile(`\([^)]*\)`)
	hump       = regexp.MustCompile(`([a-z])([A-Z])`)
	letters    = regexp.MustCompile(`[a-z]+`)
	synonymous = map[string]string{
		"deleted":  "removed",
		"dropped":  "removed",
		"maximum":  "max",
		"minimum":  "min",
		"widened":  "generalized",
		"narrowed": "specialized",
		"updated":  "changed",
	}
)

// telling are words that a text has only if it speaks of them: a check whose
// name lacks one of them is not meant.
var telling = []string{
	"any", "one", "const", "contains", "default", "dependent", "discriminator", "encoding", "enum",
	"exclusive", "header", "item", "items", "length",
	"mapping", "max", "media", "min", "multiple", "nullable", "optional", "pattern", "prefix", "required",
	"schema", "scope", "security", "stability", "sunset",
	"unevaluated", "unique",
}

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
		rest := text[strings.Index(text, where[0])+len(where[0]):]
		found := recognise(rest, checks)
		if len(found) == 0 {
			m.Notes = append(m.Notes, at(file, n,
				"what this line accepts is not recognised: name the check, [response-property-removed], "+
					"or write an entry under ignore"))
			return
		}
		operation := where[1] + " " + where[2]
		for _, rule := range found {
			for _, subject := range subjects(operation, rest) {
				m.Ignore = append(m.Ignore, Ignore{
					Rule:    rule,
					Subject: subject,
					Reason:  fmt.Sprintf("%s:%d", file, n),
				})
			}
		}
	})
	return nil // free text makes none
}

// recognise returns the rules that a text speaks of, none if that is not clear.
func recognise(text string, checks map[string][]place) []string {
	for _, m := range bracketed.FindAllStringSubmatch(text, -1) {
		if places := checks[m[1]]; places != nil {
			return ids(places)
		}
	}
	words := wordsOf(aside.ReplaceAllString(text, ""))
	spoken := slices.DeleteFunc(wordsOf(unquoted(text)), func(w string) bool {
		return !slices.Contains(telling, w)
	})
	slices.Sort(spoken)
	spoken = slices.Compact(spoken) // what is said twice is said
	var best []string               // rules
	most := 1                       // words of the check
	for name, places := range checks {
		parts := strings.Split(strings.TrimPrefix(name, "api-"), "-")
		if lacks(words, parts) || lacks(parts, spoken) {
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

// lacks reports whether some word of the one list is not in the other, as often.
func lacks(list, of []string) bool {
	left := map[string]int{}
	for _, word := range list {
		left[word]++
	}
	return slices.ContainsFunc(of, func(word string) bool { left[word]--; return left[word] < 0 })
}

// wordsOf are those of a text, as checks are named: maxLength is max and length.
func wordsOf(text string) []string {
	text = hump.ReplaceAllString(text, "$1 $2")
	words := letters.FindAllString(strings.ToLower(text), -1)
	for i, w := range words {
		if s := synonymous[w]; s != "" {
			words[i] = s
		}
	}
	return words
}

// unquoted is a text without what it quotes and adds in brackets: names and
// values that their authors chose. Keywords such as anyOf stay.
func unquoted(text string) string {
	text = quoted.ReplaceAllStringFunc(text, func(q string) string {
		name := strings.Trim(q, "`'\" ")
		if hump.MatchString(name) && letters.MatchString(name) && !strings.ContainsAny(name, "[/. ") {
			return " " + name + " "
		}
		return " "
	})
	return aside.ReplaceAllString(text, "")
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
	seen := map[string]bool{}
	for _, m := range quoted.FindAllStringSubmatch(text, -1) {
		name := m[1] + m[2] + m[3] // one of them
		name = name[strings.LastIndex(name, "/")+1:]
		if seen[name] || name == "" || slices.Contains(positions, name) || strings.ContainsAny(name, "*{}›") {
			continue
		}
		seen[name] = true
		for _, way := range []string{" › ", " › * ", " › ** › ", " › ** › * "} {
			all = append(all, operation+way+name)
		}
	}
	if len(all) == 0 {
		return []string{operation}
	}
	return all
}
