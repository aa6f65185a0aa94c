package registry

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// lake answers for AWS Glue: one registry with schemas of two versions a page.
type lake struct {
	level      string
	checkpoint int
	versions   []string // their status, from version 1
	fails      string   // the name of an error instead of all answers
}

func (l *lake) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var in struct {
		SchemaID struct {
			RegistryName, SchemaName string
		} `json:"SchemaId"`
		SchemaVersionNumber struct{ VersionNumber int }
		NextToken           string
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		l.refuse(w, http.StatusBadRequest, "InvalidInputException")
		return
	}
	switch target := strings.TrimPrefix(r.Header.Get("X-Amz-Target"), "AWSGlue."); {
	case l.fails != "":
		l.refuse(w, http.StatusBadRequest, l.fails)
	case !strings.HasPrefix(r.Header.Get("Authorization"), "AWS4-HMAC-SHA256 Credential=key/"):
		l.refuse(w, http.StatusForbidden, "IncompleteSignature")
	case in.SchemaID.RegistryName != "events" || in.SchemaID.SchemaName != "trades":
		l.refuse(w, http.StatusBadRequest, "EntityNotFoundException")
	case target == "GetSchema":
		fmt.Fprintf(w, `{"Compatibility": %q, "SchemaCheckpoint": %d, "DataFormat": "AVRO"}`, l.level,
			l.checkpoint)
	case target == "ListSchemaVersions":
		l.list(w, in.NextToken)
	case target == "GetSchemaVersion":
		fmt.Fprintf(w, `{"DataFormat": "AVRO", "SchemaDefinition": "\"v%d\"", "Status": "AVAILABLE"}`,
			in.SchemaVersionNumber.VersionNumber)
	default:
		l.refuse(w, http.StatusBadRequest, "UnknownOperationException")
	}
}

func (l *lake) list(w http.ResponseWriter, token string) {
	from := len(token) // newest first, as AWS does
	var items []string
	for i := len(l.versions) - from; i > 0 && len(items) < 2; i-- {
		items = append(items, fmt.Sprintf(`{"VersionNumber": %d, "Status": %q}`, i, l.versions[i-1]))
	}
	next := ""
	if from+len(items) < len(l.versions) {
		next = fmt.Sprintf(`, "NextToken": %q`, strings.Repeat("x", from+len(items)))
	}
	fmt.Fprintf(w, `{"Schemas": [%s]%s}`, strings.Join(items, ","), next)
}

func (l *lake) refuse(w http.ResponseWriter, status int, name string) {
	w.Header().Set("X-Amzn-ErrorType", name)
	w.WriteHeader(status)
	fmt.Fprintf(w, `{"__type": %q, "Message": "no"}`, name)
}

func glued(t *testing.T, l *lake) *Glue {
	t.Helper()
	s := httptest.NewServer(l)
	t.Cleanup(s.Close)
	return NewGlue("lake", GlueAccess{
		Region:   "eu-central-1",
		Registry: "events",
		KeyID:    "key",
		Secret:   "s3cret",
		Endpoint: s.URL,
	})
}

func TestGlue(t *testing.T) {
	l := &lake{
		level:      "FULL_ALL",
		checkpoint: 2,
		versions:   []string{"AVAILABLE", "AVAILABLE", "FAILURE", "AVAILABLE", "DELETING", "PENDING"},
	}
	g := glued(t, l)
	got, err := g.Subject(context.Background(), "trades")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(Subject{Versions: []int64{2, 4}, Level: "FULL_ALL"}, got); d != "" {
		t.Error(d)
	}
	schema, err := g.Schema(context.Background(), "trades", 4)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(Schema{Type: "AVRO", Text: `"v4"`}, schema); d != "" {
		t.Error(d)
	}
	l.level = "DISABLED"
	if got, err := g.Subject(context.Background(), "trades"); err != nil || got.Level != "NONE" {
		t.Error(got, err)
	}
}

func TestGlueTrouble(t *testing.T) {
	for fails, want := range map[string]struct {
		text           string
		mistake, later bool
	}{
		"EntityNotFoundException":  {text: "lake has no schema trades: register", mistake: true},
		"ThrottlingException":      {text: "it limits the rate of requests", later: true},
		"AccessDeniedException":    {text: "look at the credentials"},
		"InternalServiceException": {text: "it answers 400 InternalServiceException"},
	} {
		_, err := glued(t, &lake{fails: fails}).Subject(context.Background(), "trades")
		var mistake Mistake
		var later interface{ RetryAfter() time.Duration }
		if err == nil || !strings.Contains(err.Error(), want.text) ||
			errors.As(err, &mistake) != want.mistake || errors.As(err, &later) != want.later {
			t.Errorf("%s: got %v", fails, err)
		}
		if err != nil && strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: the error tells our secret", fails)
		}
	}
	down := NewGlue("lake", GlueAccess{
		Region:   "eu-central-1",
		Registry: "events",
		KeyID:    "key",
		Secret:   "s",
		Endpoint: "http://127.0.0.1:1",
	})
	_, err := down.Subject(context.Background(), "trades")
	var later interface{ RetryAfter() time.Duration }
	if !errors.As(err, &later) {
		t.Errorf("a registry that is down: %v", err)
	}
}
