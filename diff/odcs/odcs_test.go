package odcs

import (
	"testing"

	"github.com/assent-dev/assent/diff/difftest"
)

func TestFormat(t *testing.T) { difftest.Run(t, Format) }
