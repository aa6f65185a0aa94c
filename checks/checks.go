// Package checks turns decisions into what GitHub shows: a check run with its
// annotations, one comment on the pull request, and comments on lines. It is
// pure, and the only package that knows GitHub's limits for texts. Package app
// publishes what it returns.
package checks

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/assent-dev/assent/approval"
	"github.com/assent-dev/assent/diff"
)

// Name is the check's name on every pull request, so that a ruleset can
// require it.
const Name = "assent"

// Texts are cut below GitHub's limits (REST API, "Create a check run").
const (
	maxText       = 60_000 // bytes, of 65,535 characters
	maxTitle      = 250    // of 255
	maxMessage    = 60_000
	maxAnnotation = 200 // not GitHub's: nobody reads more
)

// Check is the content of a check run, within GitHub's limits.
type Check struct {
	Status      string // completed or in_progress
	Conclusion  string // of a completed run
	Title       string
	Summary     string // Markdown
	Annotations []Annotation
}

// Annotation is a message at lines of a file at the head.
type Annotation struct {
	Path                   string
	StartLine, EndLine     int
	StartColumn, EndColumn int // 0 unless the annotation is on a single line
	Level                  string
	Title, Message, Raw    string
}

// Trouble says why there is no decision yet: something failed that the author
// cannot correct.
type Trouble struct {
	Reason string
	Final  bool // nothing is tried again until the next event
}

// Record is what the check of a head shows for one pull request.
type Record struct {
	Decision approval.Decision `json:"decision"`
	Trouble  *Trouble          `json:"trouble,omitempty"`
}

// outcome is what a record means for the check, best first.
type outcome int

const (
	succeeded outcome = iota
	waiting
	failed
	running
	timedOut
)

func (o outcome) String() string {
	return [...]string{
		succeeded: "Nothing is left to agree to.",
		waiting:   "Waits for approval.",
		failed:    "Fails.",
		running:   "Not decided yet, trying again.",
		timedOut:  "Not decided.",
	}[o]
}

func (r *Record) outcome() outcome {
	switch {
	case r.Trouble != nil && r.Trouble.Final:
		return timedOut
	case r.Trouble != nil:
		return running
	}
	switch r.Decision.State {
	case approval.Invalid, approval.Rejected:
		return failed
	case approval.Waiting:
		if r.Decision.Basis.Pull == 0 {
			return failed // a merge queue does not wait for approvals
		}
		return waiting
	}
	return succeeded
}

// Render returns the check for a head. Its conclusion is the worst of all open
// pull requests with that head.
func Render(records []Record) Check {
	worst := slices.MaxFunc(records, func(a, b Record) int { return cmp.Compare(a.outcome(), b.outcome()) })
	c := Check{Status: "completed", Title: cut(title(&worst), maxTitle)}
	switch worst.outcome() {
	case succeeded:
		c.Conclusion = "success"
	case waiting:
		c.Conclusion = "action_required"
	case failed:
		c.Conclusion = "failure"
	case running:
		c.Status = "in_progress"
	case timedOut:
		c.Conclusion = "timed_out"
	}
	c.Summary = summarise(records)
	c.Annotations = annotations(records)
	return c
}

// Ended is the title of a check whose head no open pull request has any more.
// It includes the last title.
func Ended(title string) string {
	first, size := utf8.DecodeRuneInString(title)
	if size > 0 {
		title = string(unicode.ToLower(first)) + title[size:]
	}
	return cut("Closed. Was: "+title, maxTitle)
}

func heading(b *approval.Basis) string {
	if b.Pull == 0 {
		return pullName(b)
	}
	return fmt.Sprintf("%s into %s", pullName(b), code(b.BaseRef))
}

func pullName(b *approval.Basis) string {
	if b.Pull == 0 {
		return "Merge group"
	}
	return fmt.Sprintf("#%d", b.Pull)
}

func annotations(records []Record) []Annotation {
	var all []Annotation
	for i := range records {
		d := &records[i].Decision
		for _, m := range d.Mistakes {
			if m.File == "" {
				continue // GitHub refuses it; the summary shows it
			}
			line := max(m.Line, 1)
			all = append(all, Annotation{
				Path:      m.File,
				StartLine: line,
				EndLine:   line,
				Level:     "failure",
				Title:     "cannot be read",
				Message:   cut(m.Message, maxMessage),
			})
		}
		for j := range d.Findings {
			if a, ok := annotation(&d.Findings[j]); ok {
				all = append(all, a)
			}
		}
	}
	order := map[string]int{"failure": 0, "warning": 1}
	slices.SortStableFunc(all, func(a, b Annotation) int {
		return cmp.Or(cmp.Compare(order[a.Level], order[b.Level]), cmp.Compare(a.Path, b.Path),
			cmp.Compare(a.StartLine, b.StartLine),
			cmp.Compare(a.Title, b.Title), cmp.Compare(a.Message, b.Message))
	})
	// Pull requests with the same head mostly have the same findings.
	all = slices.CompactFunc(all, func(a, b Annotation) bool { return a == b })
	return all[:min(len(all), maxAnnotation)]
}

// annotation returns the annotation for a finding. There is none for an element
// whose file was removed, which has no line at the head, or for a safe change.
func annotation(f *approval.Finding) (Annotation, bool) {
	if f.New.IsZero() || f.Level == diff.Safe && !f.Gates {
		return Annotation{}, false
	}
	a := Annotation{
		Path:      f.New.File,
		StartLine: f.New.Line,
		EndLine:   max(f.New.Line, f.New.EndLine),
		Level:     "warning",
	}
	if f.Gates {
		a.Level = "failure"
	}
	a.Title = cut(f.Title+" ["+f.Rule+"]", maxTitle)
	a.Message = cut(sentence(f).String(), maxMessage)
	a.Raw = cut(details(f), maxMessage)
	return a, true
}

// details is the plain text that GitHub unfolds below an annotation.
func details(f *approval.Finding) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s, in contract %s\n", f.Level, f.Contract)
	shown, rest := diff.Shorten(f.Reaches, diff.ReachesInDetails)
	for _, r := range shown {
		fmt.Fprintf(&b, "  %s: %s\n", r.Side, r.Subject)
	}
	if rest != "" {
		fmt.Fprintf(&b, "  %s\n", rest)
	}
	if !f.Old.IsZero() {
		fmt.Fprintf(&b, "before: %s:%d\n", f.Old.File, f.Old.Line)
	}
	if len(f.Against) > 0 {
		fmt.Fprintf(&b, "against: %s\n", strings.Join(f.Against, ", "))
	}
	if f.Witness != "" {
		fmt.Fprintf(&b, "%s\n", f.Witness)
	}
	fmt.Fprintf(&b, "\n%s\n", strings.TrimSpace(f.Doc))
	return b.String()
}

// sentence describes a finding in plain text.
func sentence(f *approval.Finding) diff.Sentence {
	return diff.Sentence{
		Subject: f.Subject,
		Message: f.Message,
		Against: strings.Join(f.Against, ", "),
		Allowed: f.Allowed,
	}
}

// markdown describes a finding in Markdown.
func markdown(f *approval.Finding) diff.Sentence {
	s := sentence(f)
	return diff.Sentence{
		Subject: code(s.Subject),
		Message: escape(s.Message),
		Against: escape(s.Against),
		Allowed: escape(s.Allowed),
	}
}
