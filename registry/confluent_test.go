package registry

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/sr"
	"github.com/twmb/franz-go/pkg/sr/srfake"
)

const auth = "Basic YXNzZW50OnMzY3JldA=="

func confluent(t *testing.T, url string) *Confluent {
	t.Helper()
	c, err := NewConfluent("main", Access{URL: url, User: "assent", Password: "s3cret"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func fake(t *testing.T) *srfake.Registry {
	t.Helper()
	f := srfake.New(srfake.WithAuth(auth), srfake.WithGlobalCompat(sr.CompatFull))
	t.Cleanup(f.Close)
	return f
}

func avro(name string, references ...sr.SchemaReference) sr.Schema {
	return sr.Schema{
		Schema:     fmt.Sprintf(`{"type":"record","name":%q,"fields":[]}`, name),
		Type:       sr.TypeAvro,
		References: references,
	}
}

func TestSubject(t *testing.T) {
	f := fake(t)
	f.SeedSchema("trades-value", 1, 1, avro("A"))
	f.SeedSchema("trades-value", 2, 2, avro("B"))
	f.SeedSchema("trades-value", 4, 4, avro("C"))
	f.SeedSchema("orders-value", 1, 5, avro("D"))
	if err := f.SetCompat("orders-value", sr.CompatForwardTransitive); err != nil {
		t.Fatal(err)
	}
	deleteVersion(t, f.URL(), "trades-value", 2)
	for name, want := range map[string]Subject{
		"trades-value": {Versions: []int64{1, 4}, Level: "FULL"},
		"orders-value": {Versions: []int64{1}, Level: "FORWARD_TRANSITIVE"},
	} {
		got, err := confluent(t, f.URL()).Subject(context.Background(), name)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
	_, err := confluent(t, f.URL()).Subject(context.Background(), "gone")
	var mistake Mistake
	if !errors.As(err, &mistake) || !strings.Contains(err.Error(), "main has no subject gone: register") {
		t.Errorf("got %v, want a mistake that says what to do", err)
	}
}

func deleteVersion(t *testing.T, url, subject string, version int) {
	t.Helper()
	req, err := http.NewRequest(http.MethodDelete,
		fmt.Sprintf("%s/subjects/%s/versions/%d", url, subject, version), nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", auth)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Fatal(resp.Status)
	}
}

// TestConfig tests groups, and registries that ignore the parameter
// defaultToGlobal.
func TestConfig(t *testing.T) {
	f := fake(t)
	f.SeedSchema("trades-value", 1, 1, avro("A"))
	f.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
		switch r.URL.Path {
		case "/config/trades-value":
			w.WriteHeader(http.StatusNotFound)
			fmt.Fprint(w, `{"error_code": 40408, "message": "no subject level compatibility"}`)
		case "/config", "/config/":
			fmt.Fprint(w, `{"compatibilityLevel": "BACKWARD", "compatibilityGroup": "application.major.version"}`)
		default:
			return false
		}
		return true
	})
	got, err := confluent(t, f.URL()).Subject(context.Background(), "trades-value")
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(Subject{
		Versions: []int64{1},
		Level:    "BACKWARD",
		Group:    "application.major.version",
	}, got); d != "" {
		t.Error(d)
	}
}

// TestSchema: all references are followed, and those in a circle once.
func TestSchema(t *testing.T) {
	f := fake(t)
	f.SeedSchema("money", 1, 1, avro("Money"))
	f.SeedSchema("leg", 3, 2, avro("Leg", sr.SchemaReference{Name: "Money", Subject: "money", Version: 1}))
	trade := avro("Trade", sr.SchemaReference{Name: "Leg", Subject: "leg", Version: 3}, sr.SchemaReference{
		Name:    "Loop",
		Subject: "loop",
		Version: 1,
	})
	trade.SchemaMetadata = &sr.SchemaMetadata{Properties: map[string]string{"major": "2"}}
	f.SeedSchema("loop", 1, 3, avro("Loop"))
	f.SeedSchema("trades-value", 1, 4, trade)
	f.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
		if r.URL.Path != "/subjects/loop/versions/1" {
			return false
		}
		fmt.Fprint(w, `{"subject": "loop", "version": 1, "id": 3, "schema": "\"loop\"", "references": [{"name": "Loop", "subject": "loop", "version": 1}]}`)
		return true
	})
	got, err := confluent(t, f.URL()).Schema(context.Background(), "trades-value", 1)
	if err != nil {
		t.Fatal(err)
	}
	want := Schema{Type: "AVRO",
		Text:     trade.Schema,
		Metadata: map[string]string{"major": "2"},
		References: []Reference{
			{Name: "Leg", Subject: "leg", Version: 3, Text: avro("Leg").Schema, Direct: true},
			{Name: "Loop", Subject: "loop", Version: 1, Text: `"loop"`, Direct: true},
			{Name: "Money", Subject: "money", Version: 1, Text: avro("Money").Schema},
		}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestCheck(t *testing.T) {
	for _, c := range []struct {
		name, answer string
		status       int
		want         []Refusal
	}{
		{"fits", `{"is_compatible": true, "messages": []}`, 200, nil},
		{"no subject", `{"error_code": 40401, "message": "gone"}`, 404, nil},
		{
			"invalid",
			`{"error_code": 42201, "message": "Invalid schema: unknown type Money"}`,
			422,
			[]Refusal{{Type: "INVALID_SCHEMA", Description: "Invalid schema: unknown type Money"}},
		},
		{
			"without a reason", `{"is_compatible": false}`, 200,
			[]Refusal{{Type: "INCOMPATIBLE", Description: "it gives no reason"}},
		},
		{
			"in another form", `{"is_compatible": false, "messages": ["no", "way"]}`, 200,
			[]Refusal{{Type: "INCOMPATIBLE", Description: "no way"}},
		},
		{"avro", `{"is_compatible": false, "messages": [
			"{errorType:'READER_FIELD_MISSING_DEFAULT_VALUE', description:'The field 'venue' at path '/fields/1' in the new schema has no default value and is missing in the old schema', additionalInfo:'venue'}",
			"{errorType:'TYPE_MISMATCH', description:'The type (path '/fields/0/type') of a field in the new schema does not match with the old schema', additionalInfo:'reader type: INT not compatible with writer type: STRING'}",
			"{oldSchemaVersion: 3}", "{oldSchema: '{\"type\":\"record\"}'}", "{validateFields: 'false', compatibility: 'BACKWARD'}"]}`, 200,
			[]Refusal{
				{
					"READER_FIELD_MISSING_DEFAULT_VALUE", "/fields/1",
					"The field 'venue' at path '/fields/1' in the new schema has no default value and is " +
						"missing in the old schema",
				},
				{
					"TYPE_MISMATCH", "/fields/0/type",
					"The type (path '/fields/0/type') of a field in the new schema does not match with " +
						"the old schema",
				},
			}},
		{"json schema", `{"is_compatible": false, "messages": ["{errorType:\"TYPE_CHANGED\", description:\"A type at path '#/properties/price' is different between the new schema and the old schema'}"]}`, 200,
			[]Refusal{{
				"TYPE_CHANGED", "/properties/price",
				"A type at path '#/properties/price' is different between the new schema and the old schema",
			}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := fake(t)
			asked := ""
			f.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
				asked = r.Method + " " + r.URL.String()
				w.WriteHeader(c.status)
				fmt.Fprint(w, c.answer)
				return true
			})
			got, err := confluent(t, f.URL()).DryRun(context.Background(), "trades-value",
				Schema{Type: "AVRO", Text: `"int"`})
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
			if want := "POST /compatibility/subjects/trades-value/versions?verbose=true"; asked != want {
				t.Errorf("asked %s, want %s", asked, want)
			}
		})
	}
}

// TestTrouble: every failure is of the right kind, names the registry, and does
// not contain the password.
func TestTrouble(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		t.Error("a redirect is followed")
	}))
	defer elsewhere.Close()
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	for _, c := range []struct {
		name  string
		url   string
		serve http.HandlerFunc
		want  string
		after time.Duration // 0: the error is not one of time
	}{
		{"500", "", status(500, "boom"), "it answers 500", pause},
		{"503 with a time", "", func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Retry-After", "90")
			w.WriteHeader(503)
		}, "it answers 503", 90 * time.Second},
		{"429", "", status(429, ""), "it answers 429", pause},
		{"refuses connections", closed.URL, nil, "it does not answer", pause},
		{"hangs up", "", func(http.ResponseWriter, *http.Request) {
			panic(http.ErrAbortHandler)
		}, "it does not answer", pause},
		{
			"401", "", status(401, `{"error_code": 401, "message": "no"}`),
			"it answers 401: look at the credentials", 0,
		},
		{"a page", "", status(200, "<html>log in</html>"), "unable to decode", 0},
		{
			"an error page", "", status(404, "<html>"+strings.Repeat("x", 4000)),
			"it answers 404: <html>xxx", 0,
		},
		{"other JSON", "", status(200, `{"versions": []}`), "unable to decode", 0},
		{"redirect", "", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL, http.StatusFound)
		}, "redirects to another address", 0},
		{"endless", "", func(w http.ResponseWriter, r *http.Request) {
			for chunk := []byte(strings.Repeat(" ", 1<<20)); ; {
				if _, err := w.Write(chunk); err != nil {
					return
				}
			}
		}, "more than 16 MB", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.url == "" {
				s := httptest.NewServer(c.serve)
				defer s.Close()
				c.url = s.URL
			}
			_, err := confluent(t, c.url).Subject(context.Background(), "trades-value")
			if err == nil || !strings.HasPrefix(err.Error(),
				"schema registry main: list the versions of trades-value: ") ||
				!strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want %q", err, c.want)
			}
			var waits interface{ RetryAfter() time.Duration }
			if errors.As(err, &waits) != (c.after > 0) || c.after > 0 && waits.RetryAfter() != c.after {
				t.Errorf("the error is of the wrong kind: %v", err)
			}
			if strings.Contains(err.Error(), "s3cret") || len(err.Error()) > 600 {
				t.Errorf("the error says too much: %v", err)
			}
		})
	}
}

func status(code int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(code)
		fmt.Fprint(w, body)
	}
}

// TestCancelled: an error is not temporary if the caller cancelled.
func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	_, err := confluent(t, fake(t).URL()).Subject(ctx, "trades-value")
	var waits interface{ RetryAfter() time.Duration }
	if !errors.Is(err, context.Canceled) || errors.As(err, &waits) {
		t.Error(err)
	}
}

// TestSameOrigin: a redirect within the registry is followed, with credentials.
func TestSameOrigin(t *testing.T) {
	f := fake(t)
	f.SeedSchema("trades-value", 1, 1, avro("A"))
	moved := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if rest, ok := strings.CutPrefix(r.URL.Path, "/old"); ok {
			http.Redirect(w, r, rest+"?"+r.URL.RawQuery, http.StatusTemporaryRedirect)
			return
		}
		f.Handler().ServeHTTP(w, r)
	}))
	defer moved.Close()
	got, err := confluent(t, moved.URL+"/old").Subject(context.Background(), "trades-value")
	if err != nil || len(got.Versions) != 1 {
		t.Error(got, err)
	}
}
