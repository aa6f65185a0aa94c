package avro

import (
	"encoding/json"
	"errors"

	"github.com/assent-dev/assent/diff"
)

// step is one step down from a definition in both revisions: to a field, an
// element, a map's value or a union's branch.
type step struct {
	up       *step
	old, new hop
}

// hop is a step in one revision. The zero hop stays where it is: one revision
// may have a single type where the other has a union.
type hop struct {
	in    *schema
	field *field // of a record
	to    ref    // of a union: the branch
}

func (p place) descend(old, new hop) place {
	p.trail = &step{p.trail, old, new}
	return p
}

// sample describes data that one revision writes and the other does not read: a
// value of a type, of one branch of it, or one symbol.
type sample struct {
	typ    *schema
	branch *schema
	symbol string
}

// witness makes data of the place's definition that one revision writes and the
// other cannot read. It returns nil if the finding breaks nothing.
func (w *walk) witness(p place, rule *diff.Rule, f found) *diff.Witness {
	sends, receives := rule.Sends == diff.Breaking && p.sides&diff.Sends != 0,
		rule.Receives == diff.Breaking && p.sides&diff.Receives != 0
	var value string
	var err error
	out := &diff.Witness{AcceptedBy: "old", RefusedBy: "new"}
	switch {
	case !sends && !receives:
		return nil
	case f.noWitness != "":
		err = errors.New(f.noWitness)
	case sends && f.oldSample.typ != nil:
		value, err = w.sampler.show(f.oldSample, p.trail, func(s *step) hop { return s.old })
	case receives && f.newSample.typ != nil:
		out.AcceptedBy, out.RefusedBy = "new", "old"
		value, err = w.sampler.show(f.newSample, p.trail, func(s *step) hop { return s.new })
	default:
		return nil
	}
	if err != nil {
		return &diff.Witness{Why: err.Error()}
	}
	out.Value = json.RawMessage(value)
	return out
}

// show makes the sample and the values that contain it, up to the definition.
func (s *sampler) show(e sample, trail *step, of func(*step) hop) (string, error) {
	s.tried = 0
	v, err := s.leaf(e)
	for at := trail; at != nil && err == nil; at = at.up {
		switch hop := of(at); {
		case hop.in == nil:
		case hop.in.kind == record:
			v, err = s.record(hop.in, hop.field, v)
		case hop.in.kind == array:
			v = "[" + v + "]"
		case hop.in.kind == mapped:
			v = "{" + member("key", v) + "}"
		case hop.in.kind == union:
			v = branch(hop.to.to, v)
		}
	}
	if len(v) > mostSampleBytes {
		err = errTooLarge
	}
	return v, err
}

func (s *sampler) leaf(e sample) (string, error) {
	switch {
	case e.symbol != "":
		return quoted(e.symbol), nil
	case e.branch != nil:
		v, err := s.value(e.branch)
		if err == nil && e.typ.kind == union {
			v = branch(e.branch, v)
		}
		return v, err
	}
	return s.value(e.typ)
}
