package avro

import "testing"

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		path, head string
		want       bool
	}{
		{"trade.avsc", `{"type": "record", "name": "Trade", "fields": [`, true}, // cut off
		{"trade.avsc", `{"name": "Trade", "doc": "x", "type": "enum", "symbols": []}`, true},
		{"trade.avsc", `"string"`, true},
		{"trade.avsc", `["null", "string"]`, true},
		{"trade.avsc", `{"type": "array", "items": "int"}`, true},
		{"trade.avsc", `{"type": {"type": "map", "values": "int"}}`, true},
		{"trade.avsc", `{"type": "record", "name": `, true},
		{"trade.avsc", ` { broken`, true}, // its author wants to hear of it
		{"trade.json", `{"type": "record", "name": "Trade", "fields": []}`, true},
		{
			"trade",
			"\xef\xbb\xbf\n" + `{"namespace": "a", "type": "fixed", "name": "Digest", "size": 16}`,
			true,
		},
		{"trade.json", `{"type": "record", "fields": []}`, false},
		{"trade.json", `{"type": "array", "items": {"type": "string"}}`, false},
		{"trade.json", `["null", "string"]`, false},
		{"trade.json", `"string"`, false},
		{"trade.json", `{"type": "object", "properties": {"name": {}}}`, false},
		{"trade.avsc", `{"type": "object", "properties": {"name": {}}}`, false},
		{"trade.avsc", `{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "array"}`, false},
		{"trade.avsc", `{"openapi": "3.1.0", "info": {}}`, false},
		{"trade.json", `{"openapi": "3.1.0", "info": {}}`, false},
		{"trade.yaml", "openapi: 3.1.0\n", false},
		{"trade.avpr", `{"protocol": "Trades", "types": []}`, false},
		{"trade.avpr", `{"type": "record", "name": "Trade", "fields": []}`, false},
		{"trade.avdl", `protocol Trades {}`, false},
		{"empty.json", ``, false},
	} {
		if got := Format.Match(c.path, []byte(c.head)); got != c.want {
			t.Errorf("Match(%s, %s) = %v", c.path, c.head, got)
		}
	}
}

func TestMatchProtocol(t *testing.T) {
	for _, c := range []struct {
		path, head string
		want       bool
	}{
		{"trade.avpr", `{"protocol": "Trades", "types": []}`, true},
		{"trade.avpr", `{"protocol": `, true},
		{"trade.avpr", `broken`, true},
		{"trade.json", `{"protocol": "Trades", "types": [], "messages": {`, true},
		{"trade.json", `{"protocol": "https"}`, false},
		{"trade.avpr", `{"type": "record"}`, false},
		{"trade.avsc", `broken`, false},
	} {
		if got := Protocol.Match(c.path, []byte(c.head)); got != c.want {
			t.Errorf("Match(%s, %s) = %v", c.path, c.head, got)
		}
	}
}
