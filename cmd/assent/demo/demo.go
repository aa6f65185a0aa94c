// Package demo has a small organisation on a GitHub in memory, and the story of
// one of its pull requests. "assent demo" shows the story to a person. Tests
// run the same story and kill the server meanwhile.
package demo

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/assent-dev/assent/checks"
	"github.com/assent-dev/assent/github/githubtest"
)

// files are the files of the repository acme/orders.
//
//go:embed all:acme
var files embed.FS

// Scene is the organisation: an order service, its owners and three teams
// whose software uses it.
type Scene struct {
	GitHub *githubtest.Server
	Repo   *githubtest.Repo
	Pull   int      // the pull request of the story
	Heads  []string // of the pull request so far
}

// New makes the organisation. The caller has to close the server.
func New(o githubtest.Options) (*Scene, error) {
	server, err := githubtest.New(o)
	if err != nil {
		return nil, fmt.Errorf("start a GitHub in memory: %w", err)
	}
	for slug, members := range map[string][]string{
		"orders": {"olivia", "oscar"}, "notifications": {"nina"}, "billing": {"bert"}, "analytics": {"anna"},
	} {
		server.SetTeam(githubtest.Team{Org: "acme", Slug: slug, Members: members})
	}
	repo := server.AddRepo("acme", "orders")
	content, err := sample()
	if err != nil {
		return nil, err
	}
	repo.Commit("main", "Orders 2.3", "oscar", content)
	for _, who := range []string{"olivia", "oscar"} {
		repo.Grant(who, "write")
	}
	for _, who := range []string{"nina", "bert", "anna"} {
		repo.Grant(who, "read")
	}
	return &Scene{GitHub: server, Repo: repo}, nil
}

func sample() (map[string]string, error) {
	content := map[string]string{}
	err := fs.WalkDir(files, "acme", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := files.ReadFile(path)
		content[strings.TrimPrefix(path, "acme/")] = string(data)
		return err
	})
	return content, err
}

// edit returns a sample file with one passage replaced.
func (s *Scene) edit(path string, replacements ...string) map[string]string {
	content, err := files.ReadFile("acme/" + path)
	if err != nil {
		panic(err) // the files of the story are compiled in
	}
	return map[string]string{path: strings.NewReplacer(replacements...).Replace(string(content))}
}

// Step is one step of the story: what somebody does, and the state of the pull
// request after assent has answered.
type Step struct {
	Says   string
	Breaks bool // the contracts changed, so there are new findings

	do         func(s *Scene)
	conclusion string
	title      string
	open       int      // the number of changes that somebody still has to agree to
	asked      []string // every team that was asked so far, once for each time
}

const (
	api   = "openapi/orders.yaml"
	event = "schemas/trade_event.avsc"
)

var (
	delivery = "        estimatedDelivery:\n          type: string\n          format: date\n"
	sku      = []string{
		"required: [sku, quantity]", "required: [quantity]",
		"              sku:\n                type: string\n", "",
	}
)

// Story is the list of steps.
var Story = []Step{
	{
		Says: "olivia opens a pull request: it removes estimatedDelivery from the order and renames " +
			"price in the trade event",
		Breaks: true,
		do: func(s *Scene) {
			changed := s.edit(api, delivery, "")
			changed[event] = s.edit(event, `"name": "price"`, `"name": "trade_price"`)[event]
			s.Repo.Commit("cleanup", "Drop estimatedDelivery, rename price", "olivia", changed)
			s.Pull = s.Repo.OpenPull(githubtest.Pull{
				Title: "Clean up orders and trades", Author: "olivia", HeadRef: "cleanup",
				Body: "Nobody seems to use estimatedDelivery, and trade_price says better what it is.",
			})
		},
		conclusion: "action_required",
		title:      "2 changes need approval by acme/notifications, acme/billing",
		open:       2,
		asked:      []string{"billing", "notifications"},
	},
	{
		Says:       "nina of acme/notifications approves",
		do:         func(s *Scene) { s.Repo.Review(s.Pull, "nina", "APPROVED", "We can live without it.") },
		conclusion: "action_required",
		title:      "1 change needs approval by acme/billing",
		open:       1,
		asked:      []string{"billing", "notifications"},
	},
	{
		Says: "bert of acme/billing approves",
		do: func(s *Scene) {
			s.Repo.Review(s.Pull, "bert", "APPROVED", "We read both names since Monday.")
		},
		conclusion: "success",
		title:      "2 changes approved by everyone who is hit",
		asked:      []string{"billing", "notifications"},
	},
	{
		Says: "olivia pushes a line to the README: the approvals hold",
		do: func(s *Scene) {
			s.Repo.Push("cleanup", "Say where the events go", "olivia",
				map[string]string{"README.md": "# Orders\n\nTrades go to the topic trades.\n"})
		},
		conclusion: "success",
		title:      "2 changes approved by everyone who is hit",
		asked:      []string{"billing", "notifications"},
	},
	{
		Says:   "olivia also removes sku from the items: only acme/notifications reads it and is asked again",
		Breaks: true,
		do: func(s *Scene) {
			s.Repo.Push("cleanup", "Drop sku", "olivia",
				s.edit(api, append([]string{delivery, ""}, sku...)...))
		},
		conclusion: "action_required",
		title:      "1 change needs approval by acme/notifications",
		open:       1,
		asked:      []string{"billing", "notifications", "notifications"},
	},
	{
		Says:       "nina approves that, too",
		do:         func(s *Scene) { s.Repo.Review(s.Pull, "nina", "APPROVED", "") },
		conclusion: "success",
		title:      "3 changes approved by everyone who is hit",
		asked:      []string{"billing", "notifications", "notifications"},
	},
}

// Play takes a step and waits until the pull request has the expected state.
func (s *Scene) Play(ctx context.Context, step Step) error {
	step.do(s)
	if head := s.Repo.Pull(s.Pull).Head; !slices.Contains(s.Heads, head) {
		s.Heads = append(s.Heads, head)
	}
	if err := s.GitHub.Wait(ctx, func() bool { return s.mismatch(step) == "" }); err != nil {
		return fmt.Errorf("%s: %s", step.Says, s.mismatch(step))
	}
	return nil
}

// mismatch says what differs from the state that the step expects, "" if
// nothing does.
func (s *Scene) mismatch(step Step) string {
	check, ok := s.Check()
	asked := s.Asked()
	slices.Sort(asked)
	switch {
	case !ok:
		return "there is no check on the head"
	case check.Status != "completed" || check.Conclusion != step.conclusion || check.Title != step.title:
		return fmt.Sprintf("the check is %s %s (%s), want %s (%s)", check.Status, check.Conclusion,
			check.Title, step.conclusion, step.title)
	case len(s.Repo.ReviewComments(s.Pull)) != step.open:
		return fmt.Sprintf("%d comments on lines, want %d", len(s.Repo.ReviewComments(s.Pull)), step.open)
	case !slices.Equal(asked, step.asked):
		return fmt.Sprintf("asked were %v, want %v", asked, step.asked)
	}
	return ""
}

// Check returns the newest check run on the head of the pull request.
func (s *Scene) Check() (githubtest.CheckRun, bool) {
	return s.Repo.Check(s.Repo.Pull(s.Pull).Head, checks.Name)
}

// Asked lists the teams that were asked for a review, once for each time.
func (s *Scene) Asked() []string {
	var teams []string
	for _, request := range s.Repo.Timeline(s.Pull) {
		teams = append(teams, request.Team)
	}
	return teams
}
