package reach_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/reach"
)

var rule = &diff.Rule{ID: "word/changed"}

// web is definitions by name: the names of those that each uses, and where. A
// definition whose uses begin with "!" changed.
type web map[string]string

// path reads steps separated by dots.
func path(text string) diff.Path {
	var p diff.Path
	for name := range strings.SplitSeq(text, ".") {
		p = p.Then(diff.Step{Kind: diff.Field, Name: name})
	}
	return p
}

// reported lists the uses of every change that the root leads to, and how often
// a definition was compared.
func (w web) reported(limits reach.Limits,
	roots ...string) (uses map[string][]string, compared map[string]int) {
	compared = map[string]int{}
	var g *reach.Graph[string]
	g = reach.New(limits, func(int) bool { return true }, func(v *reach.Vertex[string]) {
		compared[v.Pair]++
		rest, changed := strings.CutPrefix(w[v.Pair], "!")
		if changed {
			g.Found(v, path("x"), diff.Receives, &reach.Finding{
				Definition: path(v.Pair), Found: diff.Found{Rule: rule, Before: diff.HashOf(v.Pair)},
			})
		}
		for _, use := range strings.Fields(rest) {
			at, to, _ := strings.Cut(use, ":")
			g.Uses(v, path(at), g.Vertex(to))
		}
	})
	r := &diff.Report{}
	for _, root := range roots {
		g.Report(r, diff.Place{Use: path("use-" + root), Side: diff.Both}, g.Vertex(root))
	}
	uses = map[string][]string{}
	for _, c := range r.Changes {
		for _, reach := range c.Reaches {
			if reach.Side != diff.Receives {
				panic("a finding is reported on a side on which it was not found")
			}
			uses[c.Subject.String()] = append(uses[c.Subject.String()], reach.Use.String())
		}
		slices.Sort(uses[c.Subject.String()])
	}
	return uses, compared
}

var all = reach.Limits{Ways: 100, Parts: 100}

func TestWays(t *testing.T) {
	for _, tt := range []struct {
		name   string
		web    web
		limits reach.Limits
		want   map[string][]string
	}{
		{"the root itself", web{"a": "!"}, all, map[string][]string{"a": {"use-a › x"}}},
		{"nothing found", web{"a": "l:b", "b": ""}, all, map[string][]string{}},
		{
			"two ways", web{"a": "l:b r:b", "b": "!"}, all,
			map[string][]string{"b": {"use-a › l › x", "use-a › r › x"}},
		},
		{
			"a diamond", web{"a": "l:b r:c", "b": "d:d", "c": "d:d", "d": "!"}, all,
			map[string][]string{"d": {"use-a › l › d › x", "use-a › r › d › x"}},
		},
		{
			"the same way twice", web{"a": "l:b l:b", "b": "!"}, all,
			map[string][]string{"b": {"use-a › l › x"}},
		},
		{"a definition that uses itself", web{"a": "!next:a"}, all, map[string][]string{"a": {"use-a › x"}}},
		{"a cycle", web{"a": "b:b", "b": "!back:a"}, all, map[string][]string{"b": {"use-a › b › x"}}},
		{
			"out of a cycle", web{"a": "b:b", "b": "back:a c:c", "c": "!"}, all,
			map[string][]string{"c": {"use-a › b › c › x"}},
		},
		{"all first steps into a cycle", web{"a": "p:b q:c", "b": "n:c", "c": "!n:b"}, all,
			map[string][]string{"c": {"use-a › p › n › x", "use-a › q › x"}}},
		{"around a cycle, and not back to the beginning",
			web{"a": "b:b d:d", "b": "c:c", "c": "!a:a", "d": "a:a"}, all,
			map[string][]string{"c": {"use-a › b › c › x"}}},
		{
			"lists belong to what holds them", web{"a": "l.[]:b", "b": "[]:c", "c": "!"}, all,
			map[string][]string{"c": {"use-a › l[][] › x"}},
		},
		{
			"a long way", web{"a": "l:b", "b": "l:c", "c": "l:d", "d": "!"},
			reach.Limits{Ways: 100, Parts: 2}, map[string][]string{"d": {"use-a › l › l"}},
		},
		{
			"as long as is told", web{"a": "l:b", "b": "!"}, reach.Limits{Ways: 100, Parts: 2},
			map[string][]string{"b": {"use-a › l › x"}},
		},
		{
			"a long way to lists", web{"a": "l:b", "b": "l.[]:c", "c": "[]:d", "d": "!"},
			reach.Limits{Ways: 100, Parts: 2}, map[string][]string{"d": {"use-a › l › l[][]"}},
		},
		{
			"long steps", web{"a": "l.m.n:b", "b": "!"}, reach.Limits{Ways: 100, Parts: 2},
			map[string][]string{"b": {"use-a › l › m"}},
		},
		{"many ways", web{"a": "l:b r:b", "b": "l:c r:c", "c": "!"}, reach.Limits{Ways: 3, Parts: 9},
			map[string][]string{"c": {"use-a › l", "use-a › r"}}},
		{
			"ways without number", web{"a": "1:b 2:b 3:b 4:b", "b": "!"},
			reach.Limits{Ways: 3, Parts: 9}, map[string][]string{"b": {"use-a"}},
		},
		{"few ways beside many", web{"a": "1:b 2:b 3:b 4:b c:c", "b": "!", "c": "!"},
			reach.Limits{Ways: 3, Parts: 9},
			map[string][]string{"b": {"use-a"}, "c": {"use-a › c › x"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, compared := tt.web.reported(tt.limits, "a")
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
			for definition, times := range compared {
				if times != 1 {
					t.Errorf("%s is compared %d times", definition, times)
				}
			}
		})
	}
}

// TestRoots: what one root leads to is compared once for all of them.
func TestRoots(t *testing.T) {
	got, compared := web{"a": "l:c", "b": "r:c", "c": "!"}.reported(all, "a", "b", "a")
	want := map[string][]string{"c": {"use-a › l › x", "use-a › l › x", "use-b › r › x"}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	if compared["c"] != 1 {
		t.Errorf("compared %d times", compared["c"])
	}
}

// TestSharedFinding: what two pairs have in common is one change with the ways
// to both.
func TestSharedFinding(t *testing.T) {
	shared := &reach.Finding{Definition: path("d"), Found: diff.Found{Rule: rule}}
	var g *reach.Graph[string]
	g = reach.New(all, func(int) bool { return true }, func(v *reach.Vertex[string]) {
		if v.Pair == "a" {
			g.Uses(v, path("l"), g.Vertex("b"))
			g.Uses(v, path("r"), g.Vertex("c"))
			return
		}
		g.Found(v, path(v.Pair), diff.Sends, shared)
	})
	if n := len(slices.Collect(g.Findings(g.Vertex("a")))); n != 1 {
		t.Errorf("%d findings, want one", n)
	}
	r := &diff.Report{}
	g.Report(r, diff.Place{Use: path("use"), Side: diff.Both}, g.Vertex("a"))
	if len(r.Changes) != 1 || fmt.Sprint(r.Changes[0].Reaches[0].Use, ", ",
		r.Changes[0].Reaches[1].Use) != "use › l › b, use › r › c" {
		t.Errorf("%+v", r.Changes)
	}
}

// TestNobodyIsLeftOut: definitions that all use each other have more ways than
// can be told. Then what is told covers all of them.
func TestNobodyIsLeftOut(t *testing.T) {
	w := web{"root": "a:d0"}
	const definitions = 300
	for i := range definitions {
		w[fmt.Sprint("d", i)] = "!" +
			fmt.Sprintf("p:d%d q:d%d r:d%d", min(i+1, definitions-1), min(i+2, definitions-1),
				min(i+3, definitions-1))
	}
	got, _ := w.reported(reach.Limits{Ways: 32, Parts: 1000}, "root")
	if len(got) != definitions {
		t.Fatalf("%d changes, want %d", len(got), definitions)
	}
	for definition, uses := range got {
		for _, use := range uses {
			if use != "use-root › a" && !strings.HasPrefix(use, "use-root › a › ") {
				t.Errorf("%s is used at %q", definition, use)
			}
		}
		if len(uses) > 32 {
			t.Errorf("%s has %d uses", definition, len(uses))
		}
	}
	if uses := got[fmt.Sprint("d", definitions-1)]; uses[0] != "use-root › a" {
		t.Errorf("the last definition is told at %q, want what all ways begin with", uses[0])
	}
}

// TestStops: without anything left to spend the graph stops where it is.
func TestStops(t *testing.T) {
	left := 10
	compared := 0
	var g *reach.Graph[int]
	g = reach.New(all, func(cost int) bool { left -= cost; return left > 0 }, func(v *reach.Vertex[int]) {
		compared++
		g.Uses(v, path("next"), g.Vertex(v.Pair+1))
	})
	g.Report(&diff.Report{}, diff.Place{}, g.Vertex(0))
	if compared == 0 || compared > 10 {
		t.Errorf("%d definitions are compared with a budget of 10", compared)
	}
}
