package githubtest

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
)

// Options change how a Server works. The zero value works.
type Options struct {
	Address     string            // to listen on; empty: a free port of 127.0.0.1
	Description string            // path of api.github.com.json; empty: nothing is validated
	Schema      string            // path of schema.graphql; empty: queries are not validated
	Like        *Server           // a server whose parsed description and schema are reused; it may be closed
	Now         func() time.Time  // the clock of tokens and time stamps; nil: time.Now
	Permissions map[string]string // those that the App was granted; nil: [Permissions]
	// entries in a recursive listing before it is truncated; 0: GitHub's 100,000
	TreeLimit int
}

// Permissions are the permissions that assent's manifest asks for.
func Permissions() map[string]string {
	return map[string]string{
		"checks": "write", "pull_requests": "write", "contents": "read", "metadata": "read",
		"members": "read", "merge_queues": "read",
	}
}

// Server is one GitHub with one App. Its methods are safe for concurrent use.
type Server struct {
	AppID  int64
	Slug   string
	Key    []byte // the App's private key, PEM
	Secret string // of the webhooks

	opts   Options
	public *rsa.PublicKey
	dir    string
	spec   *spec       // nil without a description
	schema *ast.Schema // nil without a schema
	routes *http.ServeMux
	pages  http.Handler
	http   *http.Server
	url    string
	done   chan struct{}
	worker sync.WaitGroup

	mu         sync.Mutex
	changed    chan struct{} // closed and replaced whenever anything changes
	fail       func(*http.Request) *Fault
	lastID     int64
	accounts   map[string]*account // by login in lower case
	teams      map[int64]*team     // by id
	repos      []*Repo
	tokens     map[string]token
	violations []string
	writes     []Write
	calls      map[string]Call
	hooks      hooks
}

// New starts a GitHub. Close ends it and removes its repositories.
func New(opts Options) (*Server, error) {
	// short keys are quick, and this one protects only this server
	key, err := rsa.GenerateKey(rand.Reader, 1024)
	if err != nil {
		return nil, fmt.Errorf("the App's key: %w", err)
	}
	if opts.Now == nil {
		opts.Now = time.Now
	}
	if opts.Permissions == nil {
		opts.Permissions = Permissions()
	}
	if opts.TreeLimit == 0 {
		opts.TreeLimit = 100_000
	}
	if opts.Address == "" {
		opts.Address = "127.0.0.1:0"
	}
	s := &Server{
		AppID: 4711, Slug: "assent", Secret: rand.Text(), opts: opts, public: &key.PublicKey,
		Key: pem.EncodeToMemory(&pem.Block{
			Type:  "RSA PRIVATE KEY",
			Bytes: x509.MarshalPKCS1PrivateKey(key),
		}),
		done: make(chan struct{}), changed: make(chan struct{}), lastID: 1000,
		accounts: map[string]*account{}, teams: map[int64]*team{}, tokens: map[string]token{},
		calls: map[string]Call{},
	}
	s.routes, s.pages = s.router(), newPages(s)
	if err := s.load(); err != nil {
		return nil, err
	}
	return s, s.start()
}

// load reads what requests are validated by.
func (s *Server) load() (err error) {
	if like := s.opts.Like; like != nil {
		s.spec, s.schema = like.spec, like.schema
		return nil
	}
	if s.opts.Description != "" {
		if s.spec, err = loadSpec(s.opts.Description, s.table()); err != nil {
			return fmt.Errorf("GitHub's description: %w", err)
		}
	}
	if s.opts.Schema != "" {
		if s.schema, err = loadSchema(s.opts.Schema); err != nil {
			return fmt.Errorf("GitHub's schema: %w", err)
		}
	}
	return nil
}

func (s *Server) start() error {
	listener, err := net.Listen("tcp", s.opts.Address)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	if s.dir, err = os.MkdirTemp("", "githubtest-"); err != nil {
		listener.Close()
		return fmt.Errorf("the repositories' folder: %w", err)
	}
	s.url = "http://" + listener.Addr().String()
	s.http = &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	s.worker.Go(func() { _ = s.http.Serve(listener) }) // ends with ErrServerClosed
	s.worker.Go(s.deliver)
	return nil
}

// Close closes all connections and removes the repositories.
func (s *Server) Close() error {
	close(s.done)
	err := s.http.Close()
	s.worker.Wait()
	if removal := os.RemoveAll(s.dir); removal != nil {
		return removal
	}
	return err
}

// URL is the address of both the API and the pages, without a slash at its end.
func (s *Server) URL() string { return s.url }

// Wait waits until the condition is true. It checks the condition again
// whenever the state of the server changes. The condition may call any method
// of the server.
func (s *Server) Wait(ctx context.Context, condition func() bool) error {
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if condition() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// touch wakes callers of Wait because something changed. The lock is held.
func (s *Server) touch() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// scene takes the lock for a change by a test. The function that it returns
// releases the lock.
func (s *Server) scene() (done func()) {
	s.mu.Lock()
	return func() {
		s.touch()
		s.mu.Unlock()
	}
}

func (s *Server) id() int64 {
	s.lastID++
	return s.lastID
}

func (s *Server) now() time.Time { return s.opts.Now().UTC().Truncate(time.Second) }
