package githubtest

import (
	"fmt"
	"maps"
	"slices"
	"strings"
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

// has reports whether a person is an active member.
func (t *team) has(login string) bool { return containsName(t.Members, login) }

// containsName reports whether a name is among others. GitHub ignores the case
// of names.
func containsName(names []string, name string) bool {
	return slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) })
}

// AddUser adds accounts of people.
func (s *Server) AddUser(logins ...string) {
	defer s.scene()()
	for _, login := range logins {
		s.account(login, "User")
	}
}

// AddBot adds the account of another App.
func (s *Server) AddBot(login string) {
	defer s.scene()()
	s.account(login, "Bot")
}

// AddOrg adds an organisation, unless it is there.
func (s *Server) AddOrg(login string) (id int64) {
	defer s.scene()()
	return s.account(login, "Organization").id
}

// SetTeam adds a team, or changes one and keeps its id. It adds accounts for
// members that have none.
func (s *Server) SetTeam(t Team) (id int64) {
	defer s.scene()()
	s.account(t.Org, "Organization")
	for _, login := range append(slices.Clone(t.Members), t.Pending...) {
		s.account(login, "User")
	}
	known := s.team(t.Org, t.Slug)
	if known == nil {
		known = &team{id: s.id()}
		s.teams[known.id] = known
	}
	known.Team = t
	return known.id
}

// RenameTeam gives a team another slug. It keeps its id, its members, and the
// requests for its reviews.
func (s *Server) RenameTeam(org, slug, to string) {
	defer s.scene()()
	s.team(org, slug).Slug = to
}

// RemoveTeam deletes a team.
func (s *Server) RemoveTeam(org, slug string) {
	defer s.scene()()
	delete(s.teams, s.team(org, slug).id)
}

// team returns a team by its name, or nil.
func (s *Server) team(org, slug string) *team {
	for _, t := range s.teams {
		if strings.EqualFold(t.Org, org) && strings.EqualFold(t.Slug, slug) {
			return t
		}
	}
	return nil
}

// sortedTeams lists the teams by their names.
func (s *Server) sortedTeams() []*team {
	return slices.SortedFunc(maps.Values(s.teams), func(a, b *team) int {
		return strings.Compare(a.Org+"/"+a.Slug, b.Org+"/"+b.Slug)
	})
}

func (s *Server) account(login, kind string) *account {
	a := s.known(login)
	if a == nil {
		a = &account{id: s.id(), login: login, kind: kind}
		s.accounts[strings.ToLower(login)] = a
	}
	return a
}

// known returns the account with a login in any case, or nil.
func (s *Server) known(login string) *account { return s.accounts[strings.ToLower(login)] }

// user returns the account with a login. It panics if there is none.
func (s *Server) user(login string) *account {
	a := s.known(login)
	if a == nil {
		panic(fmt.Sprintf("githubtest: no account %q", login))
	}
	return a
}

// bot is the account of the App.
func (s *Server) bot() *account { return s.account(s.Slug+"[bot]", "Bot") }
