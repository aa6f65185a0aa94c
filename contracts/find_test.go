package contracts

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/formats"
	"github.com/assent-dev/assent/usage"
)

const (
	trade = "{\"type\": \"record\", \"name\": \"Trade\", \"fields\": [\n" +
		"  {\"name\": \"price\", \"type\": \"double\"},\n  {\"name\": \"venue\", \"type\": \"string\"}\n]}\n"
	shop = "openapi: 3.0.3\ninfo: {title: shop, version: 1.0.0}\npaths: {}\n"
)

// compareTrees compares two trees by all formats, with the same configuration in
// both.
func compareTrees(t *testing.T, settings string, base, head memory, set ...func(*Finder)) (*Result, error) {
	t.Helper()
	f := finder(base, head)
	f.Formats = formats.All
	if settings != "" {
		base[config.Path] = "version: 1\n" + settings
		head[config.Path] = base[config.Path]
	}
	for _, change := range set {
		change(f)
	}
	return f.Compare(context.Background())
}

// messages are the mistakes and errors of a result, with their places.
func messages(r *Result) (all []string) {
	for _, m := range r.Mistakes {
		all = append(all, m.Error())
	}
	for _, report := range r.Reports {
		for _, e := range report.Errors {
			all = append(all, e.Error())
		}
	}
	return all
}

// TestBraces: a path with alternatives lists the files of both names, and a file
// that is called just so.
func TestBraces(t *testing.T) {
	base := memory{"api/a.avsc": trade, "api/b.avsc": trade, "api/c.avsc": trade, "api/{a,b}.avsc": trade}
	head := maps.Clone(base)
	for name := range head {
		head[name] = strings.Replace(trade, "double", "string", 1)
	}
	result, err := compareTrees(t, "contracts: [{path: 'api/{a,b}.avsc'}]\n", base, head)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, c := range result.Contracts {
		names = append(names, c.Name)
	}
	if d := cmp.Diff([]string{"api/a", "api/b", "api/{a,b}"}, names); d != "" || len(result.Mistakes) > 0 {
		t.Error(d, result.Mistakes)
	}
}

// TestMistakes: what an author has to mend is said at its place, and keeps no
// other contract from being compared.
func TestMistakes(t *testing.T) {
	const entry = "contracts:\n  - path: trade.avsc\n"
	reader := func(contract, file string) string {
		return fmt.Sprintf("consumers: [{team: acme/desk, contract: %s, reader: %s}]\n", contract, file)
	}
	const (
		entryLine = config.Path + ":3:5: "
		readerOf  = config.Path + ":4:14: the reader of acme/desk: "
	)
	for _, tt := range []struct{ name, settings, want string }{
		{"none", entry, ""},
		{
			"not recognised", "contracts:\n  - path: notes.json\n",
			entryLine + "notes.json is not recognised as a contract: give its format",
		},
		{
			"versions", entry + "    compatibility: full_transitive\n",
			entryLine + "compatibility full_transitive needs earlier versions",
		},
		{
			"registry", entry + "    registry: {name: main, subject: trades}\n",
			entryLine + "there is no schema registry main: whoever runs assent sets it up",
		},
		{
			"data contract", entry + "    registry: {name: main, strategy: data-contract}\n",
			entryLine + "no data contract on the base branch describes trade.avsc as a topic of Kafka",
		},
		{
			"no reader", entry + reader("trade", "gone.avsc"),
			readerOf + "there is no file gone.avsc on the base branch",
		},
		{"broken reader", entry + reader("trade", "broken.avsc"), readerOf + "broken.avsc:1: "},
		{
			"reader of another format", "contracts:\n  - path: shop.yaml\n" + reader("shop", "trade.avsc"),
			readerOf + "the contract shop is openapi, and only avro data is read with a schema of one's own",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			base := memory{"trade.avsc": trade, "shop.yaml": shop, "broken.avsc": "{", "notes.json": "{}"}
			head := maps.Clone(base)
			head["trade.avsc"], head["shop.yaml"], head["notes.json"] = trade+"\n", shop+"\n", "{}\n"
			result, err := compareTrees(t, tt.settings, base, head)
			if err != nil {
				t.Fatal(err)
			}
			got := messages(result)
			said := func(message string) bool { return strings.HasPrefix(message, tt.want) }
			if tt.want == "" && len(got) > 0 || tt.want != "" && !slices.ContainsFunc(got, said) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// refusing is a tree that does not give out one of its files.
type refusing struct {
	memory
	file string
	err  error
}

func (r refusing) Open(name string) (fs.File, error) {
	if name == r.file {
		return nil, &fs.PathError{Op: "open", Path: name, Err: r.err}
	}
	return r.memory.Open(name)
}

// TestFilesThatAreNotRead: a file that is too large is its author's mistake. When
// the tree fails, nothing is decided.
func TestFilesThatAreNotRead(t *testing.T) {
	large, failing := errors.New("too large"), errors.New("the network is down")
	for _, settings := range []string{
		"", "contracts: [{path: trade.avsc}]\n", "contracts: [{path: trade.avsc, format: avro}]\n",
	} {
		for err, want := range map[error][]string{large: {"trade.avsc:1:1: too large"}, failing: nil} {
			base, head := memory{"trade.avsc": trade}, memory{"trade.avsc": trade + "\n"}
			result, got := compareTrees(t, settings, base, head, func(f *Finder) {
				f.Head, f.TooLarge = refusing{head, "trade.avsc", err}, large
			})
			if want == nil {
				if !errors.Is(got, failing) {
					t.Errorf("%q: got %v, %v", settings, result, got)
				}
				continue
			}
			if got != nil {
				t.Fatalf("%q: %v", settings, got)
			}
			if d := cmp.Diff(want, slices.Compact(messages(result))); d != "" {
				t.Errorf("%q: %s", settings, d)
			}
		}
	}
}

// TestRegistryThatFails: as long as there is another try, nothing is decided.
// Afterwards the entry shows the failure.
func TestRegistryThatFails(t *testing.T) {
	registries, err := OpenRegistries(map[string]config.Registry{
		"main": {Kind: "confluent", URL: "http://127.0.0.1:1", Owners: []string{"acme"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	const settings = "contracts:\n  - {path: trade.avsc, registry: {name: main, subject: trades}}\n"
	for _, final := range []bool{false, true} {
		base, head := memory{"trade.avsc": trade}, memory{"trade.avsc": trade + "\n"}
		result, err := compareTrees(t, settings, base, head, func(f *Finder) {
			f.Registries = registries
			if final {
				f.GivesUp = func(error) bool { return true }
			}
		})
		var failed *RegistryError
		if !final {
			if !errors.As(err, &failed) || failed.Name != "main" {
				t.Errorf("got %v, want the failure of the registry", err)
			}
			continue
		}
		if err != nil {
			t.Fatal(err)
		}
		if got := messages(result); len(got) != 1 || !strings.HasPrefix(got[0], config.Path+":3:5: ") {
			t.Errorf("got %q", got)
		}
	}
}

// TestReaderSchema: the consumer's own schema decides what a change does to it.
func TestReaderSchema(t *testing.T) {
	const settings = "contracts:\n  - path: trade.avsc\nconsumers:\n" +
		"  - {team: acme/desk, contract: trade, reader: desk.avsc}\n  - {team: acme/risk, contract: trade}\n"
	desk := strings.Replace(trade, ",\n  {\"name\": \"venue\", \"type\": \"string\"}", "", 1)
	for field, want := range map[string]usage.Impact{"price": usage.Broken, "venue": usage.Unaffected} {
		base := memory{"trade.avsc": trade, "desk.avsc": desk}
		head := memory{"trade.avsc": strings.Replace(trade, `"`+field+`"`, `"other"`, 1), "desk.avsc": desk}
		result, err := compareTrees(t, settings, base, head)
		if err != nil || len(result.Readers) != 2 || result.Readers[1] != nil {
			t.Fatalf("got %+v, %v", result, err)
		}
		removed := func(c diff.Change) bool { return strings.HasSuffix(c.Subject.String(), field) }
		changes := result.Reports[0].Changes
		i := slices.IndexFunc(changes, removed)
		if i < 0 {
			t.Fatalf("%s: no change is found: %+v", field, changes)
		}
		if hit := result.Readers[0].Of(&changes[i]); hit.Impact != want {
			t.Errorf("%s: %v, want %v", field, hit.Impact, want)
		}
	}
}

// TestTeamsOfDataContracts: a data contract names who answers for it and for
// the schema beside it, and is compared when that schema changes.
func TestTeamsOfDataContracts(t *testing.T) {
	const promise = "apiVersion: v3.1.0\nkind: DataContract\nid: trade\nversion: 1.0.0\nstatus: active\n" +
		"team: {name: acme/trades}\nschema: [{name: trade}]\n"
	base := memory{"trade.avsc": trade, "trade.odcs.yaml": promise, "shop.yaml": shop}
	head := memory{"trade.avsc": trade + "\n", "trade.odcs.yaml": promise, "shop.yaml": shop + "\n"}
	f := finder(base, head)
	f.Formats = formats.All
	result, err := f.Compare(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	teams := f.Teams(result)
	want := map[string][]string{"trade": {"acme/trades"}, "trade.odcs": {"acme/trades"}, "shop": nil}
	if d := cmp.Diff(want, teams); d != "" {
		t.Error(d)
	}
}
