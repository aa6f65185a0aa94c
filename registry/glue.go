package registry

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/glue"
	"github.com/aws/aws-sdk-go-v2/service/glue/types"
)

// Glue is AWS Glue's schema registry. It has no dry run: only registering a
// version shows whether it is accepted.
type Glue struct {
	name, registry string
	client         *glue.Client
}

// GlueAccess is the address of a Glue registry and the credentials for it.
type GlueAccess struct {
	Region                 string
	Registry               string // its name within the region
	KeyID, Secret, Session string
	Endpoint               string // replaces AWS's own, for example by a VPC endpoint; usually ""
}

// NewGlue makes a client. Errors call the registry by the name.
func NewGlue(name string, a GlueAccess) *Glue {
	options := glue.Options{
		Region:      a.Region,
		HTTPClient:  newClient(),
		Credentials: credentials.NewStaticCredentialsProvider(a.KeyID, a.Secret, a.Session),
		Retryer:     aws.NopRetryer{}, // the caller tries again later
	}
	if a.Endpoint != "" {
		options.BaseEndpoint = &a.Endpoint
	}
	return &Glue{name, a.Registry, glue.New(options)}
}

func (g *Glue) id(schema string) *types.SchemaId {
	return &types.SchemaId{RegistryName: &g.registry, SchemaName: &schema}
}

// mostVersions bounds the versions of one subject.
const mostVersions = 10_000

// Subject lists the versions that are available. It leaves out those before the
// checkpoint, with which AWS does not compare: the checkpoint moves whenever
// the compatibility level changes.
func (g *Glue) Subject(ctx context.Context, name string) (Subject, error) {
	found, err := g.client.GetSchema(ctx, &glue.GetSchemaInput{SchemaId: g.id(name)})
	var missing *types.EntityNotFoundException
	if errors.As(err, &missing) {
		return Subject{}, Mistake(fmt.Sprintf("the schema registry %s has no schema %s: register a first "+
			"version, or correct the name", g.name, name))
	}
	if err != nil {
		return Subject{}, g.wrap("read the schema "+name, err)
	}
	s := Subject{Level: string(found.Compatibility)}
	if found.Compatibility == types.CompatibilityDisabled {
		s.Level = string(types.CompatibilityNone) // nothing can be registered, so nothing is compared
	}
	pages := glue.NewListSchemaVersionsPaginator(g.client,
		&glue.ListSchemaVersionsInput{SchemaId: g.id(name)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return Subject{}, g.wrap("list the versions of "+name, err)
		}
		for _, v := range page.Schemas {
			if v.Status == types.SchemaVersionStatusAvailable &&
				aws.ToInt64(v.VersionNumber) >= aws.ToInt64(found.SchemaCheckpoint) {
				s.Versions = append(s.Versions, aws.ToInt64(v.VersionNumber))
			}
		}
		if len(s.Versions) > mostVersions {
			return Subject{}, fmt.Errorf("schema registry %s: %s has more than %d versions", g.name, name,
				mostVersions)
		}
	}
	slices.Sort(s.Versions)
	return s, nil
}

// Schema fetches a version. Glue has no references.
func (g *Glue) Schema(ctx context.Context, subject string, version int64) (Schema, error) {
	found, err := g.client.GetSchemaVersion(ctx, &glue.GetSchemaVersionInput{
		SchemaId: g.id(subject), SchemaVersionNumber: &types.SchemaVersionNumber{VersionNumber: &version},
	})
	if err != nil {
		return Schema{}, g.wrap(fmt.Sprintf("read version %d of %s", version, subject), err)
	}
	return Schema{
		Type: strings.ToUpper(string(found.DataFormat)),
		Text: aws.ToString(found.SchemaDefinition),
	}, nil
}

// DryRun has nobody to ask.
func (g *Glue) DryRun(context.Context, string, Schema) ([]Refusal, error) { return nil, nil }

// wrap adds what was attempted to an error, and classifies it. AWS reports a
// rate limit as status 400 with an error code.
func (g *Glue) wrap(what string, err error) error {
	var answer *awshttp.ResponseError
	var apiError interface{ ErrorCode() string }
	code := ""
	if errors.As(err, &apiError) {
		code = apiError.ErrorCode()
	}
	switch {
	case strings.Contains(code, "Throttl"), code == "TooManyRequestsException",
		code == "RequestLimitExceeded":
		err = &temporary{errors.New("it limits the rate of requests"), pause}
	case errors.As(err, &answer) &&
		(answer.HTTPStatusCode() == http.StatusUnauthorized ||
			answer.HTTPStatusCode() == http.StatusForbidden || code == "AccessDeniedException"):
		err = fmt.Errorf("it answers %d %s: look at the credentials in the server's settings",
			answer.HTTPStatusCode(), code)
	case answer != nil && code != "":
		err = fmt.Errorf("it answers %d %s", answer.HTTPStatusCode(), code)
	default:
		err = classify(err)
	}
	return fmt.Errorf("schema registry %s: %s: %w", g.name, what, err)
}
