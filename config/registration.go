package config

import (
	"strconv"
	"strings"

	"github.com/assent-dev/assent/diff/tree"
)

// Registration says where a schema registry keeps the versions of a contract.
// Where a registry is, and with which secret it is read, are settings of the
// server: a pull request can point assent to none that its owners did not.
type Registration struct {
	// Name of the registry in the server's settings. Required.
	Name string `yaml:"name"`
	// Subject holds the versions, such as trades-value. Default: named by the
	// strategy.
	Subject string `yaml:"subject"`
	// Strategy by which the producers name the subject: topic (the topic and
	// -value), record (the schema's full name), topic-record (both) or
	// data-contract (the topic of the data contract that describes the schema).
	// Default: none; then the subject is given.
	Strategy string `yaml:"strategy"`
	// Topic is what the strategies topic and topic-record name the subject
	// after. Default: none.
	Topic string `yaml:"topic"`
	// Schema is what a subject is called in AWS Glue. Default: none.
	Schema string `yaml:"schema"`
}

// ByDataContract is the strategy of entries that leave it to a data contract to
// name the subject.
const ByDataContract = "data-contract"

// SubjectOf returns the name that the versions are kept under, for a schema of
// the given full name.
func (r *Registration) SubjectOf(record string) string {
	switch r.Strategy {
	case "topic":
		return r.Topic + "-value"
	case "record":
		return record
	case "topic-record":
		return r.Topic + "-" + record
	}
	return r.Subject + r.Schema // one of them
}

// ByRecord reports whether the subject depends on the schema's name.
func (r *Registration) ByRecord() bool { return strings.HasSuffix(r.Strategy, "record") }

// registration finds what is contradictory or missing in an entry.
func (c *checker) registration(i int, contract *Contract) {
	tags := c.at("contracts", strconv.Itoa(i), "versions")
	c.glob(tags, contract.Versions, "selects no tags: write it as v*")
	r := contract.Registry
	switch {
	case r == nil:
		return
	case contract.Versions != "":
		c.errorf(tags, "versions come from the registry or from tags, not from both")
	}
	at := func(key string) *tree.Node { return c.at("contracts", strconv.Itoa(i), "registry", key) }
	ways := 0
	for _, way := range []string{r.Subject, r.Strategy, r.Schema} {
		if way != "" {
			ways++
		}
	}
	topical := strings.HasPrefix(r.Strategy, "topic")
	switch {
	case r.Name == "":
		c.errorf(at("name"), "a registry needs a name: one of those in the server's settings")
	case ways != 1:
		c.errorf(at(""), "name the subject in one way: by subject, by strategy or, for AWS Glue, by schema")
	case r.Strategy != "" && r.Strategy != "topic" && r.Strategy != ByDataContract && !r.ByRecord(),
		r.Strategy == "-record":
		c.errorf(at("strategy"), "strategy: %q: want topic, record, topic-record or data-contract",
			r.Strategy)
	case topical && r.Topic == "":
		c.errorf(at("strategy"), "the strategy %s needs a topic", r.Strategy)
	case !topical && r.Topic != "":
		c.errorf(at("topic"), "a topic belongs to the strategies topic and topic-record")
	case IsGlob(contract.Path) && !r.ByRecord() && r.Strategy != ByDataContract:
		c.errorf(at(""), "a glob has a contract for each file, and they cannot all have one subject: use "+
			"the strategy record, topic-record or data-contract")
	}
}
