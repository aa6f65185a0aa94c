package githubtest

import (
	"os"
	"path/filepath"
)

// Test is what a testing.TB offers; the package itself is linked into the demo and leaves testing out.
type Test interface {
	Helper()
	Skip(args ...any)
	Fatal(args ...any)
}

// Description returns the path of GitHub's OpenAPI description in the module's node_modules. Without it the test is
// skipped, and fails where CI is true.
func Description(t Test) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		name := filepath.Join(dir, "node_modules", "@octokit", "openapi", "generated", "api.github.com.json")
		if _, err := os.Stat(name); err == nil {
			return name
		}
		parent := filepath.Dir(dir)
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil || parent == dir {
			break
		}
		dir = parent
	}
	const missing = "GitHub's OpenAPI description is missing: run npm ci at the module's root"
	if os.Getenv("CI") == "true" {
		t.Fatal(missing)
	}
	t.Skip(missing)
	return ""
}
