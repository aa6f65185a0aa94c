package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/assent-dev/assent/diff"
)

// writer returns what prints reports in the form that --output names.
func writer(output string) (func(io.Writer, []*diff.Report) error, error) {
	switch output {
	case "text":
		return writeText, nil
	case "json":
		return writeJSON, nil
	}
	return nil, fmt.Errorf("--output %s: want text or json", output)
}

func writeText(out io.Writer, reports []*diff.Report) error {
	var paint func(diff.Verdict, string) string
	if terminal(out) {
		paint = colour
	}
	counts := map[diff.Level]int{}
	for _, r := range reports {
		if err := r.WriteText(out, paint); err != nil {
			return err
		}
		for _, level := range []diff.Level{diff.Breaking, diff.Risky, diff.Safe} {
			counts[level] += r.Count(level)
		}
	}
	verdict := diff.VerdictOf(reports...)
	if verdict == diff.Unchanged {
		_, err := fmt.Fprintln(out, "no change")
		return err
	}
	_, err := fmt.Fprintf(out, "%s: %d breaking, %d risky, %d safe\n", verdict, counts[diff.Breaking],
		counts[diff.Risky], counts[diff.Safe])
	return err
}

// terminal reports whether a person is looking on, and wants colour
// (no-color.org).
func terminal(out io.Writer) bool {
	f, ok := out.(*os.File)
	if !ok || os.Getenv("NO_COLOR") != "" {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}

func colour(v diff.Verdict, s string) string {
	code := map[diff.Verdict]string{
		diff.Failed:          "1;31",
		diff.VerdictBreaking: "31",
		diff.VerdictRisky:    "33",
		diff.Compatible:      "32",
	}[v]
	return "\x1b[" + code + "m" + s + "\x1b[0m"
}

// The JSON output is stable: fields are added, never renamed or removed.
type (
	jsonReport struct {
		Version   int            `json:"version"`
		Verdict   diff.Verdict   `json:"verdict"`
		Summary   map[string]int `json:"summary"`
		Contracts []jsonContract `json:"contracts"`
		Consumers []struct{}     `json:"consumers"`
		Errors    []jsonError    `json:"errors"`
	}
	jsonContract struct {
		Name          string       `json:"name"`
		Path          string       `json:"path"`
		Format        string       `json:"format"`
		Compatibility string       `json:"compatibility"`
		Changes       []jsonChange `json:"changes"`
	}
	jsonChange struct {
		Rule        string       `json:"rule"`
		Aliases     []string     `json:"aliases"`
		Level       diff.Level   `json:"level"`
		Gates       bool         `json:"gates"`
		Subject     diff.Path    `json:"subject"`
		Message     string       `json:"message"`
		Side        diff.Side    `json:"side"`
		Old         *jsonPlace   `json:"old"`
		New         *jsonPlace   `json:"new"`
		Reaches     []jsonReach  `json:"reaches"`
		Witness     *jsonWitness `json:"witness"`
		Against     []string     `json:"against"`
		Fingerprint string       `json:"fingerprint"`
	}
	jsonPlace struct {
		File   string `json:"file"`
		Line   int    `json:"line"`
		Column int    `json:"column"`
	}
	jsonReach struct {
		Subject diff.Path  `json:"subject"`
		Side    diff.Side  `json:"side"`
		Level   diff.Level `json:"level"`
		Allowed string     `json:"allowed,omitempty"` // why a break is only risky
	}
	jsonWitness struct {
		Value      json.RawMessage `json:"value"`
		AcceptedBy string          `json:"accepted_by"`
		RefusedBy  string          `json:"refused_by"`
		Why        string          `json:"why,omitempty"` // there is no value
	}
	jsonError struct {
		jsonPlace
		Message string `json:"message"`
	}
)

func writeJSON(out io.Writer, reports []*diff.Report) error {
	doc := jsonReport{
		Version: 1, Verdict: diff.VerdictOf(reports...), Summary: map[string]int{},
		Contracts: []jsonContract{}, Consumers: []struct{}{}, Errors: []jsonError{},
	}
	for _, r := range reports {
		contract := jsonContract{
			Name:          r.Contract,
			Path:          r.Path,
			Format:        r.Format,
			Compatibility: r.Compatibility,
			Changes:       []jsonChange{},
		}
		for i := range r.Changes {
			contract.Changes = append(contract.Changes, jsonOf(&r.Changes[i]))
		}
		for _, level := range []diff.Level{diff.Breaking, diff.Risky, diff.Safe} {
			doc.Summary[level.String()] += r.Count(level)
		}
		for _, e := range r.Errors {
			doc.Errors = append(doc.Errors, jsonError{*place(e.Location), e.Message})
		}
		doc.Contracts = append(doc.Contracts, contract)
	}
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(doc)
}

func jsonOf(c *diff.Change) jsonChange {
	change := jsonChange{
		Rule:    c.Rule.ID,
		Aliases: append([]string{}, c.Rule.Names()...),
		Level:   c.Level,
		Gates:   c.Level == diff.Breaking,
		Subject: c.Subject, Message: c.Message, Side: c.Side(), Old: place(c.Old), New: place(c.New),
		Reaches: []jsonReach{}, Against: append([]string{}, c.Against...), Fingerprint: c.Fingerprint(),
	}
	for _, r := range c.Reaches {
		change.Reaches = append(change.Reaches, jsonReach{r.Use, r.Side, r.Level, r.Allowed})
	}
	if w := c.Witness; w != nil {
		change.Witness = &jsonWitness{w.Value, w.AcceptedBy, w.RefusedBy, w.Why}
	}
	return change
}

func place(l diff.Location) *jsonPlace {
	if l.IsZero() {
		return nil
	}
	return &jsonPlace{l.File, l.Line, l.Column}
}
