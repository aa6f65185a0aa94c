package githubtest

import (
	"os"
	"path/filepath"
)

// Test is a testing.TB. The package does not import testing, because it is
// linked into the demo.
type Test interface {
	Helper()
	Skip(args ...any)
	Fatal(args ...any)
}

// Description returns the path of GitHub's OpenAPI description.
func Description(t Test) string {
	t.Helper()
	return filepath.Join(installed(t, "openapi"), "generated", "api.github.com.json")
}

// Schema returns the path of GitHub's GraphQL schema.
func Schema(t Test) string {
	t.Helper()
	return filepath.Join(installed(t, "graphql-schema"), "schema.graphql")
}

// Payloads returns the files of the webhook payloads that GitHub publishes, one
// file for each version of its servers.
func Payloads(t Test) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(installed(t, "webhooks-examples"), "*", "index.json"))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// installed returns the folder of one of GitHub's npm packages in the module's
// node_modules. Without the package the test is skipped, or fails if CI is
// true.
func installed(t Test, name string) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		folder := filepath.Join(dir, "node_modules", "@octokit", name)
		if _, err := os.Stat(folder); err == nil {
			return folder
		}
		parent := filepath.Dir(dir)
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil || parent == dir {
			break
		}
		dir = parent
	}
	missing := "node_modules/@octokit/" + name + " is missing: run npm ci"
	if os.Getenv("CI") == "true" {
		t.Fatal(missing)
	}
	t.Skip(missing)
	return ""
}
