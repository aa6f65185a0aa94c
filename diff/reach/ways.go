package reach

import (
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
)

// Limits say how many ways to one finding are told apart, and how many parts of
// a way are told (a part is what stands between separators, see diff.Path).
// Where there are more ways, all of them are told less far, as far as it takes:
// who uses something further down is still among those who are hit.
type Limits struct{ Ways, Parts int }

// ways makes ways. Those that end alike share their ends, and equal ways are
// the same pointer.
type ways struct {
	limits Limits
	left   int // of mostLinks
	spans  map[diff.Key]*span
	known  map[link]*way
	ended  map[link]*way // ways that go on to a span, see to
}

// span is where in a definition another one is used.
type span struct {
	path     diff.Path
	parts    int
	attached bool // to the part before it
}

// way leads from one definition to another one, by spans. The nil way leads
// nowhere.
type way struct {
	link
	parts int
	path  diff.Path
	cut   bool // it goes on further than it is told
}

type link struct {
	span *span
	rest *way
}

// cutOff is the end of ways that go on.
var cutOff = &way{cut: true}

// mostLinks bounds how often a way is put together: definitions that all use
// each other have more ways than anybody can count. Every root is good for some
// more.
const (
	mostLinks    = 2_000_000
	linksPerRoot = 200_000
)

func newWays(limits Limits) *ways {
	return &ways{
		limits: limits,
		left:   mostLinks,
		spans:  map[diff.Key]*span{},
		known:  map[link]*way{},
		ended:  map[link]*way{},
	}
}

func (w *ways) span(at diff.Path) *span {
	key := at.Key()
	s := w.spans[key]
	if s == nil {
		s = &span{path: at, parts: parts(at), attached: at.First().Attached()}
		w.spans[key] = s
	}
	return s
}

func parts(p diff.Path) int {
	if p.IsZero() {
		return 0
	}
	return strings.Count(p.String(), diff.Separator) + 1
}

// through returns the way that leads through a span first.
func (w *ways) through(s *span, rest *way) *way {
	w.left--
	if s.path.IsZero() {
		return rest
	}
	l := link{s, rest}
	known := w.known[l]
	if known == nil {
		known = &way{
			link:  l,
			parts: s.parts + rest.length(),
			path:  s.path.Join(rest.told()),
			cut:   rest.isCut(),
		}
		if rest.isAttached() {
			known.parts--
		}
		w.known[l] = known
	}
	return known
}

func (y *way) length() int {
	if y == nil {
		return 0
	}
	return y.parts
}

func (y *way) told() diff.Path {
	if y == nil {
		return diff.Path{}
	}
	return y.path
}

func (y *way) isCut() bool { return y != nil && y.cut }

func (y *way) isAttached() bool { return y != nil && y.span != nil && y.span.attached }

// to returns the way that leads through a span last.
func (w *ways) to(y *way, s *span) *way {
	switch {
	case y == nil:
		return w.through(s, nil)
	case y == cutOff:
		return y
	}
	l := link{s, y}
	known := w.ended[l]
	if known == nil {
		known = w.through(y.span, w.to(y.rest, s))
		w.ended[l] = known
	}
	return known
}

// shorten tells a way up to so many parts.
func (w *ways) shorten(y *way, limit int) *way {
	switch {
	case y.length() <= limit:
		return y
	case limit <= 0:
		return cutOff
	case y.span.parts > limit:
		return w.through(w.span(firstParts(y.span.path, limit)), cutOff)
	}
	left := limit - y.span.parts
	if y.rest.isAttached() {
		left++
	}
	return w.through(y.span, w.shorten(y.rest, left))
}

// firstParts is a path up to so many parts.
func firstParts(p diff.Path, limit int) diff.Path {
	var first diff.Path
	for _, at := range p.All() {
		if parts(at) > limit {
			break
		}
		first = at
	}
	return first
}

// waySet is the ways from one vertex to another one, or to a finding there.
type waySet struct {
	ways  []*way
	limit int // the parts up to which they are told
}

func (w *ways) none() waySet { return waySet{limit: w.limits.Parts} }

// here is the way to where one is.
func (w *ways) here() waySet { return waySet{ways: []*way{nil}, limit: w.limits.Parts} }

// addThrough adds ways behind the spans.
func (w *ways) addThrough(set *waySet, spans []*span, rests []*way) {
	for _, y := range rests {
		for _, s := range slices.Backward(spans) {
			y = w.through(s, y)
		}
		set.add(w.shorten(y, set.limit))
	}
	w.limit(set)
}

// addTo adds ways that go on to a span.
func (w *ways) addTo(set *waySet, from waySet, end *span) {
	for _, y := range from.ways {
		set.add(w.shorten(w.to(y, end), min(set.limit, from.limit)))
	}
	w.limit(set)
}

func (set *waySet) add(y *way) {
	if !slices.Contains(set.ways, y) {
		set.ways = append(set.ways, y)
	}
}

// limit tells the ways less far if they are too many.
func (w *ways) limit(set *waySet) {
	for len(set.ways) > w.limits.Ways {
		longest := 0
		for _, y := range set.ways {
			longest = max(longest, y.length())
		}
		set.limit = min(set.limit, longest) - 1
		all := set.ways
		set.ways = nil
		for _, y := range all {
			set.add(w.shorten(y, set.limit))
		}
	}
}
