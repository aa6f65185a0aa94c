package difftest

import (
	"os"
	"path/filepath"
	"testing"
)

func TestDefinedRules(t *testing.T) {
	folder := t.TempDir()
	source := `package fruit
var eaten = &diff.Rule{Title: "eaten", ID: "fruit/eaten"}
var listed = []*diff.Rule{eaten}
var other = &Ripe{ID: "fruit/no-rule"}
func report() { add(&diff.Rule{ID: "fruit/within-a-function"}) }
`
	if err := os.WriteFile(filepath.Join(folder, "fruit.go"), []byte(source), 0o600); err != nil {
		t.Fatal(err)
	}
	defined, err := definedRules(folder)
	if err != nil {
		t.Fatal(err)
	}
	if at := defined["fruit/eaten"]; at.Line != 2 {
		t.Errorf("fruit/eaten is found in line %d, want 2", at.Line)
	}
	if at := defined["fruit/within-a-function"]; at.Line != 5 {
		t.Errorf("fruit/within-a-function is found in line %d, want 5", at.Line)
	}
	if len(defined) != 2 {
		t.Errorf("%d rules are found, want 2: %v", len(defined), defined)
	}
}
