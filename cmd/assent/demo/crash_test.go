package demo_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/assent-dev/assent/app"
	"github.com/assent-dev/assent/checks"
	"github.com/assent-dev/assent/cmd/assent/demo"
	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/github/githubtest"
)

// settings travel to the child process in this variable; its presence makes
// the test binary a server.
const settings = "ASSENT_TEST_SETTINGS"

func TestMain(m *testing.M) {
	if text := os.Getenv(settings); text != "" {
		serve(text)
		return
	}
	os.Exit(m.Run())
}

type child struct {
	config.Server
	Key     []byte
	Secrets []string
}

func serve(text string) {
	var c child
	if err := json.Unmarshal([]byte(text), &c); err != nil {
		panic(err)
	}
	c.PrivateKey, c.WebhookSecrets = c.Key, c.Secrets
	listener, err := net.Listen("tcp", c.Listen)
	if err != nil {
		panic(err)
	}
	fmt.Println("listening")
	if err := app.Serve(context.Background(), &c.Server, listener,
		slog.New(slog.NewTextHandler(os.Stderr, nil))); err != nil {
		panic(err)
	}
}

// process is a server that can be killed and started again.
type process struct {
	settings string
	address  string
	cmd      *exec.Cmd
	output   *strings.Builder
}

func (p *process) start(t *testing.T) {
	t.Helper()
	p.output = &strings.Builder{}
	p.cmd = exec.Command(os.Args[0])
	p.cmd.Env = append(os.Environ(), settings+"="+p.settings)
	p.cmd.Stderr = p.output
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Errorf("the server does not listen: %q, %v\n%s", line, err, p.output)
	}
}

// serves waits for the first answer: the server takes connections from its
// start, and answers them once the database is open.
func (p *process) serves(t *testing.T) {
	t.Helper()
	resp, err := http.Get("http://" + p.address + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
}

func (p *process) kill(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	// The process was killed on purpose, so its status does not matter.
	_ = p.cmd.Wait()
	if strings.Contains(p.output.String(), "panic:") {
		t.Errorf("the server panicked:\n%s", p.output)
	}
}

// TestKilledAtAnyMoment plays the demo's story while the server is killed again
// and again, without warning, and started on the same database. The story must
// end the same: one check run per head and set of annotations, one comment,
// nobody asked twice. ASSENT_CRASHES=n plays it n times.
func TestKilledAtAnyMoment(t *testing.T) {
	rounds := 3
	if n, err := strconv.Atoi(os.Getenv("ASSENT_CRASHES")); err == nil {
		rounds = n
	}
	for round := range rounds {
		t.Run(strconv.Itoa(round), func(t *testing.T) {
			random := rand.New(rand.NewPCG(1, uint64(round)))
			playKilled(t, random)
		})
	}
}

func playKilled(t *testing.T, random *rand.Rand) {
	scene, err := demo.New(githubtest.Options{Description: githubtest.Description(t)})
	if err != nil {
		t.Fatal(err)
	}
	defer scene.GitHub.Close()
	p := &process{}
	p.settings, p.address = settle(t, scene)
	started := time.Now()
	p.start(t)
	p.serves(t)
	usual := time.Since(started) // the time for a start on this machine

	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	over := make(chan struct{})
	var killer sync.WaitGroup
	kills := 0
	killer.Go(func() {
		for {
			// The pause grows, so that a slow machine gets to the end too.
			pause := time.Duration(random.Int64N(int64(2*usual + 150*time.Millisecond +
				time.Duration(kills)*usual/4)))
			select {
			case <-over:
				return
			case <-time.After(pause):
			}
			p.kill(t)
			kills++
			p.start(t)
			// Deliveries that failed in the meantime are sent again.
			if scene.GitHub.Settle(ctx) == nil {
				scene.GitHub.RedeliverFailed()
			}
		}
	})
	for _, step := range demo.Story {
		if err = scene.Play(ctx, step); err != nil {
			break
		}
	}
	close(over)
	killer.Wait()
	p.kill(t)
	if err != nil {
		t.Errorf("%v\n%s", err, p.output)
	}
	t.Logf("killed %d times", kills)
	inspect(t, scene)
}

// settle chooses a port and a database, and subscribes the server to GitHub.
func settle(t *testing.T, scene *demo.Scene) (settings, address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address = listener.Addr().String()
	listener.Close()
	scene.GitHub.Subscribe("http://" + address + "/webhook")
	text, err := json.Marshal(child{
		Server: config.Server{
			Listen:   address,
			Database: filepath.Join(t.TempDir(), "assent.db"),
			GitHub:   scene.GitHub.URL(),
			AppID:    scene.GitHub.AppID,
			Workers:  4,
		},
		Key: scene.GitHub.Key, Secrets: []string{scene.GitHub.Secret},
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(text), address
}

// inspect looks for actions that were done twice.
func inspect(t *testing.T, scene *demo.Scene) {
	t.Helper()
	if v := scene.GitHub.Violations(); len(v) > 0 {
		t.Errorf("GitHub's description forbids: %v", v)
	}
	if comments := scene.Repo.Comments(scene.Pull); len(comments) != 1 {
		t.Errorf("%d comments, want the one", len(comments))
	}
	commented := 0
	for _, w := range scene.GitHub.Writes() {
		if w.Method == "POST" && strings.HasSuffix(w.Path, "/pulls/1/comments") {
			commented++
		}
	}
	if commented != 3 {
		t.Errorf("%d comments on lines were posted, want one per change", commented)
	}
	seen := map[string]bool{}
	for _, head := range scene.Heads {
		for _, run := range scene.Repo.CheckRuns(head) {
			ended := strings.HasPrefix(run.Title, checks.Ended("")) // the pull request has gone on
			if run.Name != checks.Name || run.Conclusion == "cancelled" && !ended {
				continue
			}
			key, err := json.Marshal([]any{head, run.Annotations})
			if err != nil {
				t.Fatal(err)
			}
			if seen[string(key)] {
				t.Errorf("two check runs of %s show the same annotations", head)
			}
			seen[string(key)] = true
			for i, a := range run.Annotations {
				if slices.Contains(run.Annotations[:i], a) {
					t.Errorf("run %d of %s has the annotation %v twice", run.ID, head, a)
				}
			}
		}
	}
	if len(scene.Heads) != 3 || len(seen) < 3 {
		t.Errorf("heads %v with %d runs, want a run on each of three", scene.Heads, len(seen))
	}
}
