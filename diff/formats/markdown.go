package formats

import (
	"bytes"
	"fmt"
	"go/doc/comment"
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
)

// Markdown is a catalogue of rules, docs/rules.md: a table of contents by family,
// then each rule with what it costs, why, and its example. A test keeps the file
// fresh.
func Markdown(rules []*diff.Rule) []byte {
	var b bytes.Buffer
	b.WriteString(`# Rules

Made from the rules themselves: change them there, then run ` + "`make update`" + `.
The levels say what a change costs consumers who *send* data at its place and
consumers who *receive* it. A side that the contract does not protect counts one
lower.
`)
	rules = slices.Clone(rules)
	slices.SortStableFunc(rules, func(a, b *diff.Rule) int { return strings.Compare(family(a), family(b)) })
	for i, r := range rules {
		if i == 0 || family(rules[i-1]) != family(r) {
			fmt.Fprintf(&b, "\n**%s**\n\n| rule | sends | receives | |\n|---|---|---|---|\n", family(r))
		}
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %s | %s |\n", r.ID, anchor(r), r.Sends, r.Receives, r.Title)
	}
	for _, r := range rules {
		writeRule(&b, r)
	}
	return b.Bytes()
}

func writeRule(b *bytes.Buffer, r *diff.Rule) {
	fmt.Fprintf(b, "\n## %s\n\n%s. Sends: %s. Receives: %s.\n\n", r.ID, sentence(r.Title), r.Sends,
		r.Receives)
	var parser comment.Parser
	var printer comment.Printer
	b.Write(printer.Markdown(parser.Parse(r.Doc)))
	if len(r.Aliases) > 0 {
		fmt.Fprintf(b, "\nElsewhere: `%s`.\n", strings.Join(r.Aliases, "`, `"))
	}
	fmt.Fprintf(b, "\n```text\n%s\n```\n", strings.TrimSpace(r.Example))
}

// family is the first part of an id, the package that owns the rule.
func family(r *diff.Rule) string {
	name, _, _ := strings.Cut(r.ID, "/")
	return name
}

// anchor is how GitHub names a heading: without punctuation.
func anchor(r *diff.Rule) string { return strings.ReplaceAll(r.ID, "/", "") }

func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
