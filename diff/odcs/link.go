package odcs

import (
	"errors"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// describe reads what the data contract says of the schemas that it describes.
// Its author's mistakes are errors of type *diff.Error, joined.
func describe(s diff.Source) (diff.Description, error) {
	root, err := load(s)
	if err != nil {
		return diff.Description{}, err
	}
	d := diff.Description{Teams: teams(root)}
	for object := range get(root, "schema").Children() {
		d.Objects = append(d.Objects, diff.Described{
			Name:    get(object, "name").Text,
			Subject: subjectInRegistry(root, object),
			Schemas: linkOf(root, object).files(),
		})
	}
	return d, nil
}

// references lists the files that may hold the schemas of a data contract.
// Other files, and broken contracts, lead to none.
func references(s diff.Scope) func(file string) ([]string, error) {
	return func(file string) ([]string, error) {
		d, err := describe(diff.Source{FS: s.FS, Paths: []string{file}, Cache: s.Cache})
		var mistake *diff.Error
		if errors.As(err, &mistake) || errors.Is(err, fs.ErrNotExist) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		var files []string
		for _, object := range d.Objects {
			files = append(files, object.Schemas...)
		}
		return files, nil
	}
}

// githubTeam is how GitHub's teams are written.
var githubTeam = regexp.MustCompile(`^@?([A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9][A-Za-z0-9._-]*)$`)

// teams are the teams of GitHub that the contract names: in the custom property
// githubTeam, of the contract or of its team, else as the name of the team. Its
// members are people, whom the standard knows by names of any kind.
func teams(root *tree.Node) []string {
	team := get(root, "team")
	var all []string
	for _, holder := range []*tree.Node{root, team} {
		all = append(all, teamsIn(customProperty(holder, "githubTeam"))...)
	}
	if len(all) == 0 {
		all = teamsIn(get(team, "name"))
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// teamsIn reads a team or a list of teams; what is no team is passed over.
func teamsIn(value *tree.Node) []string {
	values := []*tree.Node{value}
	if value.Is(tree.Array) {
		values = slices.Collect(value.Children())
	}
	var all []string
	for _, v := range values {
		if m := githubTeam.FindStringSubmatch(v.Str()); m != nil {
			all = append(all, m[1])
		}
	}
	return all
}

// customProperty finds the value of a custom property.
func customProperty(holder *tree.Node, name string) *tree.Node {
	for p := range get(holder, "customProperties").Children() {
		if get(p, "property").Str() == name {
			return get(p, "value")
		}
	}
	return nil
}

// subjectInRegistry is the subject of a topic's values by the usual strategy.
func subjectInRegistry(root, object *tree.Node) string {
	isKafka := func(server *tree.Node) bool { return serverType(get(server, "type")) == "kafka" }
	if !slices.ContainsFunc(slices.Collect(get(root, "servers").Children()), isKafka) {
		return ""
	}
	topic := survivor(get(object, "physicalName"), get(object, "name"))
	return topic.Text + "-value"
}

// link ties an object to the file of its schema.
type link struct {
	root   *tree.Node // of the contract
	stated *tree.Node // the property that names the file; nil by convention
	beside []string   // by convention, the names that count in the contract's folder
}

// schemaExtensions are those of schemas that have fields to compare.
var schemaExtensions = []string{".avsc", ".schema.json", ".schema.yaml", ".schema.yml"}

// linkOf finds the schema of an object: the file that the custom property
// schemaFile names, else the one beside the contract that has the object's name
// or, where the contract is about one object, the contract's.
func linkOf(root, object *tree.Node) link {
	l := link{root: root, stated: customProperty(object, "schemaFile")}
	only := get(root, "schema").Len() == 1
	if l.stated == nil && only {
		l.stated = customProperty(root, "schemaFile")
	}
	if l.stated != nil {
		return l
	}
	stems := []string{get(object, "name").Text}
	if only {
		base := path.Base(root.Document().Path)
		base = strings.TrimSuffix(base, path.Ext(base))
		stems = append([]string{strings.TrimSuffix(base, ".odcs")}, stems...)
	}
	for _, stem := range slices.Compact(stems) {
		for _, ext := range schemaExtensions {
			if name := stem + ext; name == path.Base(name) {
				l.beside = append(l.beside, name)
			}
		}
	}
	return l
}

// files are the candidates by their paths in the tree.
func (l link) files() (all []string) {
	refs := l.beside
	if l.stated != nil {
		refs = []string{l.stated.Str()}
	}
	for _, ref := range refs {
		if name, err := tree.Join(l.root.Document().Path, ref); err == nil {
			all = append(all, name)
		}
	}
	return all
}

// open reads the schema, nil if there is none. A file that the contract names
// has to be there; of the others the folder says which are.
func (l link) open(files *tree.Files, folder map[string]bool) (*tree.Document, error) {
	ref := l.stated.Str()
	if l.stated == nil {
		i := slices.IndexFunc(l.beside, func(name string) bool { return folder[name] })
		if i < 0 {
			return nil, nil
		}
		ref = l.beside[i]
	}
	if ref == "" {
		return nil, l.stated.Errorf("schemaFile must be the path of a schema, relative to the contract")
	}
	root, err := files.Resolve(l.root.Document(), ref)
	var end tree.DeadEnd
	switch {
	case err == nil:
		return root.Document(), nil
	case !errors.As(err, &end):
		return nil, err
	case l.stated != nil:
		return nil, l.stated.Errorf("schemaFile %s: %s", text(l.stated), end)
	}
	return nil, nil // a name that cannot be a reference
}
