// Command testreport reads the events of "go test -json", prints what "go test"
// prints, and says at the end which tests were skipped and why: "go test" tells
// that only among all that -v prints. It knows nothing of assent; the Makefile
// calls it.
package main

import (
	"fmt"
	"os"
)

func main() {
	r := report{out: os.Stdout}
	if err := r.read(os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, "testreport:", err)
		os.Exit(1)
	}
	r.writeSkipped()
	if r.failed {
		os.Exit(1)
	}
}
