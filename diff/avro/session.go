package avro

import (
	"context"
	"slices"
	"sync"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// session compares many contracts of the same two revisions. It parses a file
// that they share once, and compares each pair of definitions once. For each
// contract it then only collects the findings that its root leads to.
//
// It compares a contract separately if the result could depend on the other
// contracts: if there are mistakes, names that mean different types in
// different contracts, or guesses at renaming.
type session struct {
	mu       sync.Mutex
	old, new sharedFiles
	walk     *walk
	doubtful bool // the shared files or pairs may be wrong
}

// newSession returns a function like Compare. The paths of all sources must
// belong to one file system.
func newSession() func(context.Context, *diff.Report, diff.Source, diff.Source, diff.Options) error {
	s := &session{old: newShelf(), new: newShelf(), walk: newWalk(context.Background(), nil, nil)}
	return func(ctx context.Context, r *diff.Report, old, new diff.Source, o diff.Options) error {
		done, err := s.compare(ctx, r, old, new)
		if done || err != nil {
			return err
		}
		return compare(ctx, r, old, new, o)
	}
}

// compare reports false if the contract has to be compared separately.
func (s *session) compare(ctx context.Context, r *diff.Report, old, new diff.Source) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.doubtful || !old.Whole || !new.Whole {
		return false, nil
	}
	o, n := s.old.file(old), s.new.file(new)
	if s.doubtful = s.old.doubtful || s.new.doubtful; s.doubtful || o == nil || n == nil {
		return false, nil
	}
	w := s.walk
	w.ctx, w.old, w.new = ctx, o, n
	root := w.root()
	all := w.graph.Explore(root)
	if err := ctx.Err(); err != nil {
		s.doubtful = true // some pairs were not compared and never will be
		return false, err
	}
	if slices.ContainsFunc(all, func(v *vertex) bool { return w.guessed[v] }) {
		return false, nil
	}
	w.graph.Report(r, w.at, root)
	return true, nil
}

// sharedFiles holds the files of one revision, linked to each other.
type sharedFiles struct {
	files    map[string]*parser // nil for a file that cannot be shared
	linked   map[*ref]*schema   // the type in another file that a name means
	checked  map[*schema]bool   // types whose unions have been checked
	doubtful bool
}

func newShelf() sharedFiles {
	return sharedFiles{files: map[string]*parser{}, linked: map[*ref]*schema{}, checked: map[*schema]bool{}}
}

// file puts a contract together. It returns nil if the contract cannot be
// shared.
func (s *sharedFiles) file(source diff.Source) *file {
	whole := newParser()
	var parts []*parser
	for i, name := range source.Paths {
		part := s.parseFile(source, name)
		if part == nil {
			return nil
		}
		for full, t := range part.file.types {
			if whole.file.types[full] != nil {
				return nil
			}
			whole.file.types[full] = t
			whole.file.simple[unqualified(full)]++
		}
		if i == 0 {
			whole.file.root = part.file.root
		}
		whole.file.contents = append(whole.file.contents, part.file.contents...)
		parts = append(parts, part)
	}
	for _, part := range parts {
		for _, use := range part.pending {
			found := whole.lookup(use.name.Text, use.space)
			if before, linked := s.linked[use.ref]; found == nil || linked && before != found {
				return nil
			}
			s.linked[use.ref], use.ref.to = found, found
		}
	}
	if whole.checkUnions(s.checked); len(whole.mistakes) > 0 {
		s.doubtful = true
		return nil
	}
	return whole.file
}

// parseFile parses one file. It returns nil if the file cannot be shared.
func (s *sharedFiles) parseFile(source diff.Source, name string) *parser {
	if p, ok := s.files[name]; ok {
		return p
	}
	var p *parser
	if doc, err := tree.NewFiles(source.FS, source.Cache).Open(name); err == nil {
		p = newParser()
		if p.document(doc.Root); len(p.mistakes) > 0 || p.file.protocol != nil {
			p = nil
		}
	}
	s.files[name] = p
	return p
}
