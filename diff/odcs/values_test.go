package odcs

import (
	"testing"

	"github.com/assent-dev/assent/diff/tree"
)

func parsed(t *testing.T, text string) *tree.Node {
	t.Helper()
	doc, err := tree.Parse("v.yaml", []byte(text), tree.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	return doc.Root
}

// sign reads the relation of a pair in a table: ? stands for none.
func sign(order int, comparable bool) string {
	switch {
	case !comparable:
		return "?"
	case order < 0:
		return "<"
	case order > 0:
		return ">"
	}
	return "="
}

func TestQuantity(t *testing.T) {
	tests := []struct{ a, want, b string }{
		{"99.5 %", "<", "99.9 percent"}, {"99.90%", "=", "99.9 pct"}, {"99.90%", "?", "99.9"},
		{"99.9 %", "?", "99.9 h"},
		{"4h", "=", "PT4H"}, {"4h", "=", "240 min"}, {"4 hours", "=", "14400 s"}, {"90 s", ">", "1 minute"},
		{"500ms", "<", "1 sec"},
		{"P1W", "=", "7 days"}, {"P1DT12H", "=", "36h"}, {"PT0.5H", "=", "30 min"}, {"1 wk", ">", "6 d"},
		{"12 months", "<", "13 mo"}, {"1y", "=", "P12M"}, {"3 M", "?", "1 quarter"}, {"3 M", "=", "P3M"},
		{"3 m", "<", "P3M"},
		{"1 month", "?", "30 d"}, {"1 month", "<", "32 d"}, {"1 month", ">", "27 d"}, {"P1M1D", ">", "P1M"},
		{"1 y", "?", "365 d"}, {"P1M", "<", "P1M1D"},
		{"2030-01-01", "<", "2030-06-30"}, {"2030-01-01", "?", "2030-01-01T00:00:00Z"},
		{"2030-01-01T00:00:00Z", "=", "2030-01-01 00:00:00+00:00"},
		{"09:00-08:00", ">", "08:00-08:00"}, {"09:00-08:00", "?", "08:00-07:00"},
		{"09:00Z", "=", "09:00+00:00"},
		{"5", "<", "6"}, {"1e2", "=", "100"}, {"5", "?", "6 h"}, {"40 MB/s", "<", "50 mb/s"},
		{"40 MB/s", "?", "50 requests/s"},
		{"soon", "?", "soon"}, {"P", "?", "P"}, {"PT", "?", "PT"}, {"2 per day", "<", "3 per day"},
	}
	for _, tt := range tests {
		a, b := quantityOf(parsed(t, `"`+tt.a+`"`), ""), quantityOf(parsed(t, `"`+tt.b+`"`), "")
		if got := sign(a.compare(b)); got != tt.want {
			t.Errorf("%s %s %s, want %s", tt.a, got, tt.b, tt.want)
		}
	}
	if a, b := quantityOf(parsed(t, "4"), "h"), quantityOf(parsed(t, "4 h"), ""); sign(a.compare(b)) != "=" {
		t.Error("a unit of its own is another")
	}
}

func TestTightened(t *testing.T) {
	tests := []struct{ logical, old, new, want string }{
		{"number", "minimum: 1", "minimum: 2", ">"},
		{"number", "minimum: 1", "", "<"},
		{"number", "", "maximum: 1", ">"},
		{"number", "maximum: 5", "maximum: 4.5", ">"},
		{"number", "maximum: 5", "exclusiveMaximum: 5", ">"},
		{"number", "exclusiveMinimum: 5", "minimum: 5", "<"},
		{"number", "maximum: 5, exclusiveMaximum: true", "exclusiveMaximum: 5", "="},
		{"number", "maximum: 5, exclusiveMaximum: false", "maximum: 5.0", "="},
		{"number", "maximum: 5, exclusiveMaximum: 9", "maximum: 5", "="},
		{"integer", "exclusiveMaximum: 5", "maximum: 4", "="},
		{"number", "exclusiveMaximum: 5", "maximum: 4", ">"},
		{"integer", "exclusiveMinimum: 0", "minimum: 1", "="},
		{"integer", "exclusiveMinimum: 0.5", "minimum: 1", ">"},
		{"date", "minimum: 2024-01-01", "minimum: 2024-02-01", ">"},
		{"timestamp", `maximum: "2024-01-01T00:00:00Z"`, `maximum: "2024-01-01T00:00:00+01:00"`, "?"},
		{"date", "minimum: soon", "minimum: 2024-02-01", "?"},
		{"date", "minimum: soon", "minimum: soon", "="},
	}
	for _, tt := range tests {
		o := parsed(t, "{logicalType: "+tt.logical+", logicalTypeOptions: {"+tt.old+"}}")
		n := parsed(t, "{logicalType: "+tt.logical+", logicalTypeOptions: {"+tt.new+"}}")
		got := "="
		for _, x := range ends {
			was, is := boundOf(o, x.member, x.exclusive, x.end), boundOf(n, x.member, x.exclusive, x.end)
			if s := sign(tightened(was, is, x.end)); s != "=" {
				got = s
			}
		}
		if got != tt.want {
			t.Errorf("%s: %s to %s: %s, want %s", tt.logical, tt.old, tt.new, got, tt.want)
		}
	}
}

// within says which of two sets holds the other.
func within(oInN, nInO bool) string {
	switch {
	case oInN && nInO:
		return "="
	case oInN:
		return "<"
	case nInO:
		return ">"
	}
	return "?"
}

func TestColumnTypes(t *testing.T) {
	tests := []struct{ a, want, b string }{
		{"varchar(10)", "<", "varchar(20)"}, {"varchar(10)", "<", "text"}, {"varchar", "=", "STRING"},
		{"varchar(max)", "=", "text"},
		{"char", "=", "char(1)"}, {"char(5)", "<", "varchar(10)"}, {"nvarchar(10)", "?", "varchar(10)"},
		{"decimal(10,2)", "<", "decimal(12,2)"}, {"decimal(10,2)", "?", "decimal(10,4)"},
		{"decimal(10,2)", "<", "numeric(12, 4)"},
		{"decimal(10)", "=", "decimal(10,0)"}, {"decimal", "=", "numeric"}, {"decimal", "?", "decimal(10,2)"},
		{"smallint", "<", "int"}, {"int", "<", "bigint"}, {"int(11)", "=", "integer"},
		{"int", "?", "varchar(10)"}, {"real", "<", "double"},
		{"timestamp", "?", "timestamptz"}, {"timestamp(3)", "?", "timestamp(6)"},
		{"timestamp( 3 )", "=", "TIMESTAMP(3)"},
		{"array<int>", "=", "ARRAY< INT >"}, {"array<int>", "?", "array<bigint>"},
		{"map<string, int>", "=", "map<string,int>"}, {"((", "=", "(("},
	}
	for _, tt := range tests {
		a, b := columnTypeOf(tt.a), columnTypeOf(tt.b)
		if got := within(b.holds(a), a.holds(b)); got != tt.want {
			t.Errorf("%s %s %s, want %s", tt.a, got, tt.b, tt.want)
		}
	}
}

func TestNumberFormats(t *testing.T) {
	tests := []struct{ a, want, b string }{
		{"i32", "<", "i64"}, {"u8", "<", "i16"}, {"u32", "?", "i32"}, {"u32", "<", "i64"},
		{"f32", "<", "f64"}, {"i32", "?", "f64"}, {"odd", "?", "i32"}, {"odd", "=", "odd"},
	}
	for _, tt := range tests {
		format := func(name string) format {
			return numberFormat(parsed(t, "{logicalType: integer, logicalTypeOptions: {format: "+name+"}}"))
		}
		if got := within(format(tt.b).holds(format(tt.a)), format(tt.a).holds(format(tt.b))); got != tt.want {
			t.Errorf("%s %s %s, want %s", tt.a, got, tt.b, tt.want)
		}
	}
	none, f64 := numberFormat(parsed(t, "{logicalType: number}")),
		numberFormat(parsed(t, "{logicalType: number, logicalTypeOptions: {format: f64}}"))
	if got := within(none.holds(f64), f64.holds(none)); got != "<" {
		t.Errorf("f64 %s a number of no format, want <", got)
	}
}

func TestNumberSets(t *testing.T) {
	tests := []struct{ a, want, b string }{
		{"mustBe: 0", "=", "mustBeLessOrEqualTo: 0"}, {"mustBe: 0", "<", "mustBeLessThan: 5"},
		{"mustBeLessThan: 5", "<", "mustBeLessOrEqualTo: 5"},
		{"mustBeGreaterThan: 5", "<", "mustBeGreaterOrEqualTo: 5"}, {
			"mustBeBetween: [1, 3]", "=", "mustBeGreaterOrEqualTo: 1, mustBeLessOrEqualTo: 3",
		},
		{"mustBeBetween: [1, 3]", "?", "mustBeBetween: [2, 4]"},
		{"mustNotBe: 3", ">", "mustNotBeBetween: [1, 4]"}, {"mustNotBe: 3", ">", "mustBeLessThan: 3"},
		{
			"mustBeGreaterThan: 1, mustBeLessThan: 3", "<", "mustBeBetween: [1, 3]",
		}, {"mustBeGreaterThan: 5, mustBeLessThan: 5", "<", "mustBe: 5"},
		{"mustBeGreaterThan: 0", "=", "mustNotBe: 0"}, {"", ">", "mustBe: 1"},
		{"mustBeGreaterOrEqualTo: -1", "=", ""},
	}
	for _, tt := range tests {
		a, b := checkOf(parsed(t, "{metric: rowCount, "+tt.a+"}")),
			checkOf(parsed(t, "{metric: rowCount, "+tt.b+"}"))
		if got := within(a.accepts.Within(b.accepts), b.accepts.Within(a.accepts)); got != tt.want {
			t.Errorf("%s %s %s, want %s", tt.a, got, tt.b, tt.want)
		}
	}
}
