package odcs

import (
	"github.com/assent-dev/assent/diff"
	"github.com/assent-dev/assent/diff/exact"
)

var priceIncreased = &diff.Rule{
	ID: "odcs/price-increased", Title: "price raised or introduced", Receives: diff.Risky,
	Doc: `
Readers pay more, and may have to stop reading. Tell them before the price applies.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
price: {priceAmount: 9.95, priceCurrency: EUR, priceUnit: megabyte}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
price: {priceAmount: 12.50, priceCurrency: EUR, priceUnit: megabyte}
-- want --
new.yaml:4:9: risky: price: price changed from 9.95 to 12.5 [odcs/price-increased] (was old.yaml:4)
    both: contract
`,
}

var priceBasisChanged = &diff.Rule{
	ID: "odcs/price-basis-changed", Title: "price in another currency or unit", Receives: diff.Risky,
	Doc: `
The cost now depends on exchange rates, or on how much is read. Tell readers what it means
for them.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
price: {priceAmount: 9.95, priceCurrency: EUR, priceUnit: megabyte}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
price: {priceAmount: 9.95, priceCurrency: EUR, priceUnit: query}
-- want --
new.yaml:4:1: risky: price: the price is in another currency or unit [odcs/price-basis-changed] (was old.yaml:4)
    both: contract
`,
}

var priceLowered = &diff.Rule{
	ID: "odcs/price-lowered", Title: "price lowered",
	Doc: `
The data costs less, or nothing.`,
	Example: `
-- old.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
price: {priceAmount: 9.95, priceCurrency: EUR, priceUnit: megabyte}
-- new.yaml --
apiVersion: v3.1.0
kind: DataContract
id: orders
price: {priceAmount: 4.95, priceCurrency: EUR, priceUnit: megabyte}
-- want --
new.yaml:4:9: safe: price: price changed from 9.95 to 4.95 [odcs/price-lowered] (was old.yaml:4)
    both: contract
`,
}

// price compares the price of the data.
func (w *walk) price(p place) {
	o, n := get(w.old, "price"), get(w.new, "price")
	if o.Hash() == n.Hash() {
		return
	}
	a, hadPrice := exact.Rational(raw(get(o, "priceAmount")))
	b, hasPrice := exact.Rational(raw(get(n, "priceAmount")))
	p.definition = diff.PathOf(aspect("", "price"))
	switch message := changed("price", get(o, "priceAmount"), get(n, "priceAmount")); {
	case hadPrice && hasPrice && !(same(o, n, "priceCurrency") && same(o, n, "priceUnit")):
		w.member(p, priceBasisChanged, "the price is in another currency or unit", w.old, w.new, "price")
	case hasPrice && (!hadPrice || b.Cmp(a) > 0):
		w.member(p, priceIncreased, message, w.old, w.new, "price", "priceAmount")
	case hadPrice && (!hasPrice || b.Cmp(a) < 0):
		w.member(p, priceLowered, message, w.old, w.new, "price", "priceAmount")
	}
}
