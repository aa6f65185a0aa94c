package jsonschema

import "github.com/assent-dev/assent/diff"

// undecided is the rule on what is seen to differ and not understood.
var undecided = []*diff.Rule{
	{
		ID: "schema/undecided", Title: "change not decided", Sends: diff.Risky, Receives: diff.Risky,
		Doc: `
The schema changed in a way whose effect on the allowed values is not decided, or
it would take too much work to decide it. Look at it: it may allow less to those
who send or more to those who receive.`,
		Example: `
--compatibility full
-- old.json --
{"patternProperties": {"^(?!x-)": {"type": "string"}}}
-- new.json --
{"patternProperties": {"^(?!x-)": {"type": "integer"}}}
-- want --
new.json:1:2: risky: schema: properties that match ^(?!x-) changed: whether they allow less or more is not decided [schema/undecided] (was old.json:1)
    both: schema › {^(?!x-)}
`,
	},
}

var changeUndecided = undecided[0]
