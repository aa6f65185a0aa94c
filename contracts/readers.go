package contracts

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/formats"
	"github.com/assent-dev/assent/usage"
)

// resolveReaders finds what the changes do to the consumers that read with a
// schema of their own. Like all that a consumer says, the schema is read at the
// tip of the base branch.
func (f *Finder) resolveReaders(ctx context.Context, r *Result) error {
	r.Readers = make([]*usage.Reader, len(r.Policy.Consumers))
	for i, entry := range r.Policy.Consumers {
		for j, c := range r.Contracts {
			if entry.Reader == "" || !c.IsCalled(entry.Contract) {
				continue
			}
			reader, err := f.reader(ctx, entry, c, r.Reports[j])
			var wrong readerMistake
			if errors.As(err, &wrong) {
				r.Mistakes = append(r.Mistakes, mistake(entry.Line, "the reader of %s: %v", entry.Team, err))
			} else if err != nil {
				return err
			}
			r.Readers[i] = reader
		}
	}
	return nil
}

// readerMistake is what is wrong with a consumer's own schema.
type readerMistake struct{ error }

// reader resolves a consumer's schema with the contract at the base and at the
// head.
func (f *Finder) reader(
	ctx context.Context, entry config.Consumer, c *Contract, report *diff.Report,
) (*usage.Reader, error) {
	own, err := f.readerSchema(ctx, entry, c)
	if err != nil {
		return nil, err
	}
	after, err := resolve(ctx, c, own, c.New)
	if err != nil {
		return nil, err
	}
	for _, e := range after.Errors {
		if e.File == entry.Reader {
			return nil, readerMistake{fmt.Errorf("%s:%d: %s", e.File, e.Line, e.Message)}
		}
	}
	before, err := resolve(ctx, c, own, c.Old())
	if err != nil {
		return nil, err
	}
	return usage.Resolve(report, before, after), nil
}

// readerSchema finds the files of a consumer's schema.
func (f *Finder) readerSchema(
	ctx context.Context, entry config.Consumer, c *Contract,
) (diff.Source, error) {
	if !c.Format.ReaderSchemas {
		const text = "the contract %s is %s, and only %s data is read with a schema of one's own"
		return diff.Source{}, readerMistake{fmt.Errorf(text, c.Name, c.Format.Name, readerFormats(f.Formats))}
	}
	if _, exists := f.Policy.Blob(entry.Reader); !exists {
		return diff.Source{}, readerMistake{fmt.Errorf("there is no file %s on the base branch",
			entry.Reader)}
	}
	r := f.revision(ctx, f.Policy)
	r.Path = path.Dir(entry.Reader)
	own := r.source(entry.Reader)
	if err := r.findFiles(c.Format, &own); err != nil {
		return diff.Source{}, fmt.Errorf("find the files of %s: %w", entry.Reader, err)
	}
	return own, nil
}

// readerFormats names the formats whose readers have schemas.
func readerFormats(l formats.List) string {
	var names []string
	for _, f := range l {
		if f.ReaderSchemas {
			names = append(names, f.Name)
		}
	}
	return strings.Join(names, ", ")
}

// resolve compares a reader's schema, as the older revision, with what writers
// write.
func resolve(ctx context.Context, c *Contract, own, writer diff.Source) (*diff.Report, error) {
	if writer.Absent() {
		return &diff.Report{}, nil
	}
	forward, err := c.Format.Compatibility("forward")
	if err != nil {
		return nil, err
	}
	how := diff.Contract{Name: c.Name, Format: c.Format, Compatibility: forward}
	return diff.Compare(ctx, how, []diff.Source{own}, writer)
}
