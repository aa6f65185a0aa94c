package odcs

import "github.com/assent-dev/assent/diff"

var vectorShapeChanged = &diff.Rule{
	ID:       "odcs/vector-shape-changed",
	Title:    "shape of vectors changed",
	Sends:    diff.Breaking,
	Receives: diff.Breaking,
	Doc: `
An index or a model accepts vectors of one length and one type of number. Others are
refused or compared wrongly. Add a property for the new vectors beside the old ones.`,
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
	ID:       "odcs/vector-model-changed",
	Title:    "model of vectors changed",
	Sends:    diff.Risky,
	Receives: diff.Breaking,
	Doc: `
Vectors of different models cannot be compared: a search with the old model finds random
results, and nothing fails. Add a property for the vectors of the new model, and let
readers move to it together with their queries.`,
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
	ID:       "odcs/vector-measure-changed",
	Title:    "distance metric of vectors changed",
	Sends:    diff.Risky,
	Receives: diff.Risky,
	Doc: `
Distances by the old metric give another ranking, or no longer suit the vectors. Readers
with their own index have to build it again.`,
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

// vector compares the shape, the model and the metric of vectors.
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
			w.constraint(e, member.rule, member.name+" changed from "+shortened(o)+" to "+shortened(n),
				member.name)
		}
	}
}
