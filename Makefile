# Run `make` for what there is to run.

.DEFAULT_GOAL := help
.PHONY: help build handbook demo test check prove race bench generate format vet generated tidy install

GENERATOR := go tool -modfile=tools/go.mod gqlgen generate
TEST := go test ./...
PACKAGES ?= ./...
PROOFS := ./proof/... ./internal/consent/... ./policy/... ./sources/fhir ./examples/london/federation/...

help: ## print this
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## the program, ./onelondon
	go build -o onelondon ./cmd/onelondon

demo: ## a synthetic London, a server on 127.0.0.1:8080, one question asked twice
	@echo "Compiling; the first time that takes a minute or two."
	@go run ./cmd/onelondon demo

test: install ## all tests; those that lack a database server say NOT RUN
	@.ci/not-run allow $(TEST)

check: format vet generated tidy ## what continuous integration runs; a test that is NOT RUN fails it
	@.ci/not-run forbid $(TEST) -count=1

prove: install ## the proofs of docs/proofs.md in their long form; ONELONDON_SEED=n draws as a failure did
	@ONELONDON_PROVE=1 .ci/not-run forbid go test -count=1 -timeout 3h $(PROOFS)

race: ## tests under the race detector; PACKAGES=./internal/... for some of them
	go test -race $(PACKAGES)

bench: install ## the measurements of bench/README.md
	go test -run '^$$' -bench . -benchtime 10x -timeout 3h ./bench/...

generate: ## graph/ from schema.graphqls
	$(GENERATOR)

handbook: ## docs/policy-handbook.md from the rules, their tables and cases
	go run ./cmd/onelondon policy handbook > docs/policy-handbook.md.new && mv docs/policy-handbook.md.new docs/policy-handbook.md

# The parts of check.

format:
	@unformatted=$$(gofmt -l .); [ -z "$$unformatted" ] || { echo "gofmt these:"; echo "$$unformatted"; exit 1; }

vet:
	go vet ./...

# Before and after, rather than against the last commit: what matters is that
# the files at hand are what the schema at hand generates.
generated:
	@[ -f gqlgen.yml ] || { echo "no gqlgen.yml: nothing is generated"; exit 0; }; \
	before=$$(cat graph/*.go | cksum) && $(GENERATOR) && [ "$$before" = "$$(cat graph/*.go | cksum)" ] \
		|| { echo "graph/ was not current; make generate has made it so"; exit 1; }

tidy:
	go mod tidy -diff
	go -C tools mod tidy -diff

install:
	-@.ci/install
