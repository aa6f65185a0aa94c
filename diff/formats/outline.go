package formats

import (
	"path"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// OutlineVersion is raised with every change of what outlines say of the same
// file. Whoever keeps outlines keeps it with them, and makes those of another
// version anew.
const OutlineVersion = 1

// Outline returns what a file says by itself. Its path may be the last part alone.
// The cache, which may be nil, bounds the memory in which the file is parsed.
func (l List) Outline(file string, data []byte, cache *tree.Cache) diff.Outline {
	file = path.Base(file)
	o := diff.NewFile(file, data, cache).Outline(l)
	if f := l.Recognise(file, data); f != nil {
		o.Format = f.Name
	}
	return o
}

// Unread returns the outline of a file that exceeds a bound, and why it was not
// read.
func (l List) Unread(file, why string) diff.Outline {
	o := diff.Outline{Unread: true, Wrong: &diff.Wrong{Line: 1, Column: 1, Message: why}}
	if f := l.Recognise(path.Base(file), nil); f != nil {
		o.Format = f.Name
	}
	return o
}
