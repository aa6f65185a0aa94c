package app_test

import (
	"strings"
	"testing"
)

// TestTags: without a registry, tags are the versions: the last one by its
// number for a plain compatibility, all of them for a transitive one.
func TestTags(t *testing.T) {
	for _, tt := range []struct{ name, compatibility, against string }{
		{"plain", "full", "v10"},
		{"transitive", "full_transitive", "v9, v10"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := begin(t, firmFiles(map[string]string{
				configFile: strings.Replace(firm, "registry: {name: main, subject: trades-value}",
					"compatibility: "+tt.compatibility+"\n    versions: v*", 1),
				tradeFile: fields(idField, priceField, `{"name": "venue", "type": "int"}`),
			}))
			s.repo.Tag("v9", "main")
			s.repo.Tag("v10", "main")
			s.repo.Tag("other", "main")
			s.repo.Commit("main", "no venue", "oscar",
				map[string]string{tradeFile: fields(idField, `{"name": "price", "type": "double"}`)})
			venue := `{"name": "venue", "type": "string", "default": ""}`
			run := s.wants(s.open(map[string]string{tradeFile: fields(idField, priceField, venue)}),
				"action_required", "")
			if len(run.Annotations) != 1 ||
				!strings.Contains(run.Annotations[0].Raw, "against: "+tt.against+"\n") {
				t.Errorf("want the venue's type, against %s: %+v", tt.against, run.Annotations)
			}
		})
	}
}

// TestNoVersions: a compatibility that asks for versions needs to be told where
// they are.
func TestNoVersions(t *testing.T) {
	s := begin(t, firmFiles(map[string]string{configFile: strings.Replace(firm,
		"registry: {name: main, subject: trades-value}", "compatibility: full_transitive", 1)}))
	run := s.wants(s.open(map[string]string{tradeFile: fields(idField, priceField, beside)}), "failure", "")
	if len(run.Annotations) != 1 ||
		!strings.Contains(run.Annotations[0].Message,
			"name a registry that has them, or the tags, in versions") {
		t.Errorf("got %+v", run.Annotations)
	}
}
