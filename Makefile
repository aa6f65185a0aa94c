# Everything that a change has to pass; .ci/run does the same on a bare machine.
.PHONY: all check test bench demo build

all: check test

check:
	@unformatted=$$(gofmt -l .); \
	if [ -n "$$unformatted" ]; then echo "not formatted, run gofmt -w:"; echo "$$unformatted"; exit 1; fi
	go vet ./...
	go tool staticcheck ./...

# Packages that run things at once are tested under the race detector; the rest
# computes, and the detector only makes it ten times slower.
CONCURRENT = ./app/... ./registry/... ./store/... ./webhook/... ./github/...

test:
	go test $$(go list ./... | grep -v -x -F "$$(go list $(CONCURRENT))")
	go test -race $(CONCURRENT)

bench:
	go test -bench . -run '^$$' ./diff/...

demo:
	go run ./cmd/assent demo

# One static file that runs anywhere.
build:
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o assent ./cmd/assent
