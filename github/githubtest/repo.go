package githubtest

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// Repo is one repository. Its methods do what people do in it.
type Repo struct {
	ID           int64
	Installation int64
	Owner, Name  string
	Private      bool

	s        *Server
	git      *git
	access   map[string]string // login to read, triage, write, maintain, admin
	pulls    []*pull           // number n is at n-1
	runs     []*CheckRun
	suites   map[string]int64 // by head
	inline   []*ReviewComment
	comments []*Comment
	former   []string       // its names before renames
	lagging  map[int]string // old heads of pull requests that the API still shows
	queued   []queueEntry
	archived bool
}

// AddRepo adds an empty private repository in which the App is installed. Its
// default branch is main. The first repository of an owner installs the App
// there, of which [Server.Install] tells; of later ones the App hears at once.
func (s *Server) AddRepo(owner, name string) *Repo {
	defer s.scene()()
	a := s.user(owner)
	first := a.installation == 0
	if first {
		a.installation = s.id()
	}
	r := &Repo{
		ID: s.id(), Installation: a.installation, Owner: owner, Name: name, Private: true, s: s,
		access: map[string]string{}, suites: map[string]int64{}, lagging: map[int]string{},
	}
	r.git = newGit(filepath.Join(s.dir, fmt.Sprint(r.ID)+".git"))
	s.repos = append(s.repos, r)
	if !first {
		s.emitRepos(a, "added", r)
	}
	return r
}

// Install lets the App into the repository again.
func (r *Repo) Install() {
	defer r.s.scene()()
	owner := r.s.known(r.Owner)
	r.Installation = owner.installation
	r.s.emitRepos(owner, "added", r)
}

// Uninstall takes the repository away from the App. It keeps the others of the
// owner.
func (r *Repo) Uninstall() {
	defer r.s.scene()()
	r.Installation = 0
	r.s.emitRepos(r.s.known(r.Owner), "removed", r)
}

// emitRepos tells that an installation gained or lost a repository.
func (s *Server) emitRepos(owner *account, action string, r *Repo) {
	added, removed := []object{}, []object{}
	if action == "added" {
		added = append(added, r.brief())
	} else {
		removed = append(removed, r.brief())
	}
	s.emit("installation_repositories", action, nil, owner, object{
		"installation":         s.installationJSON(owner),
		"repository_selection": s.selection(owner),
		"repositories_added":   added,
		"repositories_removed": removed,
		"requester":            nil,
	})
}

// selection is "selected" if the App misses a repository of the owner.
func (s *Server) selection(owner *account) string {
	for _, r := range s.repos {
		if r.Owner == owner.login && r.Installation == 0 {
			return "selected"
		}
	}
	return "all"
}

// Install tells the App that it was installed in all of an owner's
// repositories.
func (s *Server) Install(owner string) {
	defer s.scene()()
	a := s.user(owner)
	var repos []object
	var first *Repo
	for _, r := range s.repos {
		if r.Owner == owner {
			repos = append(repos, r.brief())
			first = r
		}
	}
	if first == nil {
		panic(fmt.Sprintf("githubtest: %s has no repositories", owner))
	}
	s.emit("installation", "created", nil, a, object{
		"installation": s.installationJSON(a), "repositories": repos, "requester": nil,
	})
}

// Rename changes the name of the repository. The old name redirects.
func (r *Repo) Rename(name string) {
	defer r.s.scene()()
	r.former, r.Name = append(r.former, r.Name), name
}

// Archive makes the repository read-only. Pull requests stay open.
func (r *Repo) Archive() {
	defer r.s.scene()()
	r.archived = true
}

func (r *Repo) fullName() string { return r.Owner + "/" + r.Name }

// Dir is the folder of the bare git repository, for changes that have no
// method. Such changes send no webhooks.
func (r *Repo) Dir() string { return r.git.dir }

// Grant gives a person a role: read, triage, write, maintain or admin.
func (r *Repo) Grant(login, role string) {
	defer r.s.scene()()
	r.s.user(login)
	r.access[login] = role
}

// Commit adds a commit to a branch without sending webhooks, and returns its
// SHA. A new branch starts at the tip of main.
func (r *Repo) Commit(branch, message, author string, files map[string]string, deletes ...string) string {
	defer r.s.scene()()
	return r.commit(branch, message, author, files, deletes)
}

// Tag adds a tag at the tip of a branch.
func (r *Repo) Tag(name, branch string) {
	defer r.s.scene()()
	r.git.must("update-ref", "refs/tags/"+name, r.git.tip(branch))
}

func (r *Repo) commit(branch, message, author string, files map[string]string, deletes []string) string {
	r.s.user(author)
	from := r.git.tip(branch)
	if from == "" {
		from = r.git.tip("main")
	}
	return r.git.commit(newCommit{
		branch:  branch,
		from:    from,
		message: message,
		login:   author,
		at:      r.s.now(),
		files:   files,
		deletes: deletes,
	})
}

// Push commits to a branch and tells the App: a push, and a synchronize for
// each open pull request with that head.
func (r *Repo) Push(branch, message, author string, files map[string]string, deletes ...string) string {
	defer r.s.scene()()
	before := r.git.tip(branch)
	sha := r.commit(branch, message, author, files, deletes)
	r.pushed(branch, before, author)
	return sha
}

// Reset moves a branch to any commit, as a forced push does, and tells the App.
func (r *Repo) Reset(branch, sha, user string) {
	defer r.s.scene()()
	before := r.git.tip(branch)
	r.git.must("update-ref", "refs/heads/"+branch, sha)
	r.pushed(branch, before, user)
}

// DeleteBranch deletes a branch, closes the pull requests from it and to it, and
// tells the App.
func (r *Repo) DeleteBranch(branch, user string) {
	defer r.s.scene()()
	before, sender := r.git.tip(branch), r.s.user(user)
	r.git.must("update-ref", "-d", "refs/heads/"+branch)
	r.emitPush(branch, before, "", sender)
	for _, p := range r.pulls {
		if p.State == "open" && (p.HeadRef == branch || p.BaseRef == branch) {
			p.State = "closed"
			r.emitPull(p, "closed", sender, nil)
		}
	}
}

func (r *Repo) pushed(branch, before, user string) {
	after, sender := r.git.tip(branch), r.s.user(user)
	r.emitPush(branch, before, after, sender)
	for _, p := range r.pulls {
		if p.State == "open" && p.HeadRef == branch {
			p.Head, p.base = after, r.git.tip(p.BaseRef)
			r.git.must("update-ref", fmt.Sprintf("refs/pull/%d/head", p.Number), after)
			r.emitPull(p, "synchronize", sender, object{"before": before, "after": after})
		}
	}
}

// Branch returns the tip of a branch, "" if there is none.
func (r *Repo) Branch(name string) string {
	defer r.s.scene()()
	return r.git.tip(name)
}

// role is the role of an account in the repository. The owner is an
// administrator.
func (r *Repo) role(login string) string {
	if login == r.Owner {
		return "admin"
	}
	if role, ok := r.access[login]; ok {
		return role
	}
	for _, t := range r.s.teams {
		if t.canRead(r) && t.has(login) {
			return "read"
		}
	}
	if r.Private {
		return "none"
	}
	return "read"
}

// accountOf returns the account with an e-mail address, nil if there is none.
func (r *Repo) accountOf(email string) *account {
	return r.s.known(strings.TrimSuffix(email, mailDomain))
}

// repo finds a repository by its present name, or by an old one: then moved is
// true.
func (s *Server) repo(owner, name string) (found *Repo, moved bool) {
	for _, r := range s.repos {
		if strings.EqualFold(r.Owner, owner) && strings.EqualFold(r.Name, name) {
			return r, false
		}
	}
	for _, r := range s.repos {
		if strings.EqualFold(r.Owner, owner) && slices.Contains(r.former, name) {
			return r, true
		}
	}
	return nil, false
}
