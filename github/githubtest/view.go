package githubtest

import (
	"cmp"
	"slices"
)

// pullView is the content of a pull request's page.
type pullView struct {
	Repo string
	Pull
	Check    *CheckRun
	Waiting  bool // no check has a conclusion yet: the page reloads itself
	Requests []request
	Reviews  []Review
	Comments []Comment
	People   []person
	Files    []fileView
}

// request is a team that was asked. Done means that it is no longer asked.
type request struct {
	Team string
	Done bool
}

// person is a user who can act on the page.
type person struct {
	Login string
	Teams []string
}

type fileView struct {
	Path    string
	General []note // those on lines that are not shown
	Lines   []lineView
}

type lineView struct {
	Class    string // context, added, removed, hunk
	Old, New int
	Text     string
	Notes    []note
}

// note is an annotation or a comment beside a line.
type note struct{ Level, Title, Body string }

func (r *Repo) view(p *pull) pullView {
	v := pullView{
		Repo:    r.fullName(),
		Pull:    p.Pull,
		Check:   r.latest(p.Head),
		Reviews: slices.Clone(p.reviews),
		People:  r.people(p),
	}
	v.Waiting = p.State == "open" && (v.Check == nil || v.Check.Status != "completed")
	for _, t := range p.timeline {
		name := cmp.Or(r.s.slug(t.reviewer.team), t.reviewer.user)
		one := request{name, !slices.Contains(p.asked, t.reviewer)}
		if t.dismissed == nil && !slices.Contains(v.Requests, one) {
			v.Requests = append(v.Requests, one)
		}
	}
	for _, c := range r.comments {
		if c.Pull == p.Number {
			v.Comments = append(v.Comments, *c)
		}
	}
	files, err := r.diff(p)
	if err != nil {
		return v
	}
	for _, f := range files {
		v.Files = append(v.Files, r.fileView(p, f, v.Check))
	}
	return v
}

// people returns all users except the author, those with teams first.
func (r *Repo) people(p *pull) []person {
	var out []person
	for _, a := range r.s.accounts {
		if a.kind != "User" || a.login == p.Author {
			continue
		}
		one := person{Login: a.login}
		for _, t := range r.s.sortedTeams() {
			if t.has(a.login) {
				one.Teams = append(one.Teams, t.Org+"/"+t.Slug)
			}
		}
		out = append(out, one)
	}
	slices.SortFunc(out, func(a, b person) int {
		return cmp.Or(cmp.Compare(min(len(b.Teams), 1), min(len(a.Teams), 1)), cmp.Compare(a.Login, b.Login))
	})
	return out
}

func (r *Repo) fileView(p *pull, f fileDiff, check *CheckRun) fileView {
	classes := map[byte]string{' ': "context", '+': "added", '-': "removed", '@': "hunk"}
	out := fileView{Path: f.path}
	for _, l := range f.lines {
		out.Lines = append(out.Lines, lineView{Class: classes[l.kind], Old: l.old, New: l.new, Text: l.text})
	}
	if check != nil {
		for _, a := range check.Annotations {
			if a.Path == f.path {
				out.attach("RIGHT", a.EndLine, note{a.Level, a.Title, a.Message})
			}
		}
	}
	for _, c := range r.inline {
		if c.Pull == p.Number && c.Path == f.path {
			out.attach(c.Side, c.Line, note{"comment", c.User, c.Body})
		}
	}
	return out
}

// attach puts a note under its line, or above the file if the line is not
// shown.
func (f *fileView) attach(side string, line int, n note) {
	for i := range f.Lines {
		l := &f.Lines[i]
		if line > 0 && (side == "LEFT" && l.Old == line || side != "LEFT" && l.New == line) {
			l.Notes = append(l.Notes, n)
			return
		}
	}
	f.General = append(f.General, n)
}
