package diff

import (
	"cmp"
	"errors"
	"slices"

	"github.com/assent-dev/assent/diff/tree"
)

// Error is a mistake in a contract: its author has to mend it. It is annotated
// on its line, fails the check and is not retried.
type Error = tree.Error

// Report is the outcome of comparing one contract.
type Report struct {
	Contract      string
	Path          string // of the root file in the new revision, else in the old
	Format        string
	Compatibility string
	Changes       []Change // by place
	Errors        []*Error // what could not be compared; the changes are then those of the rest

	byIdentity map[identity]Reported // into Changes, while the format adds
	places     places                // what the format says of uses, likewise
}

// identity is what makes two findings one change with several reaches.
type identity struct {
	rule          *Rule
	subject       string
	before, after Hash
}

func (c *Change) identity() identity { return identity{c.Rule, c.Subject.String(), c.Before, c.After} }

// add records a finding. One that equals an earlier one in rule, subject and
// values is the same change and only adds its reaches. The reaches are copied.
func (r *Report) add(c Change) Reported {
	c.Contract = r.Contract
	r.note(c.Rule, c.Reaches)
	if i, known := r.byIdentity[c.identity()]; known {
		r.Changes[i].absorb(&c)
		return i
	}
	c.Reaches = slices.Clone(c.Reaches)
	return r.insert(c)
}

// note takes down whom a finding breaks where. A use that was not told stands
// for any.
func (r *Report) note(rule *Rule, reaches []Reach) {
	for i := range reaches {
		if reaches[i].Use.IsZero() {
			reaches[i].Use = wholeContract.Use
		}
	}
	r.places.note(rule, reaches)
}

func (r *Report) insert(c Change) Reported {
	if r.byIdentity == nil {
		r.byIdentity = map[identity]Reported{}
	}
	i := Reported(len(r.Changes))
	r.byIdentity[c.identity()] = i
	r.Changes = append(r.Changes, c)
	return i
}

// take adds the settled changes of a comparison with one earlier version, ""
// for one without a label. The reaches are not copied.
func (r *Report) take(changes []Change, against string) {
	for _, c := range changes {
		if against != "" {
			c.Against = []string{against}
		}
		i, known := r.byIdentity[c.identity()]
		if !known {
			r.insert(c)
			continue
		}
		r.Changes[i].absorb(&c)
		settle(r.Changes[i : i+1])
	}
}

// Fail records a mistake of the contract's author. Other errors, such
// as a time-out of the file system, are returned.
func (r *Report) Fail(err error) error {
	if err == nil {
		return nil
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var rest []error
		for _, e := range joined.Unwrap() {
			rest = append(rest, r.Fail(e))
		}
		return errors.Join(rest...)
	}
	var located *Error
	if !errors.As(err, &located) {
		return err
	}
	if !slices.ContainsFunc(r.Errors, func(e *Error) bool { return *e == *located }) {
		r.Errors = append(r.Errors, located)
	}
	return nil
}

// Count returns the number of changes at the level.
func (r *Report) Count(level Level) int {
	n := 0
	for i := range r.Changes {
		if r.Changes[i].Level == level {
			n++
		}
	}
	return n
}

// Verdict sums up reports: the worst of error, breaking, risky, compatible
// (safe changes only) and unchanged.
type Verdict string

// The verdicts, as printed and as in the JSON output.
const (
	Unchanged       Verdict = "unchanged"
	Compatible      Verdict = "compatible"
	VerdictRisky    Verdict = "risky"
	VerdictBreaking Verdict = "breaking"
	Failed          Verdict = "error"
)

// VerdictOf returns the verdict of the worst report.
func VerdictOf(reports ...*Report) Verdict {
	order := []Verdict{Unchanged, Compatible, VerdictRisky, VerdictBreaking, Failed}
	worst := 0
	for _, r := range reports {
		if len(r.Errors) > 0 {
			return Failed
		}
		for i := range r.Changes {
			worst = max(worst, int(r.Changes[i].Level)+1)
		}
	}
	return order[worst]
}

// sort brings the changes into the order of their places, so that the same
// input gives the same report.
func (r *Report) sort() {
	slices.SortStableFunc(r.Changes, func(a, b Change) int {
		x, y := a.At(), b.At()
		return cmp.Or(cmp.Compare(x.File, y.File), cmp.Compare(x.Line, y.Line),
			cmp.Compare(x.Column, y.Column),
			cmp.Compare(b.Level, a.Level), cmp.Compare(a.Rule.ID, b.Rule.ID),
			cmp.Compare(a.Subject.String(), b.Subject.String()),
			cmp.Compare(a.Message, b.Message))
	})
	slices.SortStableFunc(r.Errors, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column))
	})
}
