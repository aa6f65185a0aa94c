package github

import (
	"context"
	"fmt"
	"time"

	gh "github.com/google/go-github/v66/github"
)

// MaxAnnotations is how many annotations one call may send. Every call adds
// annotations to a run; none can be changed or removed.
const MaxAnnotations = 50

// CheckRun is a check run. A Conclusion completes it. AnnotationsCount is read
// from GitHub and never sent; Annotations and Actions are sent and never read.
type CheckRun struct {
	ID                 int64
	Name, Head         string
	ExternalID         string
	DetailsURL         string
	Status, Conclusion string
	Started            time.Time
	Title, Summary     string
	Text               string
	Annotations        []Annotation
	AnnotationsCount   int
	Actions            []Action
}

// Annotation is a message at lines of the head. Columns count from 1, and are
// sent only for a single line; 0 means that there is none.
type Annotation struct {
	Path                   string
	StartLine, EndLine     int
	StartColumn, EndColumn int
	Level                  string // notice, warning or failure
	Title, Message         string
	Raw                    string
}

// Action is a button on a completed run: 20, 40 and 20 characters at most.
type Action struct{ Label, Description, Identifier string }

// CheckRuns lists the App's own runs with a name on a commit, including those
// that newer ones replaced.
func (c *Client) CheckRuns(ctx context.Context, repo Repo, sha, name string) ([]CheckRun, error) {
	found, err := allPages(func(o gh.ListOptions) ([]*gh.CheckRun, *gh.Response, error) {
		page, resp, err := c.rest.Checks.ListCheckRunsForRef(ctx, repo.Owner, repo.Name, sha,
			&gh.ListCheckRunsOptions{
				CheckName:   gh.String(name),
				Filter:      gh.String("all"),
				AppID:       gh.Int64(c.app.id),
				ListOptions: o,
			})
		if err != nil {
			return nil, resp, err
		}
		return page.CheckRuns, resp, nil
	})
	return convert(found, checkRun), wrap(ctx, err, "check runs of %s in %s", sha, repo)
}

// CreateCheckRun adds a run to the commit run.Head. GitHub shows the latest of
// several runs with the same name.
func (c *Client) CreateCheckRun(ctx context.Context, repo Repo, run CheckRun) (CheckRun, error) {
	if err := run.validate(); err != nil {
		return CheckRun{}, err
	}
	opts := gh.CreateCheckRunOptions{
		Name:       run.Name,
		HeadSHA:    run.Head,
		DetailsURL: optional(run.DetailsURL),
		ExternalID: optional(run.ExternalID),
		Status:     optional(run.Status),
		Conclusion: optional(run.Conclusion),
		Output:     run.output(),
		Actions:    run.actions(),
	}
	if !run.Started.IsZero() {
		opts.StartedAt = &gh.Timestamp{Time: run.Started}
	}
	made, _, err := c.rest.Checks.CreateCheckRun(ctx, repo.Owner, repo.Name, opts)
	return checkRun(made), wrap(ctx, err, "create check run on %s in %s", run.Head, repo)
}

// UpdateCheckRun replaces the texts of the run and adds its annotations. It
// always sends the name, because go-github v66 would send an empty one.
func (c *Client) UpdateCheckRun(ctx context.Context, repo Repo, run CheckRun) (CheckRun, error) {
	if err := run.validate(); err != nil {
		return CheckRun{}, err
	}
	made, _, err := c.rest.Checks.UpdateCheckRun(ctx, repo.Owner, repo.Name, run.ID, gh.UpdateCheckRunOptions{
		Name: run.Name, DetailsURL: optional(run.DetailsURL), ExternalID: optional(run.ExternalID),
		Status:     optional(run.Status),
		Conclusion: optional(run.Conclusion),
		Output:     run.output(),
		Actions:    run.actions(),
	})
	return checkRun(made), wrap(ctx, err, "update check run %d in %s", run.ID, repo)
}

func (r CheckRun) validate() error {
	if n := len(r.Annotations); n > MaxAnnotations {
		return fmt.Errorf("check run %q: %d annotations in one call, GitHub takes %d", r.Name, n,
			MaxAnnotations)
	}
	if r.Name == "" {
		return fmt.Errorf("check run without a name")
	}
	return nil
}

func (r CheckRun) output() *gh.CheckRunOutput {
	if r.Title == "" && r.Summary == "" {
		return nil
	}
	return &gh.CheckRunOutput{
		Title: gh.String(r.Title), Summary: gh.String(r.Summary), Text: optional(r.Text),
		Annotations: convert(r.Annotations, annotation),
	}
}

func annotation(a Annotation) *gh.CheckRunAnnotation {
	out := &gh.CheckRunAnnotation{
		Path: gh.String(a.Path), StartLine: gh.Int(a.StartLine), EndLine: gh.Int(max(a.StartLine, a.EndLine)),
		AnnotationLevel: gh.String(a.Level),
		Message:         gh.String(a.Message),
		Title:           optional(a.Title),
		RawDetails:      optional(a.Raw),
	}
	if *out.StartLine == *out.EndLine && a.StartColumn > 0 {
		out.StartColumn, out.EndColumn = gh.Int(a.StartColumn), gh.Int(max(a.StartColumn, a.EndColumn))
	}
	return out
}

func (r CheckRun) actions() []*gh.CheckRunAction {
	return convert(r.Actions, func(a Action) *gh.CheckRunAction {
		return &gh.CheckRunAction{Label: a.Label, Description: a.Description, Identifier: a.Identifier}
	})
}

func checkRun(r *gh.CheckRun) CheckRun {
	out := r.GetOutput()
	return CheckRun{
		ID: r.GetID(), Name: r.GetName(), Head: r.GetHeadSHA(), ExternalID: r.GetExternalID(),
		DetailsURL: r.GetDetailsURL(), Status: r.GetStatus(), Conclusion: r.GetConclusion(),
		Started: r.GetStartedAt().Time, Title: out.GetTitle(), Summary: out.GetSummary(), Text: out.GetText(),
		AnnotationsCount: out.GetAnnotationsCount(),
	}
}

// optional returns nil for an empty text. GitHub would clear a field that is
// sent empty.
func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
