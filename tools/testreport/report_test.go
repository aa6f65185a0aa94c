package main

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
)

// run runs "go test -json" on packages of the module in testdata.
func run(t *testing.T, packages ...string) (output string, failed bool) {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/mixed.txtar")
	if err != nil {
		t.Fatal(err)
	}
	files, err := txtar.FS(archive)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, files); err != nil {
		t.Fatal(err)
	}
	command := exec.Command("go", append([]string{"test", "-json"}, packages...)...)
	command.Dir = dir
	events, err := command.Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	var out bytes.Buffer
	r := report{out: &out}
	if err := r.read(bytes.NewReader(events)); err != nil {
		t.Fatal(err)
	}
	r.writeSkipped()
	if r.failed != (exit != nil) {
		t.Errorf("failed is %t, but go test says %v", r.failed, err)
	}
	return regexp.MustCompile(`[0-9.]+s\b|\(cached\)`).ReplaceAllString(out.String(), "TIME"), r.failed
}

func TestReport(t *testing.T) {
	for _, test := range []struct{ name, pkg, want string }{
		{"passing", "./passes", `ok  	example.com/mixed/passes	TIME
skipped 1 test: no reason given (passes.TestNow)
skipped 3 tests: node_modules is missing (passes.TestFour/sub, passes.TestThree, passes.TestTwo)
skipped 1 test: node_modules is missing: (passes.TestOne)
`},
		{"without tests", "./none", "?   	example.com/mixed/none	[no test files]\n"},
		{"failing", "./fails", `--- FAIL: TestFails (TIME)
    fails_test.go:8: before the subtests
--- FAIL: TestFails/in_parallel (TIME)
    fails_test.go:12: got 1,
        want 2
FAIL
FAIL	example.com/mixed/fails	TIME
skipped 1 test: the moon is not full (fails.TestSkipped)
`},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, _ := run(t, test.pkg)
			if d := cmp.Diff(test.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestReportTrouble: what keeps a package from being tested to its end is
// printed in full.
func TestReportTrouble(t *testing.T) {
	got, failed := run(t, "./...", "example.com/absent")
	if !failed {
		t.Error("nothing failed")
	}
	for _, want := range []string{
		"broken_test.go:3:9: undefined: undeclared\n",
		"FAIL\texample.com/mixed/broken [build failed]\n",
		"--- FAIL: TestPanics (TIME)\npanic: out of tea",
		"panics.TestPanics(",
		"FAIL\texample.com/absent [setup failed]\n",
		"ok  \texample.com/mixed/passes\tTIME\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is missing in:\n%s", want, got)
		}
	}
}

// TestReportPrintsWhatIsNoEvent: the go command itself may have to complain.
func TestReportPrintsWhatIsNoEvent(t *testing.T) {
	var out bytes.Buffer
	r := report{out: &out}
	if err := r.read(strings.NewReader("flag provided but not defined: -nonsense")); err != nil {
		t.Fatal(err)
	}
	if got := out.String(); got != "flag provided but not defined: -nonsense" {
		t.Errorf("prints %q", got)
	}
}
