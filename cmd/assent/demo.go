package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/assent-dev/assent/app"
	"github.com/assent-dev/assent/cmd/assent/demo"
	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/github/githubtest"
)

func newDemo() *cobra.Command {
	var once bool
	var address string
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "See the whole product on this machine: no account, no network",
		Long: `Demo starts a GitHub in memory with a sample organisation, runs the App against
it, and tells the story of a pull request that breaks two teams. Then it keeps
serving, so that you can look at the pull request and approve as a team member.

It needs Go and git, writes to a temporary folder alone, and removes it.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			err := runDemo(cmd.Context(), cmd.OutOrStdout(), address, once)
			if err != nil && cmd.Context().Err() == nil {
				fmt.Fprintf(cmd.ErrOrStderr(), "assent: %v\n", err)
				return verdictError(1)
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&once, "once", false, "tell the story and exit: 0 if it ended well, else 1")
	cmd.Flags().StringVar(&address, "address", "",
		"where the GitHub in memory listens (default: a free port of this machine)")
	return cmd
}

func runDemo(ctx context.Context, out io.Writer, address string, once bool) error {
	folder, err := os.MkdirTemp("", "assent-demo-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	scene, err := demo.New(githubtest.Options{Address: address})
	if err != nil {
		return err
	}
	defer scene.GitHub.Close()
	stop, err := serveDemo(ctx, scene, folder)
	if err != nil {
		return err
	}
	told := tell(ctx, out, scene)
	if told == nil && !once {
		fmt.Fprintf(out, "\nLook at %s/acme/orders/pull/%d and approve or push on. Ctrl-C ends it.\n",
			scene.GitHub.URL(), scene.Pull)
		<-ctx.Done()
	}
	if err := stop(); err != nil && told == nil {
		return err
	}
	return told
}

// serveDemo runs the real server against the scene. The returned function ends
// it and waits.
func serveDemo(ctx context.Context, scene *demo.Scene, folder string) (stop func() error, err error) {
	log, err := os.Create(filepath.Join(folder, "assent.log"))
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	settings := &config.Server{
		Database: filepath.Join(folder, "assent.db"), GitHub: scene.GitHub.URL(), AppID: scene.GitHub.AppID,
		PrivateKey: scene.GitHub.Key, WebhookSecrets: []string{scene.GitHub.Secret}, Workers: 4,
	}
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- app.Serve(ctx, settings, listener, slog.New(slog.NewTextHandler(log, nil))) }()
	scene.GitHub.Subscribe("http://" + listener.Addr().String() + "/webhook")
	return func() error {
		cancel()
		defer log.Close()
		return <-ended
	}, nil
}

// patience is how long a step of the story may take.
const patience = 30 * time.Second

func tell(ctx context.Context, out io.Writer, scene *demo.Scene) error {
	for i, step := range demo.Story {
		fmt.Fprintf(out, "%d. %s\n", i+1, step.Says)
		stepCtx, cancel := context.WithTimeout(ctx, patience)
		err := scene.Play(stepCtx, step)
		cancel()
		if err != nil {
			return err
		}
		check, _ := scene.Check()
		fmt.Fprintf(out, "   check: %s: %s\n", check.Conclusion, check.Title)
		if !step.Breaks {
			continue
		}
		for _, a := range check.Annotations {
			fmt.Fprintf(out, "   %s:%d: %s: %s\n", a.Path, a.StartLine, a.Level, a.Message)
		}
		fmt.Fprintf(out, "   asked: %v\n", scene.Asked())
	}
	return nil
}
