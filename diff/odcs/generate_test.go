package odcs

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
)

type object = map[string]any

// generator makes contracts that are right, and edits of them.
type generator struct {
	*rand.Rand
	count int
}

func newGenerator(seed uint64) *generator { return &generator{Rand: rand.New(rand.NewPCG(seed, 11))} }

func (g *generator) one(of ...any) any { return of[g.IntN(len(of))] }

func (g *generator) name(prefix string) string {
	g.count++
	return fmt.Sprintf("%s%d", prefix, g.count)
}

func (g *generator) contract() object {
	c := object{
		"apiVersion": g.one("v3.0.2", "v3.1.0", "v3.2.0"),
		"kind":       "DataContract",
		"id":         "c",
		"status":     g.one("active", "draft"),
	}
	var objects, levels, servers, roles []any
	for range 1 + g.IntN(3) {
		objects = append(objects, g.object())
	}
	for _, property := range []string{"availability", "latency", "retention", "endOfLife", "mood"} {
		if g.IntN(2) == 0 {
			levels = append(levels, g.level(property))
		}
	}
	for range g.IntN(3) {
		servers = append(servers, g.server())
	}
	for range g.IntN(3) {
		roles = append(roles, object{"role": g.name("role"), "access": g.one("read", "write")})
	}
	c["schema"], c["slaProperties"], c["servers"], c["roles"] = objects, levels, servers, roles
	if g.IntN(2) == 0 {
		c["price"] = object{"priceAmount": g.IntN(10), "priceCurrency": "EUR"}
	}
	return c
}

func (g *generator) object() object {
	o := object{
		"name":         g.name("object"),
		"physicalType": g.one("table", "view", "topic"),
		"properties":   g.properties(3),
	}
	if g.IntN(2) == 0 {
		o["id"] = g.name("i")
	}
	if g.IntN(2) == 0 {
		o["quality"] = []any{g.check(), g.check()}
	}
	return o
}

func (g *generator) properties(depth int) []any {
	var all []any
	for range 1 + g.IntN(4) {
		all = append(all, g.property(depth, g.name("p")))
	}
	return all
}

// property may lack a name: then it is what a list or a map holds.
func (g *generator) property(depth int, name string) object {
	p := object{}
	if name != "" {
		p["name"] = name
		if g.IntN(2) == 0 {
			p["id"] = g.name("i")
		}
	}
	for _, flag := range []string{"required", "unique", "criticalDataElement", "deprecated"} {
		if g.IntN(3) == 0 {
			p[flag] = g.IntN(2) == 0
		}
	}
	g.describe(p)
	switch kind := g.IntN(9); {
	case kind < 2:
		p["logicalType"], p["logicalTypeOptions"] = "string", g.textOptions()
		p["physicalType"] = g.one("varchar(10)", "varchar(20)", "text", "char(5)", "uuid")
	case kind < 4:
		p["logicalType"], p["logicalTypeOptions"] = g.one("integer", "number"), g.numberOptions()
		p["physicalType"] = g.one("int", "bigint", "decimal(10,2)", "decimal(12,2)", "decimal(12,4)")
	case kind == 4:
		p["logicalType"], p["logicalTypeOptions"] = "timestamp", g.dateOptions()
	case kind == 5:
		p["logicalType"], p["logicalTypeOptions"] = "vector", object{
			"dimensions":     2 + g.IntN(3),
			"distanceMetric": g.one("cosine", "hamming"),
		}
	case kind == 6 && depth > 0:
		p["logicalType"], p["properties"] = "object", g.properties(depth-1)
	case kind == 7 && depth > 0:
		p["logicalType"], p["items"] = "array", g.property(depth-1, "")
		p["logicalTypeOptions"] = object{"minItems": g.IntN(3), "uniqueItems": g.IntN(2) == 0}
	case depth > 0:
		p["logicalType"], p["map"] = "map", object{
			"key":   object{"logicalType": "string"},
			"value": g.property(depth-1, ""),
		}
	}
	return p
}

// describe adds what holds for properties of every type.
func (g *generator) describe(p object) {
	if g.IntN(4) == 0 {
		p["classification"] = g.one("public", "internal", "restricted", "amber")
	}
	if g.IntN(4) == 0 {
		p["encryptedName"] = g.one("a", "b")
	}
	if g.IntN(4) == 0 {
		p["quality"] = []any{g.check()}
	}
	if g.IntN(4) == 0 {
		p["enum"] = []any{object{"value": g.one("a", "b")}, object{"value": g.one("c", "d")}}
	}
	if g.IntN(4) == 0 {
		p["relationships"] = []any{object{"to": g.one("x.id", "y.id")}}
	}
	if g.IntN(4) == 0 {
		p["physicalName"] = g.one("col_a", "col_b")
	}
	if g.IntN(8) == 0 {
		p["primaryKey"], p["primaryKeyPosition"] = true, 1+g.IntN(3)
	}
}

func (g *generator) textOptions() object {
	return object{
		"minLength": g.IntN(3),
		"maxLength": 5 + g.IntN(3),
		"pattern":   g.one("^a", "^b"),
		"format":    g.one("uuid", "email"),
	}
}

func (g *generator) numberOptions() object {
	o := object{"minimum": g.IntN(3), "multipleOf": g.one(1, 2, 3, 4)}
	o[g.one("maximum", "exclusiveMaximum").(string)] = 10 + g.IntN(3)
	if g.IntN(2) == 0 {
		o["format"] = g.one("i16", "i32", "i64", "u32")
	}
	return o
}

func (g *generator) dateOptions() object {
	return object{
		"minimum":         g.one("2024-01-01", "2024-06-01", "soon"),
		"defaultTimezone": g.one("UTC", "Europe/Berlin"),
	}
}

func (g *generator) check() object {
	c := object{
		"name":     g.name("check"),
		"metric":   g.one("rowCount", "nullValues"),
		"severity": g.one("info", "warning", "error", "grave"),
	}
	operator := g.one("mustBe", "mustNotBe", "mustBeLessThan", "mustBeGreaterOrEqualTo",
		"mustBeBetween").(string)
	c[operator] = g.IntN(3)
	if operator == "mustBeBetween" {
		c[operator] = []any{g.IntN(3), 3 + g.IntN(3)}
	}
	return c
}

func (g *generator) level(property string) object {
	value := map[string]any{
		"availability": g.one("99 %", "99.9 %", "0.5"),
		"latency":      g.one("4h", "PT4H", "1 d", "1 week", "soon"),
		"retention":    g.one("1 y", "12 months", "365 d", "2 y"),
		"endOfLife":    g.one("2030-01-01", "2031-01-01"),
		"mood":         g.one("good", 3),
	}[property]
	return object{"property": property, "value": value}
}

func (g *generator) server() object {
	return object{
		"server":      g.name("server"),
		"type":        g.one("postgres", "kafka"),
		"host":        g.one("a", "b"),
		"description": g.one("x", "y"),
	}
}

// edited returns a copy with so many changes.
func (g *generator) edited(t *testing.T, c object, changes int) object {
	t.Helper()
	text, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	var copied object
	if err := json.Unmarshal(text, &copied); err != nil {
		t.Fatal(err)
	}
	for range changes {
		g.edit(copied)
	}
	return copied
}

func (g *generator) edit(c object) {
	switch g.IntN(6) {
	case 0:
		fresh := g.contract()
		key := g.one("slaProperties", "servers", "roles", "price", "status").(string)
		c[key] = fresh[key]
	case 1:
		objects := c["schema"].([]any)
		o := objects[g.IntN(len(objects))].(object)
		fresh := g.object()
		key := g.one("physicalType", "quality", "name").(string)
		o[key] = fresh[key]
	default:
		g.editProperties(c["schema"].([]any)[g.IntN(len(c["schema"].([]any)))].(object))
	}
}

// editProperties changes one property of the element, or of one further down.
func (g *generator) editProperties(element object) {
	list, _ := element["properties"].([]any)
	for _, inner := range []any{element["items"], element["map"]} {
		if o, ok := inner.(object); ok {
			if value, ok := o["value"].(object); ok {
				o = value
			}
			g.change(o)
		}
	}
	if len(list) == 0 {
		return
	}
	i := g.IntN(len(list))
	switch g.IntN(6) {
	case 0:
		element["properties"] = append(list[:i:i], list[i+1:]...)
	case 1:
		element["properties"] = append(list, g.property(1, g.name("p")))
	case 2:
		g.editProperties(list[i].(object))
	case 3:
		list[i].(object)["name"] = g.name("p")
	default:
		g.change(list[i].(object))
	}
}

// change gives a property some members of another one.
func (g *generator) change(p object) {
	fresh := g.property(1, "")
	if g.IntN(2) == 0 {
		for key, value := range fresh {
			p[key] = value
		}
		return
	}
	for _, key := range []string{
		"required", "unique", "quality", "enum", "classification", "relationships", "physicalName",
		"primaryKey",
	} {
		if g.IntN(2) == 0 {
			continue
		}
		delete(p, key)
		if value, ok := fresh[key]; ok {
			p[key] = value
		}
	}
}
