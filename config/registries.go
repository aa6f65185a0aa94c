package config

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// Registry is a schema registry that repositories may name. Its credentials are
// in the environment; the settings say under which names.
type Registry struct {
	// Kind of its interface: confluent (Karapace, Redpanda and Apicurio have it
	// too) or glue (AWS). Default: confluent.
	Kind string `yaml:"kind"`
	// URL is its address. For AWS Glue, only where it is not AWS's own. Default:
	// none; for confluent it is required.
	URL string `yaml:"url"`
	// Region of AWS. Default: none; for glue it is required.
	Region string `yaml:"region"`
	// Registry is the name of the registry within AWS Glue. Default:
	// default-registry.
	Registry string `yaml:"registry"`
	// UserEnv names the environment variable that holds the user, in AWS the
	// access key's id. Default: none.
	UserEnv string `yaml:"user-env"`
	// PasswordEnv names the one that holds the password, in AWS the secret
	// access key. Default: none.
	PasswordEnv string `yaml:"password-env"`
	// TokenEnv names the one that holds a bearer token, in AWS the session
	// token. Default: none.
	TokenEnv string `yaml:"token-env"`
	// Owners are the organisations and users of GitHub whose repositories may
	// name the registry. Required.
	Owners []string `yaml:"owners"`

	User     string `yaml:"-"`
	Password string `yaml:"-"`
	Token    string `yaml:"-"`
}

// Permits reports whether the repositories of a GitHub owner may use the
// registry.
func (r Registry) Permits(owner string) bool {
	return slices.ContainsFunc(r.Owners, func(o string) bool { return strings.EqualFold(o, owner) })
}

// registries completes and checks the registries of the settings.
func (s *Server) registries(getenv func(string) string) error {
	var errs []error
	for _, name := range slices.Sorted(maps.Keys(s.Registries)) {
		r := s.Registries[name]
		for _, err := range r.complete(getenv) {
			errs = append(errs, fmt.Errorf("registries, %s: %w", name, err))
		}
		s.Registries[name] = r
	}
	return errors.Join(errs...)
}

func (r *Registry) complete(getenv func(string) string) (errs []error) {
	fail := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	for _, secret := range []struct {
		key, env string
		into     *string
	}{
		{"user-env", r.UserEnv, &r.User}, {"password-env", r.PasswordEnv, &r.Password},
		{"token-env", r.TokenEnv, &r.Token},
	} {
		if secret.env == "" {
			continue
		}
		if *secret.into = getenv(secret.env); *secret.into == "" {
			fail("%s: the environment variable %s is not set", secret.key, secret.env)
		}
	}
	switch r.Kind {
	case "", "confluent":
		r.Kind = "confluent"
		if r.URL == "" {
			fail("its url is missing")
		}
	case "glue":
		if r.Region == "" || r.UserEnv == "" || r.PasswordEnv == "" {
			fail("AWS Glue needs a region, user-env and password-env")
		}
		if r.Registry == "" {
			r.Registry = "default-registry"
		}
	default:
		fail("kind: %q: want confluent or glue", r.Kind)
	}
	if address, err := url.Parse(r.URL); r.URL != "" &&
		(err != nil || address.Host == "" || address.Scheme != "https" && address.Scheme != "http") {
		fail("its url is not an address: write it as https://HOST")
	} else if err == nil && address.User != nil {
		fail("a secret does not belong into the url: name the environment variables that hold it in " +
			"user-env and password-env")
	}
	if len(r.Owners) == 0 {
		fail("owners are missing: whose repositories may use it")
	}
	return errs
}
