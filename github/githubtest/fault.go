package githubtest

import (
	"io"
	"maps"
	"net/http"
)

// Fault replaces an answer.
type Fault struct {
	Status int // with Header and Body; 0 closes the connection without an answer
	Header http.Header
	Body   string
	Stall  bool // keep the connection open until the caller gives up
	After  bool // run the operation first, so that only the answer is lost
}

// Fail calls the function with every request to the API. The function returns
// nil for requests that succeed. Several requests may call it at once, and it
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

// discard is a writer for an answer that is lost.
type discard struct{}

func (discard) Header() http.Header         { return http.Header{} }
func (discard) WriteHeader(int)             {}
func (discard) Write(p []byte) (int, error) { return len(p), nil }
