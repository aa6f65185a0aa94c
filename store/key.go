package store

import (
	"strconv"
	"strings"
)

// Key names a lane within its repository, by what the work is about. Databases
// hold it as text, so a key that was written once must stay readable.
//
// The functions that make keys return the empty key, which names no lane, if an
// argument is zero.
type Key string

const (
	pullPrefix         = "pull/"
	headPrefix         = "head/"
	groupPrefix        = "group/"
	basePrefix         = "base/"
	teamPrefix         = "team/"
	membersPrefix      = "members/"
	installationPrefix = "installation/"
	sweepPrefix        = "sweep/"
)

// ListKey names the lane that lists the open pull requests of a repository, so
// that each is reviewed.
const ListKey Key = "list"

// IndexKey names the lane that makes the outlines that a repository's reviews
// want.
const IndexKey Key = "index"

// priority is how urgent the lane is by itself.
func (k Key) priority() priority {
	prefix, _, _ := strings.Cut(string(k), "/")
	switch prefix + "/" {
	case pullPrefix, headPrefix, groupPrefix:
		return urgent
	case basePrefix, teamPrefix, membersPrefix:
		return soon
	}
	return background
}

// PullKey names the lane that reviews a pull request.
func PullKey(number int) Key { return numberedKey(pullPrefix, int64(number)) }

// HeadKey names the lane that publishes what was decided for a commit.
func HeadKey(sha string) Key {
	if sha == "" {
		return ""
	}
	return Key(headPrefix + sha)
}

// GroupKey names the lane that reviews a merge group. It contains both ends,
// because GitHub does not tell the base of a group later.
func GroupKey(head, base string) Key {
	if head == "" || base == "" {
		return ""
	}
	return Key(groupPrefix + head + "/" + base)
}

// BaseKey names the lane that finds out what a push to a branch means for the
// pull requests into it.
func BaseKey(branch string) Key {
	if branch == "" {
		return ""
	}
	return Key(basePrefix + branch)
}

// TeamKey names the lane that finds the pull requests for which a team matters,
// by the number of the team. It belongs to no repository.
func TeamKey(id int64) Key { return numberedKey(teamPrefix, id) }

// MembersKey names the lane that finds the pull requests of an installation for
// which memberships matter. It belongs to no repository.
func MembersKey(installation int64) Key { return numberedKey(membersPrefix, installation) }

// SweepKey names the lane that compares what was decided in an installation with
// its present state. It belongs to no repository.
func SweepKey(installation int64) Key { return numberedKey(sweepPrefix, installation) }

// InstallationKey names the lane that reviews the pull requests that were open
// before the App was installed. It belongs to no repository.
func InstallationKey(id int64) Key { return numberedKey(installationPrefix, id) }

// Pull is the number of the pull request that the lane reviews.
func (k Key) Pull() (number int, ok bool) {
	n, ok := k.number(pullPrefix)
	return int(n), ok
}

// Head is the commit that the lane publishes on.
func (k Key) Head() (sha string, ok bool) {
	sha, ok = strings.CutPrefix(string(k), headPrefix)
	return sha, ok && sha != ""
}

// Group is the two ends of the merge group that the lane reviews.
func (k Key) Group() (head, base string, ok bool) {
	ends, isGroup := strings.CutPrefix(string(k), groupPrefix)
	head, base, _ = strings.Cut(ends, "/")
	return head, base, isGroup && head != "" && base != ""
}

// Base is the branch whose push the lane looks into.
func (k Key) Base() (branch string, ok bool) {
	branch, ok = strings.CutPrefix(string(k), basePrefix)
	return branch, ok && branch != ""
}

// Team is the number of the team that the lane is about.
func (k Key) Team() (id int64, ok bool) { return k.number(teamPrefix) }

// Members is the installation whose memberships the lane is about.
func (k Key) Members() (installation int64, ok bool) { return k.number(membersPrefix) }

// Sweep is the installation that the lane sweeps.
func (k Key) Sweep() (installation int64, ok bool) { return k.number(sweepPrefix) }

// Installation is the installation whose open pull requests the lane reviews.
func (k Key) Installation() (id int64, ok bool) { return k.number(installationPrefix) }

func numberedKey(prefix string, n int64) Key {
	if n == 0 {
		return ""
	}
	return Key(prefix + strconv.FormatInt(n, 10))
}

func (k Key) number(prefix string) (n int64, ok bool) {
	digits, ok := strings.CutPrefix(string(k), prefix)
	if !ok {
		return 0, false
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	return n, err == nil && n != 0
}
