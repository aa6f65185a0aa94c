package contracts

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/openapi"
)

// TestOnlyNewComplaintsCount: what the base already has is nobody's news.
func TestOnlyNewComplaintsCount(t *testing.T) {
	const (
		wrong = "  /a/{id}: {get: {responses: {'200': {description: one}}}}\n"
		again = "  /b/{id}: {get: {responses: {'200': {description: one}}}}\n"
		right = "  /b: {get: {responses: {'200': {description: one}}}}\n"
	)
	tests := []struct{ name, old, new, want string }{
		{"old mistake", wrong, wrong, ""},
		{"one more", wrong, wrong + again, "GET /b/{}"},
		{"moved", wrong, right + wrong, ""},
		{"no description before", "", wrong, "GET /a/{}"},
		{"in a component", "", "components: {schemas: {Order: {type: order}}}\n", "schema Order"},
	}
	document := func(paths string) *fstest.MapFile {
		text := "openapi: 3.0.3\ninfo: {title: shop, version: 1.0.0}\npaths:\n" + paths
		if !strings.HasPrefix(paths, " ") {
			text = "openapi: 3.0.3\ninfo: {title: shop, version: 1.0.0}\npaths: {}\n" + paths
		}
		return &fstest.MapFile{Data: []byte(text)}
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			files := fstest.MapFS{"old.yaml": document(tt.old), "new.yaml": document(tt.new)}
			old := diff.Source{FS: files, Paths: []string{"old.yaml"}}
			new := diff.Source{FS: files, Paths: []string{"new.yaml"}}
			facts, err := newComplaints(context.Background(), openapi.Format, old, new)
			if err != nil {
				t.Fatal(err)
			}
			var subjects []string
			for _, f := range facts {
				subjects = append(subjects, f.At.Use.String())
			}
			if got := strings.Join(subjects, ", "); got != tt.want {
				t.Errorf("complaints about %q, want %q", got, tt.want)
			}
		})
	}
}

// TestValidatingNeverStandsInTheWay: a validator that panics has nothing to say,
// and a skipped one says so of every revision.
func TestValidatingNeverStandsInTheWay(t *testing.T) {
	source := diff.Source{FS: fstest.MapFS{"a": {}}, Paths: []string{"a"}}
	panics := func(context.Context, diff.Source) ([]diff.Complaint, error) { panic("a bug") }
	skips := func(context.Context, diff.Source) ([]diff.Complaint, error) {
		return []diff.Complaint{{Fact: diff.Fact{Found: diff.Found{Message: "too large"}}}}, nil
	}
	for want, validate := range []func(context.Context,
		diff.Source) ([]diff.Complaint, error){panics, skips} {
		format := &diff.Format{Validate: validate}
		facts, err := newComplaints(context.Background(), format, source, source)
		if err != nil || len(facts) != want {
			t.Errorf("got %v, %v, want %d", facts, err, want)
		}
	}
}
