package github

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/bradleyfalzon/ghinstallation/v2"
	gh "github.com/google/go-github/v66/github"
)

const (
	requestTimeout = 30 * time.Second
	maxBody        = 32 << 20  // of one answer; GitHub itself bounds a recursive tree at 7 MB
	cacheBytes     = 256 << 20 // of blobs and trees, of all installations together
)

// Config identifies the App and its GitHub.
type Config struct {
	AppID     int64
	Key       []byte            // the App's private key, PEM
	BaseURL   string            // of the REST API; empty: https://api.github.com, GHES: https://HOST/api/v3
	Transport http.RoundTripper // sends the requests; nil: http.DefaultTransport
}

// App is a registered GitHub App: its key, the clients of its installations,
// and a cache of the objects that they have read.
type App struct {
	id      int64
	base    *url.URL
	auth    *ghinstallation.AppsTransport
	self    *gh.Client // authenticated as the App itself
	objects *cache

	mu      sync.Mutex
	clients map[int64]*Client
	login   string
}

// NewApp checks the key and the address. It sends no requests.
func NewApp(cfg Config) (*App, error) {
	if cfg.BaseURL == "" {
		cfg.BaseURL = "https://api.github.com"
	}
	base, err := url.Parse(strings.TrimRight(cfg.BaseURL, "/") + "/")
	if err != nil {
		return nil, fmt.Errorf("GitHub's base URL: %w", err)
	}
	if base.Host == "" || base.Scheme != "https" && base.Scheme != "http" {
		return nil, fmt.Errorf("GitHub's base URL %q: want https://host/path", cfg.BaseURL)
	}
	if cfg.Transport == nil {
		cfg.Transport = http.DefaultTransport
	}
	auth, err := ghinstallation.NewAppsTransport(&classifier{cfg.Transport}, cfg.AppID, cfg.Key)
	if err != nil {
		return nil, fmt.Errorf("the App's key: %w", err)
	}
	auth.BaseURL = strings.TrimRight(base.String(), "/")
	a := &App{
		id:      cfg.AppID,
		base:    base,
		auth:    auth,
		objects: newCache(cacheBytes),
		clients: map[int64]*Client{},
	}
	a.self = a.rest(auth)
	return a, nil
}

// Installation returns the client of an installation. All callers share it.
func (a *App) Installation(id int64) *Client {
	a.mu.Lock()
	defer a.mu.Unlock()
	c, ok := a.clients[id]
	if !ok {
		c = &Client{app: a, installation: id, rest: a.rest(newTokens(a.auth, id))}
		a.clients[id] = c
	}
	return c
}

// Login returns the name with which the App comments and requests reviews: its
// slug and "[bot]".
func (a *App) Login(ctx context.Context) (string, error) {
	a.mu.Lock()
	login := a.login
	a.mu.Unlock()
	if login != "" {
		return login, nil
	}
	app, _, err := a.self.Apps.Get(ctx, "")
	if err != nil {
		return "", wrap(ctx, err, "read the App itself")
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.login = app.GetSlug() + "[bot]"
	return a.login, nil
}

// Client makes the calls of one installation of the App. It is safe for
// concurrent use.
type Client struct {
	app          *App
	installation int64
	rest         *gh.Client
}

func (a *App) rest(auth http.RoundTripper) *gh.Client {
	c := gh.NewClient(&http.Client{Transport: auth, Timeout: requestTimeout, CheckRedirect: a.sameOrigin})
	c.BaseURL = a.base
	c.UserAgent = "assent"
	return c
}

// sameOrigin allows redirects within GitHub, as for a renamed repository, and
// no others: the transport would send the token along.
func (a *App) sameOrigin(req *http.Request, via []*http.Request) error {
	if req.URL.Scheme != a.base.Scheme || req.URL.Host != a.base.Host {
		return fmt.Errorf("%w to %s", errRedirect, req.URL.Host)
	}
	if len(via) >= 5 {
		return fmt.Errorf("%w: more than %d", errRedirect, len(via))
	}
	return nil
}
