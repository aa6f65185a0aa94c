package contracts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/formats"
)

// kept is an index that has outlines as a database would: as JSON, by content. It
// never opens a file of the tree.
type kept struct {
	mu    sync.Mutex
	asked int
	texts map[content]string
}

func (k *kept) Outlines(_ context.Context, in Tree, files []string) (map[string]diff.Outline, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.asked++
	all := map[string]diff.Outline{}
	for _, file := range files {
		blob, exists := in.Blob(file)
		if !exists {
			continue
		}
		c := content{blob, file[strings.LastIndex(file, "/")+1:]}
		if k.texts == nil {
			k.texts = map[content]string{}
		}
		if k.texts[c] == "" { // memory's identities are the texts
			text, err := json.Marshal(formats.All.Outline(c.name, []byte(blob), nil))
			if err != nil {
				return nil, err
			}
			k.texts[c] = string(text)
		}
		var o diff.Outline
		if err := json.Unmarshal([]byte(k.texts[c]), &o); err != nil {
			return nil, err
		}
		all[file] = o
	}
	return all, nil
}

const (
	refers = "openapi: 3.0.3\ninfo: {title: shop, version: 1.0.0}\npaths:\n  /orders:\n    get:\n" +
		"      responses: {\"200\": {description: all, content: {application/json: " +
		"{schema: {$ref: '../shared/status.def'}}}}}\n"
	status  = "$ref: base\n"
	numbers = "type: integer\n"
	aString = "type: string\n"
	legUser = `{"type": "record", "name": "acme.Trade", "fields": [{"name": "leg", "type": "acme.Leg"}]}`
	legs    = `{"type": "record", "name": "acme.Leg", "fields": [{"name": "qty", "type": "%s"}]}`
)

// many are files that may be contracts, or define types, and have no part in it.
func many(count int) memory {
	files := memory{}
	for i := range count {
		files[fmt.Sprintf("many/%d.yaml", i)] = fmt.Sprintf("kind: Deployment\nmetadata: {name: d%d}\n", i)
		files[fmt.Sprintf("many/t%d.avsc", i)] = fmt.Sprintf(
			`{"type": "record", "name": "many.T%d", "fields": []}`, i)
	}
	return files
}

// TestNothingIsOutOfSight: behind a thousand files, and in files of any name, what a
// contract consists of is found, whether the repository lists its contracts or not.
func TestNothingIsOutOfSight(t *testing.T) {
	shops := memory{
		"api/shop.yaml": refers, "shared/status.def": status, "shared/base": numbers,
		"trade.avsc": legUser, "zoo/legs.avsc": fmt.Sprintf(legs, "int"), "README.md": "words",
	}
	maps.Copy(shops, many(1000))
	for name, tt := range map[string]struct {
		changed map[string]string
		want    []string
	}{
		"nothing": {map[string]string{"README.md": "other words"}, nil},
		"a file without an extension": {
			map[string]string{"shared/base": aString}, []string{"api/shop.yaml"},
		},
		"a file of another extension": {
			map[string]string{"shared/status.def": numbers}, []string{"api/shop.yaml"},
		},
		"a file that is gone": {map[string]string{"shared/base": ""}, []string{"api/shop.yaml"}},
		"a type that is defined far away": {
			map[string]string{"zoo/legs.avsc": fmt.Sprintf(legs, "string")}, []string{"trade.avsc"},
		},
	} {
		for _, settings := range []string{"", "contracts: [{path: api/*.yaml}, {path: trade.avsc}]\n"} {
			for _, index := range []Index{nil, &kept{}} {
				base, head := maps.Clone(shops), maps.Clone(shops)
				for file, text := range tt.changed {
					if head[file] = text; text == "" {
						delete(head, file)
					}
				}
				result, err := compareTrees(t, settings, base, head, func(f *Finder) { f.Index = index })
				if err != nil {
					t.Fatal(err)
				}
				var got []string
				for _, c := range result.Contracts {
					if c.file != "zoo/legs.avsc" { // a contract itself, where none is listed
						got = append(got, c.file)
					}
				}
				if d := cmp.Diff(tt.want, got); d != "" || len(result.Notes) > 0 {
					t.Errorf("%s, %q: %s %v", name, settings, d, result.Notes)
				}
			}
		}
	}
}

// closed is a tree that opens no file but its configuration.
type closed struct {
	memory
	t *testing.T
}

func (c closed) Open(name string) (fs.File, error) {
	if slices.Contains(c.memory.names(), name) && name != config.Path {
		c.t.Errorf("%s is opened", name)
	}
	return c.memory.Open(name)
}

func (m memory) names() []string { return slices.Collect(maps.Keys(m)) }

// TestIndexOpensNoFile: where an index knows the outlines, no file is opened to find
// out that no contract changed, and few questions are asked.
func TestIndexOpensNoFile(t *testing.T) {
	for _, settings := range []string{"", "contracts: [{path: api/*.yaml}, {path: '**/*.avsc'}]\n"} {
		base := memory{
			"api/shop.yaml": refers, "shared/status.def": status, "shared/base": numbers,
			"trade.avsc": legUser, "zoo/legs.avsc": fmt.Sprintf(legs, "int"), "a.odcs.yaml": "kind: x\n",
		}
		if settings != "" {
			base[config.Path] = "version: 1\n" + settings
		}
		head := maps.Clone(base)
		head["main.go"] = "package main\n"
		f, index := finder(base, head), &kept{}
		f.Formats, f.Index = formats.All, index
		f.Base, f.Head, f.Policy = closed{base, t}, closed{head, t}, closed{base, t}
		result, err := f.Compare(context.Background())
		if err != nil || len(result.Contracts) > 0 {
			t.Fatal(result, err)
		}
		if index.asked > 4 {
			t.Errorf("%q: the index was asked %d times", settings, index.asked)
		}
	}
}

// growing is an index that is not whole yet.
type growing struct{}

func (growing) Error() string             { return "indexed 4,000 of 10,000 files" }
func (growing) RetryAfter() time.Duration { return time.Minute }
func (growing) Outlines(context.Context, Tree, []string) (map[string]diff.Outline, error) {
	return nil, growing{}
}

// TestIndexThatGrows: what an index says of its progress is returned as it is.
func TestIndexThatGrows(t *testing.T) {
	for _, settings := range []string{"", "contracts: [{path: trade.avsc}]\n"} {
		base, head := memory{"trade.avsc": trade}, memory{"trade.avsc": trade, "README.md": "words"}
		_, err := compareTrees(t, settings, base, head, func(f *Finder) { f.Index = growing{} })
		var later interface{ RetryAfter() time.Duration }
		if !errors.As(err, &later) || !strings.HasSuffix(err.Error(), growing{}.Error()) {
			t.Errorf("%q: got %v", settings, err)
		}
	}
}

// TestSearchObeysTheContext: neither files nor globs make a search that is over go on.
func TestSearchObeysTheContext(t *testing.T) {
	for _, settings := range []string{"", "contracts: [{path: '**/*.avsc'}]\n"} {
		base := many(10)
		base[config.Path] = "version: 1\n" + settings
		head := maps.Clone(base)
		head["many/t1.avsc"] = trade
		f := finder(base, head)
		f.Formats = formats.All
		ctx, cancel := context.WithCancel(context.Background())
		cancel()
		if _, err := f.Compare(ctx); !errors.Is(err, context.Canceled) {
			t.Errorf("%q: got %v", settings, err)
		}
	}
}

// TestHugeFiles: a file beyond the bound that changes is a mistake where it may be a
// contract; one that is deleted fails for no reason that its author could help; one
// that the base had is for its owners to see.
func TestHugeFiles(t *testing.T) {
	const listing = "contracts: [{path: api/shop.yaml}]\n"
	const huge, fixture = "more than can be read", "data/fixture.json"
	large := errors.New("the file is too large")
	for name, tt := range map[string]struct {
		settings, file, base, head string
		want, notes                string
	}{
		"changed":   {"", fixture, huge, huge + "!", fixture + ":1:1: the file is too large: ", ""},
		"added":     {"", fixture, "", huge, fixture + ":1:1: the file is too large: ", ""},
		"deleted":   {"", fixture, huge, "", "", fixture + " is deleted"},
		"unchanged": {"", fixture, huge, huge, "", fixture + ":1: the file is too large. "},
		"a contract by name": {
			"", "trade.avsc", trade, huge, "trade.avsc:1:1: the file is too large", "",
		},
		"not listed": {listing, fixture, huge, huge + "!", "", ""},
		"referred to": {
			listing, "shared/status.def", huge, huge + "!",
			"shared/status.def:1:1: the file is too large", "",
		},
		"listed": {
			"contracts: [{path: data/fixture.json}]\n", fixture, "{}", huge,
			fixture + ":1:1: the file is too large", "",
		},
		"shrunk": {
			"", fixture, huge, "{}", "unseen: the entry leads to no contract: the base branch's", "",
		},
	} {
		t.Run(name, func(t *testing.T) {
			tree := func(text, words string) Tree {
				files := memory{"api/shop.yaml": refers, tt.file: text, "README.md": words}
				if tt.settings != "" {
					files[config.Path] = "version: 1\n" + tt.settings
				}
				if text == "" {
					delete(files, tt.file)
				}
				if strings.HasPrefix(text, huge) {
					return refusing{files, tt.file, large}
				}
				return files
			}
			f := finder(nil, nil)
			f.Formats, f.TooLarge = formats.All, large
			f.Base, f.Head = tree(tt.base, "before"), tree(tt.head, "after")
			f.Policy = f.Base
			result, err := f.Compare(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			got := messages(result)
			for _, change := range result.PolicyChanges {
				got = append(got, "unseen: "+change.Report.Changes[0].Message)
			}
			isSaid := func(got []string, want string) bool {
				text := strings.Join(got, "\n")
				return strings.HasPrefix(text, want) && (want != "" || text == "")
			}
			if !isSaid(got, tt.want) || !isSaid(result.Notes, tt.notes) {
				t.Errorf("got %q, notes %q; want %q and %q", got, result.Notes, tt.want, tt.notes)
			}
		})
	}
}

// TestUnreadableFilesAreNamed: what lies behind a file that cannot be read, and that
// the pull request did not touch, is not known. That is said.
func TestUnreadableFilesAreNamed(t *testing.T) {
	for _, settings := range []string{"", "contracts: [{path: api/shop.yaml}]\n"} {
		base := memory{"api/shop.yaml": refers, "shared/status.def": "a: [\n", "README.md": "words"}
		head := maps.Clone(base)
		head["README.md"] = "other words"
		result, err := compareTrees(t, settings, base, head)
		if err != nil || len(result.Contracts) > 0 {
			t.Fatal(result, err)
		}
		const want = "shared/status.def:1: invalid YAML"
		if len(result.Notes) != 1 || !strings.HasPrefix(result.Notes[0], want) {
			t.Errorf("%q: notes %q", settings, result.Notes)
		}
	}
}

// BenchmarkUnconfigured searches 10,000 files of a repository that lists no contract,
// without an index and with one that knows them.
func BenchmarkUnconfigured(b *testing.B) {
	base := many(5000)
	base["api/shop.yaml"], base["shared/status.def"] = refers, numbers
	head := maps.Clone(base)
	head["shared/status.def"] = aString
	for name, index := range map[string]Index{"reading": nil, "kept": &kept{}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				f := finder(base, head)
				f.Formats, f.Index = formats.All, index
				result, err := f.Compare(context.Background())
				if err != nil || len(result.Contracts) != 1 {
					b.Fatal(result, err)
				}
			}
		})
	}
}
