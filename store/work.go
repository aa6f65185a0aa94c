package store

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"

	"github.com/riverqueue/river"
)

// noRescue keeps River from handing a running job to a second worker: handlers
// have a time-out of their own, and the jobs of a dead process are freed when
// the next one opens the database.
const noRescue = 10 * 365 * 24 * time.Hour

// interruptGrace is what interrupted handlers get to return and have their
// lanes put back.
const interruptGrace = 10 * time.Second

// Handler does the work of a lane from the present state of things. It may be
// called again at any time. Of its errors, one with RetryAfter() puts the lane
// off without counting as an attempt (for an hour, then it counts). All others,
// a panic and a time-out count and are retried with back-off, ErrStale among
// them unless a newer generation is there: then nothing counts, and that one
// runs at once.
type Handler func(ctx context.Context, l *Lease) error

// Work runs dirty lanes, at most so many at once and each lane once at a time,
// until ctx ends. Then it starts nothing new and waits for the running
// handlers; those that take longer than Pace.Drain see their context end. It
// returns nil after such a stop. One Work runs at a time.
func (s *Store) Work(ctx context.Context, workers int, handle Handler) error {
	if err := s.sweep(ctx); err != nil && ctx.Err() == nil {
		return fmt.Errorf("sweep: %w", err)
	}
	// The handlers outlive ctx: its end stops the fetching, not them.
	running := context.WithoutCancel(ctx)
	bundle := river.NewWorkers()
	if err := river.AddWorkerSafely(bundle, &worker{store: s, handle: handle, stopping: func() bool { return ctx.Err() != nil }}); err != nil {
		return err
	}
	client, err := river.NewClient(s.driver, &river.Config{
		FetchCooldown:        min(s.o.pace.Poll, river.FetchCooldownDefault),
		FetchPollInterval:    s.o.pace.Poll,
		JobTimeout:           -1,
		Logger:               s.o.log,
		PollOnly:             true,
		Queues:               map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: workers}},
		RescueStuckJobsAfter: noRescue,
		Workers:              bundle,
	})
	if err != nil {
		return fmt.Errorf("configure the queue: %w", err)
	}
	if err := client.Start(running); err != nil {
		return fmt.Errorf("start the queue: %w", err)
	}
	var sweeper sync.WaitGroup
	sweeper.Go(func() { s.sweepUntil(ctx) })
	<-ctx.Done()
	sweeper.Wait()

	drain, cancel := context.WithTimeout(running, s.o.pace.Drain)
	defer cancel()
	if err := client.Stop(drain); !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	s.o.log.Warn("handlers did not finish in time and are interrupted", slog.Duration("drain", s.o.pace.Drain))
	grace, cancel := context.WithTimeout(running, interruptGrace)
	defer cancel()
	return client.StopAndCancel(grace)
}

// worker runs the lane that a job wakes.
type worker struct {
	river.WorkerDefaults[wakeUp]
	store    *Store
	handle   Handler
	stopping func() bool // no further run is to be started
}

// Work calls the handler until the generation it began with is still the
// newest. An error from here is one of the database; River tries such a job
// again, and the sweep does if River gives up.
func (w *worker) Work(ctx context.Context, job *river.Job[wakeUp]) error {
	for again := true; again; {
		l, err := w.store.begin(ctx, job)
		if l == nil || err != nil {
			return err
		}
		err = w.run(ctx, l)
		if err != nil && ctx.Err() != nil {
			err = errors.Join(errStopping, err)
		}
		out := w.store.judge(l, err)
		w.log(l, err, out)
		again, err = w.finish(context.WithoutCancel(ctx), job, l, out)
		if err != nil {
			return err
		}
	}
	return nil
}

// run calls the handler with its time-out. A panic is an error like others;
// River would recover from it too, but without a word to the lane.
func (w *worker) run(ctx context.Context, l *Lease) (err error) {
	ctx, cancel := context.WithTimeout(ctx, w.store.o.pace.Timeout)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			w.store.o.log.Error("handler panicked", slog.String("lane", string(l.Key)), slog.Any("panic", p),
				slog.String("stack", string(debug.Stack())))
			err = fmt.Errorf("panic: %v", p)
		}
	}()
	return w.handle(ctx, l)
}

func (w *worker) log(l *Lease, err error, out outcome) {
	if err == nil || errors.Is(err, errStopping) || errors.Is(err, ErrStale) && !out.dead {
		return
	}
	log := w.store.o.log.With(
		slog.Int64("repo", l.RepoID), slog.String("lane", string(l.Key)), slog.Int("attempt", l.Attempt),
	)
	if out.dead {
		log.Error("lane given up", slog.Any("error", err))
		return
	}
	log.Warn("lane put off", slog.Duration("wait", out.wait), slog.Any("error", err))
}
