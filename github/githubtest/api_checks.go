package githubtest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// maxAnnotations is how many annotations one request may send. A run may have
// any number.
const maxAnnotations = 50

// runRequest has the fields of a run that a client may set. Fields that it
// leaves out do not change.
type runRequest struct {
	Name        string
	HeadSHA     string     `json:"head_sha"`
	DetailsURL  *string    `json:"details_url"`
	ExternalID  *string    `json:"external_id"`
	Status      string     `json:"status"`
	Conclusion  string     `json:"conclusion"`
	StartedAt   *time.Time `json:"started_at"`
	CompletedAt *time.Time `json:"completed_at"`
	Output      *struct {
		Title, Summary, Text *string
		Annotations          []Annotation
	}
	Actions []Action
}

func (in *runRequest) parse(c *call) (refusal answer, ok bool) {
	if err := json.Unmarshal(c.body, in); err != nil {
		return refuse(http.StatusBadRequest, "Problems parsing JSON"), false
	}
	switch {
	case in.Status == "completed" && in.Conclusion == "":
		return invalid("completed needs a conclusion"), false
	case in.Conclusion != "" && in.Status != "" && in.Status != "completed":
		return invalid("a conclusion needs the status completed"), false
	case in.Output != nil && len(in.Output.Annotations) > maxAnnotations:
		return invalid("No more than %d annotations are allowed", maxAnnotations), false
	case len(in.Actions) > 3:
		return invalid("No more than 3 actions are allowed"), false
	}
	return answer{}, true
}

// apply changes the run. It replaces all fields except annotations, which it
// appends.
func (in *runRequest) apply(run *CheckRun, now time.Time) {
	set := func(to *string, from *string) {
		if from != nil {
			*to = *from
		}
	}
	if in.Name != "" {
		run.Name = in.Name
	}
	set(&run.DetailsURL, in.DetailsURL)
	set(&run.ExternalID, in.ExternalID)
	if in.StartedAt != nil {
		run.Started = *in.StartedAt
	}
	if in.Status != "" {
		run.Status = in.Status
	}
	switch {
	case in.Conclusion != "":
		run.Status, run.Conclusion, run.Completed = "completed", in.Conclusion, now
	case run.Status != "completed":
		run.Conclusion, run.Completed = "", time.Time{}
	}
	if in.Output != nil {
		set(&run.Title, in.Output.Title)
		set(&run.Summary, in.Output.Summary)
		set(&run.Text, in.Output.Text)
		run.Annotations = append(run.Annotations, in.Output.Annotations...)
	}
	if in.Actions != nil {
		run.Actions = in.Actions
	}
}

func (s *Server) createRun(c *call) answer {
	var in runRequest
	if refusal, ok := in.parse(c); !ok {
		return refusal
	}
	sha := c.repo.commitOf(in.HeadSHA)
	if sha == "" || sha != in.HeadSHA {
		return invalid("No commit found for SHA: %s", in.HeadSHA)
	}
	run := &CheckRun{
		ID:      s.id(),
		Suite:   c.repo.suite(sha),
		App:     s.AppID,
		Head:    sha,
		Status:  "queued",
		Started: s.now(),
	}
	in.apply(run, s.now())
	c.repo.runs = append(c.repo.runs, run)
	c.repo.emitRun(run, "created", s.bot(), nil)
	if run.Status == "completed" {
		c.repo.emitRun(run, "completed", s.bot(), nil)
	}
	return created(c.repo.runJSON(run))
}

func (s *Server) updateRun(c *call) answer {
	var in runRequest
	if refusal, ok := in.parse(c); !ok {
		return refusal
	}
	id, _ := strconv.ParseInt(c.PathValue("check_run_id"), 10, 64)
	for _, run := range c.repo.runs {
		if run.ID != id {
			continue
		}
		if run.App != s.AppID {
			return refuse(http.StatusForbidden,
				"Invalid app_id `%d` - check run can only be modified by its GitHub App.", s.AppID)
		}
		was := run.Status
		in.apply(run, s.now())
		if was != "completed" && run.Status == "completed" {
			c.repo.emitRun(run, "completed", s.bot(), nil)
		}
		return found(c.repo.runJSON(run))
	}
	return refuse(http.StatusNotFound, "Not Found")
}

// listRuns lists runs, newest first. Unless all are requested, it lists only
// the newest run of each App with the same name.
func (s *Server) listRuns(c *call) answer {
	q := c.URL.Query()
	sha := c.repo.commitOf(c.PathValue("ref"))
	if sha == "" {
		return refuse(http.StatusUnprocessableEntity, "No commit found for SHA: %s", c.PathValue("ref"))
	}
	var out []object
	type key struct {
		app  int64
		name string
	}
	seen := map[key]bool{}
	for _, run := range slices.Backward(c.repo.runs) {
		switch {
		case run.Head != sha, q.Has("check_name") && run.Name != q.Get("check_name"):
		case q.Has("app_id") && q.Get("app_id") != fmt.Sprint(run.App):
		case q.Has("status") && run.Status != q.Get("status"):
		case q.Get("filter") != "all" && seen[key{run.App, run.Name}]:
		default:
			out = append(out, c.repo.runJSON(run))
		}
		if run.Head == sha {
			seen[key{run.App, run.Name}] = true
		}
	}
	return found(object{"total_count": len(out), "check_runs": orEmpty(pageOf(c, out))})
}

func (r *Repo) runJSON(run *CheckRun) object {
	api := fmt.Sprintf("%s/check-runs/%d", r.api(), run.ID)
	html := fmt.Sprintf("%s/%s/runs/%d", r.s.url, r.fullName(), run.ID)
	details := run.DetailsURL
	if details == "" {
		details = html
	}
	app := r.s.appJSON()
	app["id"] = run.App
	return object{
		"id": run.ID, "node_id": nodeID("CheckRun", run.ID), "name": run.Name, "head_sha": run.Head,
		"external_id":  run.ExternalID,
		"url":          api,
		"html_url":     html,
		"details_url":  details,
		"status":       run.Status,
		"conclusion":   optional(run.Conclusion),
		"started_at":   stamp(run.Started),
		"completed_at": stamp(run.Completed),
		"check_suite":  object{"id": run.Suite}, "app": app, "pull_requests": r.pullsAt(run.Head),
		"output": object{
			"title": optional(run.Title), "summary": optional(run.Summary), "text": optional(run.Text),
			"annotations_count": len(run.Annotations), "annotations_url": api + "/annotations",
		},
	}
}

// pullsAt lists the open pull requests with a head, without those of forks, as
// GitHub does.
func (r *Repo) pullsAt(sha string) []object {
	out := []object{}
	for _, p := range r.pulls {
		if p.Head == sha && p.State == "open" && p.Fork == "" {
			repo := object{"id": r.ID, "url": r.api(), "name": r.Name}
			out = append(out, object{
				"id": p.id, "number": p.Number, "url": fmt.Sprintf("%s/pulls/%d", r.api(), p.Number),
				"head": object{"ref": p.HeadRef, "sha": p.Head, "repo": repo},
				"base": object{"ref": p.BaseRef, "sha": p.base, "repo": repo},
			})
		}
	}
	return out
}
