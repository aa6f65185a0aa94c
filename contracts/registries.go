package contracts

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/registry"
)

// Registries are the schema registries that contracts may name.
type Registries map[string]permitted

// permitted is a registry with those whose repositories may name it.
type permitted struct {
	registry.Registry
	settings config.Registry
}

// OpenRegistries makes clients for the registries of a server's settings.
func OpenRegistries(settings map[string]config.Registry) (Registries, error) {
	all := Registries{}
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		s := settings[name]
		p := permitted{settings: s}
		if s.Kind == "glue" {
			p.Registry = registry.NewGlue(name, registry.GlueAccess{
				Region:   s.Region,
				Registry: s.Registry,
				KeyID:    s.User,
				Secret:   s.Password,
				Session:  s.Token,
				Endpoint: s.URL,
			})
		} else {
			access := registry.Access{URL: s.URL, User: s.User, Password: s.Password, Token: s.Token}
			client, err := registry.NewConfluent(name, access)
			if err != nil {
				return nil, err
			}
			p.Registry = client
		}
		p.Registry = registry.NewCached(p.Registry)
		all[name] = p
	}
	return all, nil
}

// open returns the registry for a repository of the owner. The error is one of
// the configuration.
func (r Registries) open(name, owner string) (registry.Registry, error) {
	p, ok := r[name]
	switch {
	case !ok:
		const text = "there is no schema registry %s: whoever runs assent sets it up"
		return nil, registry.Mistake(fmt.Sprintf(text, name))
	case !p.settings.Permits(owner):
		const text = "repositories of %s may not use the schema registry %s: " +
			"whoever runs assent permits it"
		return nil, registry.Mistake(fmt.Sprintf(text, owner, name))
	}
	return p.Registry, nil
}

// RegistryError is the failure of a registry that contracts name. Neither their
// author nor the repository's host caused it.
type RegistryError struct {
	Name string // of the registry
	Err  error
}

func (e *RegistryError) Error() string { return e.Err.Error() }

// Unwrap returns what the registry's client reports.
func (e *RegistryError) Unwrap() error { return e.Err }

// isMistake reports whether somebody has to mend a configuration.
func isMistake(err error) bool {
	var mistake registry.Mistake
	return errors.As(err, &mistake)
}
