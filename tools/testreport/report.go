package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// event is a line of "go test -json"; "go doc test2json" describes it.
type event struct {
	Action, Package, Test, Output string
}

// report is what has been read of a run.
type report struct {
	out     io.Writer
	running map[string]*tests   // by package
	skipped map[string][]string // the names of tests by the reason that they give
	failed  bool
}

// tests are those of one package. Those that passed or were skipped are
// forgotten: what they print is not shown.
type tests struct {
	order  []string
	output map[string][]string // the lines by test; "" is the package itself
}

// read prints packages as they finish. A line that is not an event, such as the
// go command's complaint about a flag, is printed as it is.
func (r *report) read(in io.Reader) error {
	r.running, r.skipped = map[string]*tests{}, map[string][]string{}
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		var e event
		switch {
		case len(line) == 0:
		case json.Unmarshal(line, &e) != nil:
			fmt.Fprintf(r.out, "%s", line)
		default:
			r.add(e)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (r *report) add(e event) {
	p := r.running[e.Package]
	if p == nil {
		p = &tests{output: map[string][]string{}}
		r.running[e.Package] = p
	}
	r.failed = r.failed || e.Action == "fail" || e.Action == "build-fail"
	switch e.Action {
	case "build-output":
		fmt.Fprint(r.out, e.Output)
	case "run":
		p.order = append(p.order, e.Test)
	case "output":
		p.output[e.Test] = append(p.output[e.Test], e.Output)
	case "pass", "skip", "fail":
		if e.Test == "" {
			r.finish(e, p)
		} else if e.Action != "fail" {
			if e.Action == "skip" {
				why := reason(p.output[e.Test])
				r.skipped[why] = append(r.skipped[why], path.Base(e.Package)+"."+e.Test)
			}
			delete(p.output, e.Test)
		}
	}
}

// finish prints a package: its last line says how it went. If it failed, the
// tests that failed or never ended come first.
func (r *report) finish(e event, p *tests) {
	own := p.output[""]
	if e.Action == "fail" {
		for _, name := range p.order {
			writeFailed(r.out, p.output[name])
		}
	} else {
		own = own[max(0, len(own)-1):]
	}
	for _, line := range own {
		fmt.Fprint(r.out, line)
	}
	delete(r.running, e.Package)
}

// writeFailed prints a test's lines, with the one that names the test first.
func writeFailed(out io.Writer, lines []string) {
	isName := func(line string) bool { return strings.HasPrefix(strings.TrimSpace(line), "--- FAIL: ") }
	if i := slices.IndexFunc(lines, isName); i >= 0 {
		fmt.Fprint(out, lines[i])
		lines = slices.Delete(slices.Clone(lines), i, i+1)
	}
	for _, line := range lines {
		if !strings.HasPrefix(line, "=== ") { // RUN, PAUSE, CONT and NAME, which only -v shows
			fmt.Fprint(out, line)
		}
	}
}

// logged is a line that a test logs, such as the reason for skipping it.
var logged = regexp.MustCompile(`^\s+\S+\.go:\d+: (.*)`)

// reason is what a skipped test logged last.
func reason(lines []string) string {
	for _, line := range slices.Backward(lines) {
		if m := logged.FindStringSubmatch(line); m != nil {
			return m[1]
		}
	}
	return "no reason given"
}

// mostNamed is how many skipped tests are named for one reason.
const mostNamed = 3

// writeSkipped prints a line for each reason for which tests were skipped.
func (r *report) writeSkipped() {
	for _, why := range slices.Sorted(maps.Keys(r.skipped)) {
		names := r.skipped[why]
		slices.Sort(names)
		count := fmt.Sprintf("%d tests", len(names))
		if len(names) == 1 {
			count = "1 test"
		}
		if len(names) > mostNamed {
			names = append(names[:mostNamed:mostNamed], "...")
		}
		fmt.Fprintf(r.out, "skipped %s: %s (%s)\n", count, why, strings.Join(names, ", "))
	}
}
