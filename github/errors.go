package github

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/bradleyfalzon/ghinstallation/v2"
	gh "github.com/google/go-github/v66/github"
)

// ErrUnprocessable is GitHub's status 422: a line is outside the diff, a team
// cannot be asked, or a branch does not exist. Trying again does not help.
var ErrUnprocessable = errors.New("GitHub cannot process this")

var errRedirect = errors.New("refused redirect")

// temporary is an error of a call that may succeed later.
type temporary struct {
	err   error
	after time.Duration
}

func (e *temporary) Error() string { return fmt.Sprintf("%v (try again in %v)", e.err, e.after) }
func (e *temporary) Unwrap() error { return e.err }

// RetryAfter is how long GitHub asks to wait.
func (e *temporary) RetryAfter() time.Duration { return e.after }

// refusal is an answer that would be the same later: GitHub's status and
// message.
type refusal struct {
	status  int
	message string
}

func (e *refusal) Error() string { return fmt.Sprintf("GitHub answers %d: %s", e.status, e.message) }

func (e *refusal) Is(target error) bool {
	switch e.status {
	case http.StatusNotFound:
		return target == fs.ErrNotExist
	case http.StatusForbidden:
		return target == fs.ErrPermission
	case http.StatusUnprocessableEntity:
		return target == ErrUnprocessable
	}
	return false
}

// PermissionError means that the App was not granted a permission. Trying again
// does not help until somebody grants it. It satisfies errors.Is(err,
// fs.ErrPermission), like other refusals with status 403.
type PermissionError struct {
	Needs   string // as GitHub says it, such as "members=read"; empty if it does not
	message string
}

func (e *PermissionError) Error() string {
	if e.Needs == "" {
		return "the App lacks a permission: " + e.message
	}
	return fmt.Sprintf("the App lacks a permission, %s: %s", e.Needs, e.message)
}

// Is makes it one of the refusals.
func (e *PermissionError) Is(target error) bool { return target == fs.ErrPermission }

// notAccessible is how GitHub refuses what an App was not granted.
const notAccessible = "Resource not accessible by integration"

// answered is the error for an answer that stands.
func answered(e *gh.ErrorResponse) error {
	if e.Response.StatusCode == http.StatusForbidden && strings.HasPrefix(e.Message, notAccessible) {
		needs := e.Response.Header.Get("X-Accepted-GitHub-Permissions")
		return &PermissionError{Needs: needs, message: e.Message}
	}
	return &refusal{e.Response.StatusCode, refusalText(e)}
}

// wrap adds what was attempted to an error, and classifies it. An error of the
// transport is temporary, unless the caller gave up or this package refused the
// answer.
func wrap(ctx context.Context, err error, format string, args ...any) error {
	if err == nil {
		return nil
	}
	what := fmt.Sprintf(format, args...)
	var temp *temporary
	var answer *gh.ErrorResponse
	var token *ghinstallation.HTTPError
	var network net.Error
	switch {
	case errors.As(err, &temp):
		err = temp
	case ctx.Err() != nil:
		err = ctx.Err()
	case errors.As(err, &answer):
		err = answered(answer)
	case errors.As(err, &token) && token.Response != nil:
		token.Response.Body.Close()
		err = fmt.Errorf("GitHub answers %d to the request for a token", token.Response.StatusCode)
	case errors.Is(err, errRedirect), errors.Is(err, ErrTooLarge):
	case errors.As(err, &network), errors.Is(err, io.ErrUnexpectedEOF):
		err = &temporary{err: err, after: serverPause}
	}
	return fmt.Errorf("%s: %w", what, err)
}

func refusalText(answer *gh.ErrorResponse) string {
	text := answer.Message
	for _, e := range answer.Errors {
		if e.Message != "" {
			text += "; " + e.Message
		}
	}
	return text
}
