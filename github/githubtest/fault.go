package githubtest

import (
	"io"
	"maps"
	"net/http"
)

// Fault replaces an answer.
type Fault struct {
	Status int // with Header and Body; 0 hangs up without a word
	Header http.Header
	Body   string
	Stall  bool // hold the line until the caller gives up
	After  bool // do what was asked first: only the answer is lost
}

// Fail has every request of the API looked at by the function, which returns
// nil for those that go well. It may be called by several requests at once, and
// must not call the server.
func (s *Server) Fail(f func(*http.Request) *Fault) {
	defer s.scene()()
	s.fail = f
}

func (s *Server) fault(req *http.Request) *Fault {
	s.mu.Lock()
	f := s.fail
	s.mu.Unlock()
	if f == nil {
		return nil
	}
	return f(req)
}

func (s *Server) misbehave(w http.ResponseWriter, req *http.Request, f *Fault) {
	switch {
	case f.Stall:
		select {
		case <-req.Context().Done():
		case <-s.done:
		}
	case f.Status == 0:
		panic(http.ErrAbortHandler)
	default:
		maps.Copy(w.Header(), f.Header)
		if w.Header().Get("Date") == "" {
			w.Header().Set("Date", s.opts.Now().UTC().Format(http.TimeFormat))
		}
		w.WriteHeader(f.Status)
		_, _ = io.WriteString(w, f.Body)
	}
}

// discard is where an answer goes that nobody gets.
type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) WriteHeader(int)             {}
func (discard) Write(p []byte) (int, error) { return len(p), nil }
