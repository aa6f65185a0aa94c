package githubtest

import (
	"maps"
	"slices"
	"strings"
)

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

func (t Team) canRead(repo *Repo) bool {
	return t.Org == repo.Owner && (t.Repos == nil || slices.Contains(t.Repos, repo.Name))
}

// has reports whether a person is an active member.
func (t Team) has(login string) bool { return containsName(t.Members, login) }

// SetTeam adds a team, or changes one and keeps its id. It adds accounts for
// members that have none. The App is told what changed.
func (s *Server) SetTeam(t Team) (id int64) {
	defer s.scene()()
	s.account(t.Org, "Organization")
	for _, login := range append(slices.Clone(t.Members), t.Pending...) {
		s.account(login, "User")
	}
	known := s.team(t.Org, t.Slug)
	if known == nil {
		// A new team has no members and may read what its maker chose.
		known = &team{id: s.id(), Team: Team{Org: t.Org, Slug: t.Slug, Secret: t.Secret, Repos: t.Repos}}
		s.teams[known.id] = known
		s.emitTeam(known, "created", nil)
	}
	was := known.Team
	known.Team = t
	s.emitChanges(known, was)
	return known.id
}

// emitChanges tells which members and repositories a team gained and lost.
func (s *Server) emitChanges(t *team, was Team) {
	for _, login := range was.Members {
		if !containsName(t.Members, login) {
			s.emitMembership(t, "removed", login)
		}
	}
	for _, login := range t.Members {
		if !containsName(was.Members, login) {
			s.emitMembership(t, "added", login)
		}
	}
	for _, r := range s.repos {
		switch before, now := was.canRead(r), t.canRead(r); {
		case now && !before:
			s.emitTeam(t, "added_to_repository", object{"repository": r.json()})
		case before && !now:
			s.emitTeam(t, "removed_from_repository", object{"repository": r.json()})
		}
	}
}

// RenameTeam gives a team another name and slug. It keeps its id, its members,
// and the requests for its reviews.
func (s *Server) RenameTeam(org, slug, to string) {
	defer s.scene()()
	t := s.team(org, slug)
	from := t.Slug
	t.Slug = to
	s.emitTeam(t, "edited", object{"changes": object{"name": object{"from": from}}})
}

// RemoveTeam deletes a team.
func (s *Server) RemoveTeam(org, slug string) {
	defer s.scene()()
	t := s.team(org, slug)
	delete(s.teams, t.id)
	s.emitTeam(t, "deleted", nil)
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

func (s *Server) emitTeam(t *team, action string, more object) {
	payload := object{"team": s.eventTeam(t)}
	maps.Copy(payload, more)
	s.emitOrg("team", action, s.known(t.Org), payload)
}

func (s *Server) emitMembership(t *team, action, login string) {
	s.emitOrg("membership", action, s.known(t.Org), object{
		"scope": "team", "member": s.userJSON(s.known(login)), "team": s.eventTeam(t),
	})
}

// eventTeam is a team as events show it.
func (s *Server) eventTeam(t *team) object {
	o := s.teamJSON(t)
	o["parent"] = nil
	return o
}
