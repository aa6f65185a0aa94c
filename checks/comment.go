package checks

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/assent-dev/assent/approval"
)

// Marker is how the one comment of a pull request is found again. People do
// not see it.
const Marker = "<!-- assent:v1 -->"

// Comment is the one comment that a pull request keeps; it is edited in place.
// It is only worth writing once somebody is asked or something cannot be read:
// until then, wanted is false, and the body is for one that is there already.
func Comment(d *approval.Decision) (body string, wanted bool) {
	wanted = len(d.Demands)+len(d.Unclaimed)+len(d.Mistakes) > 0
	record := Record{Decision: *d}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n### %s\n\n", Marker, escape(title(&record)))
	summarise(&b, &record)
	if len(d.Demands) > 0 {
		b.WriteString("\nA member of each team above agrees by approving this pull request in a review. " +
			"An approval covers what was found at the commit that was reviewed, and holds until one of these changes gets worse.\n")
	}
	return cut(b.String(), maxText), wanted
}

// Delta identifies what a team is asked now, so that it is asked once.
func Delta(d *approval.Decision, team string) string {
	h := sha256.New()
	var open []string
	for i := range d.Demands {
		if !slices.Contains(d.Demands[i].Party.Teams, team) {
			continue
		}
		for _, it := range d.Demands[i].Items {
			if it.Open {
				open = append(open, it.Fingerprint)
			}
		}
	}
	slices.Sort(open)
	fmt.Fprint(h, open)
	return hex.EncodeToString(h.Sum(nil))
}
