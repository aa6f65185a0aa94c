package jsonschema_test

import (
	"testing"

	"github.com/assent-dev/assent/diff/difftest"
	"github.com/assent-dev/assent/diff/jsonschema"
)

func TestFormat(t *testing.T) { difftest.Run(t, jsonschema.Format) }

func TestRulesAreListed(t *testing.T) { difftest.Listed(t, jsonschema.Rules) }
