package webhook

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

// Anybody can send bodies, and who sent one is known only when it is read. So all
// bodies that are being received have a bounded size together, and each a bounded
// time.
const (
	maxBody   = 25 << 20 // GitHub's own limit for a payload: it does not send larger ones
	smallBody = 1 << 20  // nearly all payloads are smaller

	// Small bodies have room of their own, which large ones cannot take from them.
	roomForLarge = 2 * maxBody
	roomForSmall = 14 << 20

	waitForRoom = 2 * time.Second  // of the ten seconds that GitHub waits for an answer
	waitForBody = 10 * time.Second // GitHub has given up by then
)

// rooms is the memory for the bodies that are being received.
type rooms struct {
	once         sync.Once
	large, small *semaphore.Weighted
}

var errNoRoom = errors.New("too many payloads are being received")

// enter waits for room for a body. The caller must leave when it no longer uses
// the body.
func (r *rooms) enter(ctx context.Context, size int64) (leave func(), err error) {
	r.once.Do(func() {
		r.large, r.small = semaphore.NewWeighted(roomForLarge), semaphore.NewWeighted(roomForSmall)
	})
	room := r.large
	if size <= smallBody {
		room = r.small
	}
	ctx, cancel := context.WithTimeout(ctx, waitForRoom)
	defer cancel()
	if err := room.Acquire(ctx, size); err != nil {
		return nil, errNoRoom
	}
	return func() { room.Release(size) }, nil
}

// sizeOf returns how much room the body of a request may need.
func sizeOf(r *http.Request) int64 {
	if r.ContentLength < 0 { // it is sent in chunks, up to any size
		return maxBody
	}
	return r.ContentLength
}

// read reads the body of a request into memory that is allocated once, because a
// buffer that grows holds the old half while it fills the new one.
func read(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	if err := setDeadline(w, time.Now().Add(waitForBody)); err != nil {
		return nil, err
	}
	body := bytes.NewBuffer(make([]byte, 0, sizeOf(r)+bytes.MinRead))
	if _, err := body.ReadFrom(http.MaxBytesReader(w, r.Body, maxBody)); err != nil {
		return nil, err // the deadline stays: the server must not wait for the rest of the body
	}
	return body.Bytes(), setDeadline(w, time.Time{})
}

// setDeadline says until when a body is read. Without a connection, there is
// nothing to wait for.
func setDeadline(w http.ResponseWriter, deadline time.Time) error {
	err := http.NewResponseController(w).SetReadDeadline(deadline)
	if errors.Is(err, http.ErrNotSupported) {
		return nil
	}
	return err
}
