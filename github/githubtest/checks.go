package githubtest

import (
	"slices"
	"time"
)

// CheckRun is a check run with all its annotations.
type CheckRun struct {
	ID, Suite            int64
	App                  int64 // the id of the App that created it
	Name, Head           string
	ExternalID           string
	DetailsURL           string
	Status, Conclusion   string
	Started, Completed   time.Time
	Title, Summary, Text string
	Annotations          []Annotation
	Actions              []Action
}

// Annotation is one annotation of a check run, by the names of GitHub's API.
type Annotation struct {
	Path        string `json:"path"`
	StartLine   int    `json:"start_line"`
	EndLine     int    `json:"end_line"`
	StartColumn int    `json:"start_column,omitempty"`
	EndColumn   int    `json:"end_column,omitempty"`
	Level       string `json:"annotation_level"`
	Message     string `json:"message"`
	Title       string `json:"title,omitempty"`
	Raw         string `json:"raw_details,omitempty"`
}

// Action is a button of a completed run.
type Action struct {
	Label       string `json:"label"`
	Description string `json:"description"`
	Identifier  string `json:"identifier"`
}

// Comment is a comment on a pull request's conversation.
type Comment struct {
	ID               int64
	Pull             int
	User, Body       string
	Created, Updated time.Time
}

// ReviewComment is a comment on the diff. Line 0 means the whole file.
type ReviewComment struct {
	ID        int64
	Review    int64 // that it is part of; 0 for a comment that was made on its own
	Pull      int
	User      string
	Path      string
	Line      int
	Side      string
	Commit    string
	Body      string
	InReplyTo int64
	Created   time.Time
}

// CheckRuns lists every run on a commit, oldest first.
func (r *Repo) CheckRuns(sha string) []CheckRun {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	var out []CheckRun
	for _, run := range r.runs {
		if run.Head == sha {
			c := *run
			c.Annotations, c.Actions = slices.Clone(run.Annotations), slices.Clone(run.Actions)
			out = append(out, c)
		}
	}
	return out
}

// Check returns the App's latest run with a name on a commit.
func (r *Repo) Check(sha, name string) (CheckRun, bool) {
	runs := r.CheckRuns(sha)
	for _, run := range slices.Backward(runs) {
		if run.Name == name && run.App == r.s.AppID {
			return run, true
		}
	}
	return CheckRun{}, false
}

// ForgeRun adds a run of another App, with any name.
func (r *Repo) ForgeRun(sha, name, conclusion string) {
	defer r.s.scene()()
	r.runs = append(r.runs, &CheckRun{
		ID:         r.s.id(),
		Suite:      r.suite(sha),
		App:        r.s.AppID + 1,
		Name:       name,
		Head:       sha,
		Status:     "completed",
		Conclusion: conclusion,
		Started:    r.s.now(), Completed: r.s.now(),
	})
}

// Rerequest presses "Re-run" on a check run.
func (r *Repo) Rerequest(run int64, user string) {
	defer r.s.scene()()
	r.emitRun(r.run(run), "rerequested", r.s.user(user), nil)
}

// RequestAction presses one of the run's buttons.
func (r *Repo) RequestAction(run int64, identifier, user string) {
	defer r.s.scene()()
	r.emitRun(r.run(run), "requested_action", r.s.user(user),
		object{"requested_action": object{"identifier": identifier}})
}

// RerequestSuite presses "Re-run all" on a commit.
func (r *Repo) RerequestSuite(sha, user string) {
	defer r.s.scene()()
	r.emitSuite(sha, "rerequested", r.s.user(user))
}

// Comments lists the conversation of a pull request.
func (r *Repo) Comments(number int) []Comment {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	var out []Comment
	for _, c := range r.comments {
		if c.Pull == number {
			out = append(out, *c)
		}
	}
	return out
}

// ReviewComments lists the comments on the diff.
func (r *Repo) ReviewComments(number int) []ReviewComment {
	r.s.mu.Lock()
	defer r.s.mu.Unlock()
	var out []ReviewComment
	for _, c := range r.inline {
		if c.Pull == number {
			out = append(out, *c)
		}
	}
	return out
}

// Comment adds a person's comment to a pull request.
func (r *Repo) Comment(number int, user, body string) (id int64) {
	defer r.s.scene()()
	return r.comment(r.pull(number), r.s.user(user), body).ID
}

func (r *Repo) comment(p *pull, by *account, body string) *Comment {
	c := &Comment{
		ID:      r.s.id(),
		Pull:    p.Number,
		User:    by.login,
		Body:    body,
		Created: r.s.now(),
		Updated: r.s.now(),
	}
	r.comments = append(r.comments, c)
	r.emitComment(p, c, "created", by)
	return c
}

// DeleteComment deletes a comment.
func (r *Repo) DeleteComment(id int64) {
	defer r.s.scene()()
	r.comments = slices.DeleteFunc(r.comments, func(c *Comment) bool { return c.ID == id })
}

// Reply adds a person's answer to a comment on the diff.
func (r *Repo) Reply(comment int64, user, body string) (id int64) {
	defer r.s.scene()()
	r.s.user(user)
	for _, c := range r.inline {
		if c.ID == comment {
			reply := *c
			reply.ID, reply.User, reply.Body, reply.InReplyTo, reply.Created = r.s.id(), user, body, comment,
				r.s.now()
			r.inline = append(r.inline, &reply)
			return reply.ID
		}
	}
	panic("githubtest: reply to a comment that does not exist")
}

func (r *Repo) run(id int64) *CheckRun {
	for _, run := range r.runs {
		if run.ID == id {
			return run
		}
	}
	panic("githubtest: no such check run")
}

func (r *Repo) suite(sha string) int64 {
	if r.suites[sha] == 0 {
		r.suites[sha] = r.s.id()
	}
	return r.suites[sha]
}
