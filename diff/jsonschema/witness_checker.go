package jsonschema

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	tags "golang.org/x/text/language"
	"golang.org/x/text/message"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// Checker checks whether values in a contract, such as examples and defaults,
// fit their schemas. An independent validator decides. The cost of all values
// together is bounded.
type Checker struct {
	budget budget
	known  map[checked]compiled
}

type checked struct {
	schema *effective
	side   diff.Side
}

type compiled struct {
	validator
	shape shape
	err   error
}

// mostChecked bounds what a Checker may cost, counted as mostWitnessed is.
const mostChecked = mostWitnessed / 8

// NewChecker returns a Checker with a budget of its own.
func NewChecker() *Checker {
	return &Checker{budget: budget{witnesses: mostChecked}, known: map[checked]compiled{}}
}

// Problem says why a value does not fit, and which part of it does not.
type Problem struct {
	At  *tree.Node
	Why string
}

// Check returns why a value does not fit a schema, which r reads. It returns
// nil if the value fits. If the use is on both sides, the value has to fit on
// one of them. The error says why this could not be decided.
func (c *Checker) Check(r *Reader, use Use, schema, value *tree.Node) (*Problem, error) {
	var first *Problem
	for _, side := range []diff.Side{diff.Sends, diff.Receives} {
		if use.Side&side == 0 {
			continue
		}
		problem, err := c.check(r.effective(schema, schema), side, value, use.Text)
		if problem == nil || err != nil {
			return nil, err
		}
		if first == nil {
			first = problem
		}
	}
	return first, nil
}

func (c *Checker) check(e *effective, side diff.Side, value *tree.Node, text bool) (*Problem, error) {
	forms := [][]byte{value.JSON()}
	if written := []byte(value.Str()); (text || e.kinds&textual == 0) && json.Valid(written) {
		forms = append(forms, written) // the author may have written a value as text
	}
	shared := shape{names: map[string]bool{}}
	parsed := make([]any, len(forms))
	for i, form := range forms {
		var err error
		if parsed[i], err = jsonschema.UnmarshalJSON(bytes.NewReader(form)); err != nil {
			return nil, err
		}
		shared.add(parsed[i], 1)
	}
	v := c.compile(e, side, shared)
	if v.err != nil {
		return nil, v.err
	}
	var first *jsonschema.ValidationError
	for i, form := range forms {
		if c.budget.witnesses -= 1 + (v.effort+len(form))/effortPerNode; c.budget.witnesses < 0 {
			return nil, errors.New("too many values to check each")
		}
		failure, err := v.validate(parsed[i])
		if failure == nil || err != nil {
			return nil, err
		}
		if first == nil {
			first = failure
		}
	}
	return problemAt(value, first), nil
}

// compile returns a validator for values of the shape. It returns a former one
// if that can be used.
func (c *Checker) compile(e *effective, side diff.Side, shared shape) compiled {
	v, known := c.known[checked{e, side}]
	if !known || !v.shape.covers(shared) {
		v.shape = shared
		v.validator, v.err = newValidator(e, side, shared, &c.budget)
		c.known[checked{e, side}] = v
	}
	return v
}

// validate returns why a value does not fit, nil if it does.
func (v compiled) validate(parsed any) (*jsonschema.ValidationError, error) {
	var failure *jsonschema.ValidationError
	if err := v.Validate(parsed); err != nil && !errors.As(err, &failure) {
		return nil, err
	}
	return failure, nil
}

// problemAt returns the innermost cause of a failure, and the part of the value
// that it is about.
func problemAt(value *tree.Node, failure *jsonschema.ValidationError) *Problem {
	for len(failure.Causes) > 0 {
		failure = failure.Causes[0]
	}
	at := value
	for _, step := range failure.InstanceLocation {
		next := at.Get(step)
		if i, err := strconv.Atoi(step); err == nil && at.Is(tree.Array) {
			next = at.Element(i)
		}
		if next == nil {
			break
		}
		at = next
	}
	why := failure.ErrorKind.LocalizedString(message.NewPrinter(tags.English))
	if len(failure.InstanceLocation) > 0 {
		why = strings.Join(failure.InstanceLocation, " › ") + ": " + why
	}
	return &Problem{At: at, Why: why}
}
