// Package webhook receives deliveries from GitHub. It verifies the signature,
// finds the lanes that an event dirties, stores the delivery together with the
// lanes, and answers. It does no other work, because GitHub waits only ten
// seconds and never sends a delivery again by itself.
//
// It knows which events matter, but not what a review is. Package app serves
// the Handler and gives it the store.
package webhook

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/assent-dev/assent/store"
)

// maxBody is GitHub's own limit for a payload. It does not send larger ones.
const maxBody = 25 << 20

// Deliverer stores a delivery and dirties its lanes in one transaction.
// *store.Store is one.
type Deliverer interface {
	Deliver(ctx context.Context, d store.Delivery, lanes ...store.Lane) (fresh bool, err error)
}

// Handler is the endpoint for GitHub's webhook. It answers with status 202 to
// every delivery that GitHub signed, whether or not its event matters. GitHub
// lists deliveries with other answers as failed, and people can redeliver them.
type Handler struct {
	Secrets []string // any of them may have signed, so that a secret can be changed; an empty one is ignored
	AppID   int64    // only check runs and suites of this App are re-run; 0: those of any App
	Store   Deliverer
	Log     *slog.Logger     // slog.Default() if nil
	Now     func() time.Time // time.Now if nil
}

// ServeHTTP receives one delivery. It does not parse a body without a valid
// signature, and logs no body.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "webhooks are posted", http.StatusMethodNotAllowed)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			http.Error(w, "the payload is larger than 25 MB", http.StatusRequestEntityTooLarge)
			return
		}
		http.Error(w, "the payload could not be read", http.StatusBadRequest)
		return
	}
	if !signed(body, r.Header.Get("X-Hub-Signature-256"), h.Secrets) {
		http.Error(w,
			"X-Hub-Signature-256 is missing or wrong: is the webhook secret the same on both sides?",
			http.StatusUnauthorized)
		return
	}
	d := store.Delivery{
		GUID:     r.Header.Get("X-GitHub-Delivery"),
		Event:    r.Header.Get("X-GitHub-Event"),
		Body:     body,
		Received: h.now(),
	}
	if d.GUID == "" || d.Event == "" {
		http.Error(w, "X-GitHub-Delivery and X-GitHub-Event must be set", http.StatusBadRequest)
		return
	}
	h.receive(w, r, d)
}

// receive answers a delivery that GitHub signed.
func (h *Handler) receive(w http.ResponseWriter, r *http.Request, d store.Delivery) {
	log := h.log().With(slog.String("guid", d.GUID), slog.String("event", d.Event))
	if d.Event == "ping" {
		log.Info("delivery")
		w.WriteHeader(http.StatusAccepted)
		io.WriteString(w, "pong") //nolint:errcheck // the client is gone
		return
	}
	got, err := route(d.Event, d.Body, h.AppID)
	log = log.With(slog.String("action", got.action), slog.String("repo", got.repo),
		slog.Any("lanes", got.keys()))
	if err != nil {
		log.Warn("delivery refused", slog.Any("error", err))
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	fresh := true
	if len(got.lanes) > 0 {
		d.Rerun = got.rerun
		fresh, err = h.Store.Deliver(r.Context(), d, got.lanes...)
	}
	if err != nil {
		log.Error("delivery not stored", slog.Any("error", err))
		http.Error(w, "the delivery could not be stored; redeliver it", http.StatusInternalServerError)
		return
	}
	log.Info("delivery", slog.Bool("fresh", fresh))
	w.WriteHeader(http.StatusAccepted)
}

func (h *Handler) log() *slog.Logger {
	if h.Log == nil {
		return slog.Default()
	}
	return h.Log
}

func (h *Handler) now() time.Time {
	if h.Now == nil {
		return time.Now()
	}
	return h.Now()
}

// signed reports whether one of the secrets made the signature of the body. It
// always tries all secrets, so that the time taken reveals nothing.
func signed(body []byte, signature string, secrets []string) bool {
	sum, err := hex.DecodeString(strings.TrimPrefix(signature, "sha256="))
	ok := false
	for _, secret := range secrets {
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write(body)
		if hmac.Equal(mac.Sum(nil), sum) && secret != "" {
			ok = true
		}
	}
	return ok && err == nil && strings.HasPrefix(signature, "sha256=")
}
