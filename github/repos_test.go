package github_test

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/github"
	"github.com/assent-dev/assent/github/githubtest"
)

func TestRepositoryIsFoundByIDAfterRename(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	w.shop.Rename("store")
	byID := must(w.client.Repo(w.ctx, w.shop.ID))(w)
	byOldName := must(w.client.RepoByName(w.ctx, "acme", "shop"))(w)
	want := github.Repository{
		Repo: github.Repo{
			Installation: w.shop.Installation,
			ID:           w.shop.ID,
			Owner:        "acme",
			Name:         "store",
		},
		DefaultBranch: "main", Visibility: "private",
	}
	if diff := cmp.Diff([]github.Repository{want, want}, []github.Repository{byID, byOldName}); diff != "" {
		t.Error(diff)
	}
	if s := byID.String(); s != "acme/store" {
		t.Errorf("String() = %q", s)
	}
	// a caller who still has the old name is led to the new one
	if _, err := w.client.Branch(w.ctx, w.repo, "main"); err != nil {
		t.Error(err)
	}
	if _, err := w.client.Repo(w.ctx, 1); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("unknown repository: %v", err)
	}
}

func TestRepositoriesOfAllPages(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	w.hub.AddOrg("other")
	w.hub.AddRepo("other", "theirs")
	for i := range 101 {
		w.hub.AddRepo("acme", fmt.Sprintf("r%d", i))
	}
	if got := must(w.client.Repositories(w.ctx))(w); len(got) != 102 || got[101].Name != "r100" {
		t.Errorf("got %d repositories, want the 102 of this installation", len(got))
	}
}

func TestTagsOfAllPages(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	first := w.shop.Branch("main")
	for i := range 101 {
		w.shop.Tag(fmt.Sprintf("v%03d", i), "main")
	}
	tip := w.shop.Push("main", "meanwhile", "bob", map[string]string{"b.txt": "b"})
	w.shop.Tag("v100", "main")
	got := must(w.client.Tags(w.ctx, w.repo))(w)
	if len(got) != 101 || got[0] != (github.Tag{Name: "v000", Commit: first}) ||
		got[100] != (github.Tag{Name: "v100", Commit: tip}) {
		t.Errorf("got %d tags, from %v", len(got), got)
	}
}

func TestBranchTipMovesWhilePullRequestBaseLags(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	n := w.open("feature/one", map[string]string{"new.txt": "x"})
	was := w.shop.Branch("main")
	tip := w.shop.Push("main", "meanwhile", "bob", map[string]string{"b.txt": "b"})
	if got := must(w.client.Branch(w.ctx, w.repo, "main"))(w); got != tip {
		t.Errorf("tip %s, want %s", got, tip)
	}
	pr := must(w.client.PullRequest(w.ctx, w.repo, n))(w)
	if pr.Base != was {
		t.Errorf("base %s, want that of the opening", pr.Base)
	}
	if got := must(w.client.Compare(w.ctx, w.repo, tip, pr.Head))(w).MergeBase; got != was {
		t.Errorf("merge base %s, want %s", got, was)
	}
	if got := must(w.client.Branch(w.ctx, w.repo, "feature/one"))(w); got != pr.Head {
		t.Errorf("branch with a slash: %s", got)
	}
	if _, err := w.client.Branch(w.ctx, w.repo, "gone"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing branch: %v", err)
	}
}

func TestCommitsBeyondThePullRequestList(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	base := w.shop.Branch("main")
	var stream strings.Builder // one process for all
	for i := range 260 {
		author := "ann"
		if i == 0 {
			author = "eve" // hides behind 250 commits
		}
		fmt.Fprintf(&stream, "commit refs/heads/long\ncommitter %[1]s <%[1]s@users.noreply.github.test> "+
			"%[2]d +0000\n", author, i)
		fmt.Fprintf(&stream, "data <<END\ncommit %d\nEND\n", i)
		if i == 0 {
			fmt.Fprintf(&stream, "from %s\n", base)
		}
	}
	w.fastImport(stream.String())
	first := must(w.client.Compare(w.ctx, w.repo, base, w.shop.Branch("long")))(w)
	if first.Total != 260 || len(first.Commits) != 100 {
		t.Errorf("the first answer has %d commits of %d", len(first.Commits), first.Total)
	}
	got := must(w.client.CommitsBetween(w.ctx, w.repo, base, w.shop.Branch("long")))(w)
	if len(got) != 260 {
		t.Fatalf("got %d commits, want 260", len(got))
	}
	if got[0].Author != "eve" || got[0].Committer != "eve" || got[259].Author != "ann" {
		t.Errorf("authors %+v, %+v", got[0], got[259])
	}
	if !strings.HasPrefix(got[0].Message, "commit 0") || got[259].SHA != w.shop.Branch("long") {
		t.Errorf("order: %+v", got[0])
	}
}

func TestCompareInOneRequest(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	left := w.shop.Branch("main")
	w.shop.Commit("fix", "one", "ann", map[string]string{"a": "1"})
	head := w.shop.Commit("fix", "two", "bob", map[string]string{"a": "2"})
	tip := w.shop.Commit("main", "meanwhile", "ann", map[string]string{"b": "b"})
	calls := w.calls(func() {
		got := must(w.client.Compare(w.ctx, w.repo, tip, head))(w)
		if got.MergeBase != left || got.Total != 2 || len(got.Commits) != 2 ||
			got.Commits[0].Message != "one" || got.Commits[1].SHA != head {
			t.Errorf("got %+v", got)
		}
	})
	if len(calls) != 1 || calls["/repos/{owner}/{repo}/compare/{basehead}"] != 1 {
		t.Errorf("calls %v", calls)
	}
	w.fastImport("commit refs/heads/orphan\ncommitter a <a@b> 0 +0000\ndata 1\nx\n")
	if _, err := w.client.Compare(w.ctx, w.repo, tip, w.shop.Branch("orphan")); !isMissing(err) {
		t.Errorf("no common ancestor: %v", err)
	}
}

func TestMergeGroupLeadsToItsPullRequests(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	one := w.open("one", map[string]string{"1": "1"})
	two := w.open("two", map[string]string{"2": "2"})
	base, head := w.shop.MergeGroup(one, two)
	members := map[int]bool{}
	for _, c := range must(w.client.CommitsBetween(w.ctx, w.repo, base, head))(w) {
		for _, p := range must(w.client.PullsOf(w.ctx, w.repo, c.SHA))(w) {
			members[p.Number] = true
		}
	}
	if diff := cmp.Diff(map[int]bool{one: true, two: true}, members); diff != "" {
		t.Error(diff)
	}
}

func TestCommitsOfAFile(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	first := w.shop.Branch("main")
	second := w.shop.Push("main", "orders", "bob", map[string]string{"api/orders.yaml": "two\n"})
	last := w.shop.Push("main", "words", "bob", map[string]string{"README.md": "bye\n"})
	for _, test := range []struct {
		file string
		most int
		want []string
	}{
		{"api/orders.yaml", 10, []string{second, first}},
		{"api/orders.yaml", 1, []string{second}},
		{"README.md", 10, []string{last, first}},
		{"nothing", 10, nil},
	} {
		var got []string
		for _, c := range must(w.client.CommitsOf(w.ctx, w.repo, last, test.file, test.most))(w) {
			got = append(got, c.SHA)
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%s, %d (-want +got):\n%s", test.file, test.most, diff)
		}
	}
	unknown := strings.Repeat("0", 40)
	_, err := w.client.CommitsOf(w.ctx, w.repo, unknown, "README.md", 10)
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("unknown commit: %v", err)
	}
}

// TestWritesFollowRenames: GitHub redirects writes so that the body is sent
// again.
func TestWritesFollowRenames(t *testing.T) {
	w := newWorld(t, githubtest.Options{})
	n := w.open("fix", map[string]string{"a": "b"})
	w.shop.Rename("store")
	id := must(w.client.CreateComment(w.ctx, w.repo, n, "hello"))(w)
	if err := w.client.EditComment(w.ctx, w.repo, id, "bye"); err != nil {
		t.Fatal(err)
	}
	if got := w.shop.Comments(n); len(got) != 1 || got[0].Body != "bye" {
		t.Errorf("comments %+v", got)
	}
}
