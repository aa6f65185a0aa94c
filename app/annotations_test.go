package app_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/github/githubtest"
)

func TestAnnotationsAreOnTheirLines(t *testing.T) {
	s := begin(t, shop())
	api := edit(t, orders, note, "        note: {type: integer}\n", amount,
		"        amount: {type: string}\n")
	event := edit(t, trades, `"type": "double"`, `"type": "string"`)
	pull := s.open(map[string]string{ordersFile: api, tradesFile: event})
	run := s.wants(pull, "action_required", "3 changes need approval")
	want := []string{
		fmt.Sprintf("%s:%d", ordersFile, line(t, api, "note: {")),
		fmt.Sprintf("%s:%d", ordersFile, line(t, api, "amount: {")),
		fmt.Sprintf("%s:%d", tradesFile, line(t, event, `"price"`)),
	}
	got := []string{}
	for _, a := range run.Annotations {
		got = append(got, fmt.Sprintf("%s:%d", a.Path, a.StartLine))
		if a.Level != "failure" || a.EndLine < a.StartLine || a.Message == "" || a.Raw == "" {
			t.Errorf("annotation: %+v", a)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("annotations (-want +got):\n%s", diff)
	}
}

// What is removed has no line at the head: the closest that is left is marked,
// and the old line is told.
func TestRemovedElementIsAnnotatedBesideItsPlace(t *testing.T) {
	s := begin(t, shop())
	pull := s.open(without(t, status))
	run := s.wants(pull, "action_required", "acme/mobile")
	if len(run.Annotations) != 1 {
		t.Fatalf("annotations: %v", marks(run))
	}
	a := run.Annotations[0]
	after := less(t, orders, status)
	if from, to := line(t, after, "    Order:"), line(t, after, "    Invoice:"); a.Path != ordersFile ||
		a.StartLine < from || a.StartLine >= to {
		t.Errorf("the annotation is at %s:%d, want within Order, lines %d to %d", a.Path, a.StartLine, from,
			to)
	}
	if was := fmt.Sprintf("before: %s:%d\n", ordersFile,
		line(t, orders, "status: {")); !strings.Contains(a.Raw, was) {
		t.Errorf("the annotation does not say %q: %s", was, a.Raw)
	}
}

// A file that is gone has no lines; its entry in the configuration has, and the
// summary says the rest.
func TestRemovedFileIsAnnotatedAtItsEntry(t *testing.T) {
	s := begin(t, shop())
	pull := s.open(map[string]string{configFile: "# Ours\n" + settings}, tradesFile)
	run := s.wants(pull, "failure", "")
	for _, a := range run.Annotations {
		if want := 1 + line(t, settings, "- name: trades"); a.Path != configFile || a.StartLine != want {
			t.Errorf("annotation at %s:%d, want %s:%d", a.Path, a.StartLine, configFile, want)
		}
	}
	if !strings.Contains(run.Summary, "the contract was removed") || len(run.Annotations) == 0 {
		t.Errorf("annotations %v, summary: %s", marks(run), run.Summary)
	}
}

func TestRemovedFileWithoutEntryIsInTheSummary(t *testing.T) {
	s := begin(t, bare())
	pull := s.open(nil, tradesFile)
	run := s.wants(pull, "action_required", "1 change needs approval")
	if len(run.Annotations) > 0 || !strings.Contains(run.Summary, "the contract was removed") {
		t.Errorf("annotations %v, summary: %s", marks(run), run.Summary)
	}
}

// many is an API with n fields of a type.
func many(n int, kind string) string {
	var b strings.Builder
	b.WriteString("openapi: 3.1.0\ninfo: {title: Many, version: '1'}\npaths:\n  /all:\n    get:\n      " +
		"responses:\n        '200':\n" +
		"          description: all\n          content:\n            application/json:\n              " +
		"schema:\n" +
		"                type: object\n                properties:\n")
	for i := range n {
		fmt.Fprintf(&b, "                  field%03d: {type: %s}\n", i, kind)
	}
	return b.String()
}

// inOrder checks that all n fields are annotated, in order and once.
func inOrder(t *testing.T, run githubtest.CheckRun, n int) {
	t.Helper()
	lines := []int{}
	for _, a := range run.Annotations {
		lines = append(lines, a.StartLine)
	}
	want := []int{}
	for i := range n {
		want = append(want, line(t, many(n, "string"), fmt.Sprintf("field%03d:", i)))
	}
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("lines of annotations (-want +got):\n%s", diff)
	}
}

func TestManyAnnotationsComeInBatches(t *testing.T) {
	s := begin(t, map[string]string{ordersFile: many(120, "string")})
	pull := s.open(map[string]string{ordersFile: many(120, "integer")})
	s.wants(pull, "action_required", "120 changes")
	s.until("all annotations", func() bool { return len(s.check(pull).Annotations) >= 120 })
	inOrder(t, s.settled(pull), 120)
	if n := len(s.repo.CheckRuns(s.repo.Pull(pull).Head)); n != 1 {
		t.Errorf("there are %d runs, want 1", n)
	}
}

// Whatever of the answers is lost, before or after the effect, no annotation is
// sent twice and none is missing.
func TestAnnotationsResumeAfterLostAnswers(t *testing.T) {
	for name, test := range map[string]struct {
		method string
		nth    int
		after  bool
	}{
		"the first batch arrived":       {"POST", 1, true},
		"the first batch did not":       {"POST", 1, false},
		"the second batch arrived":      {"PATCH", 1, true},
		"the second batch did not":      {"PATCH", 1, false},
		"the third and last arrived":    {"PATCH", 2, true},
		"the third and last did not":    {"PATCH", 2, false},
		"the second, and once more so ": {"PATCH", -1, true},
	} {
		t.Run(name, func(t *testing.T) {
			s := begin(t, map[string]string{ordersFile: many(120, "string")})
			seen := make(chan int, 1)
			seen <- 0
			s.hub.Fail(func(r *http.Request) *githubFault {
				if r.Method != test.method || !strings.Contains(r.URL.Path, "/check-runs") {
					return nil
				}
				n := <-seen + 1
				seen <- n
				if n == test.nth || test.nth < 0 && n <= 2 {
					return &githubFault{After: test.after}
				}
				return nil
			})
			pull := s.open(map[string]string{ordersFile: many(120, "integer")})
			s.until("all annotations", func() bool { return len(s.check(pull).Annotations) >= 120 })
			run := s.settled(pull)
			inOrder(t, run, 120)
			if n := len(s.repo.CheckRuns(run.Head)); n != 1 || run.Conclusion != "action_required" {
				t.Errorf("%d runs, the check is %s", n, run.Conclusion)
			}
		})
	}
}

// Other findings are another run: annotations cannot be taken back. The same
// findings on other words are not.
func TestOtherFindingsAreAnotherRun(t *testing.T) {
	s := begin(t, shop())
	pull := s.open(without(t, status))
	first := s.wants(pull, "action_required", "acme/mobile")
	s.approve(pull, "mia")
	if run := s.wants(pull, "success", "approved"); run.ID != first.ID || len(run.Annotations) != 1 {
		t.Errorf("after the approval run %d has %v, want run %d with its one annotation", run.ID, marks(run),
			first.ID)
	}
	s.repo.Push("main", "policy", "oscar",
		map[string]string{configFile: settings +
			"ignore: [{rule: schema/property-removed, reason: agreed}]\n"})
	s.repo.Review(pull, "max", "COMMENTED", "Look again.")
	if run := s.wants(pull, "success", "No promise of a contract changed"); run.ID == first.ID ||
		len(run.Annotations) > 0 {
		t.Errorf("run %d has %v, want a new run with none", run.ID, marks(run))
	}
}

// GitHub's objection to an annotation is not the author's fault.
func TestRefusedAnnotationsChangeNoConclusion(t *testing.T) {
	s := begin(t, shop())
	refuseAnnotations(s)
	pull := s.open(without(t, status))
	run := s.wants(pull, "action_required", "acme/mobile")
	s.idle()
	if run = s.check(pull); len(run.Annotations) > 0 || run.Conclusion != "action_required" {
		t.Errorf("the check is %s with %v", run.Conclusion, marks(run))
	}
	s.approve(pull, "mia")
	s.wants(pull, "success", "approved")
}

// refuseAnnotations has GitHub answer 422 to every annotation.
func refuseAnnotations(s *scene) {
	s.hub.Fail(func(r *http.Request) *githubFault {
		if body, _ := io.ReadAll(r.Body); strings.Contains(string(body), `"annotation_level"`) {
			return &githubFault{
				Status: 422,
				Body:   `{"message": "Validation Failed", "errors": ["annotation"]}`,
			}
		}
		return nil
	})
}

// What makes a description invalid is marked where it does. It keeps nothing
// from being merged, and nobody is asked for it who uses the API.
func TestInvalidDescriptionIsAnnotated(t *testing.T) {
	const consumer = "version: 1\nconsumers: [{team: acme/mobile, contract: api/orders}]\n"
	s := begin(t, with(shop(), map[string]string{configFile: consumer}))
	invalid := edit(t, orders, "{name: id, in: path, required: true, schema: {type: string}}",
		"{name: id, in: path, schema: {type: string}}")
	run := s.wants(s.open(map[string]string{ordersFile: invalid}), "success", "")
	if len(run.Annotations) != 1 {
		t.Fatalf("annotations: %v", marks(run))
	}
	if a := run.Annotations[0]; a.Level != "warning" || a.StartLine != line(t, invalid, "    get:") ||
		!strings.Contains(a.Title, "[openapi/invalid]") {
		t.Errorf("annotation: %+v", a)
	}
}
