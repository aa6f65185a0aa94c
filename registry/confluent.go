package registry

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/twmb/franz-go/pkg/sr"
)

// Confluent is a registry with the REST interface of Confluent Schema Registry:
// Karapace, Redpanda and Apicurio have it too.
type Confluent struct {
	name   string
	client *sr.Client
}

// Access is the address of a registry and the credentials for it: a user and a
// password, a token, or none.
type Access struct {
	URL            string
	User, Password string
	Token          string
}

// NewConfluent makes a client. Errors call the registry by the name.
func NewConfluent(name string, a Access) (*Confluent, error) {
	options := []sr.ClientOpt{sr.URLs(a.URL), sr.HTTPClient(newClient()), sr.UserAgent("assent")}
	switch {
	case a.Token != "":
		options = append(options, sr.BearerToken(a.Token))
	case a.User != "":
		options = append(options, sr.BasicAuth(a.User, a.Password))
	}
	client, err := sr.NewClient(options...)
	if err != nil {
		return nil, fmt.Errorf("schema registry %s: %w", name, err)
	}
	return &Confluent{name, client}, nil
}

// Subject lists the versions that are neither deleted nor marked as deleted.
func (c *Confluent) Subject(ctx context.Context, name string) (Subject, error) {
	versions, err := c.client.SubjectVersions(ctx, name)
	if errorCode(err) == sr.ErrSubjectNotFound.Code {
		return Subject{}, Mistake(fmt.Sprintf("the schema registry %s has no subject %s: register a "+
			"first version, or correct the name", c.name, name))
	}
	if err != nil {
		return Subject{}, c.wrap("list the versions of "+name, err)
	}
	config := c.client.Compatibility(sr.WithParams(ctx, sr.DefaultToGlobal), name)[0]
	// a registry that ignores the parameter
	if errorCode(config.Err) == sr.ErrSubjectLevelCompatibilityNotConfigured.Code {
		config = c.client.Compatibility(ctx, sr.GlobalSubject)[0]
	}
	if config.Err != nil {
		return Subject{}, c.wrap("read the compatibility of "+name, config.Err)
	}
	s := Subject{Level: config.Level.String(), Group: config.Group}
	for _, v := range versions {
		s.Versions = append(s.Versions, int64(v))
	}
	return s, nil
}

// Schema fetches a version and all schemas that it refers to.
func (c *Confluent) Schema(ctx context.Context, subject string, version int64) (Schema, error) {
	found, err := c.client.SchemaByVersion(ctx, subject, int(version))
	if err != nil {
		return Schema{}, c.wrap(fmt.Sprintf("read version %d of %s", version, subject), err)
	}
	s := Schema{Type: found.Type.String(), Text: found.Schema.Schema}
	if found.SchemaMetadata != nil {
		s.Metadata = found.SchemaMetadata.Properties
	}
	s.References, err = c.references(ctx, found.References)
	return s, err
}

// mostReferences bounds the schemas that one schema needs.
const mostReferences = 500

// references fetches the schemas that a schema refers to, directly or not. Each
// is fetched once, also if references lead in circles.
func (c *Confluent) references(ctx context.Context, direct []sr.SchemaReference) ([]Reference, error) {
	type place struct {
		subject string
		version int
	}
	var all []Reference
	seen := map[place]bool{}
	queue := direct
	for i := 0; i < len(queue); i++ { // the loop appends to queue
		r := queue[i]
		if seen[place{r.Subject, r.Version}] {
			continue
		}
		seen[place{r.Subject, r.Version}] = true
		if len(all) == mostReferences {
			return nil, fmt.Errorf("schema registry %s: a schema refers to more than %d others", c.name,
				mostReferences)
		}
		found, err := c.client.SchemaByVersion(ctx, r.Subject, r.Version)
		if err != nil {
			return nil, c.wrap(fmt.Sprintf("read version %d of %s, to which a schema refers", r.Version,
				r.Subject), err)
		}
		all = append(all, Reference{
			Name:    r.Name,
			Subject: r.Subject,
			Version: int64(r.Version),
			Text:    found.Schema.Schema,
			Direct:  i < len(direct),
		})
		queue = append(queue[:len(queue):len(queue)], found.References...)
	}
	return all, nil
}

// DryRun is the registry's own check, which it repeats when the schema is
// registered.
func (c *Confluent) DryRun(ctx context.Context, subject string, s Schema) ([]Refusal, error) {
	proposed := sr.Schema{Schema: s.Text, SchemaMetadata: nil}
	if err := proposed.Type.UnmarshalText([]byte(s.Type)); err != nil {
		return nil, fmt.Errorf("schema registry %s: %w", c.name, err)
	}
	for _, r := range s.References {
		if r.Direct {
			proposed.References = append(proposed.References, sr.SchemaReference{
				Name:    r.Name,
				Subject: r.Subject,
				Version: int(r.Version),
			})
		}
	}
	const everyVersion = -2 // all versions that the compatibility level compares with
	answer, err := c.client.CheckCompatibility(sr.WithParams(ctx, sr.Verbose), subject, everyVersion,
		proposed)
	switch {
	case errorCode(err) == sr.ErrSubjectNotFound.Code:
		return nil, nil // a first version is always accepted
	case errorCode(err) == sr.ErrInvalidSchema.Code:
		return []Refusal{{Type: Invalid, Description: shorten(err.Error())}}, nil
	case err != nil:
		return nil, c.wrap("check a new version of "+subject, err)
	case answer.Is:
		return nil, nil
	}
	return refusals(answer.Messages), nil
}

// errorCode is the registry's own code of an error, 0 for other errors.
func errorCode(err error) int {
	var answer *sr.ResponseError
	if errors.As(err, &answer) {
		return answer.ErrorCode
	}
	return 0
}

// wrap adds what was attempted to an error, and classifies it.
func (c *Confluent) wrap(what string, err error) error {
	var answer *sr.ResponseError
	switch {
	case !errors.As(err, &answer):
		err = classify(err)
	case answer.StatusCode == http.StatusUnauthorized, answer.StatusCode == http.StatusForbidden:
		err = fmt.Errorf("it answers %d: look at the credentials in the server's settings", answer.StatusCode)
	default:
		err = fmt.Errorf("it answers %d: %s", answer.StatusCode, shorten(answer.Error()))
	}
	return fmt.Errorf("schema registry %s: %s: %w", c.name, what, err)
}
