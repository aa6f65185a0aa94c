package odcs

import "github.com/assent-dev/assent/diff"

var vectorShapeChanged = &diff.Rule{
	ID: "odcs/vector-shape-changed", Title: "vectors have another shape", Sends: diff.Breaking, Receives: diff.Breaking,
	Doc: `
An index and a model take vectors of one length and one type of number: others are
refused or compared wrongly. Add a property for the new vectors beside the old
ones.`,
	Aliases: []string{"datacontract-cli:vector-shape-changed"},
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: embedding, logicalType: vector, logicalTypeOptions: {dimensions: 768}}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: embedding, logicalType: vector, logicalTypeOptions: {dimensions: 1024}}
-- want --
new.yaml:7:69: breaking: schema orders › embedding: dimensions changed from 768 to 1024 [odcs/vector-shape-changed] (was old.yaml:7)
`,
}

var vectorModelChanged = &diff.Rule{
	ID: "odcs/vector-model-changed", Title: "vectors come from another model", Sends: diff.Risky, Receives: diff.Breaking,
	Doc: `
Vectors of two models have nothing to do with each other: a search with the old
model finds anything, and nothing fails. Add a property for the vectors of the new
model, and let readers move to it together with their queries.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: embedding, logicalType: vector, logicalTypeOptions: {dimensions: 768, embeddingModel: acme/small-1}}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: embedding, logicalType: vector, logicalTypeOptions: {dimensions: 768, embeddingModel: acme/small-2}}
-- want --
new.yaml:7:86: breaking: schema orders › embedding: embeddingModel changed from acme/small-1 to acme/small-2 [odcs/vector-model-changed] (was old.yaml:7)
`,
}

var vectorMeasureChanged = &diff.Rule{
	ID: "odcs/vector-measure-changed", Title: "vectors are to be compared otherwise", Sends: diff.Risky, Receives: diff.Risky,
	Doc: `
Distances by the old measure rank otherwise, or are no longer what the vectors were
made for. Readers with an index of their own build it again.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: embedding, logicalType: vector, logicalTypeOptions: {dimensions: 768, distanceMetric: cosine}}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
schema:
  - name: orders
    properties:
      - {name: embedding, logicalType: vector, logicalTypeOptions: {dimensions: 768, distanceMetric: euclidean}}
-- want --
new.yaml:7:86: risky: schema orders › embedding: distanceMetric changed from cosine to euclidean [odcs/vector-measure-changed] (was old.yaml:7)
`,
}

// vector compares the shape of vectors and what they stand for.
func (w *walk) vector(e element) {
	for _, member := range []struct {
		name, preset string
		rule         *diff.Rule
	}{
		{"dimensions", "none", vectorShapeChanged},
		{"elementType", "float32", vectorShapeChanged},
		{"embeddingModel", "none", vectorModelChanged},
		{"embeddingModelVersion", "none", vectorModelChanged},
		{"distanceMetric", "none", vectorMeasureChanged},
		{"normalized", "false", vectorMeasureChanged},
	} {
		o, n := member.preset, member.preset
		if m := get(e.old, options, member.name); m != nil {
			o = raw(m)
		}
		if m := get(e.new, options, member.name); m != nil {
			n = raw(m)
		}
		if o != n {
			w.constraint(e, member.rule, member.name+" changed from "+shortened(o)+" to "+shortened(n), member.name)
		}
	}
}
