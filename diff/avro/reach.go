package avro

import (
	"github.com/assent-dev/assent/diff"
)

// Beyond so many uses of a definition only the element that all of them lie in
// is named, and the search for them ends after so many steps: types that share
// types have exponentially many paths.
const (
	mostReaches = 32
	mostSteps   = 2048
)

// report adds the findings of all definitions with the paths that lead to them.
func (w *walk) report(r *diff.Report) {
	var common map[*vertex]ancestor
	for _, v := range append([]*vertex{w.root}, w.queue...) {
		if len(v.findings) == 0 {
			continue
		}
		s := search{on: map[*vertex]bool{}}
		complete := s.up(v, "")
		if !complete && common == nil {
			common = w.ancestors()
		}
		for _, f := range v.findings {
			side := f.change.Reaches[0].Side
			if !complete {
				f.change.Reaches = []diff.Reach{{Subject: common[v].below(f.path), Side: side}}
				r.Add(f.change)
				continue
			}
			f.change.Reaches = make([]diff.Reach, 0, len(s.found))
			for _, path := range s.found {
				f.change.Reaches = append(f.change.Reaches, diff.Reach{Subject: path.Join(string(f.path)), Side: side})
			}
			r.Add(f.change)
		}
	}
}

// search enumerates the paths from the root to a vertex, none twice through the
// same definition.
type search struct {
	on    map[*vertex]bool
	found []diff.Subject
	steps int
}

// up reports whether it found all of them.
func (s *search) up(v *vertex, below diff.Subject) bool {
	if len(v.uses) == 0 { // the root
		s.found = append(s.found, below)
		return len(s.found) <= mostReaches
	}
	s.on[v] = true
	defer delete(s.on, v)
	for _, u := range v.uses {
		if s.on[u.by] {
			continue
		}
		if s.steps++; s.steps > mostSteps || !s.up(u.by, u.path.Join(string(below))) {
			return false
		}
	}
	return true
}

// ancestor is the longest path that all paths to a vertex begin with.
type ancestor struct {
	path  diff.Subject
	whole bool // it leads to the vertex itself: there is one path only
}

func (a ancestor) below(path diff.Subject) diff.Subject {
	if !a.whole {
		return a.path
	}
	return a.path.Join(string(path))
}

// ancestors starts with the shortest path to each vertex and cuts off what
// another use contradicts, until nothing changes.
func (w *walk) ancestors() map[*vertex]ancestor {
	common := map[*vertex]ancestor{w.root: {whole: true}}
	for _, v := range w.queue {
		common[v] = ancestor{v.first, true}
	}
	for again := true; again; {
		again = false
		for _, v := range w.queue {
			for _, u := range v.uses {
				shared := prefix(common[v].path, common[u.by].below(u.path))
				if shared != common[v].path {
					common[v], again = ancestor{shared, false}, true
				}
			}
		}
	}
	return common
}

// prefix returns the parts that both subjects begin with.
func prefix(a, b diff.Subject) diff.Subject {
	x, y := a.Parts(), b.Parts()
	i := 0
	for i < len(x) && i < len(y) && x[i] == y[i] {
		i++
	}
	return diff.SubjectOf(x[:i]...)
}
