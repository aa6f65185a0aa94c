package githubtest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// start starts a GitHub with acme/shop, one commit on main, and pull request 1
// by ann.
func start(t *testing.T, opts Options) (*Server, *Repo) {
	t.Helper()
	t.Parallel()
	s, err := New(opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	s.AddOrg("acme")
	s.AddUser("ann", "bob")
	r := s.AddRepo("acme", "shop")
	r.Commit("main", "start", "ann", map[string]string{"a.yaml": "one\ntwo\nthree\n"})
	r.Commit("fix", "change", "ann", map[string]string{"a.yaml": "one\n2 <script>\nthree\n"})
	return s, r
}

func deadline(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// bearer returns an installation token without a signed request.
func bearer(s *Server, r *Repo) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tokens["secret"] = token{r.Installation, s.now().Add(time.Hour)}
	return "token secret"
}

// ask sends one request to the API and returns its status and body.
func ask(t *testing.T, s *Server, auth, method, path, body string) (int, string, http.Header) {
	t.Helper()
	req, err := http.NewRequestWithContext(deadline(t), method, s.URL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Authorization", auth)
	resp, err := (&http.Client{CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}).Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(text), resp.Header
}

func TestWhoMayAsk(t *testing.T) {
	granted := Permissions()
	granted["checks"] = "read"
	s, r := start(t, Options{Permissions: granted})
	auth := bearer(s, r)
	s.AddOrg("other")
	theirs := s.AddRepo("other", "theirs")
	theirs.Commit("main", "x", "ann", map[string]string{"a": "b"})
	run := fmt.Sprintf(`{"name":"assent","head_sha":%q}`, r.Branch("main"))
	for _, test := range []struct {
		auth, method, path, body string
		want                     int
	}{
		{"", "GET", "/repos/acme/shop", "", 401},
		{"token guessed", "GET", "/repos/acme/shop", "", 401},
		{"Bearer not-a-jwt", "GET", "/app", "", 401},
		{auth, "GET", "/app", "", 401},
		{auth, "GET", "/repos/acme/shop", "", 200},
		{auth, "GET", "/repos/other/theirs", "", 404},
		{auth, "GET", "/orgs/other/teams/x", "", 404},
		{auth, "GET", "/repos/acme/shop/pulls/1", "", 404},
		{auth, "GET", "/repos/acme/shop/commits/main/check-runs", "", 200},
		{auth, "POST", "/repos/acme/shop/check-runs", run, 403},
		{auth, "GET", "/repos/acme/shop/labels", "", 404},
	} {
		if got, body, _ := ask(t, s, test.auth, test.method, test.path, test.body); got != test.want {
			t.Errorf("%s %s: %d, want %d: %s", test.method, test.path, got, test.want, body)
		}
	}
}

func TestValidationRefusesWhatTheDescriptionDoesNotKnow(t *testing.T) {
	s, r := start(t, Options{Description: Description(t)})
	auth := bearer(s, r)
	r.OpenPull(Pull{Title: "Fix", Author: "ann", HeadRef: "fix"})
	sha := r.Branch("main")
	many := strings.TrimSuffix(strings.Repeat(`{"path":"a","start_line":1,"end_line":1,"annotation_level":"notice","message":"m"},`, 51), ",")
	bad := []string{
		`{"name":"assent","head_sha":"` + sha + `","summery":"x"}`,
		`{"name":"assent","head_sha":"` + sha + `","status":"completed"}`,
		`{"name":"assent","head_sha":"` + sha + `","status":"in_progress","conclusion":"success"}`,
		`{"name":"assent","head_sha":"` + sha + `","status":"done"}`,
		`{"name":"assent","head_sha":"` + sha + `","output":{"title":"t","summary":"s","annotations":[` +
			many + `]}}`,
		`{"head_sha":"` + sha + `"}`,
		`{"name":"assent","head_sha":"` + sha + `","actions":[{"label":"far too long for a button","description":"d","identifier":"i"}]}`,
	}
	for i, body := range bad {
		if status, answer, _ := ask(t, s, auth, "POST", "/repos/acme/shop/check-runs", body); status != 422 {
			t.Errorf("%s: %d %s", body, status, answer)
		}
		if n := len(s.Violations()); n != i+1 {
			t.Errorf("%s: %d violations, want %d", body, n, i+1)
		}
	}
	if runs := r.CheckRuns(sha); len(runs) != 0 {
		t.Errorf("a refused request had an effect: %+v", runs)
	}
	if status, _, _ := ask(t, s, auth, "GET", "/repos/acme/shop/labels", ""); status != 404 ||
		len(s.Violations()) != len(bad)+1 {
		t.Error("an operation that is not served went unnoticed")
	}
}

func TestWithoutDescriptionGitHubsLimitsStillHold(t *testing.T) {
	s, r := start(t, Options{})
	auth := bearer(s, r)
	sha := r.Branch("main")
	annotations := func(n int) string {
		one := `{"path":"a","start_line":1,"end_line":1,"annotation_level":"notice","message":"m"},`
		return `{"title":"t","summary":"s","annotations":[` +
			strings.TrimSuffix(strings.Repeat(one, n), ",") + `]}`
	}
	for body, want := range map[string]int{
		`{"name":"a","head_sha":"` + sha + `","output":` + annotations(50) + `}`: 201,
		`{"name":"b","head_sha":"` + sha + `","output":` + annotations(51) + `}`: 422,
		`{"name":"c","head_sha":"` + sha + `","status":"completed"}`:             422,
		`{"name":"d","head_sha":"` + strings.Repeat("0", 40) + `"}`:              422,
		`{"name":"e","head_sha":"main"}`:                                         422,
		`{"name":`:                                                               400,
	} {
		if got, answer, _ := ask(t, s, auth, "POST", "/repos/acme/shop/check-runs", body); got != want {
			t.Errorf("%.60s: %d, want %d: %s", body, got, want, answer)
		}
	}
	if s.Violations() != nil {
		t.Error("violations without a description")
	}
}

func TestTheLatestRunOfANameWins(t *testing.T) {
	s, r := start(t, Options{})
	auth := bearer(s, r)
	sha := r.Branch("main")
	for _, conclusion := range []string{"success", "failure"} {
		ask(t, s, auth, "POST", "/repos/acme/shop/check-runs",
			fmt.Sprintf(`{"name":"assent","head_sha":%q,"conclusion":%q}`, sha, conclusion))
	}
	_, body, _ := ask(t, s, auth, "GET", "/repos/acme/shop/commits/"+sha+"/check-runs", "")
	var got struct {
		TotalCount int                           `json:"total_count"`
		CheckRuns  []struct{ Conclusion string } `json:"check_runs"`
	}
	if err := json.Unmarshal([]byte(body), &got); err != nil || got.TotalCount != 1 ||
		got.CheckRuns[0].Conclusion != "failure" {
		t.Errorf("%v: %s", err, body)
	}
	if run, _ := r.Check(sha, "assent"); run.Conclusion != "failure" || run.Status != "completed" {
		t.Errorf("latest: %+v", run)
	}
	if runs := r.CheckRuns(sha); len(runs) != 2 {
		t.Errorf("%d runs are kept, want both", len(runs))
	}
	if w := s.Writes(); len(w) != 2 || w[0] != (Write{"POST", "/repos/acme/shop/check-runs", 201}) {
		t.Errorf("writes: %v", w)
	}
}

func TestListingsHavePages(t *testing.T) {
	s, r := start(t, Options{})
	auth := bearer(s, r)
	for range 205 {
		r.OpenPull(Pull{Title: "Fix", Author: "ann", HeadRef: "fix"})
	}
	count := func(query string) (int, string) {
		_, body, header := ask(t, s, auth, "GET", "/repos/acme/shop/pulls"+query, "")
		var pulls []any
		if err := json.Unmarshal([]byte(body), &pulls); err != nil {
			t.Fatal(err)
		}
		return len(pulls), header.Get("Link")
	}
	for query, want := range map[string]int{
		"":                     30,
		"?per_page=100":        100,
		"?per_page=1000":       100,
		"?per_page=100&page=3": 5,
		"?page=9":              0,
	} {
		if got, _ := count(query); got != want {
			t.Errorf("%q: %d, want %d", query, got, want)
		}
	}
	if _, link := count("?per_page=100&page=2"); !strings.Contains(link,
		`page=3&per_page=100>; rel="next"`) || !strings.Contains(link, `rel="prev"`) {
		t.Errorf("Link: %s", link)
	}
	if _, link := count("?per_page=100&page=3"); strings.Contains(link, `rel="next"`) {
		t.Errorf("the last page has a next: %s", link)
	}
}

func TestWaitWakesOnChange(t *testing.T) {
	s, r := start(t, Options{})
	done := make(chan error)
	go func() { done <- s.Wait(deadline(t), func() bool { return r.Branch("later") != "" }) }()
	r.Commit("later", "x", "ann", map[string]string{"x": "y"})
	if err := <-done; err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := s.Wait(ctx, func() bool { return false }); err == nil {
		t.Error("waited for nothing")
	}
}

func TestPageShowsAndActs(t *testing.T) {
	s, r := start(t, Options{})
	n := r.OpenPull(Pull{Title: "<b>Fix</b>", Body: "because", Author: "ann", HeadRef: "fix"})
	s.SetTeam(Team{Org: "acme", Slug: "orders", Members: []string{"bob"}})
	r.RequestTeam(n, "ann", "orders")
	ask(t, s, bearer(s, r), "POST", "/repos/acme/shop/check-runs", fmt.Sprintf(`{"name":"assent","head_sha":%q,
		"conclusion":"action_required","output":{"title":"1 break","summary":"say & do","annotations":[
		{"path":"a.yaml","start_line":2,"end_line":2,"annotation_level":"failure","message":"narrowed <i>"},
		{"path":"a.yaml","start_line":99,"end_line":99,"annotation_level":"notice","message":"elsewhere"}]}}`, r.Pull(n).Head))
	page := func(path string) string {
		status, body, _ := ask(t, s, "", "GET", path, "")
		if status != 200 {
			t.Fatalf("%s: %d", path, status)
		}
		return body
	}
	for path, wants := range map[string][]string{
		"/":          {"acme/shop", "&lt;b&gt;Fix&lt;/b&gt;", "1 break"},
		"/acme/shop": {"/acme/shop/pull/1"},
		"/acme/shop/pull/1": {"because", "action required", "say &amp; do", "2 &lt;script&gt;",
			"narrowed &lt;i&gt;", "elsewhere",
			"Approve as bob", "acme/orders", "asked"},
		"/style.css": {"monospace"},
	} {
		body := page(path)
		for _, want := range wants {
			if !strings.Contains(body, want) {
				t.Errorf("%s lacks %q:\n%s", path, want, body)
			}
		}
		if strings.Contains(body, "<script>") || strings.Contains(body, "Approve as ann") {
			t.Errorf("%s: unescaped, or offers the author to approve", path)
		}
	}
	post := func(form string) int {
		resp, err := http.Post(s.URL()+"/acme/shop/pull/1", "application/x-www-form-urlencoded",
			bytes.NewBufferString(form))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.StatusCode
	}
	if post("as=bob&do=APPROVED&body=ok") != 200 || post("as=bob&do=comment&body=hello") != 200 {
		t.Error("the buttons do not work")
	}
	if post("as=nobody&do=APPROVED") != 404 || post("as=bob&do=dance") != 400 {
		t.Error("nonsense was accepted")
	}
	if got := r.Requested(n); len(got) != 0 {
		t.Errorf("still asked: %v", got)
	}
	if got := r.Comments(n); len(got) != 1 || got[0].User != "bob" {
		t.Errorf("comments: %v", got)
	}
	if body := page("/acme/shop/pull/1"); !strings.Contains(body, "has reviewed") ||
		!strings.Contains(body, "approved") {
		t.Error("the page does not show the review")
	}
}

func TestCallsAreCounted(t *testing.T) {
	s, r := start(t, Options{})
	auth := bearer(s, r)
	run := fmt.Sprintf(`{"name":"assent","head_sha":%q}`, r.Branch("main"))
	for range 2 {
		s.ResetCalls()
		ask(t, s, auth, "GET", "/repos/acme/shop", "")
		ask(t, s, auth, "GET", "/repos/acme/shop/git/trees/main", "")
		ask(t, s, auth, "GET", "/repos/acme/shop/git/trees/fix", "")
		ask(t, s, auth, "POST", "/repos/acme/shop/check-runs", run)
		want := []Call{
			{"GET", "/repos/{owner}/{repo}", 1, 1},
			{"POST", "/repos/{owner}/{repo}/check-runs", 1, 5},
			{"GET", "/repos/{owner}/{repo}/git/trees/{tree_sha}", 2, 2},
		}
		if diff := cmp.Diff(want, s.Calls()); diff != "" {
			t.Error(diff)
		}
	}
}

// TestQueriesAreChecked: what GitHub's schema does not know is refused, and so is
// what this server does not serve.
func TestQueriesAreChecked(t *testing.T) {
	s, r := start(t, Options{Schema: Schema(t)})
	auth := bearer(s, r)
	const repo = `repository(owner: \"acme\", name: \"shop\")`
	for i, test := range []struct{ query, want string }{
		{`{ ` + repo + ` { nonsense } }`, "Cannot query field"},
		{`{ ` + repo + ` { databaseId(x: 1) } }`, "Unknown argument"},
		{`query($n: Int!) { ` + repo + ` { pullRequest(number: $n) { number } } }`, "must be defined"},
		{`mutation { __typename }`, "want one query"},
		{`{ ` + repo + ` { `, "Expected"},
		{`{ ` + repo + ` { forkCount } }`, ""}, // GitHub knows it
	} {
		_, answer, _ := ask(t, s, auth, "POST", "/graphql", `{"query":"`+test.query+`"}`)
		if !strings.Contains(answer, test.want) {
			t.Errorf("%s: %s, want %q", test.query, answer, test.want)
		}
		if n := len(s.Violations()); n != i+1 {
			t.Errorf("%s: %d violations, want %d", test.query, n, i+1)
		}
	}
	if status, _, _ := ask(t, s, "token guessed", "POST", "/graphql", `{}`); status != 401 {
		t.Errorf("a stranger gets %d", status)
	}
}

// TestQueriesCost: lists within lists cost by the elements that they may have.
func TestQueriesCost(t *testing.T) {
	s, r := start(t, Options{Schema: Schema(t)})
	auth := bearer(s, r)
	for query, want := range map[string]int{
		`{ r: repository(owner: \"acme\", name: \"shop\") { databaseId } }`: 1,
		`query($n: Int = 100) { repository(owner: \"acme\", name: \"shop\") { pullRequests(first: $n) {
			nodes { number reviews(first: 10) { nodes { state } } } } } }`: 1,
		`query($n: Int = 100) { a: repository(owner: \"acme\", name: \"shop\") { ...p }
			b: repository(owner: \"acme\", name: \"shop\") { ... on Repository { ...p } } }
			fragment p on Repository { pullRequests(first: $n) { nodes { number
			reviews(first: 10) { nodes { state } } } } }`: 2,
	} {
		s.ResetCalls()
		query = strings.NewReplacer("\n", " ", "\t", "").Replace(query)
		_, answer, _ := ask(t, s, auth, "POST", "/graphql", `{"query":"`+query+`"}`)
		if diff := cmp.Diff([]Call{{"POST", "/graphql", 1, want}}, s.Calls()); diff != "" {
			t.Errorf("%s: %s: %s", query, answer, diff)
		}
	}
	for _, v := range s.Violations() {
		t.Error(v)
	}
}
