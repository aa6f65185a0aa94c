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

// Server is what one installation of assent is set up with. A setting in the
// environment goes before the one in the file.
type Server struct {
	// Listen is the address for webhooks. ASSENT_LISTEN, default :8080.
	Listen string `yaml:"listen"`
	// Database is the SQLite file that holds everything. ASSENT_DATABASE,
	// default assent.db.
	Database string `yaml:"database"`
	// GitHub is the REST API's address; empty for github.com, else
	// https://HOST/api/v3. ASSENT_GITHUB_URL.
	GitHub string `yaml:"github"`
	// AppID is the App's number, from its settings page. ASSENT_APP_ID.
	AppID int64 `yaml:"app-id"`
	// PrivateKeyFile holds the App's key (PEM). ASSENT_PRIVATE_KEY_FILE; or the
	// key itself in ASSENT_PRIVATE_KEY.
	PrivateKeyFile string `yaml:"private-key-file"`
	// WebhookSecretFile holds the secret that GitHub signs with; a second line
	// is a second one, for the time of a change. ASSENT_WEBHOOK_SECRET_FILE; or
	// the secrets themselves in ASSENT_WEBHOOK_SECRET.
	WebhookSecretFile string `yaml:"webhook-secret-file"`
	// Workers is how many reviews run at once. ASSENT_WORKERS, default 8.
	Workers int `yaml:"workers"`

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
	if err := errors.Join(idErr, workersErr, keyErr, secretErr); err != nil {
		return nil, err
	}
	s.AppID, s.Workers, s.PrivateKey, s.WebhookSecrets = int64(id), workers, []byte(key), strings.Fields(secrets)
	return s, s.check()
}

func (s *Server) check() error {
	var errs []error
	if s.AppID <= 0 {
		errs = append(errs, errors.New("the App's id is missing: set ASSENT_APP_ID, or app-id in the file"))
	}
	if len(s.PrivateKey) == 0 {
		errs = append(errs, errors.New("the App's private key is missing: set ASSENT_PRIVATE_KEY_FILE, or private-key-file in the file"))
	}
	if len(s.WebhookSecrets) == 0 {
		errs = append(errs, errors.New("the webhook's secret is missing: set ASSENT_WEBHOOK_SECRET_FILE, or webhook-secret-file in the file"))
	}
	if s.Workers < 1 {
		errs = append(errs, errors.New("at least one worker is needed: set ASSENT_WORKERS, or workers in the file"))
	}
	return errors.Join(errs...)
}

func number(getenv func(string) string, name string, otherwise int) (int, error) {
	text := getenv(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return 0, fmt.Errorf("%s: %q is no number", name, text)
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
	return string(data), err
}
