package main

import (
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"

	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/diff/formats"
)

// variable is a setting in the environment.
var variable = regexp.MustCompile(`ASSENT_[A-Z_]+[A-Z]`)

func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile("../../" + file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// TestSettingsExist: what the guides and deploy/ set is what the server reads.
func TestSettingsExist(t *testing.T) {
	known := variable.FindAllString(read(t, "docs/configuration.md"), -1)
	for _, file := range []string{
		"README.md", "deploy/Dockerfile", "deploy/compose.yml", "deploy/assent.service",
	} {
		for _, name := range variable.FindAllString(read(t, file), -1) {
			if !slices.Contains(known, name) {
				t.Errorf("%s sets %s, which docs/configuration.md does not know", file, name)
			}
		}
	}
	help := newServe().Long
	for _, name := range variable.FindAllString(help, -1) {
		if !slices.Contains(known, name) {
			t.Errorf("assent serve --help names %s, which docs/configuration.md does not know", name)
		}
	}
}

// TestReadmeConfigures: the configuration that the README shows is valid as it
// stands.
func TestReadmeConfigures(t *testing.T) {
	_, rest, _ := strings.Cut(read(t, "README.md"), "```yaml\n")
	text, _, found := strings.Cut(rest, "```")
	if !found {
		t.Fatal("the README shows no configuration")
	}
	r, errs := config.Read("README.md", []byte(text), formats.All.Rules())
	for _, err := range errs {
		t.Error(err)
	}
	if len(r.Contracts) == 0 || len(r.Consumers) == 0 || len(r.Ignore) == 0 {
		t.Errorf("the README leaves out what people look for: %+v", r)
	}
}

func TestDeploymentsParse(t *testing.T) {
	for _, file := range []string{"deploy/compose.yml", ".github/workflows/ci.yml", "app.yml"} {
		var document map[string]any
		if err := yaml.Load([]byte(read(t, file)), &document); err != nil {
			t.Errorf("%s: %v", file, err)
		}
	}
}

// TestReadmeCompares: the README shows what compare prints for the files of a
// script.
func TestReadmeCompares(t *testing.T) {
	_, want, _ := strings.Cut(read(t, "cmd/assent/testdata/script/readme.txt"), "-- want --\n")
	want, _, _ = strings.Cut(want, "-- ")
	if want == "" || !strings.Contains(read(t, "README.md"),
		"$ assent compare orders-v1.yaml orders-v2.yaml\n"+want+"```") {
		t.Errorf("the README shows other than the script readme.txt wants:\n%s", want)
	}
}

// TestInvariantsAreTested: ARCHITECTURE.md names tests that exist.
func TestInvariantsAreTested(t *testing.T) {
	var tests strings.Builder
	root := os.DirFS("../..")
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == ".git"):
			return fs.SkipDir
		}
		if strings.HasSuffix(name, "_test.go") {
			data, err := fs.ReadFile(root, name)
			tests.Write(data)
			return err
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`(Test[A-Za-z]+)`").FindAllStringSubmatch(read(t, "ARCHITECTURE.md"), -1)
	if len(named) == 0 {
		t.Error("ARCHITECTURE.md names no test")
	}
	for _, m := range named {
		if !strings.Contains(tests.String(), "func "+m[1]+"(") {
			t.Errorf("ARCHITECTURE.md names %s, which does not exist", m[1])
		}
	}
}
