package tree

import (
	"bytes"
	"errors"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// jsonParser turns the tokens of a JSON text into nodes. Keys and strings
// without escapes share the memory of the source.
type jsonParser struct {
	builder
	dec    *jsontext.Decoder
	source string
	limits Limits
	stack  []*Node // the finished children of all open containers

	// The line of the offset mark. Tokens come in order, so lines are counted
	// only once.
	mark, line, lineStart int
}

func parseJSON(data []byte, limits Limits) (*Node, int, *Error) {
	p := &jsonParser{
		dec:    jsontext.NewDecoder(bytes.NewBuffer(data), jsontext.AllowDuplicateNames(true)),
		source: string(data),
		limits: limits,
		line:   1,
	}
	root, err := p.value("", -1, 0)
	if err != nil {
		return nil, 0, err
	}
	// Anything that follows the first value is a mistake.
	if p.dec.PeekKind() != 0 {
		rest := strings.TrimLeft(p.source[p.dec.InputOffset():], " \t\r\n")
		line, column := p.place(len(p.source) - len(rest))
		return nil, 0, &Error{
			Location{Line: line, Column: column, EndLine: line},
			"more text after the end of the JSON value",
		}
	}
	return root, p.count, nil
}

// value reads the next value. If it has a key, the key began at offset start.
func (p *jsonParser) value(key string, start, depth int) (*Node, *Error) {
	if p.count >= p.limits.Nodes {
		return nil, p.errorf("the document has too many values")
	}
	switch p.dec.PeekKind() {
	case '{', '[':
		return p.container(key, start, depth)
	}
	raw, err := p.dec.ReadValue()
	if err != nil {
		return nil, p.wrap(err)
	}
	begin := int(p.dec.InputOffset()) - len(raw)
	if start < 0 {
		start = begin
	}
	line, column := p.place(start)
	n := p.node(Null, key, line, column)
	switch raw.Kind() {
	case 't', 'f':
		n.Kind, n.Text = Bool, p.source[begin:begin+len(raw)]
	case '0':
		n.Kind, n.Text = Number, canonicalNumber(p.source[begin:begin+len(raw)])
	case '"':
		n.Kind, n.Text = String, p.unquote(raw, begin)
	}
	n.end = int32(p.line)
	p.adopt(n, nil)
	return n, nil
}

func (p *jsonParser) container(key string, start, depth int) (*Node, *Error) {
	if depth >= p.limits.Depth {
		return nil, p.errorf("values are nested more than %d deep", p.limits.Depth)
	}
	token, err := p.dec.ReadToken()
	if err != nil {
		return nil, p.wrap(err)
	}
	kind := Object
	if token.Kind() == '[' {
		kind = Array
	}
	if start < 0 {
		start = int(p.dec.InputOffset()) - 1
	}
	line, column := p.place(start)
	n := p.node(kind, key, line, column)
	base := len(p.stack)
	for {
		name, at := "", -1
		switch p.dec.PeekKind() {
		case '}', ']':
			if _, err := p.dec.ReadToken(); err != nil {
				return nil, p.wrap(err)
			}
			n.end, _ = p.end()
			children := p.stack[base:]
			p.adopt(n, children)
			p.stack = p.stack[:base]
			// If the index has an entry for each child, no key is duplicate.
			if kind == Object && len(n.index) < len(children) {
				if again := duplicate(children); again != nil {
					return nil, &Error{
						Location{Line: int(again.line), Column: int(again.column), EndLine: int(again.line)},
						"duplicate key " + strconv.Quote(again.Key),
					}
				}
			}
			return n, nil
		case '"':
			if kind == Array {
				break
			}
			raw, err := p.dec.ReadValue()
			if err != nil {
				return nil, p.wrap(err)
			}
			at = int(p.dec.InputOffset()) - len(raw)
			name = p.unquote(raw, at)
		}
		child, perr := p.value(name, at, depth+1)
		if perr != nil {
			return nil, perr
		}
		p.stack = append(p.stack, child)
	}
}

func (p *jsonParser) end() (line int32, column int) {
	l, c := p.place(int(p.dec.InputOffset()) - 1)
	return int32(l), c
}

func (p *jsonParser) unquote(raw jsontext.Value, at int) string {
	if bytes.IndexByte(raw, '\\') < 0 {
		return p.source[at+1 : at+len(raw)-1]
	}
	text, _ := jsontext.AppendUnquote(nil, []byte(raw)) // the decoder has checked it
	return string(text)
}

// place returns the line and column of an offset. Offsets must not decrease.
func (p *jsonParser) place(offset int) (line, column int) {
	for p.mark < offset {
		i := strings.IndexByte(p.source[p.mark:offset], '\n')
		if i < 0 {
			break
		}
		p.mark += i + 1
		p.line, p.lineStart = p.line+1, p.mark
	}
	p.mark = max(p.mark, offset)
	return p.line, offset - p.lineStart + 1
}

func (p *jsonParser) errorf(format string, args ...any) *Error {
	line, column := p.place(int(p.dec.InputOffset()))
	n := Node{line: int32(line), column: int32(column), end: int32(line), document: new(Document)}
	return n.Errorf(format, args...)
}

func (p *jsonParser) wrap(err error) *Error {
	var syntactic *jsontext.SyntacticError
	if !errors.As(err, &syntactic) {
		return p.errorf("invalid JSON: %v", err)
	}
	offset := min(int(syntactic.ByteOffset), len(p.source))
	line, column := p.place(max(offset, p.mark))
	return &Error{
		Location{Line: line, Column: column, EndLine: line},
		"invalid JSON: " + syntactic.Err.Error(),
	}
}
