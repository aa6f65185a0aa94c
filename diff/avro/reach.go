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

// reach is what the root of a file leads to.
type reach struct {
	order  []*vertex                // the root, then what is closest to it
	first  map[*vertex]diff.Subject // the shortest path
	usedBy map[*vertex][]use        // whom it is used by, and where there
}

func reachOf(root *vertex) *reach {
	r := &reach{order: []*vertex{root}, first: map[*vertex]diff.Subject{root: ""}, usedBy: map[*vertex][]use{}}
	for i := 0; i < len(r.order); i++ { // order grows
		v := r.order[i]
		for _, u := range v.uses {
			if _, seen := r.first[u.of]; !seen {
				r.first[u.of] = r.first[v].Join(string(u.path))
				r.order = append(r.order, u.of)
			}
			r.usedBy[u.of] = append(r.usedBy[u.of], use{v, u.path})
		}
	}
	return r
}

// report adds the findings of all definitions that the root leads to, with the
// paths that lead to them.
func (w *walk) report(report *diff.Report, r *reach) {
	var common map[*vertex]ancestor
	for _, v := range r.order {
		if len(v.findings) == 0 {
			continue
		}
		s := search{reach: r, on: map[*vertex]bool{}}
		complete := s.up(v, "")
		if !complete && common == nil {
			common = r.ancestors()
		}
		subject := diff.Subject("")
		if v.new != nil {
			subject = w.subject(v.new)
		}
		for _, f := range v.findings {
			side := f.change.Reaches[0].Side
			f.change.Subject = subject.Join(string(f.path))
			if !complete {
				f.change.Reaches = []diff.Reach{{Subject: common[v].below(f.path), Side: side}}
				report.Add(f.change)
				continue
			}
			f.change.Reaches = make([]diff.Reach, 0, len(s.found))
			for _, path := range s.found {
				f.change.Reaches = append(f.change.Reaches, diff.Reach{Subject: path.Join(string(f.path)), Side: side})
			}
			report.Add(f.change)
		}
	}
}

// subject names a definition as short as it can be told from the others.
func (w *walk) subject(s *schema) diff.Subject {
	name := unqualified(s.name)
	if max(w.old.simple[name], w.new.simple[name]) > 1 {
		name = s.name
	}
	return diff.Subject(s.kind + " " + name)
}

// search enumerates the paths from the root to a vertex, none twice through the
// same definition.
type search struct {
	*reach
	on    map[*vertex]bool
	found []diff.Subject
	steps int
}

// up reports whether it found all of them.
func (s *search) up(v *vertex, below diff.Subject) bool {
	if v.new == nil { // the root
		s.found = append(s.found, below)
		return len(s.found) <= mostReaches
	}
	s.on[v] = true
	defer delete(s.on, v)
	for _, u := range s.usedBy[v] {
		if s.on[u.of] {
			continue
		}
		if s.steps++; s.steps > mostSteps || !s.up(u.of, u.path.Join(string(below))) {
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
func (r *reach) ancestors() map[*vertex]ancestor {
	common := map[*vertex]ancestor{}
	for _, v := range r.order {
		common[v] = ancestor{r.first[v], true}
	}
	for again := true; again; {
		again = false
		for _, v := range r.order {
			for _, u := range r.usedBy[v] {
				shared := prefix(common[v].path, common[u.of].below(u.path))
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
