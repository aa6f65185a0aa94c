package diff

import (
	"context"
	"slices"
)

// CompareHistory compares like Compare with the base revision, and as well with
// versions that were published from elsewhere, such as those of a schema
// registry, all of them whatever the compatibility says. Against a version only
// what costs somebody something counts, and only if it is new: what the base
// already has against it is counted in known.
func CompareHistory(ctx context.Context, c Contract, base Source, versions []Source, new Source) (r *Report, known int, err error) {
	if r, err = Compare(ctx, c, []Source{base}, new); err != nil || len(versions) == 0 || new.Absent() {
		return r, 0, err
	}
	c.Compatibility.Transitive, c.Renamed, c.Refusals = true, false, nil
	against, err := Compare(ctx, c, versions, new)
	if err != nil {
		return nil, 0, err
	}
	before := &Report{}
	if !base.Absent() {
		if before, err = Compare(ctx, c, versions, base); err != nil {
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
		print := change.Fingerprint()
		i, here := mine[print]
		_, there := old[print]
		switch {
		case here:
			r.Changes[i].absorb(&change)
			r.Changes[i].Reaches = mergeReaches(r.Changes[i].Reaches)
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
