package app

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
				Region: s.Region, Registry: s.Registry, KeyID: s.User, Secret: s.Password, Session: s.Token, Endpoint: s.URL,
			})
		} else {
			client, err := registry.NewConfluent(name, registry.Access{URL: s.URL, User: s.User, Password: s.Password, Token: s.Token})
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

// named returns the registry for a repository of the owner. The error is one of
// the configuration.
func (r Registries) named(name, owner string) (registry.Registry, error) {
	p, ok := r[name]
	switch {
	case !ok:
		return nil, registry.Mistake(fmt.Sprintf("there is no schema registry %s: whoever runs assent sets it up", name))
	case !p.settings.Permits(owner):
		return nil, registry.Mistake(fmt.Sprintf("repositories of %s may not use the schema registry %s: whoever runs assent permits it", owner, name))
	}
	return p.Registry, nil
}

// registryError is what keeps a registry from being read: not the author's
// mistake, and not GitHub's doing.
type registryError struct {
	name string
	err  error
}

func (e *registryError) Error() string { return e.err.Error() }
func (e *registryError) Unwrap() error { return e.err }

// isMistake reports whether somebody has to mend a configuration.
func isMistake(err error) bool {
	var mistake registry.Mistake
	return errors.As(err, &mistake)
}
