package contracts

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/diff/formats"
)

const (
	priced = "openapi: 3.0.3\ninfo: {title: a, version: 1.0.0}\npaths:\n  /prices:\n    get: " +
		"{responses: {\"200\": {description: all}}}\n"
	unpriced = "openapi: 3.0.3\ninfo: {title: a, version: 2.0.0}\npaths: {}\n"
)

// TestIdentityIsTheFile: a contract that stands at the base and still stands at
// the head is compared there, whatever entry or name points where.
func TestIdentityIsTheFile(t *testing.T) {
	listed := func(entries string) string { return "version: 1\ncontracts:\n" + entries }
	const orders = "  - {name: orders, path: api/orders.yaml}\n"
	for _, tt := range []struct {
		name       string
		base, head memory
		want       []string
	}{
		{
			"the first configuration lists another file",
			memory{"api/orders.yaml": priced},
			memory{
				"api/orders.yaml": unpriced,
				"api/ping.yaml":   unpriced,
				config.Path:       listed("  - {name: ping, path: api/ping.yaml}\n"),
			},
			[]string{"api/orders openapi/path-removed", "ping contract/added"},
		},
		{
			"an entry is pointed at a copy",
			memory{"api/orders.yaml": priced, config.Path: listed(orders)},
			memory{
				"api/orders.yaml": unpriced,
				"api/frozen.yaml": priced,
				config.Path:       listed("  - {name: orders, path: api/frozen.yaml}\n"),
			},
			[]string{"api/frozen.yaml contract/added", "orders openapi/path-removed"},
		},
		{
			"an entry is pointed at a file that stood there",
			memory{"api/orders.yaml": priced, "api/frozen.yaml": priced, config.Path: listed(orders)},
			memory{
				"api/frozen.yaml": priced,
				config.Path:       listed("  - {name: orders, path: api/frozen.yaml}\n"),
			},
			[]string{"api/frozen.yaml contract/added", "orders contract/removed"},
		},
		{
			"a copy is put away and the contract goes on elsewhere",
			memory{"api/orders.yaml": priced},
			memory{"archive/orders.yaml": priced, "api/purchases.yaml": unpriced},
			[]string{"api/orders contract/renamed", "api/purchases contract/added"},
		},
		{
			"an entry follows its file",
			memory{"api/orders.yaml": priced, config.Path: listed(orders)},
			memory{"v1/shop.yaml": unpriced, config.Path: listed("  - {name: orders, path: v1/shop.yaml}\n")},
			[]string{"orders contract/renamed", "orders openapi/path-removed"},
		},
		{
			"two files of one stem",
			memory{"api/orders.json": jsonOf(priced), "api/orders.yaml": priced},
			memory{"api/orders.json": jsonOf(unpriced), "api/orders.yaml": priced},
			[]string{"api/orders.json openapi/path-removed"},
		},
		{
			"two files of one stem under a glob",
			memory{
				"api/orders.json": jsonOf(priced),
				"api/orders.yaml": priced,
				config.Path:       listed("  - path: api/*\n"),
			},
			memory{
				"api/orders.json": jsonOf(unpriced),
				"api/orders.yaml": priced,
				config.Path:       listed("  - path: api/*\n"),
			},
			[]string{"api/orders.json openapi/path-removed"},
		},
		{
			"a name is changed, and what else is said of it",
			memory{
				"api/orders.yaml": priced,
				config.Path:       listed("  - {name: orders, path: api/orders.yaml, in-progress: []}\n"),
			},
			memory{
				"api/orders.yaml": unpriced,
				config.Path: listed("  - {name: purchases, path: api/orders.yaml, in-progress: " +
					"[/prices]}\n"),
			},
			[]string{"orders openapi/path-removed"},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := finder(tt.base, tt.head)
			f.Formats = formats.All
			result, err := f.Compare(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			got := messages(result)
			for _, r := range result.Reports {
				for _, c := range r.Changes {
					got = append(got, fmt.Sprint(c.Contract, " ", c.Rule.ID))
				}
			}
			slices.Sort(got)
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// jsonOf is the description as JSON.
func jsonOf(yaml string) string {
	version, paths := "2.0.0", "{}"
	if yaml == priced {
		version, paths = "1.0.0", `{"/prices": {"get": {"responses": {"200": {"description": "all"}}}}}`
	}
	return `{"openapi": "3.0.3", "info": {"title": "a", "version": "` + version + `"}, "paths": ` + paths +
		"}\n"
}

// TestIsCalled: a consumer's entry means the contract by its name or its path.
func TestIsCalled(t *testing.T) {
	base := memory{"api/orders.json": jsonOf(priced), "api/orders.yaml": priced}
	head := memory{"api/orders.json": jsonOf(unpriced), "api/orders.yaml": unpriced}
	f := finder(base, head)
	f.Formats = formats.All
	result, err := f.Compare(context.Background())
	if err != nil || len(result.Contracts) != 2 {
		t.Fatal(result, err)
	}
	for _, c := range result.Contracts {
		if !c.IsCalled("api/orders") || !c.IsCalled(c.Name) || c.IsCalled("orders") {
			t.Errorf("%s does not go by its name and its path", c.Name)
		}
	}
}
