package usage_test

import (
	"strings"
	"testing"

	"github.com/assent-dev/assent/usage"
)

// TestCover: a use counts as covered only if every change that hits it hits the
// other uses as well.
func TestCover(t *testing.T) {
	for _, tt := range []struct {
		uses, other string // separated by |
		want        bool
	}{
		{"", "GET /orders reads id", true},
		{"GET /orders", "GET /orders reads id", true},
		{"GET /orders/{id}", "GET /orders/{number} reads id", true},
		{"GET /**", "GET /orders reads id", true},
		{"GET /orders reads id, status", "GET /orders reads status", true},
		{"GET /orders reads id | GET /orders reads status", "GET /orders reads id, status", true},
		{"GET /orders reads items", "GET /orders reads items[].sku", true},
		{"POST /orders sends sku reads id", "POST /orders reads id sends sku", true},

		{"GET /orders reads id", "GET /orders", false},
		{"GET /orders reads id", "GET /orders reads id, status", false},
		{"GET /orders reads items[].sku", "GET /orders reads items", false},
		{"GET /invoices", "GET /orders reads id", false},
		{"GET /orders/*", "GET /orders/**", false},
		{"GET /** reads id", "GET /orders reads status", false},
		{"POST /orders sends sku, note", "POST /orders sends sku", false},
	} {
		var uses []usage.Use
		for _, text := range strings.FieldsFunc(tt.uses, func(r rune) bool { return r == '|' }) {
			uses = append(uses, parsed(t, text))
		}
		if got := usage.Cover(uses, parsed(t, tt.other)); got != tt.want {
			t.Errorf("%q covers %q: %t, want %t", tt.uses, tt.other, got, tt.want)
		}
	}
	if usage.Cover([]usage.Use{parsed(t, "GET /orders")}, usage.Use{}) {
		t.Error("a use of one operation covers the whole contract")
	}
}

func parsed(t *testing.T, text string) usage.Use {
	t.Helper()
	use, err := usage.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return use
}
