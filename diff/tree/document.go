package tree

import (
	"bytes"
	"crypto/sha256"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Document is one parsed file.
type Document struct {
	Path string // as the caller gave it, with slashes
	Root *Node
	Size int // bytes of the source

	nodes int

	anchors anchors
}

// Limits bound the size of one file. A zero field means the default.
type Limits struct {
	Bytes int // of the file; default 128 MiB
	Depth int // nested values; default 500
	Nodes int // values with aliases expanded; default 4 million, or fewer for a short file
}

// aliasAllowance is how many values aliases may add to those that the text
// itself can contain: a few lines must not fill the memory.
const aliasAllowance = 250_000

func (l Limits) orDefault(size int) Limits {
	if l.Bytes == 0 {
		l.Bytes = 128 << 20
	}
	if l.Depth == 0 {
		l.Depth = 500
	}
	if l.Nodes == 0 {
		l.Nodes = min(4<<20, size+aliasAllowance)
	}
	return l
}

// Parse reads a JSON or YAML file. All errors are of type *Error, at the line
// of the mistake: invalid syntax, a duplicate key, or a size over the limits.
func Parse(name string, data []byte, limits Limits) (*Document, error) {
	limits = limits.orDefault(len(data))
	d := &Document{Path: name, Size: len(data)}
	if len(data) > limits.Bytes {
		return nil, &Error{
			Location{File: name, Line: 1, Column: 1, EndLine: 1},
			"the file is larger than " + strconv.Itoa(limits.Bytes>>20) + " MiB",
		}
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	root, nodes, err := parse(name, data, limits)
	if err != nil {
		err.File = name
		return nil, err
	}
	d.Root, d.nodes, root.document = root, nodes, d
	return d, nil
}

func parse(name string, data []byte, limits Limits) (root *Node, nodes int, err *Error) {
	if ext := strings.ToLower(path.Ext(name)); ext != ".yaml" && ext != ".yml" {
		if ext == ".json" || ext == ".avsc" || ext == ".avpr" || looksLikeJSON(data) {
			return parseJSON(data, limits)
		}
		return parseYAML(data, limits)
	}
	// A file named .yaml may be JSON, and not all JSON is valid YAML.
	if looksLikeJSON(data) {
		if root, nodes, err := parseJSON(data, limits); err == nil {
			return root, nodes, nil
		}
	}
	return parseYAML(data, limits)
}

func looksLikeJSON(data []byte) bool {
	trimmed := bytes.TrimLeft(data, " \t\r\n")
	return len(trimmed) > 0 && (trimmed[0] == '{' || trimmed[0] == '[' || trimmed[0] == '"')
}

// Digest returns a SHA-256 of the value in canonical form: with sorted members
// and normalised numbers. Members with the ignored names are left out at any
// depth. Unlike Hash, Digest returns the same in every process.
func (n *Node) Digest(ignored ...string) [32]byte {
	h := sha256.New()
	var buf []byte
	var write func(n *Node)
	write = func(n *Node) {
		switch {
		case n == nil:
			buf = append(buf, '-')
		case n.Kind == Object:
			members := slices.Collect(n.Children())
			slices.SortFunc(members, func(a, b *Node) int { return strings.Compare(a.Key, b.Key) })
			buf = append(buf, '{')
			for _, m := range members {
				if !slices.Contains(ignored, m.Key) {
					buf = strconv.AppendQuote(buf, m.Key)
					write(m)
				}
			}
			buf = append(buf, '}')
		case n.Kind == Array:
			buf = append(buf, '[')
			for c := range n.Children() {
				write(c)
			}
			buf = append(buf, ']')
		default:
			buf = append(buf, byte('0'+n.Kind))
			buf = strconv.AppendQuote(buf, n.Text)
		}
		h.Write(buf)
		buf = buf[:0]
	}
	write(n)
	return [32]byte(h.Sum(nil))
}
