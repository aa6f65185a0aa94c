package app_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/assent-dev/assent/github/githubtest"
)

// fixtures are files that may be contracts by their names and are none.
func fixtures(n int, content string) map[string]string {
	files := map[string]string{}
	for i := range n {
		files[fmt.Sprintf("fixtures/%05d.json", i)] = fmt.Sprintf("{%q: %d}\n", content, i)
	}
	return files
}

// Behind any number of files, a contract that refers to what changed is found. Until
// all files are read, the check says how many are.
func TestIndexOfALargeRepository(t *testing.T) {
	referring := edit(t, orders, status, "        status: {$ref: 'zz/status.def#/Status'}\n")
	files := with(fixtures(2000, "old"), map[string]string{
		ordersFile: referring, "api/zz/status.def": "Status: {type: string}\n",
	})
	s := begin(t, files)
	said := false
	pull := s.open(map[string]string{"api/zz/status.def": "Status: {type: integer}\n"})
	s.until("the pull request is decided", func() bool {
		run := s.check(pull)
		said = said || run.Status == "in_progress" && strings.Contains(run.Title, "of 2,001 files")
		return run.Conclusion != ""
	})
	s.wants(pull, "action_required", "1 change needs approval by anyone with write access")
	if !said {
		t.Error("the check never said how far the index is")
	}
	s.idle()
	s.end()
	pace := quick
	pace.Sweep = time.Hour // which would be counted too
	s.serve(pace)
	s.idle()
	s.hub.ResetCalls()
	s.push(pull, map[string]string{"api/zz/status.def": "Status: {type: boolean}\n"})
	s.wants(pull, "action_required", "1 change needs approval")
	s.idle()
	for _, c := range s.hub.Calls() {
		if c.Count > 4 {
			t.Errorf("after a restart and a push, %d requests of %s %s", c.Count, c.Method, c.Path)
		}
	}
}

// No pull request keeps another one from its check: not by globs, not by huge files,
// not by their number.
func TestHostilePullRequestsStopNobody(t *testing.T) {
	if testing.Short() {
		t.Skip("it makes 10,000 files")
	}
	s := begin(t, shop())
	s.hub.AddUser("frank")
	globs := "version: 1\ncontracts:\n"
	for i := range 40 {
		globs += fmt.Sprintf("  - path: '%s%d.yaml'\n", strings.Repeat("**/a*/", 8), i)
	}
	deep := map[string]string{configFile: globs}
	deep[strings.Repeat("aa/", 60)+"b.yaml"] = "a: 1\n"
	huge := "openapi: 3.0.3\npaths:\n" + strings.Repeat("  /x: {get: {responses: {}}}\n", 37<<20/29)
	large := "openapi: 3.1.0\ninfo: {title: Orders, version: 1.0.0}\npaths:\n"
	for i := 0; len(large) < 4<<20; i++ {
		large += fmt.Sprintf("  /x%d: {get: {responses: {'200': {description: %s}}}}\n", i,
			strings.Repeat("x", 1000))
	}
	var peak uint64
	stop := make(chan struct{})
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		for {
			var m runtime.MemStats
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapInuse)
			select {
			case <-stop:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	for _, files := range []map[string]string{
		deep, {ordersFile: huge}, fixtures(10_000, "hostile"),
		{ordersFile: large}, {ordersFile: large + "# 2\n"}, {ordersFile: large + "# 3\n"},
		{"api/huge.json": `{"a": "` + strings.Repeat("x", 24<<20) + `"}`}, {configFile: "a: " + huge},
	} {
		s.branches++
		branch := fmt.Sprintf("fork-%d", s.branches)
		s.repo.Commit(branch, "a change", "frank", files)
		s.repo.OpenPull(githubtest.Pull{Title: "Hm", Author: "frank", HeadRef: branch, Fork: "frank"})
	}
	began := time.Now()
	honest := s.open(without(t, status))
	s.wants(honest, "action_required", "by acme/mobile")
	t.Logf("the honest pull request had its check after %v", time.Since(began).Round(time.Millisecond))
	s.idle()
	close(stop)
	<-watched
	t.Logf("at most %d MB of heap were in use, of which GitHub's part is some", peak>>20)
	if peak > 1<<30 {
		t.Error("that is more than 1 GB")
	}
	for pull := 1; pull < honest; pull++ {
		if run := s.check(pull); run.Conclusion == "" {
			t.Errorf("#%d ends without a conclusion: %s (%s)", pull, run.Status, run.Title)
		} else {
			t.Logf("#%d: %s (%s)", pull, run.Conclusion, run.Title)
		}
	}
}

// A contract that is spread over many files is read by few requests, also where
// nothing of it is cached.
func TestContractOfManyFiles(t *testing.T) {
	paths := "openapi: 3.1.0\ninfo: {title: Many, version: 1.0.0}\npaths:\n"
	files := map[string]string{configFile: "version: 1\ncontracts: [{path: api/many.yaml}]\n"}
	for i := range 700 {
		paths += fmt.Sprintf("  /p%d: {$ref: 'p%d.yaml'}\n", i, i)
		files[fmt.Sprintf("api/p%d.yaml", i)] = fmt.Sprintf(
			"get: {responses: {'200': {description: 'No. %d'}}}\n", i)
	}
	files["api/many.yaml"] = paths
	s := begin(t, files)
	s.wants(s.open(map[string]string{"README.md": "# Many\n"}), "success", "")
	s.idle()
	s.end() // what it has read is not cached from here on
	pace := quick
	pace.Sweep = time.Hour
	s.serve(pace)
	s.idle()
	s.hub.ResetCalls()
	pull := s.open(map[string]string{
		"api/p1.yaml": "post: {responses: {'200': {description: 'No. 1'}}}\n",
	})
	s.wants(pull, "action_required", "")
	s.idle()
	n := 0
	for _, c := range s.hub.Calls() {
		n += c.Count
	}
	if n > 40 {
		t.Errorf("%d requests: %v", n, s.hub.Calls())
	}
}
