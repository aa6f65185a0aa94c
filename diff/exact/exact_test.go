package exact

import (
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
)

func TestRational(t *testing.T) {
	for text, want := range map[string]string{
		"1": "1", "-1.50": "-3/2", "+5": "5", "1e2": "100", "25E-2": "1/4", "0.1": "1/10",
		"1e400": "1" + strings.Repeat("0", 400),
	} {
		got, ok := Rational(text)
		if !ok || got.RatString() != want {
			t.Errorf("%s is %v, want %s", text, got, want)
		}
	}
	for _, text := range []string{
		"", "-", "e", "1e", "abc", "1/3", "0x10", "0x1p-2", "1_000", "inf", "NaN", "1 ",
		"1e401", "1e-401", "1e99999999999999999999", strings.Repeat("1", 401),
	} {
		if got, ok := Rational(text); ok {
			t.Errorf("%q is read as %s", text, got)
		}
	}
}

func TestCommonMultiple(t *testing.T) {
	tests := []struct{ m, n, want string }{
		{"4", "6", "12"}, {"0.5", "0.75", "3/2"}, {"0.1", "0.01", "1/10"}, {"3", "0.2", "3"},
	}
	for _, tt := range tests {
		m, n := number(t, tt.m), number(t, tt.n)
		got := CommonMultiple(m, n)
		if got.RatString() != tt.want || !IsMultiple(got, m) || !IsMultiple(got, n) {
			t.Errorf("of %s and %s: %s, want %s", tt.m, tt.n, got.RatString(), tt.want)
		}
	}
	if one := number(t, "1"); CommonMultiple(nil, one) != one || CommonMultiple(one, nil) != one {
		t.Error("a number that is missing asks for something")
	}
	long := number(t, "1")
	for i := range 1_000 {
		long = CommonMultiple(long, big.NewRat(int64(1_000_003+2*i), 1))
	}
	if bits := long.Num().BitLen(); bits > mostBits+64 {
		t.Errorf("a common multiple grew to %d bits", bits)
	}
}

func number(t *testing.T, text string) *big.Rat {
	t.Helper()
	x, ok := Rational(text)
	if !ok {
		t.Fatalf("%s is not read", text)
	}
	return x
}

// generator makes up small numbers, so that they often coincide.
type generator struct{ *rand.Rand }

func (g generator) number() *big.Rat { return big.NewRat(g.Int64N(13)-6, 1+g.Int64N(3)) }

func (g generator) bound() Bound {
	if g.IntN(5) == 0 {
		return Bound{}
	}
	return Bound{Value: g.number(), Open: g.IntN(2) == 0}
}

func (g generator) end() End { return []End{Lower, Upper}[g.IntN(2)] }

// all are numbers on and between all that number returns.
func all() []*big.Rat {
	var xs []*big.Rat
	for n := int64(-85); n <= 85; n++ {
		xs = append(xs, big.NewRat(n, 12))
	}
	return xs
}

// TestBoundsAgreeWithNumbers tries numbers on bounds that are compared.
func TestBoundsAgreeWithNumbers(t *testing.T) {
	g := generator{rand.New(rand.NewPCG(1, 2))}
	for range 2_000 {
		end, old, new := g.end(), g.bound(), g.bound()
		tightened := end.Tightened(old, new)
		if end.Tightened(new, old) != -tightened {
			t.Fatalf("%v and %v are not compared the same way round", old, new)
		}
		for _, x := range all() {
			was, is := end.Admits(old, x), end.Admits(new, x)
			if was && !is && tightened <= 0 || is && !was && tightened >= 0 || tightened == 0 && was != is {
				t.Fatalf("from %v to %v is %d at the end %d, but see %s", old, new, tightened, end, x)
			}
		}
	}
}

// TestMultipleAdmitsTheSame tries multiples on a bound and on the multiple that
// stands for it.
func TestMultipleAdmitsTheSame(t *testing.T) {
	g := generator{rand.New(rand.NewPCG(1, 2))}
	for range 2_000 {
		end, bound, step := g.end(), g.bound(), big.NewRat(1+g.Int64N(4), 1+g.Int64N(4))
		moved := end.Multiple(bound, step)
		if moved.Value != nil && (!IsMultiple(moved.Value, step) || moved.Open ||
			!end.Admits(bound, moved.Value)) {
			t.Fatalf("%v moves to %v in steps of %s", bound, moved, step)
		}
		for n := int64(-40); n <= 40; n++ {
			x := new(big.Rat).Mul(step, big.NewRat(n, 1))
			if end.Admits(bound, x) != end.Admits(moved, x) {
				t.Fatalf("%v and %v differ on %s", bound, moved, x)
			}
		}
	}
}

func (g generator) set() Set {
	x, y := g.number(), g.number()
	s := [...]Set{
		Everything(), Exactly(x), Between(x, y), Outside(x, y), Below(x), AtMost(x), Above(x), AtLeast(x),
	}[g.IntN(8)]
	if g.IntN(3) == 0 {
		return s.And(g.set())
	}
	return s
}

func (s Set) has(x *big.Rat) bool { return Exactly(x).Within(s) }

// TestSetsAgreeWithNumbers tries numbers on sets: an intersection has the
// numbers that both sets have, and a set lies within another if all its numbers
// do.
func TestSetsAgreeWithNumbers(t *testing.T) {
	g := generator{rand.New(rand.NewPCG(1, 2))}
	within := 0
	for range 2_000 {
		s, u := g.set(), g.set()
		both, subset := s.And(u), true
		for _, x := range all() {
			if both.has(x) != (s.has(x) && u.has(x)) {
				t.Fatalf("%v and %v: %s", s, u, x)
			}
			subset = subset && (!s.has(x) || u.has(x))
		}
		if s.Within(u) != subset {
			t.Fatalf("%v within %v is %t", s, u, !subset)
		}
		if subset {
			within++
		}
	}
	if within < 200 {
		t.Errorf("only %d sets lie within another: the test tests too little", within)
	}
}

func TestSets(t *testing.T) {
	one, two := big.NewRat(1, 1), big.NewRat(2, 1)
	tests := []struct {
		name string
		set  Set
		want string // which of 0, 1, 3/2, 2 and 3 are in it
	}{
		{"empty", Set{}, ""},
		{"everything", Everything(), "0 1 3/2 2 3"},
		{"exactly", Exactly(one), "1"},
		{"between", Between(one, two), "1 3/2 2"},
		{"between, the wrong way round", Between(two, one), ""},
		{"outside", Outside(one, two), "0 3"},
		{"all except one", Outside(one, one), "0 3/2 2 3"},
		{"outside, the wrong way round", Outside(two, one), "0 1 3/2 2 3"},
		{"below", Below(one), "0"},
		{"at most", AtMost(one), "0 1"},
		{"above", Above(two), "3"},
		{"at least", AtLeast(two), "2 3"},
	}
	for _, tt := range tests {
		var in []string
		for _, x := range []*big.Rat{new(big.Rat), one, big.NewRat(3, 2), two, big.NewRat(3, 1)} {
			if tt.set.has(x) {
				in = append(in, x.RatString())
			}
		}
		if got := strings.Join(in, " "); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
