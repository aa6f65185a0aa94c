package jsonschema_test

import (
	"testing"

	"github.com/assent-dev/assent/diff/difftest"
	"github.com/assent-dev/assent/diff/jsonschema"
)

func Test(t *testing.T) { difftest.Run(t, jsonschema.Format) }
