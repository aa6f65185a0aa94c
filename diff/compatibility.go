package diff

import (
	"fmt"
	"slices"
	"strings"
)

// Compatibility is which sides of a contract are protected, and against which
// of its earlier versions.
type Compatibility struct {
	Name       string // "backward", "full_transitive", …
	Protects   Side
	Transitive bool // every earlier version, not the last alone
}

// compatibilities holds the modes of data schemas: backward means that the new
// schema reads what old writers wrote, forward that old readers read what new
// writers write (Confluent Schema Registry, "Schema Evolution and
// Compatibility").
var compatibilities = []Compatibility{
	{"none", 0, false},
	{"backward", Sends, false},
	{"forward", Receives, false},
	{"full", Both, false},
	{"backward_transitive", Sends, true},
	{"forward_transitive", Receives, true},
	{"full_transitive", Both, true},
}

// glue has AWS Glue's names for the same modes.
var glue = map[string]string{
	"backward_all": "backward_transitive", "forward_all": "forward_transitive", "full_all": "full_transitive",
}

// Compatibility interprets a mode's name for the format; "" is the format's
// default. Confluent's and AWS Glue's spellings are accepted.
func (f *Format) Compatibility(name string) (Compatibility, error) {
	if name == "" {
		name = f.Default
	}
	lower := strings.ToLower(name)
	if g, ok := glue[lower]; ok {
		lower = g
	}
	i := slices.IndexFunc(compatibilities, func(c Compatibility) bool { return c.Name == lower })
	if i < 0 {
		return Compatibility{}, fmt.Errorf("unknown compatibility %q: want none, backward, forward, "+
			"full, or one of the last three with _transitive", name)
	}
	c := compatibilities[i]
	if !f.Sided {
		return c, nil
	}
	if c.Protects == Receives {
		return Compatibility{}, fmt.Errorf("compatibility %s has no meaning for %s: the contract itself "+
			"says who sends and who receives; use backward", c.Name, f.Name)
	}
	if c.Protects != 0 {
		c.Protects = Both
	}
	return c, nil
}
