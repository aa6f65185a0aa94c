package github_test

import (
	"context"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/assent-dev/assent/github"
	"github.com/assent-dev/assent/github/githubtest"
)

// world is a GitHub with one repository and our App in it. All requests and
// answers must follow GitHub's description of its API, and queries its schema.
type world struct {
	*testing.T
	ctx    context.Context
	hub    *githubtest.Server
	shop   *githubtest.Repo
	app    *github.App
	client *github.Client
	repo   github.Repo
}

// described is a GitHub that has read its description and schema, for the others
// to share.
func described(description, schema string) (*githubtest.Server, error) {
	reading.Do(func() {
		reading.server, reading.err = githubtest.New(githubtest.Options{
			Description: description, Schema: schema,
		})
		if reading.err == nil {
			reading.err = reading.server.Close()
		}
	})
	return reading.server, reading.err
}

var reading struct {
	sync.Once
	server *githubtest.Server
	err    error
}

func newWorld(t *testing.T, opts githubtest.Options) *world {
	t.Helper()
	t.Parallel()
	first, err := described(githubtest.Description(t), githubtest.Schema(t))
	if err != nil {
		t.Fatal(err)
	}
	opts.Like = first
	hub, err := githubtest.New(opts)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(func() {
		cancel()
		if err := hub.Close(); err != nil {
			t.Error(err)
		}
		for _, v := range hub.Violations() {
			t.Errorf("against GitHub's description: %s", v)
		}
	})
	hub.AddOrg("acme")
	hub.AddUser("ann", "bob", "eve")
	shop := hub.AddRepo("acme", "shop")
	shop.Commit("main", "start", "ann", map[string]string{"api/orders.yaml": "one\n", "README.md": "hello\n"})
	app, err := github.NewApp(github.Config{AppID: hub.AppID, Key: hub.Key, BaseURL: hub.URL()})
	if err != nil {
		t.Fatal(err)
	}
	return &world{
		T: t, ctx: ctx, hub: hub, shop: shop, app: app, client: app.Installation(shop.Installation),
		repo: github.Repo{Installation: shop.Installation, ID: shop.ID, Owner: "acme", Name: "shop"},
	}
}

// open adds a pull request that changes files.
func (w *world) open(branch string, files map[string]string) int {
	w.shop.Commit(branch, "change "+branch, "ann", files)
	return w.shop.OpenPull(githubtest.Pull{Title: "Change " + branch, Author: "ann", HeadRef: branch})
}

// git runs git in the repository directly, without GitHub's API.
func (w *world) git(args ...string) string {
	w.Helper()
	return w.gitInput("", args...)
}

func (w *world) fastImport(stream string) {
	w.Helper()
	w.gitInput(stream, "fast-import", "--quiet")
}

func (w *world) gitInput(input string, args ...string) string {
	w.Helper()
	cmd := exec.CommandContext(w.ctx, "git", append([]string{"-C", w.shop.Dir()}, args...)...)
	cmd.Stdin = strings.NewReader(input)
	out, err := cmd.Output()
	if err != nil {
		w.Fatalf("git %s: %v", args[0], err)
	}
	return strings.TrimSpace(string(out))
}

func must[T any](v T, err error) func(*world) T {
	return func(w *world) T {
		w.Helper()
		if err != nil {
			w.Fatal(err)
		}
		return v
	}
}
