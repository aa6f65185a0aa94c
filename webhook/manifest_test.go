package webhook_test

import (
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"

	"github.com/assent-dev/assent/github/githubtest"
	"github.com/assent-dev/assent/webhook"
)

// TestManifest compares app.yml with the code. An event that is handled but not
// subscribed to would never come, and a permission that githubtest grants but
// the manifest does not ask for would only fail in production.
func TestManifest(t *testing.T) {
	data, err := os.ReadFile("../app.yml")
	if err != nil {
		t.Fatal(err)
	}
	var manifest struct {
		Name           string            `yaml:"name"`
		Description    string            `yaml:"description"`
		URL            string            `yaml:"url"`
		Public         bool              `yaml:"public"`
		HookAttributes map[string]any    `yaml:"hook_attributes"`
		Permissions    map[string]string `yaml:"default_permissions"`
		Events         []string          `yaml:"default_events"`
	}
	if err := yaml.Load(data, &manifest, yaml.WithKnownFields()); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(webhook.Events(), manifest.Events); d != "" {
		t.Errorf("events (- handled, + subscribed):\n%s", d)
	}
	if d := cmp.Diff(githubtest.Permissions(), manifest.Permissions); d != "" {
		t.Errorf("permissions (- granted in tests, + asked for):\n%s", d)
	}
	if got := manifest.Permissions["contents"]; got != "read" {
		t.Errorf("contents: %s, want read: assent never writes to a repository", got)
	}
}
