package contracts

import (
	"context"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/assent-dev/assent/config"
	"github.com/assent-dev/assent/diff/formats"
)

// TestUnseenExample: the rule's example prints what it says, in a pull request that
// changes something else.
func TestUnseenExample(t *testing.T) {
	archive := txtar.Parse([]byte(config.ContractUnseen.Example))
	base := memory{"README.md": "words"}
	for _, file := range archive.Files[:1] {
		base[file.Name] = string(file.Data)
	}
	head := maps.Clone(base)
	head["README.md"] = "other words"
	result, err := finder(base, head).Compare(context.Background())
	if err != nil || len(result.PolicyChanges) != 1 {
		t.Fatal(result, err)
	}
	want := strings.TrimSpace(string(archive.Files[1].Data)) + "\n"
	if d := cmp.Diff(want, found(t, result.PolicyChanges[0].Report)); d != "" {
		t.Error(d)
	}
}

// TestEntriesThatLeadNowhere: an entry that leads to no contract is told whatever a
// pull request changes: as a mistake to who brings it, and to the owners where the
// base branch has it.
func TestEntriesThatLeadNowhere(t *testing.T) {
	const (
		typo    = "contracts: [{path: api/odrers.yaml, owners: [a/b]}]\n"
		right   = "contracts: [{path: api/orders.yaml, owners: [a/b]}]\n"
		notes   = "contracts: [{path: notes.json, owners: [a/b]}]\n"
		given   = "contracts: [{path: notes.json, owners: [a/b], format: jsonschema}]\n"
		none    = "contracts: []\n"
		glob    = "contracts: [{path: 'api/*.yml', owners: [a/b]}]\n"
		unseen  = "a/b: the entry leads to no contract: "
		unknown = "notes.json is not recognised as a contract: give its format"
		line    = config.Path + ":2:13: "
		nothing = "no file matches api/odrers.yaml"
		mended  = unseen + nothing + corrected
	)
	other := memory{"README.md": "other words"}
	for name, tt := range map[string]struct {
		base, tip, head string
		change          memory // beside the configuration; "" deletes
		want            string
	}{
		"all lead somewhere": {right, right, right, other, ""},
		"the base has it":    {typo, typo, typo, other, unseen + nothing},
		"a glob":             {glob, glob, glob, other, unseen + "no file matches api/*.yml"},
		"the pull request":   {right, right, typo, nil, line + nothing},
		"it edits beside it": {typo, typo, typo + "# more\n", nil, unseen + nothing},
		"the file is deleted": {
			right, right, right, memory{"api/orders.yaml": ""}, line + "no file matches api/orders.yaml",
		},
		"corrected":           {typo, typo, right, nil, mended},
		"taken away":          {typo, typo, none, nil, mended},
		"the file is added":   {typo, typo, typo, memory{"api/odrers.yaml": shop}, mended},
		"brought meanwhile":   {right, typo, right, other, unseen + nothing},
		"corrected meanwhile": {typo, right, typo, other, ""},
		"not recognised":      {notes, notes, notes, other, unseen + unknown},
		"changed, and still not recognised": {
			notes, notes, notes, memory{"notes.json": "{ }"}, line + unknown,
		},
		"lists what is not recognised":           {right, right, notes, nil, line + unknown},
		"gives the format":                       {notes, notes, given, nil, unseen + unknown + corrected},
		"takes what is not recognised away":      {notes, notes, none, nil, ""},
		"deletes what is not recognised with it": {notes, notes, none, memory{"notes.json": ""}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			files := func(settings string) memory {
				return memory{
					config.Path: "version: 1\n" + settings, "README.md": "words",
					"api/orders.yaml": shop, "notes.json": "{}",
				}
			}
			head := files(tt.head)
			for file, text := range tt.change {
				if head[file] = text; text == "" {
					delete(head, file)
				}
			}
			f := finder(files(tt.base), head)
			f.Formats, f.Policy = formats.All, files(tt.tip)
			result, err := f.Compare(context.Background())
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, m := range result.Mistakes {
				got = append(got, m.Error())
			}
			for _, change := range result.PolicyChanges {
				if change.Report.Changes[0].Rule == config.ContractUnseen {
					owners, why := strings.Join(change.Owners, ", "), change.Report.Changes[0].Message
					got = append(got, fmt.Sprintf("%s: %s", owners, why))
				}
			}
			if d := cmp.Diff(tt.want, strings.Join(got, "\n")); d != "" {
				t.Error(d)
			}
		})
	}
}

// linked is a tree with a link that leads nowhere.
type linked struct{ memory }

func (linked) DeadLink(file string) (string, bool) { return "../api.yaml", file == "api/orders.yaml" }

// TestDeadLink: where an entry's path is a link, it is said where that leads.
func TestDeadLink(t *testing.T) {
	r := &Revision{Tree: linked{}}
	for path, want := range map[string]string{
		"api/orders.yaml": "api/orders.yaml is a link to ../api.yaml, and the repository has no such file",
		"api/other.yaml":  "no file matches api/other.yaml",
	} {
		if got := r.whyUnmatched(path); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
