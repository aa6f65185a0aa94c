package diff

import "github.com/assent-dev/assent/diff/tree"

// Place is where a comparison is: at a definition, on the way of one of its
// uses.
type Place struct {
	Definition Path // the element, by its own name
	Use        Path // "GET /v2/orders/{} › 200 › application/json"
	Side       Side // what consumers do with the data here
}

// Node is an element of a document of any kind: a member of a JSON or YAML
// file, a descriptor, a definition in a schema language. Its At is zero if there
// is no such element, so that a nil pointer can be a Node.
type Node = tree.Placed

// Survivor is a Node that can say more precisely than by its own beginning
// where something was that is gone from it.
type Survivor interface {
	Node
	// Gap is where the element of the old revision would be.
	Gap(gone Node) Location
}

// Spot makes a Node of a location.
type Spot Location

// At is the location.
func (s Spot) At() Location { return Location(s) }

// Heading limits a node to its first line: its content may fill pages.
func Heading(n Node) Node { return heading{n} }

type heading struct{ Node }

func (h heading) At() Location {
	at := locationOf(h.Node)
	at.EndLine = at.Line
	return at
}

// Found is what a rule says of a place.
type Found struct {
	Rule          *Rule
	Old, New      Node   // the element in the revisions that have it
	Near          Node   // what is left in the new revision around an element that is gone
	Before, After Hash   // the canonical values compared; see Change
	Message       string // a sentence without its subject
	Values        []string
	Witness       *Witness
	Reaches       []Reach // other uses than that of the place
}

// Found reports what a rule says of a place. The finding lies at the definition,
// or at the use where the place has no definition of its own. It is the one way
// to report, and the one that knows where what is gone is shown. More uses may be
// added to what it returns.
func (r *Report) Found(at Place, f Found) Reported {
	c := Change{
		Rule: f.Rule, Subject: at.Definition, Message: f.Message, Values: f.Values,
		Old: locationOf(f.Old), New: f.shown(), Before: f.Before, After: f.After,
		Witness: f.Witness, Reaches: f.Reaches,
	}
	if c.Subject.IsZero() {
		c.Subject = at.Use
	}
	if len(c.Reaches) == 0 {
		c.Reaches = []Reach{{Use: at.Use, Side: at.Side}}
	}
	return r.add(c)
}

// Reported is a finding of one report.
type Reported int

// FoundAlso adds uses, and a witness if there was none, to a finding that was
// reported before. It is Found for what is found again and again.
func (r *Report) FoundAlso(which Reported, witness *Witness, reaches []Reach) {
	r.note(r.Changes[which].Rule, reaches)
	r.Changes[which].absorb(&Change{Reaches: reaches, Witness: witness})
}

// shown is the location in the new revision: that of the element, or of the
// closest survivor.
func (f *Found) shown() Location {
	if at := locationOf(f.New); !at.IsZero() {
		return at
	}
	near := locationOf(f.Near)
	if near.IsZero() {
		return near
	}
	gone := f.Old
	if h, ok := gone.(heading); ok {
		gone = h.Node
	}
	if s, ok := f.Near.(Survivor); ok && !locationOf(gone).IsZero() {
		return s.Gap(gone)
	}
	near.EndLine = near.Line
	return near
}

func locationOf(n Node) Location {
	if n == nil {
		return Location{}
	}
	return n.At()
}
