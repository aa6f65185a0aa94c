package avro

import (
	"context"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// Compare adds to the report what differs between two schemas that lie within
// other documents, such as the payload of a message. The schemas have to define
// all types that they use. The place says where they are used and what consumers
// do with the data there: who sends has written it by the old schema, who
// receives reads it by the old schema. Reaches begin with the use of the place
// and go on with the fields.
//
// Mistakes of the author go to Report.Fail; the error is that of the context.
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

// embedded reads a schema within another document.
func embedded(r *diff.Report, root *tree.Node) (*file, error) {
	p := newParser()
	p.document(root)
	return finished(r, p)
}
