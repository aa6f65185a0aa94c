package github_test

import (
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/github"
	"github.com/assent-dev/assent/github/githubtest"
)

func TestPullRequest(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	w.shop.Commit("fix", "fix", "ann", map[string]string{"a": "b"})
	n := w.shop.OpenPull(githubtest.Pull{
		Title:   "Fix",
		Author:  "ann",
		HeadRef: "fix",
		Fork:    "eve",
		Draft:   true,
	})
	got := must(w.client.PullRequest(w.ctx, w.repo, n))(w)
	want := github.PullRequest{
		Number: n, Title: "Fix", Author: "ann", AuthorType: "User", Draft: true, Open: true,
		Head:    w.shop.Branch("fix"),
		HeadRef: "fix",
		Base:    w.shop.Branch("main"),
		BaseRef: "main",
		Created: got.Created,
	}
	if diff := cmp.Diff(want, got); diff != "" || got.Created.IsZero() {
		t.Error(diff, got.Created)
	}
	w.shop.MergePull(n, "bob")
	if got := must(w.client.PullRequest(w.ctx, w.repo, n))(w); !got.Merged || got.Open {
		t.Errorf("after the merge: %+v", got)
	}
	if got, err := w.client.PullRequest(w.ctx, w.repo, 99); !errors.Is(err, fs.ErrNotExist) ||
		got != (github.PullRequest{}) {
		t.Errorf("unknown pull request: %+v, %v", got, err)
	}
}

func TestOpenPullsOfAllPages(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	w.shop.Commit("fix", "fix", "ann", map[string]string{"a": "b"})
	for i := range 103 {
		w.shop.OpenPull(githubtest.Pull{Title: fmt.Sprint(i), Author: "ann", HeadRef: "fix"})
	}
	w.shop.ClosePull(1)
	if got := must(w.client.OpenPulls(w.ctx, w.repo))(w); len(got) != 102 {
		t.Errorf("got %d, want 102", len(got))
	}
}

func TestReviewsOfAllPages(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	n := w.open("fix", map[string]string{"a": "b"})
	first := w.shop.Pull(n).Head
	id := w.shop.Review(n, "bob", "APPROVED", "fine")
	for range 100 {
		w.shop.Review(n, "eve", "COMMENTED", "hm")
	}
	w.shop.Push("fix", "more", "ann", map[string]string{"a": "c"})
	w.shop.Dismiss(n, id, "ann")
	got := must(w.client.Reviews(w.ctx, w.repo, n))(w)
	if len(got) != 101 {
		t.Fatalf("got %d reviews, want 101", len(got))
	}
	want := github.Review{
		ID:        id,
		User:      "bob",
		UserType:  "User",
		State:     "DISMISSED",
		Commit:    first,
		Submitted: got[0].Submitted,
		Body:      "fine",
	}
	if diff := cmp.Diff(want, got[0]); diff != "" || got[0].Submitted.IsZero() {
		t.Error(diff)
	}
}

func TestTeamsAreRequested(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	w.hub.SetTeam(githubtest.Team{Org: "acme", Slug: "orders", Members: []string{"bob"}})
	w.hub.SetTeam(githubtest.Team{Org: "acme", Slug: "billing", Members: []string{"eve"}})
	w.hub.SetTeam(githubtest.Team{Org: "acme", Slug: "hidden", Secret: true})
	w.hub.SetTeam(githubtest.Team{Org: "acme", Slug: "away", Repos: []string{"other"}})
	n := w.open("fix", map[string]string{"a": "b"})
	for _, slug := range []string{"orders", "billing"} {
		if err := w.client.RequestTeam(w.ctx, w.repo, n, slug); err != nil {
			t.Fatal(err)
		}
	}
	for _, slug := range []string{"orders", "hidden", "away", "nobody"} {
		if err := w.client.RequestTeam(w.ctx, w.repo, n, slug); !errors.Is(err, github.ErrUnprocessable) {
			t.Errorf("%s: %v, want ErrUnprocessable", slug, err)
		}
	}
	w.shop.Review(n, "bob", "COMMENTED", "")
	if got := must(w.client.Requested(w.ctx, w.repo, n))(w); !cmp.Equal(slugs(got), []string{"billing"}) {
		t.Errorf("requested %v, want only who has not reviewed", got)
	}
	w.shop.RequestTeam(n, "ann", "orders") // a person asks, which is not our doing
	got := must(w.client.Timeline(w.ctx, w.repo, n))(w).Requested
	if !cmp.Equal(slugs(got), []string{"orders", "billing"}) {
		t.Errorf("ever requested by us: %v", got)
	}
}

func slugs(r github.Reviewers) (slugs []string) {
	for _, team := range r.Teams {
		slugs = append(slugs, team.Slug)
	}
	return slugs
}

func TestPeopleAreRequested(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	w.hub.AddUser("carol")
	w.shop.Grant("bob", "read")
	w.shop.Grant("eve", "read")
	n := w.open("fix", map[string]string{"a": "b"})
	for login, want := range map[string]error{
		"Bob":     nil,
		"eve":     nil,
		"ann":     github.ErrUnprocessable, // the author
		"carol":   github.ErrUnprocessable, // may not read
		"unknown": github.ErrUnprocessable,
	} {
		if err := w.client.RequestPerson(w.ctx, w.repo, n, login); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", login, err, want)
		}
	}
	w.shop.Review(n, "bob", "COMMENTED", "")
	if got := must(w.client.Requested(w.ctx, w.repo, n))(w); !cmp.Equal(got.People, []string{"eve"}) {
		t.Errorf("requested %v, want only who has not reviewed", got)
	}
	got := must(w.client.Timeline(w.ctx, w.repo, n))(w).Requested.People
	if slices.Sort(got); !cmp.Equal(got, []string{"bob", "eve"}) {
		t.Errorf("ever requested by us: %v", got)
	}
}

func TestDismissedReviews(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	n := w.open("fix", map[string]string{"a": "b"})
	yes, no := w.shop.Review(n, "bob", "APPROVED", ""), w.shop.Review(n, "eve", "CHANGES_REQUESTED", "")
	w.shop.Dismiss(n, yes, "ann")
	w.shop.Dismiss(n, no, "ann")
	got := must(w.client.Timeline(w.ctx, w.repo, n))(w).Dismissed
	if want := map[int64]string{yes: "APPROVED", no: "CHANGES_REQUESTED"}; !cmp.Equal(got, want) {
		t.Errorf("dismissed %v, want %v", got, want)
	}
}

func TestTimelineOfAllPages(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	n := w.open("fix", map[string]string{"a": "b"})
	for i := range 101 {
		slug := fmt.Sprintf("t%d", i)
		w.hub.SetTeam(githubtest.Team{Org: "acme", Slug: slug})
		w.shop.RequestTeam(n, "ann", slug)
	}
	w.hub.SetTeam(githubtest.Team{Org: "acme", Slug: "last"})
	if err := w.client.RequestTeam(w.ctx, w.repo, n, "last"); err != nil {
		t.Fatal(err)
	}
	got := must(w.client.Timeline(w.ctx, w.repo, n))(w).Requested
	if !cmp.Equal(slugs(got), []string{"last"}) {
		t.Errorf("got %v", got)
	}
}
