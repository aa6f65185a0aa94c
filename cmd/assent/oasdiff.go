package main

import (
	"fmt"
	"io"
	"os"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/formats"
)

// readFiles reads the files of oasdiff and tells of lines that have no meaning
// here.
func (c *comparison) readFiles(stderr io.Writer) error {
	for _, file := range []struct {
		name string
		read func(file string, data []byte, rules []*diff.Rule) (mistakes []*diff.Error)
	}{
		{c.severities, c.imported.Severities},
		{c.errIgnore, c.imported.Exceptions},
		{c.warnIgnore, c.imported.Exceptions},
	} {
		if file.name == "" {
			continue
		}
		data, err := os.ReadFile(file.name)
		if err != nil {
			return err
		}
		if mistakes := file.read(file.name, data, formats.All.Rules()); len(mistakes) > 0 {
			return mistakes[0]
		}
	}
	for _, note := range c.imported.Notes {
		fmt.Fprintf(stderr, "note: %v\n", note)
	}
	return nil
}

func (c *comparison) policy() diff.Policy {
	p := diff.Policy{InProgress: c.inProgress, Levels: map[string]diff.SideLevels{}}
	for id, levels := range c.imported.Levels {
		p.Levels[id] = diff.SideLevels(levels)
	}
	for _, e := range c.imported.Ignore {
		p.Ignore = append(p.Ignore, diff.Exception{Rule: e.Rule, Subject: e.Subject})
	}
	return p
}
