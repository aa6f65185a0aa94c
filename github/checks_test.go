package github_test

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/github"
	"github.com/assent-dev/assent/github/githubtest"
)

func annotations(n int) []github.Annotation {
	out := make([]github.Annotation, n)
	for i := range out {
		out[i] = github.Annotation{
			Path:      "api/orders.yaml",
			StartLine: i + 1,
			Level:     "failure",
			Message:   fmt.Sprint("break ", i),
		}
	}
	return out
}

func TestCheckRunIsCreatedAndRead(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	head := w.shop.Branch("main")
	run := github.CheckRun{
		Name:       "assent",
		Head:       head,
		ExternalID: "digest",
		DetailsURL: "https://assent.example/1",
		Status:     "completed",
		Conclusion: "action_required", Title: "1 break", Summary: "**one**", Text: "more",
		Started: w.shopTime(),
		Annotations: []github.Annotation{
			{
				Path:        "a.yaml",
				StartLine:   3,
				StartColumn: 2,
				EndColumn:   9,
				Level:       "failure",
				Title:       "gone",
				Message:     "m",
				Raw:         "r",
			},
			{
				Path:        "a.yaml",
				StartLine:   4,
				EndLine:     6,
				StartColumn: 5,
				Level:       "notice",
				Message:     "two lines have no columns",
			},
		},
		Actions: []github.Action{{Label: "Approve", Description: "for my team", Identifier: "approve"}},
	}
	made := must(w.client.CreateCheckRun(w.ctx, w.repo, run))(w)
	want := run
	want.ID, want.Annotations, want.Actions, want.AnnotationsCount = made.ID, nil, nil, 2
	if diff := cmp.Diff(want, made); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]github.CheckRun{want},
		must(w.client.CheckRuns(w.ctx, w.repo, head, "assent"))(w)); diff != "" {
		t.Error(diff)
	}
	shown, _ := w.shop.Check(head, "assent")
	wantShown := []githubtest.Annotation{
		{
			Path:        "a.yaml",
			StartLine:   3,
			EndLine:     3,
			StartColumn: 2,
			EndColumn:   9,
			Level:       "failure",
			Title:       "gone",
			Message:     "m",
			Raw:         "r",
		},
		{Path: "a.yaml", StartLine: 4, EndLine: 6, Level: "notice", Message: "two lines have no columns"},
	}
	if diff := cmp.Diff(wantShown, shown.Annotations); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]githubtest.Action{{
		Label:       "Approve",
		Description: "for my team",
		Identifier:  "approve",
	}}, shown.Actions); diff != "" {
		t.Error(diff)
	}
}

func TestAnnotationsAppendAndFiftyIsTheLimit(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	run := github.CheckRun{
		Name:        "assent",
		Head:        w.shop.Branch("main"),
		Status:      "in_progress",
		Title:       "t",
		Summary:     "s",
		Annotations: annotations(50),
	}
	made := must(w.client.CreateCheckRun(w.ctx, w.repo, run))(w)
	run.ID, run.Status, run.Conclusion, run.Annotations = made.ID, "completed", "failure", annotations(7)
	updated := must(w.client.UpdateCheckRun(w.ctx, w.repo, run))(w)
	if updated.AnnotationsCount != 57 || updated.Conclusion != "failure" || updated.Name != "assent" {
		t.Errorf("after the update: %+v", updated)
	}
	writes := len(w.hub.Writes())
	run.Annotations = annotations(51)
	if _, err := w.client.UpdateCheckRun(w.ctx, w.repo, run); err == nil {
		t.Error("51 annotations were sent in one update")
	}
	if _, err := w.client.CreateCheckRun(w.ctx, w.repo, run); err == nil {
		t.Error("51 annotations were sent in one creation")
	}
	run.Annotations, run.Name = nil, ""
	if _, err := w.client.UpdateCheckRun(w.ctx, w.repo, run); err == nil {
		t.Error("a run lost its name")
	}
	if len(w.hub.Writes()) != writes {
		t.Error("a refused call reached GitHub")
	}
}

func TestCheckRunsOfAllPages(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	head := w.shop.Branch("main")
	for i := range 102 {
		name := "assent"
		if i == 0 {
			name = "another"
		}
		run := github.CheckRun{Name: name, Head: head, Status: "in_progress", ExternalID: fmt.Sprint(i)}
		must(w.client.CreateCheckRun(w.ctx, w.repo, run))(w)
	}
	got := must(w.client.CheckRuns(w.ctx, w.repo, head, "assent"))(w)
	if len(got) != 101 || got[0].ExternalID != "101" {
		t.Errorf("got %d runs, want 101, also those that were replaced", len(got))
	}
}

func TestRunsOfOtherAppsAreNotOurs(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	head := w.shop.Branch("main")
	run := must(w.client.CreateCheckRun(w.ctx, w.repo, github.CheckRun{
		Name:   "assent",
		Head:   head,
		Status: "in_progress",
	}))(w)
	w.shop.ForgeRun(head, "assent", "success")
	got := must(w.client.CheckRuns(w.ctx, w.repo, head, "assent"))(w)
	if len(got) != 1 || got[0].ID != run.ID {
		t.Errorf("got %+v", got)
	}
}

func TestComments(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	n := w.open("fix", map[string]string{"a": "b"})
	id := must(w.client.CreateComment(w.ctx, w.repo, n, "sticky"))(w)
	for range 100 {
		w.shop.Comment(n, "bob", "chatter")
	}
	if err := w.client.EditComment(w.ctx, w.repo, id, "sticky, edited"); err != nil {
		t.Fatal(err)
	}
	got := must(w.client.Comments(w.ctx, w.repo, n))(w)
	if len(got) != 101 {
		t.Fatalf("got %d comments, want 101", len(got))
	}
	want := github.Comment{ID: id, Author: "assent[bot]", Ours: true, Body: "sticky, edited"}
	if diff := cmp.Diff(want, got[0]); diff != "" {
		t.Error(diff)
	}
	if got[100].Ours || got[100].Author != "bob" {
		t.Errorf("somebody else's: %+v", got[100])
	}
}

func TestReviewComments(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	var old, changed strings.Builder
	for i := range 20 {
		fmt.Fprintf(&old, "line %d\n", i+1)
		if i != 9 {
			fmt.Fprintf(&changed, "line %d\n", i+1)
		}
	}
	w.shop.Commit("main", "long file", "ann", map[string]string{"api/long.yaml": old.String()})
	n := w.open("fix", map[string]string{"api/long.yaml": changed.String()})
	head := w.shop.Pull(n).Head
	removed := github.ReviewComment{
		Path:   "api/long.yaml",
		Line:   10,
		Side:   "LEFT",
		Commit: head,
		Body:   "was used",
	}
	id := must(w.client.CreateReviewComment(w.ctx, w.repo, n, removed))(w)

	for _, outside := range []github.ReviewComment{
		{Path: "api/long.yaml", Line: 1, Side: "RIGHT", Commit: head, Body: "x"},
		{Path: "README.md", Line: 1, Side: "RIGHT", Commit: head, Body: "x"},
	} {
		if _, err := w.client.CreateReviewComment(w.ctx, w.repo, n, outside); !isUnprocessable(err) {
			t.Errorf("%s:%d is outside the diff, got %v", outside.Path, outside.Line, err)
		}
	}
	file := github.ReviewComment{Path: "api/long.yaml", Commit: head, Body: "the file"}
	fileID := must(w.client.CreateReviewComment(w.ctx, w.repo, n, file))(w)
	reply := w.shop.Reply(id, "bob", "sorry")

	removed.ID, removed.Author, removed.Ours = id, "assent[bot]", true
	file.ID, file.Author, file.Ours = fileID, "assent[bot]", true
	answer := github.ReviewComment{
		ID:      reply,
		Author:  "bob",
		ReplyTo: id,
		Path:    "api/long.yaml",
		Line:    10,
		Side:    "LEFT",
		Commit:  head,
		Body:    "sorry",
	}
	got := must(w.client.ReviewComments(w.ctx, w.repo, n))(w)
	if diff := cmp.Diff([]github.ReviewComment{removed, file, answer}, got); diff != "" {
		t.Error(diff)
	}
	if err := w.client.DeleteReviewComment(w.ctx, w.repo, fileID); err != nil {
		t.Fatal(err)
	}
	for range 101 {
		must(w.client.CreateReviewComment(w.ctx, w.repo, n, file))(w)
	}
	if got := must(w.client.ReviewComments(w.ctx, w.repo, n))(w); len(got) != 103 {
		t.Errorf("got %d review comments, want 103", len(got))
	}
}

// TestReviewIsAllOrNothing: many comments are one request and one notification.
func TestReviewIsAllOrNothing(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	var lines strings.Builder
	for i := range 40 {
		fmt.Fprintf(&lines, "line %d\n", i)
	}
	n := w.open("fix", map[string]string{"api/new.yaml": lines.String()})
	head := w.shop.Pull(n).Head
	var comments []github.ReviewComment
	for i := range 40 {
		comments = append(comments, github.ReviewComment{
			Path: "api/new.yaml", Line: i + 1, Side: "RIGHT", Body: fmt.Sprint("finding ", i),
		})
	}
	outside := append(slices.Clone(comments), github.ReviewComment{
		Path: "api/new.yaml", Line: 41, Side: "RIGHT", Body: "x",
	})
	if _, err := w.client.CreateReview(w.ctx, w.repo, n, head, "hm", outside); !isUnprocessable(err) {
		t.Errorf("a line outside the diff: %v", err)
	}
	file := []github.ReviewComment{{Path: "api/new.yaml", Body: "x"}}
	if _, err := w.client.CreateReview(w.ctx, w.repo, n, head, "hm", file); err == nil {
		t.Error("a comment on a file was made")
	}
	if got := w.shop.ReviewComments(n); len(got) != 0 {
		t.Fatalf("a refused review left %d comments", len(got))
	}
	var id int64
	calls := w.calls(func() { id = must(w.client.CreateReview(w.ctx, w.repo, n, head, "hm", comments))(w) })
	if len(calls) != 1 || calls["/repos/{owner}/{repo}/pulls/{pull_number}/reviews"] != 1 {
		t.Errorf("calls %v", calls)
	}
	all := must(w.client.ReviewComments(w.ctx, w.repo, n))(w)
	of := must(w.client.CommentsOfReview(w.ctx, w.repo, n, id))(w)
	if len(all) != 40 || len(of) != 40 {
		t.Fatalf("%d comments, %d of the review", len(all), len(of))
	}
	for i, c := range all {
		want := comments[i]
		want.ID, want.Author, want.Ours, want.Commit = of[i].ID, "assent[bot]", true, head
		if diff := cmp.Diff(want, c); diff != "" || of[i].Body != want.Body {
			t.Error(diff, of[i])
		}
	}
	reviews := must(w.client.Reviews(w.ctx, w.repo, n))(w)
	if len(reviews) != 1 || reviews[0].ID != id || reviews[0].State != "COMMENTED" ||
		reviews[0].User != "assent[bot]" || reviews[0].UserType != "Bot" {
		t.Errorf("reviews %+v", reviews)
	}
	w.shop.Lock(n)
	_, err := w.client.CreateReview(w.ctx, w.repo, n, head, "hm", comments)
	var lacks *github.PermissionError
	if !errors.Is(err, fs.ErrPermission) || errors.As(err, &lacks) ||
		!strings.Contains(err.Error(), "locked") {
		t.Errorf("locked: %v", err)
	}
}

func TestTeamsAndPermissions(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	id := w.hub.SetTeam(githubtest.Team{
		Org:     "acme",
		Slug:    "orders",
		Members: []string{"bob"},
		Pending: []string{"eve"},
	})
	team := must(w.client.Team(w.ctx, "Acme", "Orders"))(w)
	if team.ID != id || team.Org == 0 || team.Slug != "orders" {
		t.Errorf("team %v, want %d", team, id)
	}
	w.hub.RenameTeam("acme", "orders", "sales")
	w.hub.SetTeam(githubtest.Team{Org: "acme", Slug: "orders", Members: []string{"ann"}})
	if got := must(w.client.TeamByID(w.ctx, team.Org, team.ID))(w); got.Slug != "sales" {
		t.Errorf("the renamed team is %v", got)
	}
	for user, want := range map[string]bool{"bob": true, "BOB": true, "eve": false, "ann": false} {
		if got := must(w.client.TeamMember(w.ctx, team.Org, team.ID, user))(w); got != want {
			t.Errorf("%s is a member: %v", user, got)
		}
	}
	w.hub.RemoveTeam("acme", "sales")
	if must(w.client.TeamMember(w.ctx, team.Org, team.ID, "bob"))(w) {
		t.Error("a deleted team has members")
	}
	if _, err := w.client.TeamByID(w.ctx, team.Org, team.ID); !isMissing(err) {
		t.Errorf("deleted team: %v", err)
	}
	if _, err := w.client.Team(w.ctx, "acme", "nobody"); !isMissing(err) {
		t.Errorf("missing team: %v", err)
	}
	for role, want := range map[string]bool{
		"read":     false,
		"triage":   false,
		"write":    true,
		"maintain": true,
		"admin":    true,
	} {
		w.shop.Grant("bob", role)
		if got := must(w.client.CanWrite(w.ctx, w.repo, "bob"))(w); got != want {
			t.Errorf("%s can write: %v", role, got)
		}
	}
	if got := must(w.client.CanWrite(w.ctx, w.repo, "stranger"))(w); got {
		t.Error("an unknown account can write")
	}
}

func TestMembershipIsNotGuessedWithoutPermission(t *testing.T) {
	granted := githubtest.Permissions()
	delete(granted, "members")
	w := newWorld(t, githubtest.Options{Permissions: granted})
	id := w.hub.SetTeam(githubtest.Team{Org: "acme", Slug: "orders", Members: []string{"bob"}})
	_, err := w.client.TeamMember(w.ctx, w.hub.AddOrg("acme"), id, "bob")
	var missing *github.PermissionError
	if !errors.As(err, &missing) || missing.Needs != "members=read" || retryAfter(err) != 0 ||
		!errors.Is(err, fs.ErrPermission) {
		t.Errorf("got %v, want an error that names the permission and lasts", err)
	}
}
