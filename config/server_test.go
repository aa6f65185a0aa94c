package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/config"
)

// write makes a file of its own for the test and returns its path.
func write(t *testing.T, name, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

func env(vars map[string]string) func(string) string {
	return func(name string) string { return vars[name] }
}

func TestServerDefaults(t *testing.T) {
	got, err := config.ReadServer("", env(map[string]string{
		"ASSENT_APP_ID":         "7",
		"ASSENT_PRIVATE_KEY":    "key",
		"ASSENT_WEBHOOK_SECRET": "s",
	}))
	if err != nil {
		t.Fatal(err)
	}
	want := &config.Server{
		Listen:         ":8080",
		Database:       "assent.db",
		AppID:          7,
		Workers:        8,
		PrivateKey:     []byte("key"),
		WebhookSecrets: []string{"s"},
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestEnvironmentGoesBeforeTheFile(t *testing.T) {
	key, secrets := write(t, "key.pem", "the key\n"), write(t, "secret", "the new one\r\n\n  old\n")
	file := write(t, "assent.yml",
		"listen: :1\ndatabase: file.db\ngithub: https://a/api/v3\napp-id: 1\nworkers: 2\nprivate-key-file: "+
			key+"\nwebhook-secret-file: /nowhere\n")
	fromFile, err := config.ReadServer(file, env(map[string]string{"ASSENT_WEBHOOK_SECRET_FILE": secrets}))
	if err != nil {
		t.Fatal(err)
	}
	want := &config.Server{
		Listen:            ":1",
		Database:          "file.db",
		GitHub:            "https://a/api/v3",
		AppID:             1,
		Workers:           2,
		PrivateKeyFile:    key,
		WebhookSecretFile: "/nowhere",
		PrivateKey:        []byte("the key"), WebhookSecrets: []string{"the new one", "old"},
	}
	if d := cmp.Diff(want, fromFile); d != "" {
		t.Error(d)
	}
	all := map[string]string{
		"ASSENT_LISTEN":      ":9",
		"ASSENT_DATABASE":    "env.db",
		"ASSENT_GITHUB_URL":  "https://b/api/v3",
		"ASSENT_APP_ID":      "9",
		"ASSENT_WORKERS":     "3",
		"ASSENT_PRIVATE_KEY": "another", "ASSENT_WEBHOOK_SECRET": "x",
	}
	both, err := config.ReadServer(file, env(all))
	if err != nil {
		t.Fatal(err)
	}
	want = &config.Server{
		Listen:            ":9",
		Database:          "env.db",
		GitHub:            "https://b/api/v3",
		AppID:             9,
		Workers:           3,
		PrivateKeyFile:    key,
		WebhookSecretFile: "/nowhere",
		PrivateKey:        []byte("another"), WebhookSecrets: []string{"x"},
	}
	if d := cmp.Diff(want, both); d != "" {
		t.Error(d)
	}
}

func TestRegistries(t *testing.T) {
	file := write(t, "assent.yml", `registries:
  main: {url: "https://registry.acme.com", user-env: SR_USER, password-env: SR_PASSWORD, owners: [Acme]}
  lake: {kind: glue, region: eu-central-1, user-env: AWS_ID, password-env: AWS_SECRET, owners: [acme]}
`)
	s, err := config.ReadServer(file, env(map[string]string{
		"ASSENT_APP_ID": "7", "ASSENT_PRIVATE_KEY": "key", "ASSENT_WEBHOOK_SECRET": "s",
		"SR_USER": "assent", "SR_PASSWORD": "secret", "AWS_ID": "id", "AWS_SECRET": "key",
	}))
	if err != nil {
		t.Fatal(err)
	}
	main, lake := s.Registries["main"], s.Registries["lake"]
	if main.Kind != "confluent" || main.User != "assent" || main.Password != "secret" || lake.User != "id" ||
		lake.Registry != "default-registry" {
		t.Errorf("got %+v and %+v", main, lake)
	}
	if !main.Permits("acme") || main.Permits("other") {
		t.Error("the registry is for repositories of acme alone")
	}
}

// TestServerMistakes: whoever sets a server up learns all that is wrong at
// once, and each with what to do.
func TestServerMistakes(t *testing.T) {
	empty := write(t, "empty", "\n")
	tests := []struct {
		name, file string
		env        map[string]string
		want       []string
	}{
		{
			"nothing is set", "", nil,
			[]string{
				"set ASSENT_APP_ID, or app-id", "set ASSENT_PRIVATE_KEY_FILE, or private-key-file",
				"set ASSENT_WEBHOOK_SECRET_FILE, or webhook-secret-file",
			},
		},
		{
			"no numbers", "",
			map[string]string{"ASSENT_APP_ID": "assent", "ASSENT_WORKERS": "many"},
			[]string{
				`ASSENT_APP_ID: "assent" is not a number`, `ASSENT_WORKERS: "many" is not a number`,
				"private key is missing", "webhook's secret is missing",
			},
		},
		{
			"no worker", "", map[string]string{"ASSENT_WORKERS": "-1"},
			[]string{"at least one worker is needed"},
		},
		{
			"files that are not there", "",
			map[string]string{
				"ASSENT_PRIVATE_KEY_FILE":    "/no/key",
				"ASSENT_WEBHOOK_SECRET_FILE": "/no/secret",
			},
			[]string{"ASSENT_PRIVATE_KEY_FILE: open /no/key", "ASSENT_WEBHOOK_SECRET_FILE: open /no/secret"},
		},
		{
			"files that are empty", "",
			map[string]string{"ASSENT_PRIVATE_KEY_FILE": empty, "ASSENT_WEBHOOK_SECRET_FILE": empty},
			[]string{"private key is missing", "webhook's secret is missing"},
		},
		{"registries", write(t, "assent.yml", `registries:
  a: {owners: [x]}
  b: {url: "https://user:secret@b", owners: [x]}
  c: {url: "c:8081", owners: [x]}
  d: {url: "https://d", user-env: SR_USER}
  e: {kind: apicurio, url: "https://e", owners: [x]}
  f: {kind: glue, owners: [x]}
`), nil, []string{
			"registries, a: its url is missing", "registries, b: a secret does not belong into the url",
			"registries, c: its url is not an address",
			"registries, d: user-env: the environment variable SR_USER is not set",
			"registries, d: owners are missing",
			`registries, e: kind: "apicurio": want confluent or glue`,
			"registries, f: AWS Glue needs a region",
		}},
		{"no such file", "/no/assent.yml", nil, []string{"open /no/assent.yml"}},
		{
			"keys that do not exist",
			write(t, "assent.yml", "app-id: 1\napp-key: 2\nworkers: many\n"),
			nil,
			[]string{"assent.yml:2:1: field app-key not found", "assent.yml:3:10: "},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, err := config.ReadServer(tt.file, env(tt.env))
			if err == nil || s != nil {
				t.Fatalf("no error, and %+v", s)
			}
			for _, want := range tt.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is missing in:\n%v", want, err)
				}
			}
			if strings.Count(err.Error(), "ASSENT_APP_ID") > 1 {
				t.Errorf("one mistake is told twice:\n%v", err)
			}
		})
	}
}
