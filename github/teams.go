package github

import (
	"context"
	"errors"
	"io/fs"

	gh "github.com/google/go-github/v66/github"
)

// Team is a team of an organisation. The numbers survive when it is renamed, and
// no other team ever has them.
type Team struct {
	Org, ID int64
	Slug    string // its present name within the organisation
}

func team(t *gh.Team) Team {
	return Team{Org: t.GetOrganization().GetID(), ID: t.GetID(), Slug: t.GetSlug()}
}

// Team returns the team that has a name now, in any case of letters.
func (c *Client) Team(ctx context.Context, org, slug string) (Team, error) {
	t, _, err := c.rest.Teams.GetTeamBySlug(ctx, org, slug)
	return team(t), wrap(ctx, err, "team %s/%s", org, slug)
}

// TeamByID returns a team that was known before, with its present name. The
// error is fs.ErrNotExist if the team was deleted.
func (c *Client) TeamByID(ctx context.Context, org, id int64) (Team, error) {
	t, _, err := c.rest.Teams.GetTeamByID(ctx, org, id)
	return team(t), wrap(ctx, err, "team %d of organisation %d", id, org)
}

// TeamMember reports whether the user is an active member of the team or of one
// of its child teams. A team that was deleted has none. If the App may not read
// members, the error is a [PermissionError].
func (c *Client) TeamMember(ctx context.Context, org, id int64, user string) (bool, error) {
	m, _, err := c.rest.Teams.GetTeamMembershipByID(ctx, org, id, user)
	err = wrap(ctx, err, "membership of %s in team %d of organisation %d", user, id, org)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return m.GetState() == "active", err
}

// CanWrite reports whether the user may push to the repository, by any role.
func (c *Client) CanWrite(ctx context.Context, repo Repo, user string) (bool, error) {
	p, _, err := c.rest.Repositories.GetPermissionLevel(ctx, repo.Owner, repo.Name, user)
	err = wrap(ctx, err, "permission of %s on %s", user, repo)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	// The legacy field reports maintain as write and triage as read, and a
	// custom role as the role that it inherits from.
	return p.GetPermission() == "admin" || p.GetPermission() == "write", err
}
