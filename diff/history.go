package diff

import (
	"context"
	"fmt"
	"slices"
)

// CompareHistory compares like Compare with the base revision, and as well with
// versions that were published from elsewhere, such as those of a schema
// registry, all of them whatever the compatibility says. Against a version only
// what costs somebody something counts, and only if it is new: what the base
// already has against it is counted in known.
func CompareHistory(ctx context.Context, c Contract, base Source, versions []Source,
	new Source) (r *Report, known int, err error) {
	if len(versions) == 0 || new.Absent() {
		r, err = Compare(ctx, c, []Source{base}, new)
		return r, 0, err
	}
	if r, known, err = c.compareHistory(ctx, base, versions, new); err != nil {
		return nil, 0, fmt.Errorf("compare %s: %w", c.Name, err)
	}
	c.refuse(r)
	return r, known, nil
}

func (c *Contract) compareHistory(ctx context.Context, base Source, versions []Source,
	new Source) (r *Report, known int, err error) {
	if r, err = c.compare(ctx, []Source{base}, new, c.Facts); err != nil {
		return nil, 0, err
	}
	all := *c
	all.Compatibility.Transitive = true
	against, err := all.compare(ctx, versions, new, nil)
	if err != nil {
		return nil, 0, err
	}
	before := &Report{}
	if !base.Absent() {
		if before, err = all.compare(ctx, versions, base, nil); err != nil {
			return nil, 0, err
		}
	}
	return r, r.join(against, before), nil
}

// join adds what was found against versions, and returns how much of it was
// there before.
func (r *Report) join(against, before *Report) (known int) {
	mine, old := r.fingerprints(), before.fingerprints()
	for _, change := range against.Changes {
		fingerprint := change.Fingerprint()
		i, here := mine[fingerprint]
		_, there := old[fingerprint]
		switch {
		case here:
			r.Changes[i].absorb(&change)
			settle(r.Changes[i : i+1])
			r.Changes[i].Level = max(r.Changes[i].Level, change.Level)
		case change.Level == Safe:
		case there:
			known++
		default:
			r.Changes = append(r.Changes, change)
		}
	}
	for _, err := range against.Errors {
		if !slices.ContainsFunc(r.Errors, func(e *Error) bool { return *e == *err }) {
			r.Errors = append(r.Errors, err)
		}
	}
	r.sort()
	return known
}

// fingerprints returns the places of the changes by what they are.
func (r *Report) fingerprints() map[string]int {
	out := make(map[string]int, len(r.Changes))
	for i := range r.Changes {
		out[r.Changes[i].Fingerprint()] = i
	}
	return out
}
