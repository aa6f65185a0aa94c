package store_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/assent-dev/assent/store"
)

func TestStopWaitsForTheHandler(t *testing.T) {
	f := open(t)
	c := newCalls()
	stop := f.work(1, c.handle)
	f.dirty("pull/7", "pull/8") // one worker: the second waits
	l := next(t, c.began)
	stopped := make(chan struct{})
	go func() { stop(); close(stopped) }()
	f.dirty(l.Key)
	c.answer <- nil
	next(t, stopped)
	if got := f.row(l.Key); got.Done != 1 || got.Attempts != 0 {
		t.Errorf("the row is %+v, want generation 1 done", got)
	}
	if n := f.count(`SELECT count(*) FROM river_job WHERE state = 'available'`); n != 2 {
		t.Errorf("%d jobs wait for the next start, want 2", n)
	}
}

func TestStopInterruptsAHandlerThatDoesNotEnd(t *testing.T) {
	pace := quick
	pace.Drain = 10 * time.Millisecond
	f := open(t, store.WithPace(pace))
	c := newCalls()
	stop := f.work(1, c.handle)
	f.dirty("pull/7")
	next(t, c.began)
	stop()
	if got := f.row("pull/7"); got.Done != 0 || got.Attempts != 0 {
		t.Errorf("the row is %+v, want not done and no attempt counted", got)
	}
	f.work(1, c.handle)
	next(t, c.began)
	c.answer <- nil
}

// victim works on the database until it is killed. It prints a line when its
// handler runs.
func victim(path string) error {
	ctx := context.Background()
	s, err := store.Open(ctx, path, store.WithPace(quick), store.WithLogger(silent()))
	if err != nil {
		return err
	}
	return s.Work(ctx, 1, func(ctx context.Context, l *store.Lease) error {
		fmt.Println("running")
		<-ctx.Done()
		return ctx.Err()
	})
}

func startVictim(t *testing.T, path string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "STORE_TEST_VICTIM="+path)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { kill(cmd) })
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if lines.Text() == "running" {
			return cmd
		}
	}
	t.Fatal("the other process did not start to work")
	return nil
}

// kill sends SIGKILL and waits for the process to end.
func kill(cmd *exec.Cmd) {
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
}

func TestKilledProcessLosesNothing(t *testing.T) {
	path := filepath.Join(t.TempDir(), "assent.db")
	before := reopen(t, path)
	d := store.Delivery{GUID: "g1", Event: "pull_request", Received: time.Now()}
	if _, err := before.Deliver(before.ctx, d, lane("pull/7")); err != nil {
		t.Fatal(err)
	}
	before.dirty("pull/8")
	if err := before.Close(); err != nil {
		t.Fatal(err)
	}

	kill(startVictim(t, path))

	after := reopen(t, path)
	leases := make(chan *store.Lease)
	started := time.Now()
	after.work(2, func(ctx context.Context, l *store.Lease) error {
		leases <- l
		return nil
	})
	attempts := map[store.Key]int{}
	for range 2 {
		l := next(t, leases)
		attempts[l.Key] = l.Attempt
	}
	if took := time.Since(started); took > 2*time.Second {
		t.Errorf("the lanes ran after %v, want within 2 s", took)
	}
	if attempts["pull/7"] != 2 || attempts["pull/8"] != 1 {
		t.Errorf("attempts %v, want the killed one counted", attempts)
	}
	if n := after.count(`SELECT count(*) FROM delivery`); n != 1 {
		t.Errorf("%d deliveries, want 1", n)
	}
}

func TestProcessThatDiesInEveryAttempt(t *testing.T) {
	path := filepath.Join(t.TempDir(), "assent.db")
	f := reopen(t, path)
	f.dirty("pull/7")
	f.exec(`UPDATE lane SET attempts = 7`)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	kill(startVictim(t, path))

	f = reopen(t, path)
	c := newCalls()
	stop := f.work(1, c.handle)
	if l := next(t, c.began); l.Key != "pull/7" || !l.Died {
		t.Errorf("after 8 attempts %s begins (died: %v), want to be told of pull/7", l.Key, l.Died)
	}
	c.answer <- errors.New("this cannot be told either")
	stop()
	f.dirty("pull/9")
	f.work(1, c.handle)
	if l := next(t, c.began); l.Key != "pull/9" {
		t.Errorf("%s runs again after it was given up", l.Key)
	}
	c.answer <- nil
	if got := f.row("pull/7"); got.Dead != 1 || got.Error == "" {
		t.Errorf("the row is %+v, want dead with a reason", got)
	}
}

func TestSecondProcessIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "assent.db")
	s := reopen(t, path)
	s.dirty("pull/7")
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	other := startVictim(t, path)
	if _, err := store.Open(t.Context(), path); !errors.Is(err, store.ErrInUse) {
		t.Errorf("Open beside another process: %v, want ErrInUse", err)
	}
	kill(other)
	again := reopen(t, path)
	if _, err := store.Open(t.Context(), path); !errors.Is(err, store.ErrInUse) {
		t.Errorf("Open twice in one process: %v, want ErrInUse", err)
	}
	again.dirty("pull/8")
}
