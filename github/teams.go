package github

import (
	"context"
	"errors"
	"io/fs"
)

// TeamMember reports whether the user is an active member of the team or of one
// of its child teams. If the App may not read the team, the error is temporary.
func (c *Client) TeamMember(ctx context.Context, org, slug, user string) (bool, error) {
	m, _, err := c.rest.Teams.GetTeamMembershipBySlug(ctx, org, slug, user)
	err = wrap(ctx, err, "membership of %s in %s/%s", user, org, slug)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case errors.Is(err, fs.ErrPermission):
		return false, &temporary{err: err, after: secondaryPause}
	}
	return m.GetState() == "active", err
}

// Team returns the numeric id of a team, which survives renames.
func (c *Client) Team(ctx context.Context, org, slug string) (id int64, err error) {
	t, _, err := c.rest.Teams.GetTeamBySlug(ctx, org, slug)
	return t.GetID(), wrap(ctx, err, "team %s/%s", org, slug)
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
