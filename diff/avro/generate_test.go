package avro

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
)

// generator makes schemas that are valid for every implementation, and edits of
// them.
type generator struct {
	*rand.Rand
	defined []string // full names that may be used again
	count   int
}

type object = map[string]any

func newGenerator(seed uint64) *generator { return &generator{Rand: rand.New(rand.NewPCG(seed, 7))} }

func (g *generator) one(of ...any) any { return of[g.IntN(len(of))] }

// primitive sometimes annotates the type.
func (g *generator) primitive() any {
	switch g.IntN(12) {
	case 0:
		return object{"type": "bytes", "logicalType": "decimal", "precision": 4 + g.IntN(2), "scale": 2}
	case 1:
		return object{"type": "long", "logicalType": g.one("timestamp-millis", "timestamp-micros")}
	case 2:
		return object{"type": "string", "logicalType": "uuid"}
	}
	return g.one("boolean", "int", "long", "float", "double", "bytes", "string", "null")
}

func (g *generator) schema(depth int) any {
	if depth <= 0 {
		return g.primitive()
	}
	switch g.IntN(9) {
	case 0:
		return object{"type": "array", "items": g.schema(depth - 1)}
	case 1:
		return object{"type": "map", "values": g.schema(depth - 1)}
	case 2, 3:
		return g.union(depth)
	case 4:
		return g.enum()
	case 5:
		return object{"type": "fixed", "name": g.name(), "size": 1 + g.IntN(3)}
	case 6, 7:
		return g.record(depth)
	}
	if len(g.defined) > 0 && g.IntN(2) == 0 {
		return g.defined[g.IntN(len(g.defined))]
	}
	return g.primitive()
}

func (g *generator) name() string {
	g.count++
	name := fmt.Sprintf("T%d", g.count)
	return name
}

func (g *generator) enum() any {
	all := []any{"A", "B", "C", "D"}
	g.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	e := object{"type": "enum", "name": g.name(), "symbols": all[:1+g.IntN(4)]}
	if g.IntN(3) == 0 {
		e["default"] = e["symbols"].([]any)[0]
	}
	g.defined = append(g.defined, e["name"].(string))
	return e
}

func (g *generator) record(depth int) any {
	name := g.name()
	g.defined = append(g.defined, name)
	fields := []any{}
	for i := range g.IntN(4) {
		fields = append(fields, g.field(fmt.Sprintf("f%d", i), depth-1))
	}
	return object{"type": "record", "name": name, "fields": fields}
}

// field makes a field, with a default if one is easy to make.
func (g *generator) field(name string, depth int) object {
	f := object{"name": name, "type": g.schema(depth)}
	if text, ok := f["type"].(string); ok && g.IntN(2) == 0 {
		if preset, ok := map[string]any{
			"int":     1,
			"long":    2,
			"string":  "x",
			"null":    nil,
			"boolean": true,
			"double":  1.5,
		}[text]; ok {
			f["default"] = preset
		}
	}
	return f
}

// union makes a union and avoids branches that a union must not contain.
func (g *generator) union(depth int) any {
	branches, seen := []any{}, map[string]bool{}
	for range 1 + g.IntN(4) {
		b := g.schema(depth - 1)
		key := kindOf(b)
		if key == "union" || seen[key] {
			continue
		}
		seen[key] = true
		branches = append(branches, b)
	}
	if len(branches) == 0 {
		return "null"
	}
	return nullLast(branches)
}

// nullLast avoids unions that begin with null: unlike the specification and
// Java, the peer gives fields of such a type a default of null.
func nullLast(branches []any) []any {
	if i := slices.Index(branches, any("null")); i >= 0 {
		branches = append(slices.Delete(branches, i, i+1), "null")
	}
	return branches
}

// kindOf is the kind or name that distinguishes a branch from the others.
func kindOf(s any) string {
	switch s := s.(type) {
	case string:
		return s
	case []any:
		return "union"
	case object:
		if name, ok := s["name"].(string); ok {
			return name
		}
		return s["type"].(string)
	}
	return ""
}

// edited copies a schema and changes about n things in it.
func (g *generator) edited(s any, n int) any {
	text, _ := json.Marshal(s) // maps and lists of strings and numbers
	var out any
	_ = json.Unmarshal(text, &out)
	for range n {
		var places []func()
		g.places(out, func(v any) { out = v }, &places)
		places[g.IntN(len(places))]()
	}
	return out
}

// places lists the edits that are possible at and below a schema.
func (g *generator) places(s any, put func(any), out *[]func()) {
	*out = append(*out, func() {
		if _, named := s.(object)["name"]; !named {
			put(g.primitive())
		}
	})
	switch s := s.(type) {
	case string:
		(*out)[len(*out)-1] = func() { put(g.primitive()) }
	case []any:
		(*out)[len(*out)-1] = func() { put(g.shuffled(s)) }
		for i := range s {
			if inner, ok := s[i].(object); ok {
				g.places(inner, func(any) {}, out)
			}
		}
	case object:
		g.within(s, out)
	}
}

func (g *generator) shuffled(branches []any) any {
	out := slices.Clone(branches)
	g.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	if i := slices.IndexFunc(out, func(b any) bool {
		_, primitive := b.(string)
		return primitive
	}); i >= 0 && len(out) > 1 && g.IntN(2) == 0 {
		out = slices.Delete(out, i, i+1)
	} else if more := g.one("null", "int", "long", "string", "double"); !slices.ContainsFunc(out,
		func(b any) bool {
			return kindOf(b) == more
		}) {
		out = append(out, more)
	}
	return nullLast(out)
}

func (g *generator) within(s object, out *[]func()) {
	add := func(f func()) { *out = append(*out, f) }
	switch s["type"] {
	case "array":
		g.places(s["items"], func(v any) { s["items"] = v }, out)
	case "map":
		g.places(s["values"], func(v any) { s["values"] = v }, out)
	case "fixed":
		add(func() { s["size"] = 1 + g.IntN(3) })
		add(func() { g.rename(s) })
	case "enum":
		add(func() { s["symbols"] = append(s["symbols"].([]any), fmt.Sprintf("S%d", g.Uint32())) })
		add(func() { s["symbols"] = s["symbols"].([]any)[:1]; delete(s, "default") })
		add(func() { s["default"] = s["symbols"].([]any)[0] })
	case "record":
		fields := s["fields"].([]any)
		add(func() { s["fields"] = append(fields, g.field(fmt.Sprintf("g%d", g.Uint32()), 1)) })
		for i := range fields {
			f := fields[i].(object)
			add(func() { g.rename(f) })
			g.places(f["type"], func(v any) { f["type"] = v; delete(f, "default") }, out)
		}
		if n := len(fields); n > 0 {
			if _, inline := fields[n-1].(object)["type"].(string); inline {
				add(func() { s["fields"] = fields[:n-1] })
			}
		}
	}
}

// rename keeps the old name as an alias every other time. Records and enums
// are not renamed: other places may use their name.
func (g *generator) rename(s object) {
	old := s["name"]
	s["name"] = fmt.Sprintf("%v_%d", old, g.Uint32())
	delete(s, "aliases")
	if g.IntN(2) == 0 {
		s["aliases"] = []any{old}
	}
}
