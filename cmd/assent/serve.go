package main

import (
	"fmt"
	"log/slog"
	"net"
	"os"

	"github.com/spf13/cobra"

	"github.com/assent-dev/assent/app"
	"github.com/assent-dev/assent/config"
)

func newServe() *cobra.Command {
	var file string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the GitHub App",
		Long: `Serve receives GitHub's webhooks at /webhook and reviews pull requests. It is set
up by the environment or a file:

  ASSENT_APP_ID                the App's number
  ASSENT_PRIVATE_KEY_FILE      its private key
  ASSENT_WEBHOOK_SECRET_FILE   the secret that GitHub signs with
  ASSENT_DATABASE              the SQLite file that holds everything (assent.db)
  ASSENT_LISTEN                the address to listen on (:8080)
  ASSENT_GITHUB_URL            of GitHub Enterprise Server: https://HOST/api/v3
  ASSENT_WORKERS               how many reviews run at once (8)

It stops on SIGTERM after the running reviews. It may be killed at any time:
started again on the same database, it goes on where it was.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			settings, err := config.ReadServer(file, os.Getenv)
			if err != nil {
				return err
			}
			listener, err := net.Listen("tcp", settings.Listen)
			if err != nil {
				return fmt.Errorf("listen: %w", err)
			}
			log := slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), nil))
			return app.Serve(cmd.Context(), settings, listener, log)
		},
	}
	cmd.Flags().StringVar(&file, "config", "", "a YAML file with the settings")
	return cmd
}
