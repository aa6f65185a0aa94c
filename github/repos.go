package github

import (
	"context"
	"fmt"

	gh "github.com/google/go-github/v66/github"
)

// Repo identifies a repository. Its ID survives renames and transfers; the
// paths of the API contain Owner and Name.
type Repo struct {
	Installation, ID int64
	Owner, Name      string
}

func (r Repo) String() string { return r.Owner + "/" + r.Name }

// Repository is a repository and its settings.
type Repository struct {
	Repo
	DefaultBranch string
	Visibility    string // public, private or internal
	Archived      bool
}

// Commit is a commit with its accounts. Author and Committer are logins, empty
// if GitHub does not know the e-mail address.
type Commit struct {
	SHA, Message, Author, Committer string
	// UpdatesBranch says that GitHub itself merged another branch into this one, as
	// the button "Update branch" does. The author only pressed it.
	UpdatesBranch bool
}

// webFlow is the account in whose name GitHub commits, and signs.
const webFlow = "web-flow"

// Repo returns the repository with its present name.
func (c *Client) Repo(ctx context.Context, id int64) (Repository, error) {
	r, _, err := c.rest.Repositories.GetByID(ctx, id)
	return c.repository(r), wrap(ctx, err, "repository %d", id)
}

// RepoByName returns the repository with a name. An old name leads to the
// renamed repository.
func (c *Client) RepoByName(ctx context.Context, owner, name string) (Repository, error) {
	r, _, err := c.rest.Repositories.Get(ctx, owner, name)
	return c.repository(r), wrap(ctx, err, "repository %s/%s", owner, name)
}

// Repositories lists all repositories that the installation may read.
func (c *Client) Repositories(ctx context.Context) ([]Repository, error) {
	found, err := allPages(func(o gh.ListOptions) ([]*gh.Repository, *gh.Response, error) {
		page, resp, err := c.rest.Apps.ListRepos(ctx, &o)
		if err != nil {
			return nil, resp, err
		}
		return page.Repositories, resp, nil
	})
	return convert(found, c.repository), wrap(ctx, err, "repositories of installation %d", c.installation)
}

func (c *Client) repository(r *gh.Repository) Repository {
	return Repository{
		Repo: Repo{
			Installation: c.installation,
			ID:           r.GetID(),
			Owner:        r.GetOwner().GetLogin(),
			Name:         r.GetName(),
		},
		DefaultBranch: r.GetDefaultBranch(),
		Visibility:    r.GetVisibility(),
		Archived:      r.GetArchived(),
	}
}

// Branch returns the commit at the tip of a branch. The base SHA of a pull
// request may be older.
func (c *Client) Branch(ctx context.Context, repo Repo, branch string) (sha string, err error) {
	ref, _, err := c.rest.Git.GetRef(ctx, repo.Owner, repo.Name, "heads/"+branch)
	return ref.GetObject().GetSHA(), wrap(ctx, err, "branch %s of %s", branch, repo)
}

// Tag is a name for a commit.
type Tag struct{ Name, Commit string }

// Tags lists the tags of a repository.
func (c *Client) Tags(ctx context.Context, repo Repo) ([]Tag, error) {
	found, err := allPages(func(o gh.ListOptions) ([]*gh.RepositoryTag, *gh.Response, error) {
		return c.rest.Repositories.ListTags(ctx, repo.Owner, repo.Name, &o)
	})
	tags := convert(found, func(t *gh.RepositoryTag) Tag { return Tag{t.GetName(), t.GetCommit().GetSHA()} })
	return tags, wrap(ctx, err, "tags of %s", repo)
}

// Comparison is where a head left a base, and what it has since.
type Comparison struct {
	MergeBase string
	Commits   []Commit // the oldest of them, a hundred at most
	Total     int      // of the commits
}

// Compare compares two commits by one request. The answer has up to 300 files as
// well, which GitHub cannot leave out. Without a common ancestor the error is
// fs.ErrNotExist.
func (c *Client) Compare(ctx context.Context, repo Repo, base, head string) (Comparison, error) {
	cmp, _, err := c.rest.Repositories.CompareCommits(ctx, repo.Owner, repo.Name, base, head,
		&gh.ListOptions{PerPage: 100})
	if err != nil {
		return Comparison{}, wrap(ctx, err, "compare %s and %s in %s", base, head, repo)
	}
	return Comparison{
		MergeBase: cmp.GetMergeBaseCommit().GetSHA(), Commits: convert(cmp.Commits, commit),
		Total: cmp.GetTotalCommits(),
	}, nil
}

// CommitsBetween lists the commits that head has and base does not, oldest first,
// by one request for each hundred of them. Unlike GitHub's list of a pull
// request's commits, it does not stop at 250.
func (c *Client) CommitsBetween(ctx context.Context, repo Repo, base, head string) ([]Commit, error) {
	found, err := allPages(func(o gh.ListOptions) ([]*gh.RepositoryCommit, *gh.Response, error) {
		cmp, resp, err := c.rest.Repositories.CompareCommits(ctx, repo.Owner, repo.Name, base, head, &o)
		if err != nil {
			return nil, resp, err
		}
		return cmp.Commits, resp, nil
	})
	return convert(found, commit), wrap(ctx, err, "commits from %s to %s in %s", base, head, repo)
}

// CommitsOf lists the commits up to a given one that changed a file, the newest
// first, and no more than the given number, which is at most 100.
func (c *Client) CommitsOf(ctx context.Context, repo Repo, sha, file string, most int) ([]Commit, error) {
	found, _, err := c.rest.Repositories.ListCommits(ctx, repo.Owner, repo.Name, &gh.CommitsListOptions{
		SHA: sha, Path: file, ListOptions: gh.ListOptions{PerPage: most},
	})
	return convert(found, commit), wrap(ctx, err, "commits of %s up to %s in %s", file, sha, repo)
}

func commit(c *gh.RepositoryCommit) Commit {
	return Commit{
		SHA: c.GetSHA(), Message: c.GetCommit().GetMessage(),
		Author: c.GetAuthor().GetLogin(), Committer: c.GetCommitter().GetLogin(),
		UpdatesBranch: len(c.Parents) > 1 && c.GetCommitter().GetLogin() == webFlow &&
			c.GetCommit().GetVerification().GetVerified(),
	}
}

// maxPages bounds a listing at 100,000 elements.
const maxPages = 1000

// allPages returns the elements of all pages of a listing.
func allPages[T any](page func(gh.ListOptions) ([]T, *gh.Response, error)) ([]T, error) {
	var out []T
	opts := gh.ListOptions{PerPage: 100}
	for range maxPages {
		some, resp, err := page(opts)
		if err != nil {
			return nil, err
		}
		out = append(out, some...)
		if resp.NextPage == 0 {
			return out, nil
		}
		opts.Page = resp.NextPage
	}
	return nil, fmt.Errorf("more than %d pages", maxPages)
}

func convert[T, U any](in []T, f func(T) U) []U {
	out := make([]U, len(in))
	for i, v := range in {
		out[i] = f(v)
	}
	return out
}
