package githubtest

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

//go:embed pages
var pageFiles embed.FS

// pages shows the state to people, and lets them act as any of the users
// without a login.
type pages struct {
	s         *Server
	templates *template.Template
}

func newPages(s *Server) http.Handler {
	p := &pages{s, template.Must(template.New("").Funcs(template.FuncMap{
		"short":    func(sha string) string { return sha[:min(len(sha), 7)] },
		"markdown": markdown,
		"words":    func(s string) string { return strings.ToLower(strings.ReplaceAll(s, "_", " ")) },
	}).ParseFS(pageFiles, "pages/*.html"))}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", p.index)
	mux.HandleFunc("GET /style.css", p.style)
	mux.HandleFunc("GET /{owner}/{repo}", p.list)
	mux.HandleFunc("GET /{owner}/{repo}/pull/{number}", p.pull)
	mux.HandleFunc("POST /{owner}/{repo}/pull/{number}", p.act)
	return http.NewCrossOriginProtection().Handler(mux)
}

func (p *pages) style(w http.ResponseWriter, req *http.Request) {
	http.ServeFileFS(w, req, pageFiles, "pages/style.css")
}

// listed is a repository with its pull requests, the newest first.
type listed struct {
	Name  string
	Pulls []row
}

type row struct {
	Pull
	Check *CheckRun
}

func (r *Repo) listed() listed {
	out := listed{Name: r.fullName()}
	for _, p := range slices.Backward(r.pulls) {
		out.Pulls = append(out.Pulls, row{p.Pull, r.latest(p.Head)})
	}
	return out
}

// latest returns the newest run on a commit, with any name.
func (r *Repo) latest(sha string) *CheckRun {
	for _, run := range slices.Backward(r.runs) {
		if run.Head == sha {
			c := *run
			return &c
		}
	}
	return nil
}

func (p *pages) index(w http.ResponseWriter, req *http.Request) {
	p.s.mu.Lock()
	repos := mapped(p.s.repos, (*Repo).listed)
	p.s.mu.Unlock()
	p.show(w, "list.html", repos)
}

func (p *pages) list(w http.ResponseWriter, req *http.Request) {
	p.s.mu.Lock()
	r, _ := p.s.repo(req.PathValue("owner"), req.PathValue("repo"))
	var repos []listed
	if r != nil {
		repos = append(repos, r.listed())
	}
	p.s.mu.Unlock()
	if r == nil {
		http.NotFound(w, req)
		return
	}
	p.show(w, "list.html", repos)
}

func (p *pages) pull(w http.ResponseWriter, req *http.Request) {
	p.s.mu.Lock()
	r, n := p.find(req)
	if r == nil {
		p.s.mu.Unlock()
		http.NotFound(w, req)
		return
	}
	view := r.view(r.pull(n))
	p.s.mu.Unlock()
	if view.Waiting {
		w.Header().Set("Refresh", "2")
	}
	p.show(w, "pull.html", view)
}

func (p *pages) find(req *http.Request) (*Repo, int) {
	n, _ := strconv.Atoi(req.PathValue("number"))
	r, _ := p.s.repo(req.PathValue("owner"), req.PathValue("repo"))
	if r == nil || r.find(n) == nil {
		return nil, 0
	}
	return r, n
}

// act handles the buttons of a pull request.
func (p *pages) act(w http.ResponseWriter, req *http.Request) {
	user, body := req.FormValue("as"), req.FormValue("body")
	p.s.mu.Lock()
	r, n := p.find(req)
	known := p.s.known(user) != nil
	p.s.mu.Unlock()
	switch action := req.FormValue("do"); {
	case r == nil || !known:
		http.NotFound(w, req)
		return
	case action == "APPROVED" || action == "CHANGES_REQUESTED":
		r.Review(n, user, action, body)
	case action == "comment" && body != "":
		r.Comment(n, user, body)
	default:
		http.Error(w, "nothing to do", http.StatusBadRequest)
		return
	}
	http.Redirect(w, req, req.URL.Path, http.StatusSeeOther)
}

func (p *pages) show(w http.ResponseWriter, name string, data any) {
	var page bytes.Buffer
	if err := p.templates.ExecuteTemplate(&page, name, data); err != nil {
		http.Error(w, "the page is broken", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; form-action 'self'")
	_, _ = page.WriteTo(w)
}
