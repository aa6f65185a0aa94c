package github

import (
	"context"
	"fmt"
	"path"
	"slices"
	"strings"
)

const (
	maxLinks  = 1_000    // of one tree: their targets are read before anything else
	maxLinked = 100_000  // files that are there only through links
	maxShown  = 32 << 20 // bytes of their paths
	maxTarget = 4096     // bytes; longer ones lead nowhere on any system
	maxSteps  = 1_000    // folders on the way from a link to what it leads to
	maxHops   = 40       // links on that way, as on Linux
	maxNested = 8        // linked folders within linked folders
)

// follow replaces the symbolic links among the files of a commit by what they
// lead to. A link to a folder becomes the files of that folder.
func (c *Client) follow(ctx context.Context, repo Repo, files []file) ([]file, map[string]string, error) {
	var links []file
	for _, f := range files {
		if f.link {
			links = append(links, f)
		}
	}
	if len(links) == 0 {
		return files, nil, nil
	}
	targets, err := c.targets(ctx, repo, links)
	if err != nil {
		return nil, nil, err
	}
	f := &follower{files: files, targets: targets, found: map[string]string{}, dead: map[string]string{}}
	for _, link := range links {
		if err := f.follow(link.path, link.path, nil); err != nil {
			return nil, nil, err
		}
	}
	regular := slices.DeleteFunc(slices.Clone(files), func(f file) bool { return f.link })
	all := append(regular, f.out...)
	sortFiles(all)
	return all, f.dead, nil
}

// targets reads what the links say, by their paths.
func (c *Client) targets(ctx context.Context, repo Repo, links []file) (map[string]string, error) {
	if len(links) > maxLinks {
		return nil, fmt.Errorf("%w: %d symbolic links, at most %d are followed", ErrTooLarge, len(links),
			maxLinks)
	}
	var blobs []BlobRef
	for _, l := range links {
		if l.size <= maxTarget {
			blobs = append(blobs, BlobRef{l.sha, l.size})
		}
	}
	content, err := c.Blobs(ctx, repo, blobs)
	if err != nil {
		return nil, err
	}
	targets := map[string]string{}
	for _, l := range links {
		targets[l.path] = string(content[l.sha])
	}
	return targets, nil
}

// follower finds what links lead to.
type follower struct {
	files   []file            // of the commit, sorted, links included
	targets map[string]string // what the links say
	found   map[string]string // what they lead to; empty for nothing
	out     []file            // the files there, by the paths through the links
	shown   int               // bytes of these paths
	dead    map[string]string
}

// follow adds what a link leads to. The link is seen at a path, which is not its
// own if it is in a linked folder itself; within are the folders that led there.
func (f *follower) follow(at, link string, within []string) error {
	to, known := f.found[link]
	if !known {
		to = f.resolve(link)
		f.found[link] = to
	}
	target, isFile := findFile(f.files, to)
	switch {
	case isFile:
		return f.add(at, target)
	case to != "" && !circular(link, to, within):
		return f.expand(at, to, append(slices.Clone(within), to))
	}
	f.dead[at] = f.targets[link]
	return f.bound(at)
}

// add shows a file at another path.
func (f *follower) add(at string, target file) error {
	f.out = append(f.out, file{path: at, sha: target.sha, size: target.size})
	return f.bound(at)
}

func (f *follower) bound(at string) error {
	f.shown += len(at)
	if len(f.out)+len(f.dead) > maxLinked || f.shown > maxShown {
		return fmt.Errorf("%w: symbolic links lead to more than %d files", ErrTooLarge, maxLinked)
	}
	return nil
}

// circular reports whether a folder that a link leads to would contain itself.
func circular(link, to string, within []string) bool {
	return to == "." || strings.HasPrefix(link, to+"/") || slices.Contains(within, to) ||
		len(within) == maxNested
}

// expand shows the files of a folder at another path.
func (f *follower) expand(at, folder string, within []string) error {
	prefix := folder + "/"
	for i := indexOf(f.files, prefix); i < len(f.files); i++ {
		one := f.files[i]
		rest, inside := strings.CutPrefix(one.path, prefix)
		if !inside {
			break
		}
		shown, err := at+"/"+rest, error(nil)
		if one.link {
			err = f.follow(shown, one.path, within)
		} else {
			err = f.add(shown, one)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// resolve returns the path of the file or folder that a link leads to, through
// other links if need be; "" if it leads nowhere.
func (f *follower) resolve(link string) string {
	at, rest := path.Dir(link), f.targets[link]
	if rest == "" {
		return ""
	}
	hops := 0
	for steps := 0; rest != ""; steps++ {
		if path.IsAbs(rest) || hops > maxHops || steps > maxSteps {
			return ""
		}
		var step string
		step, rest, _ = strings.Cut(rest, "/")
		rest = strings.TrimLeft(rest, "/")
		next := path.Join(at, step)
		target, isLink := f.targets[next]
		switch {
		case step == ".." && at == ".":
			return ""
		case isLink && target == "":
			return ""
		case isLink:
			hops++
			rest = target + "/" + rest
		case rest != "" && !f.isFolder(next):
			return ""
		default:
			at = next
		}
	}
	if _, isFile := findFile(f.files, at); !isFile && !f.isFolder(at) {
		return ""
	}
	return at
}

func (f *follower) isFolder(name string) bool {
	i := indexOf(f.files, name+"/")
	return name == "." || i < len(f.files) && strings.HasPrefix(f.files[i].path, name+"/")
}
