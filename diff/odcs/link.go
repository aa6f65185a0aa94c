package odcs

import (
	"errors"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/tree"
)

// links reads which schemas the data contract describes, and who answers for
// them. Mistakes of the author are errors of type *diff.Error, joined. A file that
// is no data contract describes nothing.
func links(f *diff.File) (diff.Links, error) {
	doc, err := f.Document()
	if err != nil || get(doc.Root, "kind").Str() != kind {
		return diff.Links{}, err
	}
	root := doc.Root
	if err := check(root); err != nil {
		return diff.Links{}, err
	}
	l := diff.Links{Teams: teams(root)}
	for object := range get(root, "schema").Children() {
		schemas := linkOf(root, object).written()
		l.Objects = append(l.Objects, diff.Object{Subject: subjectInRegistry(root, object), Schemas: schemas})
		l.Files = append(l.Files, schemas...)
	}
	return l, nil
}

// githubTeam matches the name of a GitHub team.
var githubTeam = regexp.MustCompile(`^@?([A-Za-z0-9][A-Za-z0-9-]*/[A-Za-z0-9][A-Za-z0-9._-]*)$`)

// teams returns the GitHub teams that the contract names: in the custom
// property githubTeam of the contract or of its team, else by the name of the
// team. It ignores the team's members, whose names need not be logins.
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

// teamsIn reads a team or a list of teams. It ignores values that are not
// teams.
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

// subjectInRegistry returns the subject of a topic's values by the naming
// strategy that registries use by default.
func subjectInRegistry(root, object *tree.Node) string {
	isKafka := func(server *tree.Node) bool { return serverType(get(server, "type")) == "kafka" }
	if !slices.ContainsFunc(slices.Collect(get(root, "servers").Children()), isKafka) {
		return ""
	}
	topic := survivor(get(object, "physicalName"), get(object, "name"))
	return topic.Text + "-value"
}

// link says where the schema of an object may be.
type link struct {
	root   *tree.Node // of the contract
	stated *tree.Node // the property that names the file; nil if there is none
	beside []string   // if stated is nil: possible file names in the contract's folder
}

// schemaExtensions are the extensions of schemas that can be compared.
var schemaExtensions = []string{".avsc", ".schema.json", ".schema.yaml", ".schema.yml"}

// linkOf finds the schema of an object: the file that the custom property
// schemaFile names, or else a file in the contract's folder with the object's
// name. If the contract has only one object, the file may have the contract's
// name too.
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

// written returns the possible files, relative to the contract's folder.
func (l link) written() []string {
	if l.stated != nil {
		return []string{l.stated.Str()}
	}
	return l.beside
}

// open reads the schema, nil if there is none. A file that the contract names
// must exist; of the possible names in its folder, one may.
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
