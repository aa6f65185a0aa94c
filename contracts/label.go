package contracts

import (
	"github.com/assent-dev/assent/config"
)

// label gives each contract a name of its own. The name is what a configuration
// says, else the path without its extension, unless two contracts are called so:
// then the path is the name.
func (d *discovery) label(all []*Contract) {
	for _, c := range all {
		if c.hasDefaultName() && d.hasTwin(c.file) {
			c.Name = c.file
		}
	}
	called := map[string]int{}
	for _, c := range all {
		called[c.Name]++
	}
	for _, c := range all {
		if called[c.Name] > 1 && (c.hasDefaultName() || c.neverExisted()) {
			called[c.Name]--
			c.Name = c.file
			called[c.Name]++
		}
	}
}

func (c *Contract) hasDefaultName() bool { return c.Name == config.DefaultName(c.file) }

// hasTwin reports whether another file that may be a contract has the same path
// except for the extension, on either side.
func (d *discovery) hasTwin(file string) bool {
	for _, format := range d.finder.Formats {
		for _, extension := range format.Extensions {
			twin := config.DefaultName(file) + extension
			_, before := d.base.Tree.Blob(twin)
			_, now := d.head.Tree.Blob(twin)
			if twin != file && (before || now) {
				return true
			}
		}
	}
	return false
}

// IsCalled reports whether a configuration may mean the contract by a name: its
// own, or its path without the extension.
func (c *Contract) IsCalled(name string) bool {
	return c.Name == name || config.DefaultName(c.file) == name
}
