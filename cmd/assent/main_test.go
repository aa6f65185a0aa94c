package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"assent": main})
}

// TestScript runs the command as people do: each script is a shell session in
// testdata/script with the files it works on.
func TestScript(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		UpdateScripts:       os.Getenv("UPDATE") != "",
		Setup:               hostile,
		Cmds:                map[string]func(*testscript.TestScript, bool, []string){"exits": exits},
	})
}

// exits runs a command and checks its very status, for which exec has only zero
// and the rest: "exits 2 assent compare a b".
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits STATUS COMMAND [ARG]...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	var exit *exec.ExitError
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &exit) {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("%s exits with %d, want %d", strings.Join(args[1:], " "), got, want)
	}
}

// hostile writes the files that are too large or too odd to lie in a script.
func hostile(env *testscript.Env) error {
	const depth = 100_000
	deep := `{"openapi": "3.0.3", "paths": ` + strings.Repeat(`{"a":`, depth) + "1" +
		strings.Repeat("}", depth) + "}"
	var laughs strings.Builder
	laughs.WriteString("openapi: 3.0.3\nx0: &x0 [lol, lol]\n")
	for i := range 40 {
		fmt.Fprintf(&laughs, "x%d: &x%d [*x%d, *x%d, *x%d]\n", i+1, i+1, i, i, i)
	}
	for name, text := range map[string]string{"deep.json": deep, "laughs.yaml": laughs.String()} {
		if err := os.WriteFile(filepath.Join(env.WorkDir, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}
