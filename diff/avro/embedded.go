package avro

import (
	"context"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// Compare reports the differences between two schemas that are part of other
// documents, such as the payload of a message. The schemas have to define all
// types that they use. The place says where they are used, and what consumers
// do there: they write data by the old schema if they send, and read it by the
// old schema if they receive. Reaches begin with the use of the place, followed
// by fields.
//
// Mistakes of the author are reported by Report.Fail. The error is that of the
// context.
func Compare(ctx context.Context, r *diff.Report, at diff.Place, old, new *tree.Node) error {
	o, err := embedded(r, old)
	if err != nil {
		return err
	}
	n, err := embedded(r, new)
	if err != nil || o == nil || n == nil {
		return err
	}
	w := newWalk(ctx, o, n)
	w.at = at
	if w.at.Definition.IsZero() {
		w.at.Definition = at.Use
	}
	return w.run(r)
}

// embedded reads a schema that is part of another document.
func embedded(r *diff.Report, root *tree.Node) (*file, error) {
	p := newParser()
	p.document(root)
	return finished(r, p)
}
