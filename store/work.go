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

// noRescue keeps River from giving a running job to a second worker: handlers
// have their own time-out, and Open frees the jobs of a process that died.
const noRescue = 10 * 365 * 24 * time.Hour

// interruptGrace is the time for interrupted handlers to return and for their
// lanes to be saved.
const interruptGrace = 10 * time.Second

// Handler does the work of a lane by the present state of things. It may be
// called again at any time. An error with RetryAfter() puts the lane off; for
// an hour this does not count as an attempt. All other errors, a panic and a
// time-out count as attempts and are retried with back-off. If a newer
// generation came in the meantime, no error counts, and the newer one runs at
// once.
type Handler func(ctx context.Context, l *Lease) error

// Work runs dirty lanes until ctx ends, up to a number at once, and each lane
// once at a time. When ctx ends, it starts nothing new, waits for the running
// handlers, and returns nil. The context of handlers that take longer than
// Pace.Drain ends. Only one Work may run at a time.
func (s *Store) Work(ctx context.Context, workers int, handle Handler) error {
	if err := s.sweep(ctx); err != nil && ctx.Err() == nil {
		return fmt.Errorf("sweep: %w", err)
	}
	// The end of ctx stops fetching jobs. Running handlers go on.
	running := context.WithoutCancel(ctx)
	bundle := river.NewWorkers()
	if err := river.AddWorkerSafely(bundle, &worker{store: s, handle: handle, stopping: func() bool {
		return ctx.Err() != nil
	}}); err != nil {
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
	s.o.log.Warn("handlers did not finish in time and are interrupted",
		slog.Duration("drain", s.o.pace.Drain))
	grace, cancel := context.WithTimeout(running, interruptGrace)
	defer cancel()
	return client.StopAndCancel(grace)
}

// worker runs the lanes that jobs wake.
type worker struct {
	river.WorkerDefaults[wakeUp]
	store    *Store
	handle   Handler
	stopping func() bool // whether no further run may start
}

// Work calls the handler until no newer generation came during the call. Its
// errors are those of the database; River retries such a job, and the sweep
// does if River gives up.
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

// run calls the handler with its time-out. It turns a panic into an error, so
// that the lane records it; River would recover without recording it.
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
