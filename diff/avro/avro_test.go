package avro

import (
	"testing"

	"github.com/assent-dev/assent/diff/difftest"
)

func TestRules(t *testing.T) { difftest.Run(t, Format) }
