package checks

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/assent-dev/assent/approval"
	"github.com/assent-dev/assent/diff"
)

// Marker begins the comment of a pull request, by which it is found again.
// GitHub does not show it.
const Marker = "<!-- assent:v1 -->"

// Comment returns the one comment on a pull request, which is edited in place.
// Wanted is false if nobody is asked and there are no mistakes: then only a
// comment that exists already is edited. It names those whom GitHub does not ask.
func Comment(d *approval.Decision, unasked ...Unasked) (body string, wanted bool) {
	wanted = len(d.Demands)+len(d.Unclaimed)+len(d.Mistakes) > 0
	first := fmt.Sprintf("%s\n### %s\n\n", Marker, escape(title(&Record{Decision: *d})))
	all := slices.Concat([]section{single(note, needed, first)}, sectionsOf(d), []section{notAsked(unasked)})
	return fit(all, maxText), wanted
}

// Unasked is somebody who has to agree and whom GitHub does not ask for a review.
type Unasked struct {
	Name string // of a team, or of a user with an "@"
	Why  string
	// Reachable says that the name is one of GitHub's, so that a mention may reach
	// them.
	Reachable bool
}

// mostMentioned bounds the mentions in a comment.
const mostMentioned = 10

// notAsked names those whom GitHub does not ask, and mentions those whom a mention
// may reach. An edit of the comment does not notify them again.
func notAsked(all []Unasked) section {
	s := section{
		kind: askedParty, open: "\nGitHub does not ask these for a review:\n\n", total: len(all),
		more: listMore,
	}
	mentioned := 0
	for _, u := range all {
		name := code(u.Name)
		if u.Reachable && mentioned < mostMentioned {
			mentioned++
			name = "@" + strings.TrimPrefix(u.Name, "@")
		}
		s.items = append(s.items, item{breaks, fmt.Sprintf("* %s: %s\n", name, escape(u.Why))})
	}
	return s
}

// Inline is a comment on one line of the pull request's diff.
type Inline struct {
	Fingerprint string
	Marker      string // begins the body; GitHub does not show it
	Path        string
	Line        int
	Left        bool // the line is in the base
	Body        string
}

// mostInline bounds the comments on lines. The summary lists all findings.
const mostInline = 30

// mostAsked bounds the parties that a comment on a line names, so that it fits
// GitHub's limit whatever they are called.
const mostAsked = 10

// Inlines returns a comment for each finding that somebody still has to agree
// to: on the changed line or, for a removed element, on the deleted line.
func Inlines(d *approval.Decision) []Inline {
	var all []Inline
	for i := range d.Findings {
		f := &d.Findings[i]
		if !d.Pending(f.Fingerprint) || len(all) == mostInline {
			continue
		}
		in := Inline{
			Fingerprint: f.Fingerprint,
			Path:        f.New.File,
			Line:        f.New.Line,
			Marker:      "<!-- assent:v1 " + f.Fingerprint + " -->",
		}
		if f.Removed || f.New.IsZero() {
			in.Path, in.Line, in.Left = f.Old.File, f.Old.Line, true
		}
		in.Body = fmt.Sprintf("%s\n**%s**: %s\n\n%s", in.Marker, f.Level, markdown(f),
			approvalRequest(d, f.Fingerprint))
		all = append(all, in)
	}
	return all
}

// approvalRequest says who still has to agree to a change.
func approvalRequest(d *approval.Decision, fingerprint string) string {
	var who []string
	for i := range d.Demands {
		for _, it := range d.Demands[i].Items {
			if it.Fingerprint == fingerprint && it.Open {
				who = append(who, code(partyName(d.Demands[i].Party)))
			}
		}
	}
	if len(who) == 0 {
		return "Nobody can agree to this."
	}
	shown, rest := diff.Shorten(who, mostAsked)
	if rest != "" {
		rest = " " + rest
	}
	return "Approval is asked of " + strings.Join(shown, ", ") + rest + "."
}

// Delta identifies what a team or a user is asked now, by their name as Asks has
// it, so that they are asked only once.
func Delta(d *approval.Decision, name string) string {
	h := sha256.New()
	var open []string
	for i := range d.Demands {
		if !slices.Contains(d.Demands[i].Party.Names(), name) {
			continue
		}
		for _, it := range d.Demands[i].Items {
			if it.Open { // with everything that voids an approval if it gets worse
				open = append(open, fmt.Sprint(it.Fingerprint, it.Level, it.Impact, it.Reaches))
			}
		}
	}
	slices.Sort(open)
	fmt.Fprint(h, open)
	return hex.EncodeToString(h.Sum(nil))
}
