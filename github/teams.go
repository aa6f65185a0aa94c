package github

import (
	"context"
	"errors"
	"io/fs"
)

// TeamMember says whether the user is an active member of the team or of one of
// its child teams. A team that the App may not read is no answer: the error has
// RetryAfter, as for a broken GitHub.
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

// CanWrite says whether the user may push to the repository, through whichever
// role.
func (c *Client) CanWrite(ctx context.Context, repo Repo, user string) (bool, error) {
	p, _, err := c.rest.Repositories.GetPermissionLevel(ctx, repo.Owner, repo.Name, user)
	err = wrap(ctx, err, "permission of %s on %s", user, repo)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	// The legacy field folds maintain into write and triage into read; custom
	// roles appear only by what they inherit.
	return p.GetPermission() == "admin" || p.GetPermission() == "write", err
}
