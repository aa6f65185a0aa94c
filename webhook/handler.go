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

	rooms rooms
}

// ServeHTTP receives one delivery. It does not parse a body without a valid
// signature, and logs no body. A body takes room until the request is answered.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "webhooks are posted", http.StatusMethodNotAllowed)
		return
	}
	if r.ContentLength > maxBody {
		refuseTooLarge(w)
		return
	}
	signature := parseSignature(r.Header.Get("X-Hub-Signature-256"))
	if signature == nil { // no body can make it valid
		refuseUnsigned(w)
		return
	}
	leave, err := h.rooms.enter(r.Context(), sizeOf(r))
	if err != nil {
		w.Header().Set("Retry-After", "10")
		http.Error(w, err.Error()+": redeliver this one later", http.StatusServiceUnavailable)
		return
	}
	defer leave()
	body, err := read(w, r)
	if err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			refuseTooLarge(w)
			return
		}
		http.Error(w, "the payload could not be read", http.StatusBadRequest)
		return
	}
	if !signed(body, signature, h.Secrets) {
		refuseUnsigned(w)
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

func refuseTooLarge(w http.ResponseWriter) {
	http.Error(w, "the payload is larger than 25 MB", http.StatusRequestEntityTooLarge)
}

func refuseUnsigned(w http.ResponseWriter) {
	const text = "X-Hub-Signature-256 is missing or wrong: is the webhook secret the same on both sides?"
	http.Error(w, text, http.StatusUnauthorized)
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

// parseSignature returns the signature in a header, nil if there is none.
func parseSignature(header string) []byte {
	text, ok := strings.CutPrefix(header, "sha256=")
	sum, err := hex.DecodeString(text)
	if !ok || err != nil || len(sum) != sha256.Size {
		return nil
	}
	return sum
}

// signed reports whether one of the secrets made the signature of the body. It
// always tries all secrets, so that the time taken reveals nothing.
func signed(body, signature []byte, secrets []string) bool {
	ok := false
	for _, secret := range secrets {
		mac := hmac.New(sha256.New, []byte(secret))
		mac.Write(body)
		if hmac.Equal(mac.Sum(nil), signature) && secret != "" {
			ok = true
		}
	}
	return ok
}
