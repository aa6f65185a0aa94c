package openapi_test

import (
	"testing"

	"github.com/assent-dev/assent/diff/difftest"
	"github.com/assent-dev/assent/diff/openapi"
)

func Test(t *testing.T) {
	difftest.Run(t, openapi.Format)
}
