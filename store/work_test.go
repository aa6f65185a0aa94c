package store_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/assent-dev/assent/store"
)

func TestManyEventsFewRuns(t *testing.T) {
	const lanes, each = 10, 150
	f := open(t)
	var busy [lanes]atomic.Int32
	var runs atomic.Int32
	settled := make(chan int64, lanes)
	f.work(8, func(ctx context.Context, l *store.Lease) error {
		if n := busy[l.RepoID].Add(1); n != 1 {
			t.Errorf("%d handlers of lane %d at once", n, l.RepoID)
		}
		defer busy[l.RepoID].Add(-1)
		runs.Add(1)
		if l.Generation == each {
			settled <- l.RepoID
		}
		return nil
	})

	var events sync.WaitGroup
	work := make(chan int64)
	for range 4 {
		events.Go(func() {
			for repo := range work {
				if err := f.Dirty(f.ctx, store.Lane{
					Installation: 1,
					RepoID:       repo,
					Key:          "pull/7",
				}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	for i := range lanes * each {
		work <- int64(i % lanes)
	}
	close(work)
	events.Wait()

	newest := map[int64]bool{}
	for range lanes {
		newest[next(t, settled)] = true
	}
	if len(newest) != lanes {
		t.Errorf("only %d lanes saw their newest generation", len(newest))
	}
	if n := runs.Load(); n >= lanes*each {
		t.Errorf("%d runs for %d events: nothing was coalesced", n, lanes*each)
	}
}

func TestNothingIsDirtyAfterTheDrain(t *testing.T) {
	f := open(t)
	c := newCalls()
	stop := f.work(2, c.handle)
	f.dirty("pull/1", "pull/2")
	next(t, c.began)
	next(t, c.began)
	go func() { c.answer <- nil; c.answer <- nil }()
	stop()
	if n := f.count(`SELECT count(*) FROM lane WHERE generation > done`); n != 0 {
		t.Errorf("%d lanes are dirty after their handlers returned", n)
	}
	if n := f.count(`SELECT count(*) FROM river_job WHERE state <> 'completed'`); n != 0 {
		t.Errorf("%d jobs are left", n)
	}
}

func TestEventDuringARun(t *testing.T) {
	f := open(t)
	c := newCalls()
	f.work(2, c.handle)
	f.dirty("pull/7")
	first := next(t, c.began)
	if err := first.Verify(f.ctx); err != nil {
		t.Errorf("a fresh lease: %v", err)
	}
	f.dirty("pull/7")
	f.dirty("pull/7")
	if err := first.Verify(f.ctx); !errors.Is(err, store.ErrStale) {
		t.Errorf("after an event the lease says %v, want ErrStale", err)
	}
	c.answer <- store.ErrStale
	second := next(t, c.began)
	if second.Generation != 3 || second.Attempt != 1 || second.Epoch <= first.Epoch {
		t.Errorf("the second run is %+v, want generation 3, attempt 1, a higher epoch", second)
	}
	if err := second.Verify(f.ctx); err != nil {
		t.Errorf("the newest lease: %v", err)
	}
	c.answer <- nil
}

func TestStaleLeaseSavesNothing(t *testing.T) {
	f := open(t)
	c := newCalls()
	f.work(1, c.handle)
	f.dirty("pull/7")
	l := next(t, c.began)
	f.dirty("pull/7")
	d := store.Decision{RepoID: 2, Key: "pull/7", Head: "abc", Open: true, Body: []byte(`{}`)}
	if err := f.SaveDecision(f.ctx, l, d, lane("head/abc")); !errors.Is(err, store.ErrStale) {
		t.Errorf("SaveDecision: %v, want ErrStale", err)
	}
	if err := f.SavePublished(f.ctx, l, store.Published{RepoID: 2, Head: "abc"}); !errors.Is(err,
		store.ErrStale) {
		t.Errorf("SavePublished: %v, want ErrStale", err)
	}
	if _, err := f.Decision(f.ctx, 2, "pull/7"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a stale decision was saved: %v", err)
	}
	if n := f.count(`SELECT count(*) FROM lane WHERE key = 'head/abc'`); n != 0 {
		t.Error("a stale lease dirtied another lane")
	}
	c.answer <- store.ErrStale
	next(t, c.began)
	c.answer <- nil
}

func TestLeaseOfAnEarlierWorkerIsStale(t *testing.T) {
	f := open(t)
	c := newCalls()
	f.work(1, c.handle)
	f.dirty("pull/7")
	l := next(t, c.began)
	f.exec(`UPDATE lane SET epoch = epoch + 1`)
	if err := l.Verify(f.ctx); !errors.Is(err, store.ErrStale) {
		t.Errorf("Check: %v, want ErrStale", err)
	}
	c.answer <- nil
}

func TestRedelivery(t *testing.T) {
	f := open(t)
	d := store.Delivery{GUID: "g1", Event: "pull_request", Body: []byte(`{"a":1}`), Received: time.Now()}
	for i, want := range []bool{true, false} {
		fresh, err := f.Deliver(f.ctx, d, lane("pull/7"))
		if err != nil || fresh != want {
			t.Errorf("delivery %d: fresh %v, %v; want %v", i+1, fresh, err, want)
		}
	}
	if n := f.count(`SELECT count(*) FROM delivery`); n != 1 {
		t.Errorf("%d deliveries are stored, want 1", n)
	}
	if got := f.row("pull/7").Generation; got != 2 {
		t.Errorf("generation %d after a redelivery, want 2", got)
	}
}

func TestRerunIsAskedUntilAGenerationThatKnewOfItCompletes(t *testing.T) {
	f := open(t)
	c := newCalls()
	f.work(1, c.handle)
	asked := func(guid string) {
		t.Helper()
		d := store.Delivery{GUID: guid, Received: time.Now(), Rerun: true}
		if _, err := f.Deliver(f.ctx, d, lane("head/abc")); err != nil {
			t.Fatal(err)
		}
	}
	expect := func(when string, rerun bool) {
		t.Helper()
		if l := next(t, c.began); l.Rerun != rerun {
			t.Errorf("%s: Rerun is %v, want %v", when, l.Rerun, rerun)
		}
	}
	f.dirty("head/abc")
	expect("at first", false)
	asked("g1")
	c.answer <- nil
	expect("asked during a run", true)
	c.answer <- errBoom
	expect("after a failure", true)
	f.dirty("head/abc")
	c.answer <- nil
	expect("once a generation that knew of it completed", false)
	c.answer <- nil
}

func TestRetryAfterIsNotAnAttempt(t *testing.T) {
	f := open(t)
	c := newCalls()
	f.work(1, c.handle)
	f.dirty("pull/7")
	for i := range 12 {
		l := next(t, c.began)
		if l.Attempt != 1 || l.Last {
			t.Fatalf("after %d snoozes: attempt %d, last %v", i, l.Attempt, l.Last)
		}
		err := fmt.Errorf("fetch base: %w", later(time.Millisecond))
		if l.GivesUp(err) {
			t.Error("a snooze would end the generation")
		}
		c.answer <- err
	}
	next(t, c.began)
	c.answer <- nil
}

func TestSnoozesCountAfterAnHour(t *testing.T) {
	var minutes atomic.Int64
	start := time.Now()
	f := open(t, store.WithClock(func() time.Time {
		return start.Add(time.Duration(minutes.Load()) * time.Minute)
	}))
	c := newCalls()
	f.work(1, c.handle)
	f.dirty("pull/7")
	next(t, c.began)
	c.answer <- later(time.Millisecond)
	if l := next(t, c.began); l.Attempt != 1 {
		t.Errorf("attempt %d within the hour, want 1", l.Attempt)
	}
	minutes.Store(59)
	c.answer <- later(time.Millisecond)
	next(t, c.began)
	minutes.Store(61)
	for want := 2; want <= 8; want++ {
		c.answer <- later(time.Millisecond)
		l := next(t, c.began)
		if l.Attempt != want {
			t.Errorf("attempt %d after the hour, want %d", l.Attempt, want)
		}
		if ends := l.GivesUp(later(1)); ends != (want == 8) {
			t.Errorf("attempt %d: Ends is %v", want, ends)
		}
	}
	f.dirty("pull/7")
	c.answer <- later(time.Millisecond)
	if l := next(t, c.began); l.Attempt != 1 {
		t.Errorf("attempt %d of a new generation, want 1", l.Attempt)
	}
	c.answer <- nil
}

func TestWorkThatIsStoppedBeforeItStarts(t *testing.T) {
	f := open(t)
	ctx, cancel := context.WithCancel(f.ctx)
	cancel()
	if err := f.Work(ctx, 1, newCalls().handle); err != nil {
		t.Errorf("Work: %v, want a clean stop", err)
	}
}

func TestEightAttemptsThenDeadUntilAnEvent(t *testing.T) {
	f := open(t)
	c := newCalls()
	stop := f.work(1, c.handle)
	f.dirty("pull/7")
	for attempt := 1; attempt <= 8; attempt++ {
		l := next(t, c.began)
		if l.Attempt != attempt || l.Last != (attempt == 8) || l.GivesUp(errBoom) != l.Last {
			t.Errorf("attempt %d: got %d, last %v, ends %v", attempt, l.Attempt, l.Last, l.GivesUp(errBoom))
		}
		c.answer <- errBoom
	}
	stop()
	if got := f.row("pull/7"); got != (row{Generation: 1, Dead: 1, Attempts: 8, Error: "boom"}) {
		t.Errorf("the row of a dead generation is %+v", got)
	}
	if n := f.count(`SELECT count(*) FROM river_job WHERE state <> 'completed'`); n != 0 {
		t.Errorf("a dead generation left %d jobs", n)
	}

	f.work(1, c.handle)
	f.dirty("pull/7")
	if l := next(t, c.began); l.Attempt != 1 || l.Generation != 2 {
		t.Errorf("revived as generation %d, attempt %d; want 2, 1", l.Generation, l.Attempt)
	}
	c.answer <- nil
}

func TestEventMakesAWaitingRetryDue(t *testing.T) {
	slow := quick
	slow.Backoff, slow.BackoffMax = time.Hour, time.Hour
	for name, failure := range map[string]error{"back-off": errBoom, "snooze": later(time.Hour)} {
		t.Run(name, func(t *testing.T) {
			f := open(t, store.WithPace(slow))
			c := newCalls()
			stop := f.work(1, c.handle)
			f.dirty("pull/7")
			next(t, c.began)
			c.answer <- failure
			stop() // the retry is scheduled once the drain is over
			f.work(1, c.handle)
			f.dirty("pull/7")
			if l := next(t, c.began); l.Attempt != 1 {
				t.Errorf("attempt %d, want 1", l.Attempt)
			}
			c.answer <- nil
		})
	}
}

func TestEventJustAfterAFailureIsNotPutOff(t *testing.T) {
	slow := quick
	slow.Backoff, slow.BackoffMax = time.Hour, time.Hour
	f := open(t, store.WithPace(slow))
	c := newCalls()
	f.work(1, c.handle)
	f.dirty("pull/7")
	next(t, c.began)
	c.answer <- errBoom
	f.dirty("pull/7") // somewhere between the handler's return and the job's next state
	next(t, c.began)
	c.answer <- nil
}

func TestPanicIsAnAttempt(t *testing.T) {
	f := open(t)
	began := make(chan int)
	f.work(1, func(ctx context.Context, l *store.Lease) error {
		began <- l.Attempt
		if l.Attempt == 1 {
			panic("at the disco")
		}
		return nil
	})
	f.dirty("pull/7")
	next(t, began)
	if got := next(t, began); got != 2 {
		t.Errorf("attempt %d after a panic, want 2", got)
	}
}

func TestTimeoutIsAnAttempt(t *testing.T) {
	pace := quick
	pace.Timeout = 20 * time.Millisecond
	f := open(t, store.WithPace(pace))
	began := make(chan int)
	f.work(1, func(ctx context.Context, l *store.Lease) error {
		began <- l.Attempt
		if l.Attempt == 1 {
			<-ctx.Done()
			return ctx.Err()
		}
		return nil
	})
	f.dirty("pull/7")
	next(t, began)
	if got := next(t, began); got != 2 {
		t.Errorf("attempt %d after a time-out, want 2", got)
	}
}

func TestSweepRestoresALostJob(t *testing.T) {
	f := open(t)
	f.dirty("pull/7")
	if n := f.exec(`DELETE FROM river_job`); n != 1 {
		t.Fatalf("deleted %d jobs, want 1", n)
	}
	c := newCalls()
	f.work(1, c.handle)
	next(t, c.began)
	c.answer <- nil
}

func TestJobDeletedDuringItsRun(t *testing.T) {
	f := open(t)
	c := newCalls()
	stop := f.work(1, c.handle)
	f.dirty("pull/7")
	next(t, c.began)
	f.exec(`DELETE FROM river_job`)
	c.answer <- nil
	stop()
	if got := f.row("pull/7"); got.Done != 1 {
		t.Errorf("the row is %+v, want done", got)
	}
}

func TestOldDeliveriesAreDropped(t *testing.T) {
	f := open(t)
	now := time.Now()
	for guid, age := range map[string]time.Duration{"young": 6 * 24 * time.Hour, "old": 8 * 24 * time.Hour} {
		if _, err := f.Deliver(f.ctx, store.Delivery{GUID: guid, Received: now.Add(-age)}); err != nil {
			t.Fatal(err)
		}
	}
	c := newCalls()
	f.work(1, c.handle)
	f.dirty("pull/7")
	next(t, c.began) // the first sweep is part of the start
	c.answer <- nil
	if n := f.count(`SELECT count(*) FROM delivery WHERE guid = 'young'`); n != 1 {
		t.Error("a delivery of six days was dropped")
	}
	if n := f.count(`SELECT count(*) FROM delivery WHERE guid = 'old'`); n != 0 {
		t.Error("a delivery of eight days was kept")
	}
}

// What an event said of the head is kept until the work is done, and not longer: the
// next cause may be about another head.
func TestHeadOfALane(t *testing.T) {
	f := open(t)
	c := newCalls()
	stop := f.work(1, c.handle)
	announce := func(head string) {
		t.Helper()
		lane := store.Lane{Installation: 1, RepoID: 2, Owner: "acme", Name: "shop", Key: "pull/7", Head: head}
		if err := f.Dirty(f.ctx, lane); err != nil {
			t.Fatal(err)
		}
	}
	wants := func(head string, answer error) {
		t.Helper()
		if l := next(t, c.began); l.Head != head {
			t.Errorf("the head is %q, want %q", l.Head, head)
		}
		c.answer <- answer
	}
	announce("abc")
	wants("abc", errors.New("not now"))
	wants("abc", nil)
	stop() // it has recorded that by then
	f.work(1, c.handle)
	announce("")
	wants("", nil)
}
