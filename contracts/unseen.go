package contracts

import (
	"context"
	"fmt"
	"maps"

	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/diff"
)

// unseen is an entry that leads to nothing that can be compared, and why. The pull
// request has no part in it.
type unseen struct {
	config.Contract
	why string
}

// corrected is said of an entry that leads to a contract from here on. Its owners are
// asked all the same: what the contract was so far, nobody looked at.
const corrected = ", which this pull request changes"

// reportUnmatched tells of the entries that match no file. About those that the base
// branch has so already the owners are asked, whatever the pull request changes. All
// others are mistakes.
func (d *discovery) reportUnmatched(ctx context.Context, c configurations) error {
	deadBefore, err := d.base.unmatched(ctx, c.base)
	if err != nil {
		return err
	}
	deadNow, err := d.head.unmatched(ctx, c.head)
	if err != nil {
		return err
	}
	dead, err := d.deadEntries(ctx, c.policy)
	if err != nil {
		return err
	}
	now, before := byPath(c.head), byPath(c.base)
	for _, e := range c.policy.Contracts {
		entry, stands := now[e.Path]
		_, stood := before[e.Path]
		if !dead[e.Path] {
			continue
		}
		why := d.head.whyUnmatched(e.Path)
		if stands && !deadNow[e.Path] || stood && !stands {
			why += corrected
		}
		e.Line = entry.Line
		d.unseen = append(d.unseen, unseen{e, why})
	}
	for _, e := range c.head.Contracts {
		if deadNow[e.Path] && !dead[e.Path] && !deadBefore[e.Path] {
			d.complain(mistake(e.Line, "%s", d.head.whyUnmatched(e.Path)))
		}
	}
	return nil
}

// deadEntries returns the paths of the policy's entries that match no file, neither
// where it was read nor at the base, which may have had the file still.
func (d *discovery) deadEntries(ctx context.Context, policy *config.Repository) (map[string]bool, error) {
	dead, err := d.finder.tip.unmatched(ctx, policy)
	if err != nil || len(dead) == 0 {
		return nil, err
	}
	alsoAtBase, err := d.base.unmatched(ctx, policy)
	maps.DeleteFunc(dead, func(path string, _ bool) bool { return !alsoAtBase[path] })
	return dead, err
}

// unmatched returns the paths of the entries that match no file of the revision.
func (r *Revision) unmatched(ctx context.Context, of *config.Repository) (map[string]bool, error) {
	entries, err := r.entries(ctx, of)
	if err != nil {
		return nil, err
	}
	dead := map[string]bool{}
	for _, e := range of.Contracts {
		dead[e.Path] = true
	}
	for _, e := range entries {
		delete(dead, of.Contracts[e.Entry].Path)
	}
	return dead, nil
}

// whyUnmatched says why a path matches no file.
func (r *Revision) whyUnmatched(path string) string {
	if links, ok := r.Tree.(interface{ DeadLink(string) (string, bool) }); ok {
		if target, dead := links.DeadLink(path); dead {
			return path + " is a link to " + target + ", and the repository has no such file"
		}
	}
	return "no file matches " + path
}

// byPath returns the entries by what is written for their files.
func byPath(r *config.Repository) map[string]config.Contract {
	all := map[string]config.Contract{}
	for _, e := range r.Contracts {
		if _, known := all[e.Path]; !known {
			all[e.Path] = e
		}
	}
	return all
}

// addUnseen reports the entries that lead to nothing. Who answers is whom the entry
// names, else who answers for the configuration: what an entry that leads nowhere
// means says nothing of the owners of files.
func (f *Finder) addUnseen(ctx context.Context, all []unseen, r *Result) error {
	if len(all) == 0 {
		return nil
	}
	format := config.Format(f.Formats, config.Surroundings{}, config.Surroundings{})
	compatibility, err := format.Compatibility("")
	if err != nil {
		return err
	}
	for _, entry := range all {
		how := diff.Contract{
			Name:          fmt.Sprintf("%s, the entry %s", config.Path, entry.Path),
			Format:        format,
			Compatibility: compatibility,
			Facts:         []diff.Fact{config.Unseen(entry.Contract, entry.why)},
		}
		report, err := diff.Compare(ctx, how, nil, diff.Source{})
		if err != nil {
			return err
		}
		report.Path = config.Path
		r.PolicyChanges = append(r.PolicyChanges, PolicyChange{Owners: entry.Owners, Report: report})
	}
	return nil
}
