# Everything that a change has to pass; .ci/run does the same on a bare machine.
SHELL = bash
.PHONY: all check test needs update bench demo build

all: check test

check:
	@unformatted=$$(gofmt -l .); \
	if [ -n "$$unformatted" ]; then echo "not formatted, run gofmt -w:"; echo "$$unformatted"; exit 1; fi
	go vet ./...
	go tool staticcheck ./...

# Packages that run things at once are tested under the race detector; the rest
# computes, and the detector only makes it ten times slower.
CONCURRENT = ./app/... ./contracts/... ./registry/... ./store/... ./webhook/... ./github/...

test: needs
	@set -o pipefail; { \
		go test -json $$(go list ./... | grep -v -x -F "$$(go list $(CONCURRENT))") && \
		go test -json -race $(CONCURRENT); \
	} | go run ./tools/testreport

# What the tests need: programs, which this only names, and data from npm, which
# it fetches as package-lock.json pins them.
needs:
	@missing=$$(.ci/missing) || exit 1; \
	if [ -n "$$missing" ]; then echo "the tests need programs that are missing: apt-get install -y" $$missing >&2; exit 1; fi
	@npm ls >/dev/null 2>&1 || npm ci --no-audit --no-fund

# Rewrites expectations, then tests them. Pages and scripts come second: they are
# made from the rules, so that their tests have to be compiled with the examples
# that the first step writes. PKG is the packages whose rules or fixtures changed.
PKG = ./diff/...
MADE = ./config ./checks ./cmd/assent

update:
	UPDATE=1 go test $(PKG) ./config
	UPDATE=1 go test $(MADE)
	go test $(PKG) $(MADE)

bench:
	go test -bench . -run '^$$' ./diff/...

demo:
	go run ./cmd/assent demo

# One static file that runs anywhere.
build:
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o assent ./cmd/assent
