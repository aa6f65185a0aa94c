package config

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Server is what one installation of assent is set up with, for "assent serve".
// A setting in the environment goes before the one in the file.
type Server struct {
	// Listen is the address for webhooks. In the environment: ASSENT_LISTEN.
	// Default: :8080.
	Listen string `yaml:"listen"`
	// Database is the SQLite file that holds everything. In the environment:
	// ASSENT_DATABASE. Default: assent.db.
	Database string `yaml:"database"`
	// GitHub is the REST API's address, for GitHub Enterprise Server
	// https://HOST/api/v3. In the environment: ASSENT_GITHUB_URL. Default:
	// github.com's.
	GitHub string `yaml:"github"`
	// AppID is the App's number, from its settings page. In the environment:
	// ASSENT_APP_ID. Required.
	AppID int64 `yaml:"app-id"`
	// PrivateKeyFile holds the App's key (PEM). In the environment:
	// ASSENT_PRIVATE_KEY_FILE, or the key itself in ASSENT_PRIVATE_KEY.
	// Required.
	PrivateKeyFile string `yaml:"private-key-file"`
	// WebhookSecretFile holds the secret that GitHub signs with; a second line
	// is a second one, for the time of a change. In the environment:
	// ASSENT_WEBHOOK_SECRET_FILE, or the secrets themselves in
	// ASSENT_WEBHOOK_SECRET. Required.
	WebhookSecretFile string `yaml:"webhook-secret-file"`
	// Workers is how many reviews run at once. In the environment:
	// ASSENT_WORKERS. Default: 8.
	Workers int `yaml:"workers"`

	// Registries are the schema registries that repositories may name, by name.
	// Default: none.
	Registries map[string]Registry `yaml:"registries"`

	PrivateKey     []byte   `yaml:"-"`
	WebhookSecrets []string `yaml:"-"`
}

// ReadServer reads the settings from the file, if a name is given, and from
// the environment through getenv. All mistakes are reported at once.
func ReadServer(name string, getenv func(string) string) (*Server, error) {
	s := &Server{}
	if name != "" {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		if err := yaml.Load(data, s, yaml.WithKnownFields()); err != nil {
			var errs []error
			for _, e := range located(name, err) {
				errs = append(errs, e)
			}
			return nil, errors.Join(errs...)
		}
	}
	s.Listen = cmp.Or(getenv("ASSENT_LISTEN"), s.Listen, ":8080")
	s.Database = cmp.Or(getenv("ASSENT_DATABASE"), s.Database, "assent.db")
	s.GitHub = cmp.Or(getenv("ASSENT_GITHUB_URL"), s.GitHub)
	id, idErr := number(getenv, "ASSENT_APP_ID", int(s.AppID))
	workers, workersErr := number(getenv, "ASSENT_WORKERS", cmp.Or(s.Workers, 8))
	key, keyErr := secret(getenv, "ASSENT_PRIVATE_KEY", s.PrivateKeyFile)
	secrets, secretErr := secret(getenv, "ASSENT_WEBHOOK_SECRET", s.WebhookSecretFile)
	s.AppID, s.Workers, s.PrivateKey, s.WebhookSecrets = int64(id), workers, []byte(strings.TrimSpace(key)),
		lines(secrets)
	err := errors.Join(
		needed(idErr, s.AppID > 0, "the App's id is missing: set ASSENT_APP_ID, or app-id in the file"),
		needed(keyErr, len(s.PrivateKey) > 0,
			"the App's private key is missing: set ASSENT_PRIVATE_KEY_FILE, or private-key-file in the file"),
		needed(secretErr, len(s.WebhookSecrets) > 0,
			"the webhook's secret is missing: set ASSENT_WEBHOOK_SECRET_FILE, or webhook-secret-file in "+
				"the file"),
		s.registries(getenv),
		needed(workersErr, s.Workers > 0,
			"at least one worker is needed: set ASSENT_WORKERS, or workers in the file"),
	)
	if err != nil {
		return nil, err
	}
	return s, nil
}

// needed says what is wrong with a setting: that it cannot be read, or that it
// is not there.
func needed(err error, there bool, missing string) error {
	if err == nil && !there {
		return errors.New(missing)
	}
	return err
}

// lines returns what the lines hold; a secret may contain spaces.
func lines(text string) []string {
	var all []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, line)
		}
	}
	return all
}

func number(getenv func(string) string, name string, usual int) (int, error) {
	text := getenv(name)
	if text == "" {
		return usual, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, fmt.Errorf("%s: %q is not a number", name, text)
	}
	return n, nil
}

// secret reads a value from the environment, or from the file that the
// environment or the settings name.
func secret(getenv func(string) string, name, file string) (string, error) {
	if value := getenv(name); value != "" {
		return value, nil
	}
	file = cmp.Or(getenv(name+"_FILE"), file)
	if file == "" {
		return "", nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return "", fmt.Errorf("%s: %w", name+"_FILE", err)
	}
	return string(data), nil
}
