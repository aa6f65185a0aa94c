package app

import (
	"context"
	"errors"
	"fmt"
	"path"

	"github.com/assent-dev/assent/approval"
	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/avro"
	"github.com/assent-dev/assent/usage"
)

// consumers returns who is registered, with what the contracts' changes do to
// those that read with a schema of their own. Like all that a consumer says, the
// schema is read at the tip of the base branch.
func (j *job) consumers(ctx context.Context, policy *config.Repository, contracts []contract, reports []*diff.Report, t revisions) ([]approval.Consumer, []approval.Mistake, error) {
	var all []approval.Consumer
	var mistakes []approval.Mistake
	for _, entry := range policy.Consumers {
		consumer := approval.Consumer{Team: entry.Team, Contract: entry.Contract, Uses: entry.Parsed}
		for i, c := range contracts {
			if entry.Reader == "" || c.Name != entry.Contract {
				continue
			}
			reader, err := j.reader(ctx, entry.Reader, c, reports[i], t)
			var wrong *readerMistake
			if errors.As(err, &wrong) {
				mistakes = append(mistakes, mistake(entry.Line, "the reader of %s: %v", entry.Team, err))
			} else if err != nil {
				return nil, nil, err
			}
			consumer.Reader = reader
		}
		all = append(all, consumer)
	}
	return all, mistakes, nil
}

// readerMistake is what is wrong with a consumer's own schema.
type readerMistake struct{ text string }

func (m *readerMistake) Error() string { return m.text }

// reader resolves a consumer's schema with the contract at the base and at the
// head.
func (j *job) reader(ctx context.Context, file string, c contract, report *diff.Report, t revisions) (*usage.Reader, error) {
	if c.format != avro.Format {
		return nil, &readerMistake{fmt.Sprintf("the contract %s is %s, and only Avro data is read with a schema of one's own", c.Name, c.format.Name)}
	}
	if _, there := t.policy.Blob(file); !there {
		return nil, &readerMistake{fmt.Sprintf("there is no file %s on the base branch", file)}
	}
	scope := diff.Scope{FS: t.policy, Folder: path.Dir(file), Cache: j.Cache, Most: mostScanned}
	paths, err := avro.Format.Graph(scope).Closure(file)
	if err != nil {
		return nil, fmt.Errorf("find the files of %s: %w", file, err)
	}
	own := diff.Source{FS: t.policy, Paths: paths, Whole: true, Cache: j.Cache}
	resolve := func(writer diff.Source) (*diff.Report, error) {
		if writer.Absent() {
			return &diff.Report{}, nil
		}
		forward, err := avro.Format.Compatibility("forward")
		if err != nil {
			return nil, err
		}
		return diff.Compare(ctx, diff.Contract{Name: c.Name, Format: avro.Format, Compatibility: forward}, []diff.Source{own}, writer)
	}
	after, err := resolve(j.source(t.head, c.newPath, c.newFiles))
	if err != nil {
		return nil, err
	}
	for _, e := range after.Errors {
		if e.File == file {
			return nil, &readerMistake{fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Message)}
		}
	}
	before, err := resolve(j.source(t.base, c.oldPath, c.oldFiles))
	if err != nil {
		return nil, err
	}
	return usage.Resolve(report, before, after), nil
}
