package githubtest

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/getkin/kin-openapi/openapi3filter"
)

func (s *spec) input(req *http.Request) (*openapi3filter.RequestValidationInput, error) {
	route, params, err := s.router.FindRoute(req)
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w", req.Method, req.URL.Path, err)
	}
	return &openapi3filter.RequestValidationInput{
		Request: req, PathParams: params, Route: route,
		Options: &openapi3filter.Options{
			MultiError:            true,
			IncludeResponseStatus: true,
			AuthenticationFunc:    openapi3filter.NoopAuthenticationFunc,
		},
	}, nil
}

// request validates a request. It also checks that a conclusion comes with the
// status completed, which the description only says in its text.
func (s *spec) request(req *http.Request, body []byte) error {
	if s == nil {
		return nil
	}
	req = req.Clone(context.Background())
	req.Body = io.NopCloser(bytes.NewReader(body))
	in, err := s.input(req)
	if err != nil {
		return err
	}
	if err := openapi3filter.ValidateRequest(context.Background(), in); err != nil {
		return fmt.Errorf("request %s %s: %s", req.Method, req.URL.Path, shortReason(err))
	}
	if strings.Contains(req.URL.Path, "/check-runs") && len(body) > 0 {
		var run struct{ Status, Conclusion string }
		if json.Unmarshal(body, &run) == nil && (run.Status == "completed") != (run.Conclusion != "") {
			return fmt.Errorf("request %s %s: status %q with conclusion %q", req.Method, req.URL.Path,
				run.Status, run.Conclusion)
		}
	}
	return nil
}

// response validates an answer if it is JSON that the description defines.
func (s *spec) response(req *http.Request, a answer) error {
	if s == nil || a.raw != nil || a.status >= 300 {
		return nil
	}
	in, err := s.input(req)
	if err != nil {
		return err
	}
	out := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: in,
		Status:                 a.status,
		Header:                 http.Header{"Content-Type": {"application/json"}},
		Options:                in.Options,
	}
	if a.body != nil {
		body, err := json.Marshal(a.body)
		if err != nil {
			return err
		}
		out.SetBodyBytes(body)
	}
	if err := openapi3filter.ValidateResponse(context.Background(), out); err != nil {
		return fmt.Errorf("answer to %s %s: %s", req.Method, req.URL.Path, shortReason(err))
	}
	return nil
}

// shortReason is the reason of an error without the schema and the value, which
// kin-openapi prints in full.
func shortReason(err error) string {
	var lines []string
	for line := range strings.SplitSeq(err.Error(), "\n") {
		trimmed := strings.TrimSpace(line)
		if trimmed != "" && !strings.HasPrefix(line, " ") && !strings.HasPrefix(trimmed, "Schema:") {
			lines = append(lines, trimmed)
		}
		if len(lines) == 4 {
			break
		}
	}
	return strings.Join(lines, "; ")
}

// Violations lists the requests and answers that contradicted GitHub's
// description. In tests it must be empty.
func (s *Server) Violations() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.violations)
}

func (s *Server) violate(format string, args ...any) {
	defer s.scene()()
	s.violations = append(s.violations, fmt.Sprintf(format, args...))
}
