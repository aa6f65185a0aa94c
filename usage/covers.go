package usage

import (
	"slices"

	"github.com/assent-dev/assent/diff"
)

// Cover reports whether whoever has these uses is hit by every change that hits
// whoever has the other one. No uses stand for the whole contract. Where the
// answer is not certain, Cover returns false.
func Cover(uses []Use, other Use) bool {
	same := Use{Of: other.Of} // all that is said of the same operations or records
	for _, u := range uses {
		switch {
		case !u.covers(other.Of):
		case len(u.Reads)+len(u.Sends) == 0:
			return true
		case u.isAt(other.Of):
			same.Reads = append(same.Reads, u.Reads...)
			same.Sends = append(same.Sends, u.Sends...)
		}
	}
	if len(uses) == 0 {
		return true
	}
	if len(other.Reads)+len(other.Sends) == 0 {
		return false
	}
	// Whoever says what it sends is not hit where that becomes required, so that
	// sending more does not widen the use.
	return within(other.Reads, same.Reads) && sameFields(other.Sends, same.Sends)
}

// covers reports whether the use selects all that the pattern does.
func (u Use) covers(of diff.Pattern) bool {
	return u.Of == "" || of != "" && u.Of.Covers(of)
}

// isAt reports whether the use selects the same as the pattern, so that the
// fields of both begin at the same place.
func (u Use) isAt(of diff.Pattern) bool {
	return u.Of == of || u.covers(of) && Use{Of: of}.covers(u.Of)
}

// within reports whether each field is one of the others or a part of one.
func within(fields, others []diff.Path) bool {
	return !slices.ContainsFunc(fields, func(field diff.Path) bool {
		return !slices.ContainsFunc(others, func(other diff.Path) bool { return field.Within(other) })
	})
}

// sameFields reports whether both lists have the same fields.
func sameFields(a, b []diff.Path) bool {
	lacks := func(list, fields []diff.Path) bool {
		return slices.ContainsFunc(fields, func(field diff.Path) bool {
			return !slices.ContainsFunc(list, field.Equal)
		})
	}
	return !lacks(a, b) && !lacks(b, a)
}
