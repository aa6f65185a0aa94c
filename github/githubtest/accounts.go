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

// RemoveMember removes a person from an organisation: they leave its teams and
// lose their roles in its repositories. GitHub sends one event for all of that.
func (s *Server) RemoveMember(org, login string) {
	defer s.scene()()
	who, owner := s.user(login), s.user(org)
	for _, t := range s.teams {
		if strings.EqualFold(t.Org, org) {
			t.Members, t.Pending = without(t.Members, login), without(t.Pending, login)
		}
	}
	for _, r := range s.repos {
		if strings.EqualFold(r.Owner, org) {
			maps.DeleteFunc(r.access, func(l, _ string) bool { return strings.EqualFold(l, login) })
		}
	}
	s.emitOrg("organization", "member_removed", owner, object{"membership": object{
		"url":              s.url + "/orgs/" + owner.login + "/memberships/" + who.login,
		"organization_url": s.url + "/orgs/" + owner.login,
		"state":            "active",
		"role":             "member",
		"user":             s.userJSON(who),
	}})
}

// without returns names that are not a given one.
func without(names []string, name string) []string {
	return slices.DeleteFunc(slices.Clone(names), func(n string) bool { return strings.EqualFold(n, name) })
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
