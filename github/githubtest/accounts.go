package githubtest

import (
	"fmt"
	"slices"
)

type account struct {
	id           int64
	login        string
	kind         string // User, Organization or Bot
	installation int64  // of the App, once the account has a repository
}

// Team is a team of an organisation.
type Team struct {
	Org, Slug string
	Members   []string // active
	Pending   []string // invited, not yet members
	Secret    bool     // invisible to others, so it cannot be asked for a review
	Repos     []string // names of the repositories it may read; nil: all of the organisation
}

type team struct {
	Team
	id int64
}

func (t *team) canRead(repo *Repo) bool {
	return t.Org == repo.Owner && (t.Repos == nil || slices.Contains(t.Repos, repo.Name))
}

// AddUser adds accounts of people.
func (s *Server) AddUser(logins ...string) {
	defer s.scene()()
	for _, login := range logins {
		s.account(login, "User")
	}
}

// AddOrg adds an organisation.
func (s *Server) AddOrg(login string) {
	defer s.scene()()
	s.account(login, "Organization")
}

// SetTeam adds a team, or changes one and keeps its id. It adds accounts for
// members that have none.
func (s *Server) SetTeam(t Team) (id int64) {
	defer s.scene()()
	s.account(t.Org, "Organization")
	for _, login := range append(slices.Clone(t.Members), t.Pending...) {
		s.account(login, "User")
	}
	key := t.Org + "/" + t.Slug
	if s.teams[key] == nil {
		s.teams[key] = &team{id: s.id()}
	}
	s.teams[key].Team = t
	return s.teams[key].id
}

// RemoveTeam deletes a team.
func (s *Server) RemoveTeam(org, slug string) {
	defer s.scene()()
	delete(s.teams, org+"/"+slug)
}

func (s *Server) account(login, kind string) *account {
	a, ok := s.accounts[login]
	if !ok {
		a = &account{id: s.id(), login: login, kind: kind}
		s.accounts[login] = a
	}
	return a
}

// user returns the account with a login. It panics if there is none.
func (s *Server) user(login string) *account {
	a, ok := s.accounts[login]
	if !ok {
		panic(fmt.Sprintf("githubtest: no account %q", login))
	}
	return a
}

// bot is the account of the App.
func (s *Server) bot() *account { return s.account(s.Slug+"[bot]", "Bot") }
