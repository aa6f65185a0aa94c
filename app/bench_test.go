package app_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/assent-dev/assent/github/githubtest"
	"github.com/assent-dev/assent/store"
)

// BenchmarkWebhook is how long GitHub waits for an answer while eight reviews
// run. The goal is 50 ms.
func BenchmarkWebhook(b *testing.B) {
	const reviews = 8
	files := map[string]string{}
	for i := range reviews {
		files[fmt.Sprintf("api/v%d.yaml", i)] = many(2000, "string")
	}
	s := start(b, files, githubtest.Options{}, store.Pace{})
	pulls := []int{}
	for i := range reviews {
		pulls = append(pulls, s.open(map[string]string{fmt.Sprintf("api/v%d.yaml", i): edit(b,
			many(2000, "string"), "field1000: {type: string}", "field1000: {type: integer}")}))
	}
	var opened [][]byte
	for _, d := range s.hub.Deliveries() {
		if d.Event == "pull_request" {
			opened = append(opened, d.Payload)
		}
	}
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		begun := time.Now()
		if status := s.deliver(fmt.Sprintf("guid-%d", i), "pull_request", s.hub.Secret,
			opened[i%reviews]); status != 202 {
			b.Fatalf("answered %d", status)
		}
		took = append(took, time.Since(begun))
	}
	slices.Sort(took)
	ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
	b.ReportMetric(ms(took[len(took)/2]), "median-ms")
	b.ReportMetric(ms(took[len(took)*99/100]), "p99-ms")
	b.ReportMetric(ms(took[len(took)-1]), "max-ms")
	for _, p := range pulls {
		s.wants(p, "action_required", "")
	}
}
