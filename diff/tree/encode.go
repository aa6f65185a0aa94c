package tree

import "encoding/json"

// JSON returns the value as compact JSON, with members in the order of the
// file.
func (n *Node) JSON() []byte { return n.appendJSON(nil) }

func (n *Node) appendJSON(b []byte) []byte {
	if n == nil {
		return append(b, "null"...)
	}
	switch n.Kind {
	case Null:
		return append(b, "null"...)
	case Bool, Number:
		return append(b, n.Text...)
	case String:
		return appendString(b, n.Text)
	}
	open, end := byte('{'), byte('}')
	if n.Kind == Array {
		open, end = '[', ']'
	}
	b = append(b, open)
	for c := n.child; c != nil; c = c.next {
		if c != n.child {
			b = append(b, ',')
		}
		if n.Kind == Object {
			b = append(appendString(b, c.Key), ':')
		}
		b = c.appendJSON(b)
	}
	return append(b, end)
}

func appendString(b []byte, s string) []byte {
	text, _ := json.Marshal(s) // a string always encodes
	return append(b, text...)
}
