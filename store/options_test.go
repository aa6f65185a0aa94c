package store

import (
	"testing"
	"time"
)

func TestBackoffDoublesUpToItsLimit(t *testing.T) {
	tests := []struct {
		attempt  int
		low, top time.Duration
	}{
		{1, 500 * time.Millisecond, time.Second},
		{2, time.Second, 2 * time.Second},
		{5, 8 * time.Second, 16 * time.Second},
		{10, 256 * time.Second, 512 * time.Second},
		{11, 5 * time.Minute, 10 * time.Minute},
		{1000, 5 * time.Minute, 10 * time.Minute},
	}
	for _, tt := range tests {
		for random, want := range map[float64]time.Duration{
			0:   tt.low,
			0.5: (tt.low + tt.top) / 2,
			1:   tt.top,
		} {
			o := newOptions([]Option{WithJitter(func() float64 { return random })})
			if got := o.backoff(tt.attempt); got != want {
				t.Errorf("attempt %d, jitter %v: %v, want %v", tt.attempt, random, got, want)
			}
		}
	}
}
