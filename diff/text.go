package diff

import (
	"fmt"
	"io"
	"strings"
)

// WriteText writes the report for people and editors, one line per change:
//
//	new.yaml:12:7: breaking: schema Order › sku: the type changed [schema/type-changed] (was old.yaml:9)
//	    receives: GET /orders/{} › 200 › application/json › sku
//
// A contract whose definition is its only use has no second line. Paint, unless
// nil, colours the word that names the verdict.
func (r *Report) WriteText(w io.Writer, paint func(Verdict, string) string) error {
	if paint == nil {
		paint = func(_ Verdict, s string) string { return s }
	}
	var b strings.Builder
	for _, e := range r.Errors {
		fmt.Fprintf(&b, "%s: %s: %s\n", e.Location, paint(Failed, "error"), e.Message)
	}
	for i := range r.Changes {
		level := r.Changes[i].Level
		r.Changes[i].writeText(&b,
			paint([]Verdict{Compatible, VerdictRisky, VerdictBreaking}[level], level.String()))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (c *Change) writeText(b *strings.Builder, level string) {
	sentence := Sentence{
		Subject: c.Subject.String(),
		Message: fmt.Sprintf("%s [%s]", c.Message, c.Rule.ID),
		Against: strings.Join(c.Against, ", "),
		Allowed: c.Allowed(),
	}
	switch {
	case c.New.IsZero():
		sentence.Place = "gone"
	case !c.Old.IsZero():
		sentence.Place = fmt.Sprintf("was %s:%d", c.Old.File, c.Old.Line)
	}
	fmt.Fprintf(b, "%s: %s: %s\n", c.At(), level, sentence)
	if c.Witness != nil {
		fmt.Fprintf(b, "    %s\n", c.Witness)
	}
	if len(c.Reaches) == 1 && c.Reaches[0].Use.String() == c.Subject.String() {
		return
	}
	shown, rest := Shorten(c.Reaches, ReachesInText)
	for _, reach := range shown {
		fmt.Fprintf(b, "    %s: %s\n", reach.Side, reach.Use)
	}
	if rest != "" {
		fmt.Fprintf(b, "    %s\n", rest)
	}
}
