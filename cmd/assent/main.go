// Command assent compares API contracts and runs the GitHub App of that name.
//
// Each subcommand has a file of its own, named after it. All that the commands
// do is parse arguments, call one function, and print.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// verdictError ends a command with a status of its own and prints nothing: what
// there was to say has been printed.
type verdictError int

func (verdictError) Error() string { return "" }

// run returns the exit status: 0 nothing breaking, 1 breaking, 2 could not
// compare.
func run(ctx context.Context, args []string, out, errs io.Writer) int {
	root := newRoot(out, errs)
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	var verdict verdictError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &verdict):
		return int(verdict)
	}
	fmt.Fprintf(errs, "assent: %v\n", err)
	return 2
}
