package githubtest

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
)

// Write is a request that changed something or tried to.
type Write struct {
	Method, Path string
	Status       int
}

// Writes lists the writing requests so far, except those for tokens. Tests use
// it to make sure that nothing is written twice.
func (s *Server) Writes() []Write {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.writes)
}

// Call counts the requests of one operation. The path is the pattern of GitHub's
// description. Points are those of GitHub's limits: 1 for a request that reads,
// 5 for one that writes, and for a query what it costs.
type Call struct {
	Method, Path  string
	Count, Points int
}

// Calls lists the operations since the start, or since [Server.ResetCalls]. It
// leaves out requests for tokens, which come once an hour.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.SortedFunc(maps.Values(s.calls), func(a, b Call) int {
		return cmp.Or(cmp.Compare(a.Path, b.Path), cmp.Compare(a.Method, b.Method))
	})
}

// ResetCalls begins to count from zero.
func (s *Server) ResetCalls() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.calls)
}

// count records a request that was answered.
func (s *Server) count(r route, req *http.Request, a answer) {
	points := 1
	switch {
	case r.method == http.MethodPost && r.permission == asApp: // a token
		return
	case req.Method != http.MethodGet:
		s.writes = append(s.writes, Write{req.Method, req.URL.Path, a.status})
		s.touch()
		points = 5
	}
	s.charge(r.method, r.path, points)
}

func (s *Server) charge(method, path string, points int) {
	c := s.calls[method+path]
	c.Method, c.Path, c.Count, c.Points = method, path, c.Count+1, c.Points+points
	s.calls[method+path] = c
}
