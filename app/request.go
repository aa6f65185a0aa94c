package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/assent-dev/assent/approval"
	"github.com/assent-dev/assent/checks"
	"github.com/assent-dev/assent/github"
	"github.com/assent-dev/assent/store"
)

// What became of a request: we asked, or somebody else had. Anything else is the
// reason why GitHub asks nobody.
const (
	requestAsked   = "asked"
	requestPending = "pending"
)

// Why nobody is asked by a name that stands for no team here, and would reach none
// in a mention either.
const (
	otherOrganisation = "the team is of another organisation"
	noSuchTeam        = "there is no such team"
	teamDeleted       = "the team was deleted"
	noAccount         = "GitHub has no account of this name"
)

var unreachable = []string{otherOrganisation, noSuchTeam, teamDeleted, noAccount}

// login matches the names of accounts. CODEOWNERS may name people by e-mail
// addresses, too, which GitHub does not tell assent the accounts of.
var login = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]*$`)

// reviewer is a team or, if that is zero, a person.
type reviewer struct {
	team  store.Team
	login string
}

// count returns how often the reviewer is among others.
func (r reviewer) count(others github.Reviewers) (n int) {
	for _, team := range others.Teams {
		if team.ID == r.team.ID {
			n++
		}
	}
	for _, login := range others.People {
		if strings.EqualFold(login, r.login) {
			n++
		}
	}
	return n
}

// requests asks for the reviews that a decision waits for.
type requests struct {
	*job
	*approval.Decision
	began time.Time // the decision
}

// ask asks a team or a person, unless that was done before for the same changes.
func (r requests) ask(ctx context.Context, name string) error {
	intent, fresh, err := r.Store.Intend(ctx, store.Intent{
		RepoID: r.repo.ID, Pull: r.Basis.Pull, Kind: "request", Team: name,
		Delta: checks.Delta(r.Decision, name),
	})
	if err != nil || intent.Result != "" {
		return err
	}
	result, err := r.tryAsking(ctx, name, fresh)
	if err != nil {
		return err
	}
	return r.Store.Fulfil(ctx, intent.ID, result)
}

// unasked returns those who still have to agree and whom GitHub does not ask.
func (r requests) unasked(ctx context.Context) ([]checks.Unasked, error) {
	intents, err := r.Store.Intents(ctx, r.repo.ID, r.Basis.Pull, "request")
	if err != nil {
		return nil, err
	}
	var all []checks.Unasked
	for _, name := range r.Asks() {
		delta := checks.Delta(r.Decision, name)
		isIt := func(in store.Intent) bool { return in.Team == name && in.Delta == delta }
		i := slices.IndexFunc(intents, isIt)
		if i < 0 || slices.Contains([]string{"", requestAsked, requestPending}, intents[i].Result) {
			continue
		}
		why := intents[i].Result
		all = append(all, checks.Unasked{
			Name: name, Why: why, Reachable: !slices.Contains(unreachable, why),
		})
	}
	return all, nil
}

// tryAsking returns what became of a request.
func (r requests) tryAsking(
	ctx context.Context, name string, fresh bool,
) (result string, err error) {
	who, why, err := r.reviewer(ctx, name)
	if err != nil || why != "" {
		return why, err
	}
	if !fresh { // a crash came between the asking and its recording, or before both
		if sent, err := r.sent(ctx, name, who); err != nil || sent {
			return requestAsked, err
		}
	}
	switch err := r.request(ctx, who); {
	case errors.Is(err, github.ErrUnprocessable), refusedForGood(err):
		return r.refused(ctx, name, who, err)
	case err != nil:
		return "", err
	}
	return requestAsked, nil
}

// reviewer finds whom a name stands for, or why nobody can be asked by it.
func (r requests) reviewer(
	ctx context.Context, name string,
) (_ reviewer, why string, err error) {
	if account, ok := strings.CutPrefix(name, "@"); ok {
		if !login.MatchString(account) {
			return reviewer{}, noAccount, nil
		}
		return reviewer{login: account}, "", nil
	}
	if org, _ := teamOf(name); !strings.EqualFold(org, r.repo.Owner) {
		return reviewer{}, otherOrganisation, nil
	}
	team, err := r.team(ctx, r.Basis, strings.ToLower(name))
	if err != nil {
		return reviewer{}, "", err
	}
	if team.ID == 0 {
		return reviewer{}, noSuchTeam, nil
	}
	if team.Slug, err = r.slug(ctx, team, r.began); errors.Is(err, fs.ErrNotExist) {
		return reviewer{}, teamDeleted, nil
	}
	return reviewer{team: team}, "", err
}

func (r requests) request(ctx context.Context, who reviewer) error {
	if err := r.lease.Verify(ctx); err != nil {
		return err
	}
	if who.login != "" {
		return r.client.RequestPerson(ctx, r.repo, r.Basis.Pull, who.login)
	}
	return r.client.RequestTeam(ctx, r.repo, r.Basis.Pull, who.team.Slug)
}

// refused finds out why GitHub does not ask. Where somebody else has asked, nothing
// is missing; if not, the comment names the team or the person.
func (r requests) refused(
	ctx context.Context, name string, who reviewer, refusal error,
) (result string, err error) {
	waiting, err := r.client.Requested(ctx, r.repo, r.Basis.Pull)
	if err != nil || who.count(waiting) > 0 {
		return requestPending, err
	}
	r.Log.Warn("GitHub refuses to ask", "repo", r.repo.String(), "pull", r.Basis.Pull, "who", name,
		"error", refusal)
	return reasonOf(refusal), nil
}

// Why GitHub asks somebody for no review, by words of its message.
const refused = "GitHub refuses to ask"

var refusalReasons = []struct{ words, reason string }{
	{"pull request author", "the author cannot be asked"},
	{"collaborator", "GitHub asks only those who have access to this repository"},
	{"resolve to a node", "GitHub does not show the team to assent: it may be secret"},
}

func reasonOf(refusal error) string {
	for _, r := range refusalReasons {
		if strings.Contains(refusal.Error(), r.words) {
			return r.reason
		}
	}
	return refused
}

// sent reports whether GitHub has one more request of ours to a reviewer than
// was recorded: a team may be asked again for something new.
func (r requests) sent(
	ctx context.Context, name string, who reviewer,
) (bool, error) {
	intents, err := r.Store.Intents(ctx, r.repo.ID, r.Basis.Pull, "request")
	if err != nil {
		return false, err
	}
	timeline, err := r.client.Timeline(ctx, r.repo, r.Basis.Pull)
	if err != nil {
		return false, fmt.Errorf("read the timeline: %w", err)
	}
	balance := who.count(timeline.Requested)
	for _, in := range intents {
		if in.Team == name && in.Result == requestAsked {
			balance--
		}
	}
	return balance > 0, nil
}
