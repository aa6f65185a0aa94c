package webhook_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"
)

// padded is a payload of a size.
func padded(size int) string { return opened + strings.Repeat(" ", size-len(opened)) }

func TestBodyLimit(t *testing.T) {
	const most = 25 << 20
	for _, tt := range []struct {
		name   string
		size   int
		reader func(body string) io.Reader
		status int
	}{
		{"25 MB", most, declared, http.StatusAccepted},
		{"25 MB and a byte", most + 1, declared, http.StatusRequestEntityTooLarge},
		{"25 MB in chunks", most, chunked, http.StatusAccepted},
		{"25 MB and a byte in chunks", most + 1, chunked, http.StatusRequestEntityTooLarge},
		{"a few bytes in chunks", len(opened), chunked, http.StatusAccepted},
	} {
		t.Run(tt.name, func(t *testing.T) {
			e, body := serve(t), padded(tt.size)
			stored := 0
			if tt.status == http.StatusAccepted {
				stored = 1
			}
			status, _ := e.postFrom(tt.reader(body), "g1", "pull_request", body)
			if n := e.deliveries(); status != tt.status || n != stored {
				t.Errorf("status %d and %d stored, want %d and %d", status, n, tt.status, stored)
			}
		})
	}
}

func declared(body string) io.Reader { return strings.NewReader(body) }

// chunked hides the size of a body from the client, which then sends it in
// chunks.
func chunked(body string) io.Reader { return io.MultiReader(strings.NewReader(body)) }

// sender is a connection on which a request is written by hand.
type sender struct {
	net.Conn
	answer chan *http.Response // one; nil if the connection ends without
}

// send writes a header, whose lines are ended, and the beginning of a body. It does
// not wait until they are read.
func (e *endpoint) send(header string, beginning []byte) *sender {
	e.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(e.url, "http://"))
	if err != nil {
		e.t.Fatal(err)
	}
	e.t.Cleanup(func() { conn.Close() })
	if err := conn.SetDeadline(time.Now().Add(30 * time.Second)); err != nil {
		e.t.Fatal(err)
	}
	s := &sender{conn, make(chan *http.Response, 1)}
	go func() {
		fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: localhost\r\n%s\r\n", header)
		_, _ = conn.Write(beginning) // it fails if the request is refused
	}()
	go func() {
		res, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			res = nil
		}
		s.answer <- res
	}()
	return s
}

const anySignature = "X-Hub-Signature-256: sha256=" +
	"0000000000000000000000000000000000000000000000000000000000000000\r\n"

// TestRefusedUnread: what cannot be accepted is refused although not a byte of
// the body has come.
func TestRefusedUnread(t *testing.T) {
	e := serve(t)
	for name, tt := range map[string]struct {
		header string
		status int
	}{
		"too large":           {fmt.Sprintf("%sContent-Length: %d\r\n", anySignature, 25<<20+1), 413},
		"no signature":        {"Content-Length: 1000000\r\n", 401},
		"malformed signature": {"X-Hub-Signature-256: sha256=00\r\nContent-Length: 1000000\r\n", 401},
	} {
		t.Run(name, func(t *testing.T) {
			if res := <-e.send(tt.header, nil).answer; res == nil || res.StatusCode != tt.status {
				t.Errorf("%+v, want status %d", res, tt.status)
			}
		})
	}
}

// TestSlowSenders: however many strangers begin to send large bodies, the memory
// for them is bounded, deliveries of the usual size are received meanwhile, and
// large ones are when the strangers are gone.
func TestSlowSenders(t *testing.T) {
	const senders, room = 16, 2 // that many of the largest bodies are received at once
	half := bytes.Repeat([]byte(" "), 12<<20)
	for name, header := range map[string]string{
		"declared": fmt.Sprintf("Content-Length: %d\r\n", 24<<20),
		"chunked":  fmt.Sprintf("Transfer-Encoding: chunked\r\n\r\n%x", 24<<20),
	} {
		t.Run(name, func(t *testing.T) {
			e := serve(t)
			before := heap()
			answers := make(chan *http.Response, senders)
			var all []*sender
			for range senders {
				s := e.send(anySignature+header, half)
				all = append(all, s)
				go func() { answers <- <-s.answer }()
			}
			for range senders - room {
				if res := <-answers; res == nil || res.StatusCode != http.StatusServiceUnavailable ||
					res.Header.Get("Retry-After") == "" {
					t.Errorf("%+v, want status 503 and when to try again", res)
				}
			}
			if grown := heap() - before; grown > 64<<20 {
				t.Errorf("the heap has grown by %d MB, want at most 64 MB", grown>>20)
			}
			if status, _ := e.post("g1", "pull_request", opened); status != http.StatusAccepted {
				t.Errorf("meanwhile: status %d, want 202", status)
			}
			for _, s := range all {
				s.Close()
			}
			for range room {
				<-answers
			}
			for range room + 1 { // the last would find no room if the others kept theirs
				if status, _ := e.post("g2", "ping", padded(24<<20)); status != http.StatusAccepted {
					t.Errorf("afterwards: status %d, want 202", status)
				}
			}
		})
	}
}

// heap returns how much memory is in use.
func heap() int64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
