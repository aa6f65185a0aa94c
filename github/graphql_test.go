package github_test

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/github"
	"github.com/assent-dev/assent/github/githubtest"
)

// calls counts the requests of some calls by their paths.
func (w *world) calls(f func()) map[string]int {
	w.hub.ResetCalls()
	f()
	out := map[string]int{}
	for _, c := range w.hub.Calls() {
		out[c.Path] += c.Count
	}
	return out
}

// points is what the queries since the last count have cost.
func (w *world) points() int {
	for _, c := range w.hub.Calls() {
		if c.Path == "/graphql" {
			return c.Points
		}
	}
	return 0
}

// TestStateIsWhatRESTSays: one query gives what three requests give, in the same
// words.
func TestStateIsWhatRESTSays(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	w.hub.AddBot("helper[bot]")
	w.shop.Commit("fix", "fix", "ann", map[string]string{"a": "b"})
	n := w.shop.OpenPull(githubtest.Pull{
		Title: "Fix", Author: "helper[bot]", HeadRef: "fix", Fork: "eve", Draft: true,
	})
	same := func() {
		t.Helper()
		var got github.PullState
		if calls := w.calls(func() { got = must(w.client.PullState(w.ctx, w.repo, n))(w) }); !cmp.Equal(calls,
			map[string]int{"/graphql": 1}) || w.points() != 1 {
			t.Errorf("calls %v", calls)
		}
		want := github.PullState{
			PullRequest: must(w.client.PullRequest(w.ctx, w.repo, n))(w),
			Tip:         must(w.client.Branch(w.ctx, w.repo, "main"))(w),
			Reviews:     must(w.client.Reviews(w.ctx, w.repo, n))(w),
			Locked:      got.Locked, Queued: got.Queued,
		}
		if len(want.Reviews) == 0 {
			want.Reviews = nil
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
	same()
	id := w.shop.Review(n, "bob", "APPROVED", "fine")
	w.shop.Review(n, "helper[bot]", "COMMENTED", "hm")
	w.shop.Push("main", "meanwhile", "bob", map[string]string{"c": "d"})
	w.shop.Push("fix", "more", "ann", map[string]string{"a": "c"})
	w.shop.Dismiss(n, id, "ann")
	same()
	if got := must(w.client.PullState(w.ctx, w.repo, n))(w); got.Locked || got.Queued {
		t.Errorf("locked or queued: %+v", got)
	}
	w.shop.Lock(n)
	w.shop.MergeGroup(n)
	if got := must(w.client.PullState(w.ctx, w.repo, n))(w); !got.Locked || !got.Queued {
		t.Errorf("neither locked nor queued: %+v", got)
	}
	w.shop.MergePull(n, "bob")
	same()
	if _, err := w.client.PullState(w.ctx, w.repo, 99); !isMissing(err) {
		t.Errorf("unknown pull request: %v", err)
	}
}

func TestStateOfManyReviews(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	n := w.open("fix", map[string]string{"a": "b"})
	for range 201 {
		w.shop.Review(n, "eve", "COMMENTED", "hm")
	}
	var got github.PullState
	calls := w.calls(func() { got = must(w.client.PullState(w.ctx, w.repo, n))(w) })
	if diff := cmp.Diff(must(w.client.Reviews(w.ctx, w.repo, n))(w), got.Reviews); diff != "" {
		t.Error(diff)
	}
	if calls["/graphql"] != 3 {
		t.Errorf("calls %v", calls)
	}
}

// TestStateWithoutMergeQueues: a permission that only a detail needs does not
// take away the rest.
func TestStateWithoutMergeQueues(t *testing.T) {
	granted := githubtest.Permissions()
	delete(granted, "merge_queues")
	w := newWorld(t, githubtest.Options{Permissions: granted})
	n := w.open("fix", map[string]string{"a": "b"})
	w.shop.MergeGroup(n)
	if got := must(w.client.PullState(w.ctx, w.repo, n))(w); got.Head != w.shop.Branch("fix") || got.Queued {
		t.Errorf("got %+v", got)
	}
	_, err := w.client.QueueEntries(w.ctx, w.repo, "main")
	var lacks *github.PermissionError
	if !errors.As(err, &lacks) || !strings.Contains(lacks.Needs, "merge_queues=read") ||
		retryAfter(err) != 0 {
		t.Errorf("got %v, want what is lacking", err)
	}
}

func TestOpenPullsOfManyRepositories(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	var repos []github.Repo
	want := map[int64][]int{}
	for i := range 120 {
		name := fmt.Sprintf("r%d", i)
		r := w.hub.AddRepo("acme", name)
		repos = append(repos, github.Repo{Installation: r.Installation, ID: r.ID, Owner: "acme", Name: name})
		want[r.ID] = nil
		if i%50 != 0 {
			continue
		}
		r.Commit("main", "start", "ann", map[string]string{"a": "1"})
		r.Commit("fix", "fix", "ann", map[string]string{"a": "2"})
		for range 101 {
			n := r.OpenPull(githubtest.Pull{Title: "Fix", Author: "ann", HeadRef: "fix"})
			want[r.ID] = append(want[r.ID], n)
		}
		r.ClosePull(1)
		want[r.ID] = want[r.ID][1:]
		if i == 50 {
			r.Archive()
			delete(want, r.ID)
		}
	}
	gone, stranger := repos[3], w.repo
	gone.Name, stranger.ID = "never", 1 // deleted, and replaced by another one of its name
	delete(want, gone.ID)
	repos[3] = gone
	repos = append(repos, stranger)
	got := map[int64][]int{}
	calls := w.calls(func() {
		for id, pulls := range must(w.client.OpenPullsOf(w.ctx, repos))(w) {
			got[id] = nil
			for _, p := range pulls {
				got[id] = append(got[id], p.Number)
				if p.Head == "" || p.BaseRef != "main" || p.Tip == "" || p.Updated.IsZero() || p.Draft {
					t.Fatalf("lacks something: %+v", p)
				}
			}
		}
	})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if calls["/graphql"] != 3 || len(calls) != 1 || w.points() != 3 {
		t.Errorf("calls %v, %d points", calls, w.points())
	}
}

func TestSecondPagesOfASweep(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	for range 250 {
		w.open("fix", map[string]string{"a": "b"})
	}
	got := must(w.client.OpenPullsOf(w.ctx, []github.Repo{w.repo}))(w)[w.repo.ID]
	var numbers []int
	for _, p := range got {
		numbers = append(numbers, p.Number)
	}
	if len(numbers) != 250 || !slices.IsSorted(numbers) || len(slices.Compact(numbers)) != 250 {
		t.Errorf("got %d", len(numbers))
	}
}

func TestQueueEntries(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	if got := must(w.client.QueueEntries(w.ctx, w.repo, "main"))(w); got != nil {
		t.Errorf("a branch without a queue has %v", got)
	}
	one := w.open("one", map[string]string{"1": "1"})
	two := w.open("two", map[string]string{"2": "2"})
	base, head := w.shop.MergeGroupBy("rebase", one, two)
	got := must(w.client.QueueEntries(w.ctx, w.repo, "main"))(w)
	if len(got) != 2 {
		t.Fatalf("got %+v", got)
	}
	want := []github.QueueEntry{
		{Number: one, PullHead: w.shop.Branch("one"), Base: base, Head: got[0].Head},
		{Number: two, PullHead: w.shop.Branch("two"), Base: got[0].Head, Head: head},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestBlobsInFewRequests(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	files := map[string]string{
		"binary": "a\x00b", "latin": "caf\xe9", "large": strings.Repeat("x", 500<<10), "empty": "",
		"bom": "\ufeff{}", "controls": "\x01\x02<>&\u2028",
	}
	for i := range 230 {
		files[fmt.Sprintf("f%d", i)] = fmt.Sprint(i)
	}
	for i := range 12 {
		files[fmt.Sprintf("big%d", i)] = strings.Repeat(fmt.Sprintf("%02d", i), 190<<10)
	}
	tree := must(w.client.Tree(w.ctx, w.repo, w.shop.Commit("main", "files", "ann", files)))(w)
	var refs []github.BlobRef
	for _, name := range slices.Sorted(maps.Keys(files)) {
		ref, ok := tree.Ref(name)
		if !ok || ref.Size != int64(len(files[name])) {
			t.Fatalf("%s: %+v", name, ref)
		}
		refs = append(refs, ref, ref) // naming one twice costs nothing
	}
	var got map[string][]byte
	calls := w.calls(func() { got = must(w.client.Blobs(w.ctx, w.repo, refs))(w) })
	// What is large, binary or in another encoding comes by REST.
	want := map[string]int{"/graphql": 4, "/repos/{owner}/{repo}/git/blobs/{file_sha}": 3}
	if diff := cmp.Diff(want, calls); diff != "" {
		t.Error(diff)
	}
	again := w.calls(func() {
		for name, content := range files {
			ref, _ := tree.Ref(name)
			if string(got[ref.SHA]) != content {
				t.Errorf("%s has %.20q", name, got[ref.SHA])
			}
			must(tree.ReadFile(name))(w)
		}
		must(w.client.Blobs(w.ctx, w.repo, refs))(w)
	})
	if len(again) != 0 {
		t.Errorf("read again: %v", again)
	}
}

func TestBlobsThatCannotBeRead(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	for name, ref := range map[string]github.BlobRef{
		"no SHA":    {SHA: `") { text } x: object(oid: "`},
		"not there": {SHA: strings.Repeat("ab", 20), Size: 1},
		"too large": {SHA: strings.Repeat("cd", 20), Size: 1 << 30},
	} {
		_, err := w.client.Blobs(w.ctx, w.repo, []github.BlobRef{ref})
		if err == nil || retryAfter(err) != 0 || isMissing(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestQueriesThatAreRefused(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	n := w.open("fix", map[string]string{"a": "b"})
	now := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	body := func(kind, message string) string {
		return fmt.Sprintf(`{"data":{"repository":null},"errors":[{"type":%q,"message":%q}]}`, kind, message)
	}
	limited := http.Header{
		"X-Ratelimit-Remaining": {"0"}, "Date": {now.Format(http.TimeFormat)},
		"X-Ratelimit-Reset": {strconv.FormatInt(now.Add(17*time.Minute).Unix(), 10)},
	}
	for name, test := range map[string]struct {
		fault githubtest.Fault
		after time.Duration
		kind  error
	}{
		"limit": {
			githubtest.Fault{Status: 200, Body: body("RATE_LIMITED", "exceeded"), Header: limited},
			17 * time.Minute, nil,
		},
		"limit without headers": {
			githubtest.Fault{Status: 200, Body: body("RATE_LIMITED", "exceeded")}, time.Minute, nil,
		},
		"secondary limit": {
			githubtest.Fault{Status: 200, Body: body("", "You have exceeded a secondary rate limit.")},
			time.Minute, nil,
		},
		"time is over": {
			githubtest.Fault{Status: 200, Body: `{"errors":[{"message":"Something went wrong while executing your query."}]}`},
			5 * time.Second, nil,
		},
		"bad gateway": {githubtest.Fault{Status: 502}, 5 * time.Second, nil},
		"missing":     {githubtest.Fault{Status: 200, Body: body("NOT_FOUND", "no")}, 0, fs.ErrNotExist},
		"forbidden":   {githubtest.Fault{Status: 200, Body: body("FORBIDDEN", "no")}, 0, fs.ErrPermission},
		"unknown":     {githubtest.Fault{Status: 200, Body: body("ODD", "no")}, 0, nil},
		"empty":       {githubtest.Fault{Status: 200, Body: `{"data":{"repository":null}}`}, 0, nil},
	} {
		t.Run(name, func(t *testing.T) {
			w.hub.Fail(once("/graphql", test.fault))
			_, err := w.client.PullState(w.ctx, w.repo, n)
			if err == nil || retryAfter(err) != test.after {
				t.Fatalf("RetryAfter %v, want %v: %v", retryAfter(err), test.after, err)
			}
			for _, kind := range []error{fs.ErrNotExist, fs.ErrPermission, github.ErrUnprocessable} {
				if errors.Is(err, kind) != (kind == test.kind) {
					t.Errorf("%v is %v: %v", err, kind, errors.Is(err, kind))
				}
			}
		})
	}
}

// addressed answers requests for tokens, and keeps the path of the next request.
type addressed struct{ path string }

func (a *addressed) RoundTrip(r *http.Request) (*http.Response, error) {
	if !strings.HasSuffix(r.URL.Path, "/access_tokens") {
		a.path = r.URL.Path
		return nil, errors.New("there is no network")
	}
	token := `{"token":"ghs_x","expires_at":"2099-01-01T00:00:00Z"}`
	return &http.Response{
		StatusCode: http.StatusCreated, Header: http.Header{}, Request: r,
		Body: io.NopCloser(strings.NewReader(token)),
	}, nil
}

func TestAddressOfQueries(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	for base, want := range map[string]string{
		"https://api.github.com": "/graphql", "https://git.example.com/api/v3/": "/api/graphql",
	} {
		var sent addressed
		app := must(github.NewApp(github.Config{
			AppID: 1, Key: w.hub.Key, BaseURL: base, Transport: &sent,
		}))(w)
		if _, err := app.Installation(1).PullState(w.ctx, w.repo, 1); err == nil || sent.path != want {
			t.Errorf("%s: %s, want %s: %v", base, sent.path, want, err)
		}
	}
}

// A budget bounds what is read, whether by one request or by many; what is cached
// costs nothing.
func TestBudget(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	files := map[string]string{}
	for i := range 6 {
		files[fmt.Sprintf("f%d", i)] = fmt.Sprint("content ", i)
	}
	commit := w.shop.Commit("main", "files", "ann", files)
	w.ctx = github.WithBudget(w.ctx, github.NewBudget(3, 1<<20))
	tree := must(w.client.Tree(w.ctx, w.repo, commit))(w)
	for range 2 {
		if err := tree.Prefetch([]string{"f0", "f1", "f2", "gone"}); err != nil {
			t.Error(err)
		}
	}
	for i := range 5 {
		if _, err := tree.ReadFile(fmt.Sprintf("f%d", i)); err != nil {
			t.Errorf("f%d: %v", i, err)
		}
	}
	if _, err := tree.ReadFile("f5"); !errors.Is(err, github.ErrTooLarge) {
		t.Errorf("beyond the budget: %v, want ErrTooLarge", err)
	}
}
