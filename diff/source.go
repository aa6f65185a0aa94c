package diff

import (
	"io/fs"

	"github.com/assent-dev/assent/diff/tree"
)

// Source is a contract at one revision. The zero Source is a contract that is
// absent there.
type Source struct {
	FS    fs.FS       // may be read by several goroutines
	Paths []string    // the root file, then others that it needs where the caller knows them
	Whole bool        // Paths lists all that there is: nothing is looked for beside it
	Cache *tree.Cache // of parsed documents, shared between comparisons; may be nil
	Label string      // names the revision in a history: a tag, a file, "version 3"
}

// Absent reports whether the contract does not exist at this revision.
func (s Source) Absent() bool { return s.FS == nil || len(s.Paths) == 0 }

// Root is the path of the root file, "" for an absent contract.
func (s Source) Root() string {
	if len(s.Paths) == 0 {
		return ""
	}
	return s.Paths[0]
}

// At returns the place that a JSON Pointer leads to in a root that is JSON or
// YAML, or the closest element around it.
func (s Source) At(pointer string) (Location, error) {
	doc, err := tree.NewFiles(s.FS, s.Cache).Open(s.Root())
	if err != nil {
		return Location{}, err
	}
	return doc.Closest(pointer).At(), nil
}
