package githubtest

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestMergeMethods: only merge commits and squashes say which pull request they
// are of.
func TestMergeMethods(t *testing.T) {
	for method, want := range map[string][]string{
		"merge": {
			"change", "Merge pull request #1 from fix\n\nFix it", "first", "second",
			"Merge pull request #2 from more\n\nMore",
		},
		"squash": {"Fix it (#1)", "More (#2)"},
		"rebase": {"change", "first", "second"},
	} {
		t.Run(method, func(t *testing.T) {
			_, r := start(t, Options{})
			r.Commit("more", "first", "ann", map[string]string{"b": "1"})
			r.Commit("more", "second", "bob", map[string]string{"b": "2"})
			one := r.OpenPull(Pull{Title: "Fix it", Author: "ann", HeadRef: "fix"})
			two := r.OpenPull(Pull{Title: "More", Author: "ann", HeadRef: "more"})
			base, head := r.MergeGroupBy(method, one, two)
			if base != r.Branch("main") || r.Branch("gh-readonly-queue/main/pr-2-"+base) != head {
				t.Errorf("group from %s to %s", base, head)
			}
			commits, err := r.git.log(base + ".." + head)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, c := range commits {
				got = append(got, c.message)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			if tree := r.git.must("ls-tree", "--name-only", head); tree != "a.yaml\nb" {
				t.Errorf("the group has %q", tree)
			}
			entries := r.queueOf("main")
			if len(entries) != 2 || entries[0].pull != one || entries[0].base != base ||
				entries[1].base != entries[0].head || entries[1].head != head {
				t.Errorf("queue %+v", entries)
			}
			r.ClosePull(one)
			if entries := r.queueOf("main"); len(entries) != 1 {
				t.Errorf("a closed pull request is queued: %+v", entries)
			}
		})
	}
}

func TestReplicaLags(t *testing.T) {
	s, r := start(t, Options{})
	in := receive(t)
	s.Subscribe(in.URL)
	n := r.OpenPull(Pull{Title: "Fix", Author: "ann", HeadRef: "fix"})
	old := r.Pull(n).Head
	r.Lag(n)
	head := r.Push("fix", "more", "ann", map[string]string{"b": "c"})
	for _, path := range []string{"/repos/acme/shop/pulls/1", "/repos/acme/shop/pulls"} {
		if _, body, _ := ask(t, s, bearer(s, r), "GET", path, ""); !strings.Contains(body, old) ||
			strings.Contains(body, head) {
			t.Errorf("%s does not lag", path)
		}
	}
	if err := s.Settle(deadline(t)); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(in.bodies[len(in.bodies)-1]), head) {
		t.Error("the event lags")
	}
	r.CatchUp()
	_, body, _ := ask(t, s, bearer(s, r), "GET", "/repos/acme/shop/pulls/1", "")
	if !strings.Contains(body, head) {
		t.Error("it never caught up")
	}
}

func TestLockedConversation(t *testing.T) {
	s, r := start(t, Options{})
	auth := bearer(s, r)
	n := r.OpenPull(Pull{Title: "Fix", Author: "ann", HeadRef: "fix"})
	inline := `{"body":"x","path":"a.yaml","line":2,"commit_id":"` + r.Branch("fix") + `"}`
	for _, locked := range []bool{true, false} {
		want := 201
		if locked {
			r.Lock(n)
			want = 403
		}
		for path, body := range map[string]string{
			"/repos/acme/shop/issues/1/comments": `{"body":"x"}`, "/repos/acme/shop/pulls/1/comments": inline,
		} {
			if got, answer, _ := ask(t, s, auth, "POST", path, body); got != want ||
				locked && !strings.Contains(answer, "locked") {
				t.Errorf("%s, locked %t: %d %s", path, locked, got, answer)
			}
		}
		r.Unlock(n)
	}
}

func TestOldNamesRedirect(t *testing.T) {
	s, r := start(t, Options{})
	r.Rename("store")
	for method, want := range map[string]int{"GET": 301, "POST": 307, "PATCH": 307} {
		path := "/repos/acme/shop/check-runs"
		switch method {
		case "GET":
			path = "/repos/acme/shop/pulls"
		case "PATCH":
			path += "/1"
		}
		if got, _, header := ask(t, s, bearer(s, r), method, path, "{}"); got != want ||
			!strings.Contains(header.Get("Location"), "/repositories/") {
			t.Errorf("%s: %d to %s", method, got, header.Get("Location"))
		}
	}
}
