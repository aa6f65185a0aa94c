# Everything that a change has to pass; .ci/run does the same on a bare machine.
.PHONY: all check test bench demo build

all: check test

check:
	@unformatted=$$(gofmt -l .); \
	if [ -n "$$unformatted" ]; then echo "not formatted, run gofmt -w:"; echo "$$unformatted"; exit 1; fi
	go vet ./...
	go tool staticcheck ./...

test:
	go test -race ./...

bench:
	go test -bench . -run '^$$' ./diff/...

demo:
	go run ./cmd/assent demo

# One static file that runs anywhere.
build:
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o assent ./cmd/assent
