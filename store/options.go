package store

import (
	"cmp"
	"log/slog"
	"math/rand/v2"
	"time"
)

// maxAttempts is how often a generation is tried before it is given up.
const maxAttempts = 8

// Option changes how a Store works. The defaults are those for production.
type Option func(*options)

// Pace holds the durations of the engine. A zero field keeps its default.
type Pace struct {
	Timeout    time.Duration // of one call of the handler; 2 minutes
	Backoff    time.Duration // wait after the first failed attempt, doubled after each further one; 1 second
	BackoffMax time.Duration // where the doubling stops; 10 minutes
	// how long RetryAfter may put off a generation before snoozes count as
	// attempts; 1 hour
	Snooze    time.Duration
	Poll      time.Duration // how often due jobs are looked for; 50 milliseconds
	Sweep     time.Duration // how often dirty lanes without a job are looked for; 30 seconds
	Drain     time.Duration // how long running handlers may go on after Work was told to stop; 30 seconds
	Retention time.Duration // how long deliveries are kept; 7 days, the longest in which GitHub redelivers
}

type options struct {
	log    *slog.Logger
	now    func() time.Time
	random func() float64
	pace   Pace
}

// WithLogger sets the logger of the store and of River; the default is
// slog.Default. Payloads are never logged.
func WithLogger(l *slog.Logger) Option { return func(o *options) { o.log = l } }

// WithClock sets the clock for the times in rows: when a lane was first put
// off, how old a delivery is. River wakes lanes by the real clock.
func WithClock(now func() time.Time) Option { return func(o *options) { o.now = now } }

// WithJitter sets the source of random numbers in [0, 1) that spread the
// back-off over the upper half of its length.
func WithJitter(random func() float64) Option { return func(o *options) { o.random = random } }

// SweepInterval is how often dirty lanes without a job are looked for.
func (s *Store) SweepInterval() time.Duration { return s.o.pace.Sweep }

// WithPace sets durations, for tests and demonstrations.
func WithPace(p Pace) Option { return func(o *options) { o.pace = p } }

func newOptions(opts []Option) options {
	o := options{log: slog.Default(), now: time.Now, random: rand.Float64}
	for _, opt := range opts {
		opt(&o)
	}
	p := o.pace
	o.pace = Pace{
		Timeout:    cmp.Or(p.Timeout, 2*time.Minute),
		Backoff:    cmp.Or(p.Backoff, time.Second),
		BackoffMax: cmp.Or(p.BackoffMax, 10*time.Minute),
		Snooze:     cmp.Or(p.Snooze, time.Hour),
		Poll:       cmp.Or(p.Poll, 50*time.Millisecond),
		Sweep:      cmp.Or(p.Sweep, 30*time.Second),
		Drain:      cmp.Or(p.Drain, 30*time.Second),
		Retention:  cmp.Or(p.Retention, 7*24*time.Hour),
	}
	return o
}

// backoff returns the wait after a failed attempt, counted from 1.
func (o *options) backoff(attempt int) time.Duration {
	d := o.pace.Backoff
	for range attempt - 1 {
		if d >= o.pace.BackoffMax {
			break
		}
		d *= 2
	}
	d = min(d, o.pace.BackoffMax)
	return d/2 + time.Duration(o.random()*float64(d/2))
}
