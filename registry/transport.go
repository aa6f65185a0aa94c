package registry

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"time"
)

// Bounds of a call.
const (
	answerTimeout = 10 * time.Second // for one answer
	mostBody      = 16 << 20         // bytes of one answer
	mostHops      = 3
	pause         = 15 * time.Second // after a 5xx or a broken connection
	mostPause     = 10 * time.Minute
)

var (
	errRedirect = errors.New("it redirects to another address, which would receive the credentials: such " +
		"redirects are not followed")
	errTooLarge = fmt.Errorf("its answer has more than %d MB", mostBody>>20)
)

// newClient returns a client that bounds the time and the size of an answer,
// and follows redirects only to the same host.
func newClient() *http.Client {
	return &http.Client{
		Timeout:       answerTimeout,
		Transport:     &transport{http.DefaultTransport},
		CheckRedirect: sameOrigin,
	}
}

func sameOrigin(req *http.Request, via []*http.Request) error {
	first := via[0].URL
	if len(via) > mostHops || req.URL.Host != first.Host || req.URL.Scheme != first.Scheme {
		return errRedirect
	}
	return nil
}

// transport turns answers that mean "not now" into temporary errors, and bounds
// the size of all others.
type transport struct{ next http.RoundTripper }

func (g *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := g.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode >= http.StatusInternalServerError {
		resp.Body.Close()
		return nil, &temporary{fmt.Errorf("it answers %d", resp.StatusCode), retryAfter(resp.Header)}
	}
	resp.Body = &limitedBody{resp.Body, mostBody}
	return resp, nil
}

// retryAfter is how long the registry asks to wait.
func retryAfter(h http.Header) time.Duration {
	seconds, err := strconv.ParseUint(h.Get("Retry-After"), 10, 16)
	if err != nil || seconds == 0 {
		return pause
	}
	return min(time.Duration(seconds)*time.Second, mostPause)
}

// limitedBody fails at the end of its limit, where io.LimitedReader would
// truncate.
type limitedBody struct {
	io.ReadCloser
	left int
}

func (b *limitedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p[:min(len(p), b.left+1)])
	if b.left -= n; b.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}

// classify separates temporary errors from others. It leaves out the request,
// whose address may contain credentials.
func classify(err error) error {
	var temp *temporary
	var network net.Error
	var certificate *tls.CertificateVerificationError
	switch {
	case errors.As(err, &temp):
		return temp
	case errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &certificate):
		return fmt.Errorf("its certificate is not trusted: %w", certificate.Err)
	case errors.Is(err, errRedirect):
		return errRedirect
	case errors.Is(err, errTooLarge):
		return errTooLarge
	case errors.As(err, &network), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return &temporary{errors.New("it does not answer"), pause}
	}
	return err
}

// shorten bounds a text from the registry.
func shorten(text string) string {
	const most = 300
	if r := []rune(text); len(r) > most {
		return string(r[:most]) + "…"
	}
	return text
}
