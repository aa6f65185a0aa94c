package app

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/assent-dev/assent/checks"
	"github.com/assent-dev/assent/github"
	"github.com/assent-dev/assent/store"
)

// publish shows on a head what was decided for all open pull requests that
// have it. The check comes first; people are notified after it.
func (j *job) publish(ctx context.Context, head string) error {
	if j.lease.Died {
		return j.admit(ctx, head, errDied)
	}
	decisions, err := j.Store.DecisionsFor(ctx, j.repo.ID, head)
	if err != nil {
		return err
	}
	if len(decisions) > 0 {
		err = j.publishAll(ctx, head, decisions)
	} else {
		err = j.end(ctx, head)
	}
	if err != nil {
		return err
	}
	if j.lease.Rerun { // after publishing: what the reviews save dirties this lane
		return j.reviewAgain(ctx, head, decisions)
	}
	return nil
}

// end takes back what the check of a head says that no open pull request has any
// more, and leaves its last words to read. Somebody may come to the same head
// with other contracts around it: what was green must not be green for them.
func (j *job) end(ctx context.Context, head string) error {
	shown, err := j.Store.Published(ctx, j.repo.ID, head)
	if errors.Is(err, store.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	decisions, err := j.Store.DecisionsLeft(ctx, j.repo.ID, head)
	if err != nil || len(decisions) == 0 {
		return err
	}
	last, err := decodeAll(decisions)
	if err != nil {
		return err
	}
	w := want(head, records(last), "")
	w.annotations, w.digest = nil, shown.Annotations // they stay
	w.run.ExternalID = shown.ExternalID
	w.run.Status, w.run.Conclusion, w.run.Title = "completed", "cancelled", checks.Ended(w.Title)
	w.content = digest(w.run.Status, w.run.Conclusion, w.run.Title, w.run.Summary)
	if shown.RunID == 0 { // a crash came while it was posted
		if shown, err = j.create(ctx, w, true); err != nil {
			return fmt.Errorf("end the check: %w", err)
		}
	}
	if err := j.update(ctx, w, shown); err != nil {
		return fmt.Errorf("end the check: %w", err)
	}
	return nil
}

func decodeAll(decisions []store.Decision) ([]stored, error) {
	all := make([]stored, len(decisions))
	for i, d := range decisions {
		var err error
		if all[i], err = decode(d, nil); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func records(all []stored) []checks.Record {
	records := make([]checks.Record, len(all))
	for i, s := range all {
		records[i] = s.Record
	}
	return records
}

func (j *job) publishAll(ctx context.Context, head string, decisions []store.Decision) error {
	all, err := decodeAll(decisions)
	if err != nil {
		return err
	}
	if err := j.publishCheck(ctx, head, records(all), ""); err != nil {
		err = fmt.Errorf("publish the check: %w", err)
		if j.lease.GivesUp(err) {
			return j.admit(ctx, head, err)
		}
		return err
	}
	var tried attempts
	for i := range all {
		s := &all[i]
		if pull := s.Decision.Basis.Pull; s.Trouble == nil && pull != 0 {
			if tried.failed(j.notify(ctx, s), "notify on #%d", pull) {
				break
			}
		}
	}
	err = tried.err()
	var denied *github.PermissionError
	if errors.As(err, &denied) { // trying again changes nothing
		j.Log.Error("a permission is missing", "repo", j.repo.String(), "error", err)
		note := "\nNobody could be notified: " + permissionReason(denied) + ".\n"
		return j.publishCheck(ctx, head, records(all), note)
	}
	if err != nil && j.lease.GivesUp(err) {
		const note = "\nassent could not write all comments and requests for reviews. The next event tries " +
			"again.\n"
		return errors.Join(err, j.publishCheck(ctx, head, records(all), note))
	}
	return err
}

// attempts are tasks that do not depend on each other, so that one that fails
// keeps none of the others from being done.
type attempts struct{ errs []error }

// failed notes the error of a task. It reports whether the others would fail too:
// GitHub asks for patience, or somebody else is at work.
func (a *attempts) failed(err error, format string, args ...any) (all bool) {
	if err == nil {
		return false
	}
	a.errs = append(a.errs, fmt.Errorf(format+": %w", append(args, err)...))
	var later interface{ RetryAfter() time.Duration }
	return errors.As(err, &later) || errors.Is(err, store.ErrStale) || errors.Is(err, context.Canceled) ||
		errors.Is(err, context.DeadlineExceeded)
}

func (a *attempts) err() error { return errors.Join(a.errs...) }

// admit makes the check of a head say that it could not be brought up to date,
// without anything that GitHub may have refused. Nothing more is tried until the
// next event.
func (j *job) admit(ctx context.Context, head string, cause error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), longestAdmission)
	defer cancel()
	shown, err := j.Store.Published(ctx, j.repo.ID, head)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return errors.Join(cause, err)
	}
	w := wanted{run: github.CheckRun{
		ID: shown.RunID, Name: checks.Name, Head: head, ExternalID: shown.ExternalID,
		Status: "completed", Conclusion: "timed_out",
		Title: "Not published: the check could not be brought up to date",
		Summary: "What was decided could not be written to this check. The next event, or a re-run of the " +
			"check, tries again.\n",
	}}
	if shown.RunID != 0 {
		_, err = j.client.UpdateCheckRun(ctx, j.repo, w.run)
	} else {
		w.run, err = j.client.CreateCheckRun(ctx, j.repo, w.run)
	}
	if err == nil { // no content is known to be shown, so that the next publishing writes it
		w.digest = shown.Annotations
		_, err = j.savePublished(ctx, w, w.run.ID, shown.Posted, "")
	}
	return errors.Join(cause, err)
}

// longestAdmission is how long the check may take to say that nothing else could
// be said.
const longestAdmission = 10 * time.Second

// reviewAgain wakes the reviews of everything that has the head, known or not.
func (j *job) reviewAgain(ctx context.Context, head string, decisions []store.Decision) error {
	var lanes []store.Lane
	for _, d := range decisions {
		lanes = append(lanes, j.lane(d.Key))
	}
	if len(decisions) == 0 {
		pulls, err := j.client.OpenPulls(ctx, j.repo)
		if err != nil {
			return fmt.Errorf("find pull requests of %s: %w", head, err)
		}
		for _, p := range pulls {
			if p.Head == head {
				lanes = append(lanes, j.lane(store.PullKey(p.Number)))
			}
		}
	}
	return j.Store.Dirty(ctx, lanes...)
}

// wanted is the check run as it should stand on GitHub.
type wanted struct {
	checks.Check
	run         github.CheckRun
	annotations []github.Annotation
	digest      string // of the annotations
	content     string // of all else that people see
}

func want(head string, records []checks.Record, nonce string) wanted {
	w := wanted{Check: checks.Render(records)}
	for _, a := range w.Annotations {
		w.annotations = append(w.annotations, github.Annotation(a))
	}
	w.digest = digest(w.annotations)
	w.content = digest(w.Status, w.Conclusion, w.Title, w.Summary)
	inputs := []any{head, w.digest, nonce}
	for _, r := range records {
		b := r.Decision.Basis
		inputs = append(inputs, b.Pull, b.BaseRef, b.Base, b.Policy)
	}
	w.run = github.CheckRun{
		Name: checks.Name, Head: head, ExternalID: digest(inputs...),
		Status: w.Status, Conclusion: w.Conclusion, Title: w.Title, Summary: w.Summary,
	}
	return w
}

func digest(values ...any) string {
	h := sha256.New()
	for _, v := range values {
		// Values are strings, numbers and flat structs: they always encode.
		_ = json.NewEncoder(h).Encode(v)
	}
	return hex.EncodeToString(h.Sum(nil))
}

// publishCheck brings the check run on GitHub to what is wanted. Annotations
// can only be appended, so other annotations need a new run; nothing to change
// is nothing written. The note is added to the summary.
func (j *job) publishCheck(ctx context.Context, head string, records []checks.Record, note string) error {
	nonce := ""
	if j.lease.Rerun {
		nonce = strconv.FormatInt(j.lease.Generation, 10)
	}
	w := want(head, records, nonce)
	if note != "" {
		w.run.Summary += note
		w.content = digest(w.content, note)
	}
	shown, err := j.Store.Published(ctx, j.repo.ID, head)
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	known := err == nil
	again := j.lease.Rerun && shown.ExternalID != w.run.ExternalID
	if shown.RunID == 0 || again || shown.Annotations != w.digest && shown.Posted > 0 {
		if shown, err = j.create(ctx, w, known); err != nil {
			return err
		}
	} else if shown.Posted < len(w.annotations) {
		// A crash may have come between an append and its recording.
		if shown.Posted, err = j.counted(ctx, w, shown.RunID); err != nil {
			return err
		}
		if shown.Posted > 0 && shown.Annotations != w.digest { // it was an append of others
			if shown, err = j.create(ctx, w, known); err != nil {
				return err
			}
		}
	}
	return j.update(ctx, w, shown)
}

// counted is how many annotations GitHub has of a run.
func (j *job) counted(ctx context.Context, w wanted, id int64) (int, error) {
	runs, err := j.client.CheckRuns(ctx, j.repo, w.run.Head, checks.Name)
	if err != nil {
		return 0, fmt.Errorf("list check runs: %w", err)
	}
	for _, run := range runs {
		if run.ID == id {
			return run.AnnotationsCount, nil
		}
	}
	return 0, fmt.Errorf("check run %d is gone from %s", id, w.run.Head)
}

// create posts a new run with the first annotations. A head that was known before
// may have runs of ours.
func (j *job) create(ctx context.Context, w wanted, known bool) (store.Published, error) {
	if known {
		if found, ok, err := j.takeOver(ctx, w); ok || err != nil {
			return found, err
		}
	} else if _, err := j.savePublished(ctx, w, 0, 0, ""); err != nil { // from here on there may be a run
		return store.Published{}, err
	}
	if err := j.lease.Verify(ctx); err != nil {
		return store.Published{}, err
	}
	run := w.run
	run.Annotations = w.annotations[:min(len(w.annotations), github.MaxAnnotations)]
	made, err := j.client.CreateCheckRun(ctx, j.repo, run)
	if errors.Is(err, github.ErrUnprocessable) && len(run.Annotations) > 0 {
		// A conclusion without annotations is better than none.
		j.Log.Warn("GitHub refuses the annotations", "repo", j.repo.String(), "head", w.run.Head,
			"error", err)
		run.Annotations = nil
		made, err = j.client.CreateCheckRun(ctx, j.repo, run)
	}
	if err != nil {
		return store.Published{}, err
	}
	return j.savePublished(ctx, w, made.ID, len(run.Annotations), w.content)
}

// takeOver uses the newest run of ours instead of a new one if a crash came between
// its posting and its recording, or if it only said that work is under way and can
// say the rest. If not, it ends older runs that never ended, or they would wait for
// ever.
func (j *job) takeOver(ctx context.Context, w wanted) (_ store.Published, ok bool, err error) {
	runs, err := j.client.CheckRuns(ctx, j.repo, w.run.Head, checks.Name)
	if err != nil {
		return store.Published{}, false, fmt.Errorf("list check runs: %w", err)
	}
	slices.SortFunc(runs, func(a, b github.CheckRun) int { return cmp.Compare(b.ID, a.ID) })
	if len(runs) > 0 && (runs[0].ExternalID == w.run.ExternalID ||
		runs[0].Status != "completed" && runs[0].AnnotationsCount == 0) {
		found, err := j.savePublished(ctx, w, runs[0].ID, runs[0].AnnotationsCount, "")
		return found, err == nil, err
	}
	for _, run := range runs {
		if run.Status == "completed" {
			continue
		}
		run.Status, run.Conclusion, run.Annotations = "completed", "cancelled", nil
		if err := j.lease.Verify(ctx); err != nil {
			return store.Published{}, false, err
		}
		if _, err := j.client.UpdateCheckRun(ctx, j.repo, run); err != nil {
			return store.Published{}, false, err
		}
	}
	return store.Published{}, false, nil
}

// savePublished stores what GitHub shows now.
func (j *job) savePublished(
	ctx context.Context, w wanted, run int64, posted int, content string,
) (store.Published, error) {
	p := store.Published{
		RepoID: j.repo.ID, Head: w.run.Head, RunID: run, ExternalID: w.run.ExternalID, Content: content,
		Annotations: w.digest, Posted: posted,
	}
	return p, j.Store.SavePublished(ctx, j.lease, p)
}

// update patches what differs and appends the annotations that are missing, in
// order.
func (j *job) update(ctx context.Context, w wanted, shown store.Published) error {
	rest := w.annotations[min(shown.Posted, len(w.annotations)):]
	if shown.Content == w.content && len(rest) == 0 {
		return nil
	}
	for first := true; first || len(rest) > 0; first = false {
		run := w.run
		run.ID = shown.RunID
		batch := slices.Clone(rest[:min(len(rest), github.MaxAnnotations)])
		run.Annotations, rest = batch, rest[len(batch):]
		if err := j.lease.Verify(ctx); err != nil {
			return err
		}
		_, err := j.client.UpdateCheckRun(ctx, j.repo, run)
		if errors.Is(err, github.ErrUnprocessable) && len(batch) > 0 {
			j.Log.Warn("GitHub refuses annotations", "repo", j.repo.String(), "head", w.run.Head,
				"error", err)
			run.Annotations = nil
			_, err = j.client.UpdateCheckRun(ctx, j.repo, run)
		}
		if err != nil {
			return err
		}
		shown.Posted += len(batch)
		if _, err := j.savePublished(ctx, w, shown.RunID, shown.Posted, w.content); err != nil {
			return err
		}
	}
	return nil
}
