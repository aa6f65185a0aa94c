package app_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/assent-dev/assent/github/githubtest"
)

// bomb is a small YAML document that means a billion elements.
func bomb() string {
	var b strings.Builder
	b.WriteString("openapi: 3.1.0\nx0: &x0 [lol, lol, lol, lol, lol, lol, lol, lol, lol, lol]\n")
	for i := 1; i < 10; i++ {
		fmt.Fprintf(&b, "x%d: &x%d [", i, i)
		for j := range 10 {
			if j > 0 {
				b.WriteString(", ")
			}
			fmt.Fprintf(&b, "*x%d", i-1)
		}
		b.WriteString("]\n")
	}
	return b.String() + "paths: {}\n"
}

// What cannot be compared is an error on its line, fails the check, and keeps
// nothing else from being compared.
func TestFilesThatCannotBeRead(t *testing.T) {
	deep := `{"openapi": "3.1.0", "x": ` + strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000) + "}"
	for _, test := range []struct {
		name, file, text string
		line             int // 0: any
	}{
		{"broken YAML", ordersFile, edit(t, orders, "    Order:\n", "    Order: [\n"), 0},
		{"broken JSON", "api/broken.json", "{\n  \"openapi\": \"3.1.0\",\n  \"paths\": {,}\n}", 3},
		{"a duplicate key", ordersFile, edit(t, orders, status, status+status), line(t, orders, status) + 1},
		{"Swagger 2.0", ordersFile, "swagger: '2.0'\ninfo: {title: Old, version: '1'}\npaths: {}\n", 1},
		{
			"an unknown version", ordersFile,
			"openapi: 4.0.0\ninfo: {title: New, version: '1'}\npaths: {}\n",
			1,
		},
		{
			"a reference to nothing", ordersFile,
			edit(t, orders, "{$ref: '#/components/schemas/Order'}", "{$ref: '#/components/schemas/Nothing'}"),
			13,
		},
		{
			"a reference to no file", ordersFile,
			edit(t, orders, "{$ref: '#/components/schemas/Order'}", "{$ref: 'nothing.yaml'}"),
			13,
		},
		{
			"a reference out of the repository", ordersFile,
			edit(t, orders, "{$ref: '#/components/schemas/Order'}", "{$ref: '../../../etc/passwd'}"),
			13,
		},
		{
			"a reference to another host", ordersFile,
			edit(t, orders, "{$ref: '#/components/schemas/Order'}", "{$ref: 'http://127.0.0.1:1/x.yaml'}"),
			13,
		},
		{
			"an absolute reference", ordersFile,
			edit(t, orders, "{$ref: '#/components/schemas/Order'}", "{$ref: '/etc/passwd'}"),
			13,
		},
		{"a deep document", "api/deep.json", deep, 1},
		{"a billion laughs", "api/laughs.yaml", bomb(), 0},
		{
			"a file larger than is read", "api/huge.json",
			`{"openapi": "3.1.0", "x": "` + strings.Repeat("x", 26<<20) + `"}`,
			1,
		},
		{"broken Avro", tradesFile, "{\"type\": \"record\", \"name\": \"acme.Trade\",\n \"fields\": 7}", 1},
		{"an unknown Avro type", tradesFile, edit(t, trades, `"double"`, `"acme.Nothing"`), 6},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := begin(t, bare())
			extra := map[string]string{
				"api/other.yaml": edit(t, orders, "title: Orders", "title: Others"),
				test.file:        test.text,
			}
			s.repo.Commit("main", "another", "oscar", map[string]string{"api/other.yaml": orders})
			extra["api/other.yaml"] = less(t, orders, total)
			pull := s.open(extra)
			run := s.wants(pull, "failure", "keep")
			found, compared := false, false
			for _, a := range run.Annotations {
				found = found || a.Path == test.file && a.Level == "failure" && a.Title == "cannot be read" &&
					(test.line == 0 || a.StartLine == test.line)
				compared = compared || a.Path == "api/other.yaml" && a.Level == "failure"
			}
			if !found {
				t.Errorf("no error is annotated at %s:%d: %v\n%s", test.file, test.line, marks(run),
					run.Summary)
			}
			if !compared {
				t.Errorf("the other contract is not compared: %v", marks(run))
			}
			mended := map[string]string{ordersFile: orders, tradesFile: trades, "api/other.yaml": orders}
			if mended[test.file] == "" {
				s.push(pull, mended, test.file)
			} else {
				s.push(pull, mended)
			}
			s.wants(pull, "success", "No contract changed")
		})
	}
}

// A fork's head is reviewed like any other, by the policy of the base.
func TestForkIsReviewed(t *testing.T) {
	s := begin(t, shop())
	s.hub.AddUser("fiona")
	s.repo.Commit("theirs", "change", "fiona",
		with(without(t, status), map[string]string{configFile: edit(t, settings, "acme/mobile",
			"acme/orders")}))
	pull := s.repo.OpenPull(githubtest.Pull{
		Title:   "From a fork",
		Author:  "fiona",
		HeadRef: "theirs",
		Fork:    "fiona",
	})
	s.wants(pull, "action_required", "2 changes need approval by acme/mobile")
	s.approve(pull, "fiona")
	if run := s.settled(pull); run.Conclusion != "action_required" {
		t.Errorf("the author's approval makes the check %s", run.Conclusion)
	}
	s.approve(pull, "mia")
	s.wants(pull, "success", "approved")
}

// A fork sees no more than its own tree: what its references name elsewhere is
// refused and not quoted.
func TestForkReadsNothingElse(t *testing.T) {
	s := begin(t, bare())
	secret := s.hub.AddRepo("acme", "secret")
	secret.Commit("main", "secret", "oscar", map[string]string{"key.yaml": "key: hunter2\n"})
	s.hub.AddUser("fiona")
	for i, ref := range []string{
		"../../secret/key.yaml", s.hub.URL() + "/repos/acme/secret/contents/key.yaml", "file:///etc/passwd",
		`..\\secret\\key.yaml`, "..%2f..%2fsecret/key.yaml",
	} {
		branch := fmt.Sprintf("theirs-%d", i)
		s.repo.Commit(branch, "change", "fiona",
			map[string]string{ordersFile: edit(t, orders, "'#/components/schemas/Order'", "'"+ref+"#/key'")})
		pull := s.repo.OpenPull(githubtest.Pull{
			Title:   "From a fork",
			Author:  "fiona",
			HeadRef: branch,
			Fork:    "fiona",
		})
		run := s.wants(pull, "failure", "keep")
		if text := fmt.Sprint(run); strings.Contains(text, "hunter2") || strings.Contains(text, "root:") {
			t.Errorf("%s is read: %s", ref, text)
		}
	}
}

// Text of contracts and people mentions nobody, links nowhere and breaks out of
// nothing.
func TestHostileTextIsHarmless(t *testing.T) {
	evil := "@acme/mobile <img src=x onerror=alert(1)> | `code` **b** [x](http://evil.example) <!-- \n\n" +
		"# H #1 $x$"
	quoted := fmt.Sprintf("%q", evil)
	before := edit(t, orders, status, status+"        "+quoted+": {type: string, enum: [b]}\n",
		"title: Orders", "title: "+quoted, "/invoices/{id}:",
		fmt.Sprintf("%q:", "/invoices/@acme/billing|<b>`"))
	after := edit(t, before, "enum: [b]", "enum: [b, "+quoted+"]", amount, "")
	s := begin(t, with(bare(), map[string]string{ordersFile: before}))
	s.repo.Commit("work", "change", "olivia", map[string]string{ordersFile: after})
	pull := s.repo.OpenPull(githubtest.Pull{Title: evil, Author: "olivia", HeadRef: "work"})
	run := s.wants(pull, "action_required", "")
	s.idle()
	if len(run.Annotations) < 2 {
		t.Fatalf("annotations: %v", marks(run))
	}
	texts := map[string]string{"summary": run.Summary, "comment": s.comment(pull)}
	for i, c := range s.repo.ReviewComments(pull) {
		texts[fmt.Sprintf("comment %d on a line", i)] = c.Body
	}
	for where, text := range texts {
		plain := outside(text)
		for _, bad := range []string{
			"@acme", "<img", "<b>", "[x](", "\n# H", "http://evil", "#1", "<!-- \n",
		} {
			if strings.Contains(plain, bad) {
				t.Errorf("the %s has %q outside of code:\n%s", where, bad, text)
			}
		}
	}
}

// outside returns Markdown without its code spans, as CommonMark finds them: a
// run of backticks ends at the next run of the same length.
func outside(markdown string) string {
	var out strings.Builder
	for markdown != "" {
		start := strings.IndexByte(markdown, '`')
		if start < 0 {
			return out.String() + markdown
		}
		run := len(markdown[start:]) - len(strings.TrimLeft(markdown[start:], "`"))
		fence, rest := strings.Repeat("`", run), markdown[start+run:]
		if start > 0 && markdown[start-1] == '\\' {
			out.WriteString(markdown[:start+1])
			markdown = markdown[start+1:]
			continue
		}
		end := regexp.MustCompile("(^|[^`])" + fence + "([^`]|$)").FindStringIndex(rest)
		out.WriteString(markdown[:start])
		if end == nil {
			out.WriteString(fence)
			markdown = rest
			continue
		}
		markdown = strings.TrimLeft(rest[end[0]+1:], "`")
	}
	return out.String()
}
