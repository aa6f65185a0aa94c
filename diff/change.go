package diff

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/assent-dev/assent/diff/tree"
)

// Location is a place in a file of the contract.
type Location = tree.Location

// Hash identifies a compared value in every process and version of assent.
type Hash [sha256.Size]byte

// HashOf hashes values in their order.
func HashOf(values ...string) Hash {
	var buf []byte
	for _, v := range values {
		buf = appendQuoted(buf, v)
	}
	return sha256.Sum256(buf)
}

// appendQuoted is strconv.AppendQuote, and quick about plain text and about
// bytes that are not text, such as hashes.
func appendQuoted(buf []byte, s string) []byte {
	const hex = "0123456789abcdef"
	buf = append(buf, '"')
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		switch {
		case ' ' <= r && r <= '~' && r != '"' && r != '\\':
			buf = append(buf, s[0])
		case r == utf8.RuneError && size == 1:
			buf = append(buf, '\\', 'x', hex[s[0]>>4], hex[s[0]&0xf])
		default:
			quoted := strconv.AppendQuote(nil, s[:size])
			buf = append(buf, quoted[1:len(quoted)-1]...)
		}
		s = s[size:]
	}
	return append(buf, '"')
}

// Change is one difference, found by one rule at one definition.
type Change struct {
	Contract string
	Rule     *Rule
	Level    Level    // the worst of what is left of the reaches
	Subject  Path     // the definition, never one of its users: "schema Order › items[] › sku"
	Message  string   // a sentence without its subject: "type changed from string to integer"
	Values   []string // what the message says of this change alone
	Old, New Location // New is the closest survivor where the element is gone; Old is zero where it is new
	// the canonical value compared, without annotations; with After it is the
	// change's identity
	Before  Hash
	After   Hash
	Reaches []Reach  // every use whose comparison produced the change, sorted, none twice
	Witness *Witness // for a breaking change of a schema: a value that shows it
	Against []string // the earlier versions it breaks, in a history
}

// Witness is a value, of the definition that changed, that one revision accepts
// and the other refuses. For JSON Schema an independent validator has confirmed
// both; Avro's follow from resolution itself.
type Witness struct {
	Value                 json.RawMessage
	AcceptedBy, RefusedBy string // "old" or "new"
	Why                   string // there is no value
}

// String says in a sentence what the witness shows, or why there is none.
func (w *Witness) String() string {
	if w.Why != "" {
		return "no example: " + w.Why
	}
	const shown = 200
	value := string(w.Value)
	if len(value) > shown {
		value = strings.ToValidUTF8(value[:shown], "") + "…"
	}
	return "for example " + value + ": accepted by the " + w.AcceptedBy + " revision, refused by the " +
		w.RefusedBy
}

// Reach is one use of a changed definition.
type Reach struct {
	Use        Path // "GET /v2/orders/{} › 200 › application/json › items[] › sku"
	Side       Side
	Level      Level  // what counts: lowered where the side is not protected
	Costs      Costs  // what it costs a consumer here, protected or not
	InProgress bool   // the place is not yet promised to anybody
	Allowed    string // why what breaks here is risky instead, "" if nothing allows it
}

// Costs is what a change costs whoever sends at a place and whoever receives
// there.
type Costs struct{ Sends, Receives Level }

// Side is the union of the sides on which the change reaches consumers.
func (c *Change) Side() Side {
	var side Side
	for _, r := range c.Reaches {
		side |= r.Side
	}
	return side
}

// Allowed is why a break of the change is only risky, "" if nothing
// allows it.
func (c *Change) Allowed() string {
	for _, r := range c.Reaches {
		if r.Allowed != "" {
			return r.Allowed
		}
	}
	return ""
}

// Removed reports whether the change takes its element away.
func (c *Change) Removed() bool { return c.After == Hash{} && c.Before != Hash{} }

// RemovesContract reports whether the change takes the contract away as a whole.
func (c *Change) RemovesContract() bool { return c.Rule == contractRemoved }

// Fingerprint identifies the change itself: it outlives moved lines, rebases,
// renamed files and reworded messages, and differs as soon as the change does.
func (c *Change) Fingerprint() string {
	h := sha256.New()
	for _, s := range []string{c.Contract, c.Rule.ID, c.Subject.String()} {
		h.Write(appendQuoted(nil, s))
	}
	h.Write(c.Before[:])
	h.Write(c.After[:])
	return hex.EncodeToString(h.Sum(nil))
}

// At is where to show the change: in the new revision, else in the old.
func (c *Change) At() Location {
	if c.New.IsZero() {
		return c.Old
	}
	return c.New
}

// absorb adds the reaches and versions of a finding that is the same change.
func (c *Change) absorb(d *Change) {
	if n := len(c.Reaches); n+len(d.Reaches) > cap(c.Reaches) {
		c.Reaches = slices.Grow(c.Reaches, n+len(d.Reaches)) // some have thousands: copy them seldom
	}
	c.Reaches = append(c.Reaches, d.Reaches...)
	if c.Witness == nil {
		c.Witness = d.Witness
	}
	for _, version := range d.Against {
		if !slices.Contains(c.Against, version) {
			c.Against = append(c.Against, version)
		}
	}
}
