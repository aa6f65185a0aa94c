package githubtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	asApp      = "app" // the permission of routes that need the App's own key
	maxRequest = 26 << 20
)

// route is one operation of GitHub's description. The App must have been
// granted the permission.
type route struct {
	method, path, permission string
	serve                    func(*Server, *call) answer
}

// table lists the operations that package github uses.
func (s *Server) table() []route {
	const repo, pr, issue = "/repos/{owner}/{repo}", "/repos/{owner}/{repo}/pulls/{pull_number}",
		"/repos/{owner}/{repo}/issues/{issue_number}"
	return []route{
		{"GET", "/app", asApp, (*Server).readApp},
		{"POST", "/app/installations/{installation_id}/access_tokens", asApp, (*Server).createToken},
		{"GET", "/installation/repositories", "metadata:read", (*Server).listRepos},
		{"GET", repo, "metadata:read", (*Server).readRepo},
		{"GET", repo + "/collaborators/{username}/permission", "metadata:read", (*Server).readPermission},
		{"GET", repo + "/git/ref/{ref}", "contents:read", (*Server).readRef},
		{"GET", repo + "/tags", "metadata:read", (*Server).listTags},
		{"GET", repo + "/git/trees/{tree_sha}", "contents:read", (*Server).readTree},
		{"GET", repo + "/git/blobs/{file_sha}", "contents:read", (*Server).readBlob},
		{"GET", repo + "/compare/{basehead}", "contents:read", (*Server).compare},
		{"GET", repo + "/commits", "contents:read", (*Server).listCommits},
		{"GET", repo + "/commits/{commit_sha}/pulls", "pull_requests:read", (*Server).listPullsOf},
		{"GET", repo + "/commits/{ref}/check-runs", "checks:read", (*Server).listRuns},
		{"POST", repo + "/check-runs", "checks:write", (*Server).createRun},
		{"PATCH", repo + "/check-runs/{check_run_id}", "checks:write", (*Server).updateRun},
		{"GET", repo + "/pulls", "pull_requests:read", (*Server).listPulls},
		{"GET", pr, "pull_requests:read", (*Server).readPull},
		{"GET", pr + "/reviews", "pull_requests:read", (*Server).listReviews},
		{"POST", pr + "/reviews", "pull_requests:write", (*Server).createReview},
		{"GET", pr + "/reviews/{review_id}/comments", "pull_requests:read", (*Server).listReviewComments},
		{"GET", pr + "/requested_reviewers", "pull_requests:read", (*Server).listRequested},
		{"POST", pr + "/requested_reviewers", "pull_requests:write", (*Server).requestReviewers},
		{"GET", pr + "/comments", "pull_requests:read", (*Server).listInline},
		{"POST", pr + "/comments", "pull_requests:write", (*Server).createInline},
		{"DELETE", repo + "/pulls/comments/{comment_id}", "pull_requests:write", (*Server).deleteInline},
		{"GET", issue + "/comments", "issues:read|pull_requests:read", (*Server).listComments},
		{"POST", issue + "/comments", "issues:write|pull_requests:write", (*Server).createComment},
		{
			"PATCH", repo + "/issues/comments/{comment_id}", "issues:write|pull_requests:write",
			(*Server).editComment,
		},
		{"GET", issue + "/timeline", "issues:read|pull_requests:read", (*Server).listTimeline},
		{"GET", "/orgs/{org}/teams/{team_slug}", "members:read", (*Server).readTeam},
		{
			"GET", "/orgs/{org}/teams/{team_slug}/memberships/{username}", "members:read",
			(*Server).readMembership,
		},
	}
}

func (s *Server) router() *http.ServeMux {
	mux := http.NewServeMux()
	for _, r := range s.table() {
		// these parameters contain slashes
		pattern := strings.NewReplacer("/git/ref/{ref}", "/git/ref/{ref...}", "{basehead}",
			"{basehead...}").Replace(r.path)
		mux.HandleFunc(r.method+" "+pattern, func(w http.ResponseWriter, req *http.Request) {
			s.serve(r, w, req)
		})
	}
	mux.HandleFunc("POST /graphql", s.serveQuery)
	for _, unknown := range []string{"/repositories/", "/organizations/"} { // see byID
		mux.HandleFunc(unknown, func(w http.ResponseWriter, _ *http.Request) {
			s.write(w, refuse(http.StatusNotFound, "Not Found"))
		})
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, req *http.Request) {
		s.violate("%s %s: not an operation that is served here", req.Method, req.URL.Path)
		s.write(w, refuse(http.StatusNotFound, "Not Found"))
	})
	return mux
}

// call is one request and the state of its processing.
type call struct {
	*http.Request
	route        route
	body         []byte
	installation int64
	repo         *Repo
	pull         *pull
	link         string // the Link header of a listing with several pages
}

// answer is the answer to a call. The body is written as JSON unless raw is
// set.
type answer struct {
	status int
	body   any
	raw    []byte
	header http.Header
}

func found(body any) answer   { return answer{status: http.StatusOK, body: body} }
func created(body any) answer { return answer{status: http.StatusCreated, body: body} }

func refuse(status int, format string, args ...any) answer {
	return answer{status: status, body: object{
		"message": fmt.Sprintf(format, args...), "documentation_url": "https://docs.github.com/rest",
		"status": strconv.Itoa(status),
	}}
}

// invalid is an answer with status 422.
func invalid(format string, args ...any) answer {
	r := refuse(http.StatusUnprocessableEntity, "Validation Failed")
	r.body.(object)["errors"] = []string{fmt.Sprintf(format, args...)}
	return r
}

// apiRoots are the first elements of the API's paths.
var apiRoots = []string{"app", "installation", "repos", "repositories", "orgs", "organizations", "graphql"}

// ServeHTTP answers as the API, or shows a page to a person.
func (s *Server) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	first, _, _ := strings.Cut(strings.TrimPrefix(req.URL.Path, "/"), "/")
	if !slices.Contains(apiRoots, first) {
		s.pages.ServeHTTP(w, req)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, req.Body, maxRequest))
	if err != nil {
		return
	}
	req.Body = io.NopCloser(bytes.NewReader(body))
	fault := s.fault(req)
	req.Body = io.NopCloser(bytes.NewReader(body))
	if fault != nil && !fault.After {
		s.misbehave(w, req, fault)
		return
	}
	if fault != nil {
		s.routes.ServeHTTP(discard{}, s.byID(req))
		s.misbehave(w, req, fault)
		return
	}
	s.routes.ServeHTTP(w, s.byID(req))
}

// byID serves /repositories/ID/… and /organizations/ID/team/ID/… like the paths
// with names. Redirects from the old names of repositories lead to the former.
// GitHub's description mentions the latter in its texts alone.
func (s *Server) byID(req *http.Request) *http.Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	path := req.URL.Path
	for _, r := range s.repos {
		if rest, ok := cutPath(path, fmt.Sprintf("/repositories/%d", r.ID)); ok {
			return withPath(req, "/repos/"+r.fullName()+rest)
		}
	}
	for _, t := range s.teams {
		byID := fmt.Sprintf("/organizations/%d/team/%d", s.known(t.Org).id, t.id)
		if rest, ok := cutPath(path, byID); ok {
			return withPath(req, "/orgs/"+t.Org+"/teams/"+t.Slug+rest)
		}
	}
	return req
}

// cutPath cuts whole elements from the beginning of a path.
func cutPath(path, prefix string) (rest string, ok bool) {
	rest, ok = strings.CutPrefix(path, prefix)
	return rest, ok && (rest == "" || rest[0] == '/')
}

func withPath(req *http.Request, path string) *http.Request {
	out := req.Clone(req.Context())
	out.URL = &url.URL{Path: path, RawQuery: req.URL.RawQuery}
	return out
}

// serve runs one operation. It authenticates the caller, validates the request
// by GitHub's description, runs the operation and validates the answer.
func (s *Server) serve(r route, w http.ResponseWriter, req *http.Request) {
	body, _ := io.ReadAll(req.Body) // reading from memory does not fail
	req.Body = io.NopCloser(bytes.NewReader(body))
	c := &call{Request: req, route: r, body: body}
	s.mu.Lock()
	a, ok := s.authenticate(c)
	if ok {
		if problem := s.spec.request(req, body); problem != nil {
			s.violations = append(s.violations, problem.Error())
			a, ok = invalid("%v", problem), false
		}
	}
	if ok {
		a, ok = s.locate(c)
	}
	if ok {
		a = r.serve(s, c)
	}
	if c.link != "" {
		a.header = http.Header{"Link": {c.link}}
	}
	if problem := s.spec.response(req, a); problem != nil {
		s.violations = append(s.violations, problem.Error())
	}
	s.count(r, req, a)
	s.mu.Unlock()
	s.write(w, a)
}

// locate finds the repository and the pull request that the path names, if the
// caller may see them.
func (s *Server) locate(c *call) (refusal answer, ok bool) {
	missing := refuse(http.StatusNotFound, "Not Found")
	if owner := c.PathValue("owner"); owner != "" {
		repo, moved := s.repo(owner, c.PathValue("repo"))
		if repo == nil || repo.Installation != c.installation {
			return missing, false
		}
		if moved {
			to := strings.Replace(c.URL.Path, "/repos/"+owner+"/"+c.PathValue("repo"),
				fmt.Sprintf("/repositories/%d", repo.ID), 1)
			r := refuse(http.StatusMovedPermanently, "Moved Permanently")
			if c.Method != http.MethodGet { // so that clients send the body again
				r = refuse(http.StatusTemporaryRedirect, "Temporary Redirect")
			}
			r.header = http.Header{"Location": {s.url + to}}
			return r, false
		}
		if repo.archived && c.Method != http.MethodGet {
			return refuse(http.StatusForbidden, "Repository was archived so is read-only."), false
		}
		c.repo = repo
	}
	for _, name := range []string{"pull_number", "issue_number"} {
		if c.PathValue(name) == "" {
			continue
		}
		n, err := strconv.Atoi(c.PathValue(name))
		if c.pull = c.repo.find(n); err != nil || c.pull == nil {
			return missing, false
		}
	}
	if org := c.PathValue("org"); org != "" &&
		(s.known(org) == nil || s.known(org).installation != c.installation) {
		return missing, false
	}
	return answer{}, true
}

func (s *Server) write(w http.ResponseWriter, a answer) {
	h := w.Header()
	for name, values := range a.header {
		h[name] = values
	}
	h.Set("Date", s.opts.Now().UTC().Format(http.TimeFormat))
	h.Set("X-RateLimit-Limit", "5000")
	h.Set("X-RateLimit-Remaining", "4999")
	h.Set("X-RateLimit-Reset", strconv.FormatInt(s.opts.Now().Add(time.Hour).Unix(), 10))
	if a.raw != nil {
		h.Set("Content-Type", "application/vnd.github.raw")
		w.WriteHeader(a.status)
		_, _ = w.Write(a.raw)
		return
	}
	h.Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(a.status)
	if a.body != nil {
		_ = json.NewEncoder(w).Encode(a.body)
	}
}

// pageOf returns the requested page of a listing, and sets the links to the
// other pages.
func pageOf[T any](c *call, items []T) []T {
	size, page := number(c, "per_page", 30), number(c, "page", 1)
	size = min(size, 100)
	last := max((len(items)+size-1)/size, 1)
	var links []string
	link := func(rel string, n int) {
		q := c.URL.Query()
		q.Set("page", strconv.Itoa(n))
		links = append(links, fmt.Sprintf(`<http://%s%s?%s>; rel=%q`, c.Host, c.URL.Path, q.Encode(), rel))
	}
	if page > 1 {
		link("prev", page-1)
		link("first", 1)
	}
	if page < last {
		link("next", page+1)
		link("last", last)
	}
	c.link = strings.Join(links, ", ")
	from := min((page-1)*size, len(items))
	return items[from:min(from+size, len(items))]
}

func number(c *call, name string, otherwise int) int {
	if n, err := strconv.Atoi(c.URL.Query().Get(name)); err == nil && n > 0 {
		return n
	}
	return otherwise
}
