package githubtest

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// Delivery is a webhook and the result of sending it.
type Delivery struct {
	GUID, Event, Action string
	Payload             []byte
	Attempts            int
	Status              int // of the last answer; 0 if there was none
}

// Fate says what happens to a delivery.
type Fate int

const (
	Deliver Fate = iota // in order, once
	Drop                // never sent, as when GitHub loses it; RedeliverFailed sends it
	Twice               // sent twice with one GUID
	Late                // sent after the one that follows it
)

// hookTimeout is how long GitHub waits for a receiver.
const hookTimeout = 10 * time.Second

type hooks struct {
	url     string
	fate    func(Delivery) Fate
	all     []*Delivery
	queue   []*Delivery
	late    []*Delivery
	sending *Delivery
}

// Subscribe sets the receiver of webhooks, and sends it a ping. Earlier
// webhooks are not sent.
func (s *Server) Subscribe(url string) {
	defer s.scene()()
	s.hooks.url = url
	s.enqueue("ping", "", object{
		"zen":     "Keep it logically awesome.",
		"hook_id": s.id(),
		"hook":    object{"type": "App", "app_id": s.AppID, "active": true},
	})
}

// Disturb lets a test decide the fate of every delivery from now on. The
// function must not call the server.
func (s *Server) Disturb(f func(Delivery) Fate) {
	defer s.scene()()
	s.hooks.fate = f
}

// Deliveries lists all webhooks so far, oldest first.
func (s *Server) Deliveries() []Delivery {
	s.mu.Lock()
	defer s.mu.Unlock()
	return mapped(s.hooks.all, func(d *Delivery) Delivery { return *d })
}

// Redeliver sends one delivery again, under its GUID.
func (s *Server) Redeliver(guid string) {
	defer s.scene()()
	for _, d := range s.hooks.all {
		if d.GUID == guid {
			s.hooks.queue = append(s.hooks.queue, d)
			return
		}
	}
	panic(fmt.Sprintf("githubtest: no delivery %s", guid))
}

// RedeliverFailed sends all deliveries again that were never answered with a
// status 2xx. It returns their number.
func (s *Server) RedeliverFailed() int {
	defer s.scene()()
	failed := 0
	for _, d := range s.hooks.all {
		due := d == s.hooks.sending || slices.Contains(s.hooks.queue, d) || slices.Contains(s.hooks.late, d)
		if d.Status/100 != 2 && !due {
			s.hooks.queue = append(s.hooks.queue, d)
			failed++
		}
	}
	return failed
}

// Settle waits until every delivery that is due has been tried. Late ones are
// due after the next delivery.
func (s *Server) Settle(ctx context.Context) error {
	return s.Wait(ctx, func() bool {
		s.mu.Lock()
		defer s.mu.Unlock()
		return len(s.hooks.queue) == 0 && s.hooks.sending == nil
	})
}

// enqueue records a webhook for the subscriber. The lock is held.
func (s *Server) enqueue(event, action string, payload object) {
	if s.hooks.url == "" {
		return
	}
	body, err := json.Marshal(payload)
	if err != nil {
		panic(fmt.Sprintf("githubtest: %s event: %v", event, err))
	}
	d := &Delivery{GUID: guid(), Event: event, Action: action, Payload: body}
	s.hooks.all = append(s.hooks.all, d)
	fate := Deliver
	if s.hooks.fate != nil {
		fate = s.hooks.fate(*d)
	}
	switch fate {
	case Drop:
	case Late:
		s.hooks.late = append(s.hooks.late, d)
	case Twice:
		s.hooks.queue = append(s.hooks.queue, d, d)
		s.release()
	default:
		s.hooks.queue = append(s.hooks.queue, d)
		s.release()
	}
	s.touch()
}

func (s *Server) release() {
	s.hooks.queue = append(s.hooks.queue, s.hooks.late...)
	s.hooks.late = nil
}

func guid() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// deliver sends the queued webhooks one after the other until the server
// closes.
func (s *Server) deliver() {
	for {
		s.mu.Lock()
		changed := s.changed
		var next *Delivery
		if len(s.hooks.queue) > 0 {
			next, s.hooks.queue = s.hooks.queue[0], s.hooks.queue[1:]
			s.hooks.sending = next
		}
		url := s.hooks.url
		s.mu.Unlock()
		if next == nil {
			select {
			case <-changed:
				continue
			case <-s.done:
				return
			}
		}
		status := s.send(url, next)
		s.mu.Lock()
		next.Attempts++
		next.Status = status
		s.hooks.sending = nil
		s.touch()
		s.mu.Unlock()
	}
}

// send returns the receiver's status, 0 if none came in time.
func (s *Server) send(url string, d *Delivery) int {
	ctx, cancel := context.WithTimeout(context.Background(), hookTimeout)
	defer cancel()
	go func() { // a closing server does not wait for a slow receiver
		select {
		case <-s.done:
			cancel()
		case <-ctx.Done():
		}
	}()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(d.Payload))
	if err != nil {
		return 0
	}
	mac := hmac.New(sha256.New, []byte(s.Secret))
	mac.Write(d.Payload)
	for name, value := range map[string]string{
		"Content-Type":      "application/json",
		"User-Agent":        "GitHub-Hookshot/githubtest",
		"X-GitHub-Event":    d.Event,
		"X-GitHub-Delivery": d.GUID, "X-GitHub-Hook-Installation-Target-ID": fmt.Sprint(s.AppID),
		"X-GitHub-Hook-Installation-Target-Type": "integration",
		"X-Hub-Signature-256":                    "sha256=" + hex.EncodeToString(mac.Sum(nil)),
	} {
		req.Header.Set(name, value)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0
	}
	resp.Body.Close()
	return resp.StatusCode
}
