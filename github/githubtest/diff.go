package githubtest

import (
	"fmt"
	"strconv"
	"strings"
)

// fileDiff is the diff of one file as a pull request shows it: the changed
// lines, with three lines around them.
type fileDiff struct {
	path  string
	lines []diffLine
}

// diffLine is a line with its numbers on both sides, 0 on a side that does not
// have it. A hunk starts with a line of kind '@'.
type diffLine struct {
	kind     byte // ' ', '+', '-', '@'
	old, new int
	text     string
}

// shows reports whether a line of a side can have comments.
func (f fileDiff) shows(line int, side string) bool {
	for _, l := range f.lines {
		number := l.new
		if side == "LEFT" {
			number = l.old
		}
		if line > 0 && number == line {
			return true
		}
	}
	return false
}

// diff compares the merge base with the head, as "Files changed" does.
func (r *Repo) diff(p *pull) ([]fileDiff, error) {
	base := r.git.mergeBase(p.base, p.Head)
	out, err := r.git.cached("-c", "core.quotepath=false", "diff", "--no-color", "--no-ext-diff",
		"--no-renames",
		"--unified=3", "--src-prefix=a/", "--dst-prefix=b/", base, p.Head)
	if err != nil {
		return nil, err
	}
	return parseDiff(string(out)), nil
}

func parseDiff(text string) []fileDiff {
	var files []fileDiff
	var old, new int
	var leftOld, leftNew int // how many lines of the hunk follow
	for line := range strings.SplitSeq(text, "\n") {
		if leftOld <= 0 && leftNew <= 0 {
			if names, ok := strings.CutPrefix(line, "diff --git "); ok {
				files = append(files, fileDiff{path: diffPath(names)})
			}
			if header, ok := strings.CutPrefix(line, "@@ -"); ok {
				old, leftOld, new, leftNew = hunk(header)
				add(files, diffLine{kind: '@', text: line})
			}
			continue
		}
		switch {
		case strings.HasPrefix(line, "+"):
			add(files, diffLine{'+', 0, new, line[1:]})
			new, leftNew = new+1, leftNew-1
		case strings.HasPrefix(line, "-"):
			add(files, diffLine{'-', old, 0, line[1:]})
			old, leftOld = old+1, leftOld-1
		case strings.HasPrefix(line, " "):
			add(files, diffLine{' ', old, new, line[1:]})
			old, new, leftOld, leftNew = old+1, new+1, leftOld-1, leftNew-1
		}
	}
	return files
}

// diffPath reads "a/x b/x". Without renames both halves are the same path,
// which is quoted if it has special characters.
func diffPath(names string) string {
	half := names[:len(names)/2]
	if plain, err := strconv.Unquote(half); err == nil {
		half = plain
	}
	return strings.TrimPrefix(half, "a/")
}

func add(files []fileDiff, l diffLine) {
	f := &files[len(files)-1]
	f.lines = append(f.lines, l)
}

// hunk reads "1,4 +1,5 @@ …"; a count of one is left out.
func hunk(header string) (old, oldCount, new, newCount int) {
	before, after, _ := strings.Cut(header, " +")
	after, _, _ = strings.Cut(after, " ")
	span := func(s string) (start, count int) {
		if n, _ := fmt.Sscanf(s, "%d,%d", &start, &count); n < 2 {
			count = 1
		}
		return start, count
	}
	old, oldCount = span(before)
	new, newCount = span(after)
	return old, oldCount, new, newCount
}
