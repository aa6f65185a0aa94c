package difftest

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/assent-dev/assent/diff"
)

// identities holds, for every archive of a format, a hash of what saved
// approvals depend on: fingerprints, subjects and reaches. An approval that
// was given before an upgrade must still cover the same change after it.
type identities map[string]string

const identitiesFile = "testdata/identities.txt"

// add notes the changes that an archive reports.
func (ids identities) add(archive string, r *diff.Report) {
	h := sha256.New()
	for i := range r.Changes {
		c := &r.Changes[i]
		fmt.Fprintf(h, "%s %s\n", c.Fingerprint(), c.Subject)
		for _, reach := range c.Reaches {
			fmt.Fprintf(h, "  %s %s\n", reach.Side, reach.Use)
		}
	}
	ids[archive] = hex.EncodeToString(h.Sum(nil))[:16]
}

// compare checks that no archive has other identities than when they were
// recorded; "make update" records them, unless an archive has failed.
func (ids identities) compare(t *testing.T) {
	t.Helper()
	data, err := os.ReadFile(identitiesFile)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	var lines strings.Builder
	for _, archive := range slices.Sorted(maps.Keys(ids)) {
		fmt.Fprintf(&lines, "%s %s\n", ids[archive], archive)
	}
	if string(data) == lines.String() {
		return
	}
	if updating() {
		if t.Failed() {
			return
		}
		if err := os.WriteFile(identitiesFile, []byte(lines.String()), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	recorded := strings.Split(string(data), "\n")
	for line := range strings.Lines(lines.String()) {
		if line = strings.TrimSpace(line); !slices.Contains(recorded, line) {
			_, archive, _ := strings.Cut(line, " ")
			t.Errorf("%s: its fingerprints, subjects or reaches are not those in %s: saved approvals "+
				"would be void "+
				"(if that is meant, make update records them)", archive, identitiesFile)
		}
	}
}
