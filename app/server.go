package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/contracts"
	"github.com/assent-dev/assent/diff/tree"
	"github.com/assent-dev/assent/github"
	"github.com/assent-dev/assent/store"
	"github.com/assent-dev/assent/webhook"
)

const (
	cacheBytes = 256 << 20 // of parsed documents
	// for the documents that are being parsed: 10 MB of YAML, or 33 MB of JSON
	parsingBytes = 400_000_000
	patience     = 5 * time.Second  // before a check says that it is in progress
	closing      = 10 * time.Second // for requests that are being answered at the end
)

// Serve runs the App on a listener until ctx ends: then it takes no more
// webhooks, lets running reviews finish and closes the database. A process that
// is killed instead loses nothing.
func Serve(ctx context.Context, s *config.Server, listener net.Listener, log *slog.Logger,
	opts ...store.Option) error {
	db, err := store.Open(ctx, s.Database, append([]store.Option{store.WithLogger(log)}, opts...)...)
	if err != nil {
		return fmt.Errorf("open the database: %w", err)
	}
	defer db.Close()
	app, err := github.NewApp(github.Config{AppID: s.AppID, Key: s.PrivateKey, BaseURL: s.GitHub})
	if err != nil {
		return fmt.Errorf("set up the GitHub App: %w", err)
	}
	registries, err := contracts.OpenRegistries(s.Registries)
	if err != nil {
		return fmt.Errorf("set up the schema registries: %w", err)
	}
	documents := tree.NewCache(cacheBytes)
	documents.BoundParsing(parsingBytes)
	reviewer := &Reviewer{
		GitHub:     app,
		Store:      db,
		Cache:      documents,
		Registries: registries,
		Log:        log,
		Now:        time.Now,
		Patience:   patience,
	}
	server := &http.Server{
		Handler: routes(&webhook.Handler{
			Secrets: s.WebhookSecrets,
			AppID:   s.AppID,
			Store:   db,
			Log:     log,
		}),
		ReadHeaderTimeout: 10 * time.Second,
		ReadTimeout:       time.Minute,
		WriteTimeout:      time.Minute,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			return fmt.Errorf("serve: %w", err)
		}
		return nil
	})
	group.Go(func() error {
		<-ctx.Done()
		end, cancel := context.WithTimeout(context.WithoutCancel(ctx), closing)
		defer cancel()
		return server.Shutdown(end)
	})
	group.Go(func() error { return db.Work(ctx, s.Workers, reviewer.Handle) })
	group.Go(func() error {
		reviewer.sweepUntil(ctx)
		return nil
	})
	log.Info("assent serves", "address", listener.Addr().String(), "app", s.AppID)
	return group.Wait()
}

func routes(hook http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST /webhook", hook)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	return mux
}
