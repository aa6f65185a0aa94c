package githubtest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxText is how many bytes of a blob a query gives.
const maxText = 512_000

func (s *Server) root() thing {
	return thing{kind: "Query", fields: map[string]any{
		"repository": field(func(x *execution, args object) any {
			owner, name := fmt.Sprint(args["owner"]), fmt.Sprint(args["name"])
			r, _ := s.repo(owner, name)
			if r == nil || r.Installation != x.installation {
				return missing("Could not resolve to a Repository with the name '%s/%s'.", owner, name)
			}
			return r.thing()
		}),
	}}
}

// permitted serves a field to Apps with a permission.
func permitted(permission string, f field) field {
	return func(x *execution, args object) any {
		if !x.s.granted(permission) {
			return refused{"FORBIDDEN", "Resource not accessible by integration"}
		}
		return f(x, args)
	}
}

func (r *Repo) thing() thing {
	return thing{kind: "Repository", fields: map[string]any{
		"databaseId": r.ID,
		"isArchived": r.archived,
		"object":     permitted("contents:read", r.readObject),
		"pullRequest": permitted("pull_requests:read", func(_ *execution, args object) any {
			n := integer(args["number"])
			if p := r.find(int(n)); p != nil {
				return r.pullThing(r.seen(p))
			}
			return missing("Could not resolve to a PullRequest with the number of %d.", n)
		}),
		"pullRequests": permitted("pull_requests:read", func(x *execution, args object) any {
			var pulls []thing
			for _, p := range r.pulls { // oldest first
				if args["states"] == nil || strings.Contains(fmt.Sprint(args["states"]), p.graphState()) {
					pulls = append(pulls, r.pullThing(r.seen(p)))
				}
			}
			return connection("PullRequest", args, pulls)
		}),
		"mergeQueue": permitted("merge_queues:read", func(_ *execution, args object) any {
			entries := r.queueOf(fmt.Sprint(args["branch"]))
			if len(entries) == 0 {
				return nil
			}
			return thing{kind: "MergeQueue", fields: map[string]any{
				"entries": field(func(_ *execution, args object) any {
					return connection("MergeQueueEntry", args, mapped(entries, r.entryThing))
				}),
			}}
		}),
	}}
}

// readObject reads a blob. Its text is UTF-8 and may be cut.
func (r *Repo) readObject(_ *execution, args object) any {
	blob, err := r.git.cached("cat-file", "blob", fmt.Sprint(args["oid"]))
	if err != nil {
		return nil
	}
	text, binary := any(nil), slices.Contains(blob[:min(len(blob), 8000)], 0)
	if !binary {
		text = strings.ToValidUTF8(string(blob[:min(len(blob), maxText)]), string(utf8.RuneError))
	}
	return thing{kind: "Blob", interfaces: []string{"GitObject"}, fields: map[string]any{
		"text": text, "isBinary": binary, "isTruncated": len(blob) > maxText, "byteSize": len(blob),
	}}
}

func (p *pull) graphState() string {
	if p.Merged {
		return "MERGED"
	}
	return strings.ToUpper(p.State)
}

func (r *Repo) pullThing(p *pull) thing {
	return thing{kind: "PullRequest", fields: map[string]any{
		"number":      p.Number,
		"title":       p.Title,
		"state":       p.graphState(),
		"isDraft":     p.Draft,
		"merged":      p.Merged,
		"locked":      p.locked,
		"createdAt":   stamp(p.Created),
		"updatedAt":   stamp(p.updated),
		"headRefOid":  p.Head,
		"headRefName": p.HeadRef,
		"baseRefOid":  p.base,
		"baseRefName": p.BaseRef,
		"author":      actorThing(r.s.known(p.Author)),
		"baseRef": permitted("contents:read", func(*execution, object) any {
			sha := r.git.tip(p.BaseRef)
			if sha == "" {
				return nil
			}
			return thing{kind: "Ref", fields: map[string]any{"target": commitThing(sha)}}
		}),
		"mergeQueueEntry": permitted("merge_queues:read", func(*execution, object) any {
			for i, e := range r.queueOf(p.BaseRef) {
				if e.pull == p.Number {
					return thing{kind: "MergeQueueEntry", fields: map[string]any{"position": i + 1}}
				}
			}
			return nil
		}),
		"reviews": field(func(_ *execution, args object) any {
			return connection("PullRequestReview", args, mapped(p.reviews, r.reviewThing))
		}),
	}}
}

func (r *Repo) reviewThing(v Review) thing {
	return thing{kind: "PullRequestReview", fields: map[string]any{
		"fullDatabaseId": strconv.FormatInt(v.ID, 10),
		"state":          v.State,
		"body":           v.Body,
		"submittedAt":    stamp(v.Submitted),
		"commit":         commitThing(v.Commit),
		"author":         actorThing(r.s.known(v.User)),
	}}
}

func (r *Repo) entryThing(e queueEntry) thing {
	return thing{kind: "MergeQueueEntry", fields: map[string]any{
		"headCommit":  commitThing(e.head),
		"baseCommit":  commitThing(e.base),
		"pullRequest": r.pullThing(r.seen(r.pull(e.pull))),
	}}
}

func commitThing(sha string) thing {
	return thing{kind: "Commit", interfaces: []string{"GitObject"}, fields: map[string]any{"oid": sha}}
}

// actorThing is an account. The login of a bot lacks its suffix here.
func actorThing(a *account) any {
	if a == nil {
		return nil
	}
	return thing{kind: a.kind, interfaces: []string{"Actor"}, fields: map[string]any{
		"login": strings.TrimSuffix(a.login, "[bot]"),
	}}
}

// connection is a page of a list. GitHub refuses lists without a bound.
func connection(kind string, args object, items []thing) any {
	first := int(integer(args["first"]))
	if first < 1 || first > 100 {
		return refused{"MISSING_PAGINATION_BOUNDARIES", "You must provide a `first` value of at most 100."}
	}
	from := 0
	if after, ok := args["after"].(string); ok {
		from, _ = strconv.Atoi(strings.TrimPrefix(after, "cursor:"))
	}
	from = min(from, len(items))
	to := min(from+first, len(items))
	return thing{kind: kind + "Connection", fields: map[string]any{
		"nodes": slices.Clone(items[from:to]),
		"pageInfo": thing{kind: "PageInfo", fields: map[string]any{
			"hasNextPage": to < len(items), "endCursor": fmt.Sprintf("cursor:%d", to),
		}},
	}}
}
