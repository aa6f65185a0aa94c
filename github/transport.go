package github

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/bradleyfalzon/ghinstallation/v2"
	gh "github.com/google/go-github/v66/github"
)

const (
	secondaryPause = time.Minute     // GitHub's advice for a limit that states no time
	serverPause    = 5 * time.Second // after a 5xx or a broken connection
	maxRefusal     = 1 << 20
)

// classifier turns answers that mean "not now" into temporary errors, and
// bounds the size of all others. go-github v66 recognises only some answers
// with status 403 and neither 429 nor the 422 with code "abuse" for creating
// content.
type classifier struct{ next http.RoundTripper }

func (c *classifier) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := c.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	resp.Body = &limitedBody{ReadCloser: resp.Body, left: maxBody}
	status, after := resp.StatusCode, retryAfter(resp.Header)
	// Only GitHub's answers decide about limits: go-github would refuse to send
	// requests by the local clock.
	remaining := resp.Header.Get("X-RateLimit-Remaining")
	resp.Header.Del("X-RateLimit-Remaining")
	resp.Header.Del("X-RateLimit-Reset")
	if status == http.StatusOK && remaining == "0" && after > 0 {
		// a query that is refused has this status, too
		resp.Header.Set("Retry-After", strconv.Itoa(int(after.Seconds())))
	}
	switch {
	case status == http.StatusTooManyRequests, status == http.StatusForbidden &&
		resp.Header.Get("Retry-After") != "":
		return nil, refuse(resp, after, secondaryPause)
	case status == http.StatusForbidden && remaining == "0":
		return nil, refuse(resp, after, secondaryPause)
	case status >= 500:
		return nil, refuse(resp, headerSeconds(resp.Header, "Retry-After"), serverPause)
	case status == http.StatusForbidden, status == http.StatusUnprocessableEntity:
		if isSecondary(resp) {
			return nil, refuse(resp, headerSeconds(resp.Header, "Retry-After"), secondaryPause)
		}
	}
	return resp, nil
}

// retryAfter is how long the headers ask to wait: Retry-After, else the time
// until X-RateLimit-Reset by GitHub's own clock.
func retryAfter(h http.Header) time.Duration {
	if d := headerSeconds(h, "Retry-After"); d > 0 {
		return d
	}
	now, err := http.ParseTime(h.Get("Date"))
	reset, err2 := strconv.ParseInt(h.Get("X-RateLimit-Reset"), 10, 64)
	if err != nil || err2 != nil || h.Get("X-RateLimit-Remaining") != "0" {
		return 0
	}
	return max(time.Unix(reset, 0).Sub(now), time.Second)
}

func headerSeconds(h http.Header, name string) time.Duration {
	n, err := strconv.ParseUint(h.Get(name), 10, 31)
	if err != nil {
		return 0
	}
	return time.Duration(n) * time.Second
}

func refuse(resp *http.Response, after, fallback time.Duration) error {
	resp.Body.Close()
	if after <= 0 {
		after = fallback
	}
	return &temporary{err: fmt.Errorf("GitHub answers %d for now", resp.StatusCode), after: after}
}

// isSecondary recognises a secondary limit by its body and leaves the body
// readable.
func isSecondary(resp *http.Response) bool {
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxRefusal))
	resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(body))
	var refusal struct {
		Message string
		Doc     string `json:"documentation_url"`
		Errors  json.RawMessage
	}
	if err != nil || json.Unmarshal(body, &refusal) != nil {
		return false
	}
	var details []struct{ Code string }
	_ = json.Unmarshal(refusal.Errors, &details) // the errors of other refusals are strings
	for _, d := range details {
		if d.Code == "abuse" {
			return true
		}
	}
	return strings.Contains(refusal.Message, "secondary rate limit") ||
		strings.HasSuffix(refusal.Doc, "secondary-rate-limits") ||
		strings.HasSuffix(refusal.Doc, "#abuse-rate-limits")
}

// limitedBody fails at the end of its limit, where io.LimitedReader would
// truncate.
type limitedBody struct {
	io.ReadCloser
	left int64
}

// ErrTooLarge means that a file, a folder or an answer is too large. Trying
// again does not help.
var ErrTooLarge = errors.New("too large to be read")

func (b *limitedBody) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, ErrTooLarge
	}
	n, err := b.ReadCloser.Read(p[:min(int64(len(p)), b.left+1)])
	b.left -= int64(n)
	if b.left < 0 {
		return n, ErrTooLarge
	}
	return n, err
}

// tokens authenticates as an installation. It drops a token that GitHub
// refuses, so that the next call gets a new one before the old one expires. A
// token has all permissions that were granted: go-github v66 does not know the
// permission merge_queues, so a narrower token would lack it.
type tokens struct {
	newTransport func() *ghinstallation.Transport

	mu      sync.Mutex
	current *ghinstallation.Transport
}

func newTokens(app *ghinstallation.AppsTransport, installation int64) *tokens {
	newTransport := func() *ghinstallation.Transport {
		own := *app // ghinstallation changes it on every refresh
		t := ghinstallation.NewFromAppsTransport(&own, installation)
		// nil would be sent as null, which GitHub's description forbids
		t.InstallationTokenOptions = &gh.InstallationTokenOptions{}
		return t
	}
	return &tokens{newTransport: newTransport, current: newTransport()}
}

func (t *tokens) RoundTrip(req *http.Request) (*http.Response, error) {
	t.mu.Lock()
	current := t.current
	t.mu.Unlock()
	resp, err := current.RoundTrip(req)
	if err == nil && resp.StatusCode == http.StatusUnauthorized {
		t.mu.Lock()
		if t.current == current {
			t.current = t.newTransport()
		}
		t.mu.Unlock()
	}
	return resp, err
}
