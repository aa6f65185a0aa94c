package jsonschema

import (
	"bytes"
	"encoding/json"
	"errors"
	"slices"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"

	"github.com/assent-dev/assent/diff"
)

// trier tries values on two schemas until one schema accepts a value and the
// other one refuses it.
type trier struct {
	*Comparer
	side       diff.Side
	budgetLeft int          // what this witness may still cost
	err        error        // why values could not be tried
	property   string       // if not empty, the value must be refused because of it
	mustRefuse *effective   // if not nil, it must refuse the value, too
	oneAccepts []*effective // if not empty, one of them must accept the value
}

// mostPerWitness bounds what one witness may cost, counted as mostWitnessed is.
const mostPerWitness = 4_000

// batches are the numbers of values that are tried at a time. The first values
// mostly suffice. The fewer properties they have, the less of the schemas has
// to be exported.
var batches = [...]int{3, 29, mostProposed}

// why says in a message why no value was found.
func (t *trier) why() string {
	switch {
	case t.witnesses <= 0:
		return "too many changes to look for an example of each"
	case t.err != nil:
		return t.err.Error()
	}
	return "no value was found that one side accepts and the other refuses"
}

// separate returns the first value that one schema accepts and the other one
// refuses.
func (t *trier) separate(values proposals, accepts, refuses *effective) json.RawMessage {
	if t.budgetLeft <= 0 { // values cost time even before they are tried
		return nil
	}
	var found json.RawMessage
	var batch []json.RawMessage
	size := batches[:]
	for v := range values {
		if batch = append(batch, v); len(batch) < size[0] {
			continue
		}
		if found = t.separateBatch(batch, accepts, refuses); found != nil || t.budgetLeft <= 0 ||
			t.err != nil {
			return found
		}
		batch = nil
		if len(size) > 1 {
			size = size[1:]
		}
	}
	if len(batch) > 0 {
		found = t.separateBatch(batch, accepts, refuses)
	}
	return found
}

// separateBatch does so for some of the values.
func (t *trier) separateBatch(batch []json.RawMessage, accepts, refuses *effective) json.RawMessage {
	values := make([]any, len(batch))
	shared := shape{names: map[string]bool{}}
	for i, v := range batch {
		// Values are made as JSON, or come from documents that were parsed.
		values[i], _ = jsonschema.UnmarshalJSON(bytes.NewReader(v))
		shared.add(values[i], 1)
	}
	accepting, refusing := t.validator(accepts, shared), t.validator(refuses, shared)
	changed := refusing
	if t.mustRefuse != nil {
		changed = t.validator(t.mustRefuse, shared)
	}
	var fitting []validator
	for _, e := range t.oneAccepts {
		fitting = append(fitting, t.validator(e, shared))
	}
	if t.err != nil {
		return nil
	}
	for i, v := range values {
		if t.charge((accepting.effort + refusing.effort) / effortPerNode); t.budgetLeft <= 0 {
			return nil
		}
		if accepting.Validate(v) == nil && t.concernsProperty(refusing.Validate(v)) &&
			changed.Validate(v) != nil && fitsOne(v, fitting) {
			return batch[i]
		}
	}
	return nil
}

// concernsProperty reports whether a value was refused because of the property
// in question. Another property may have changed, too.
func (t *trier) concernsProperty(refusal error) bool {
	var failure *jsonschema.ValidationError
	if refusal == nil || t.property == "" || !errors.As(refusal, &failure) {
		return refusal != nil
	}
	return concerns(failure, t.property)
}

// concerns reports whether a failure, or one of its causes, is about the
// property.
func concerns(failure *jsonschema.ValidationError, property string) bool {
	if at := failure.InstanceLocation; len(at) > 0 && at[0] == property {
		return true
	}
	switch k := failure.ErrorKind.(type) {
	case *kind.Required:
		return slices.Contains(k.Missing, property)
	case *kind.AdditionalProperties:
		return slices.Contains(k.Properties, property)
	}
	return slices.ContainsFunc(failure.Causes, func(cause *jsonschema.ValidationError) bool {
		return concerns(cause, property)
	})
}

// fitsOne reports whether one of the schemas accepts the value, or there are
// none.
func fitsOne(value any, schemas []validator) bool {
	return len(schemas) == 0 || slices.ContainsFunc(schemas, func(s validator) bool {
		return s.Validate(value) == nil
	})
}

// charge takes what a trial cost from the budgets.
func (t *trier) charge(n int) {
	t.budgetLeft -= n
	t.witnesses -= n
}

// validator compiles a schema and charges for it. Once one failed, it does
// nothing.
func (t *trier) validator(e *effective, shared shape) validator {
	if t.err != nil {
		return validator{}
	}
	before := t.witnesses
	v, err := newValidator(e, t.side, shared, &t.budget)
	t.budgetLeft -= before - t.witnesses
	t.err = err
	return v
}
