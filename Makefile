# `make` shows what can be made. Each step that installs something asks for it by package name.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

export CGO_ENABLED ?= 0
export GOFLAGS ?= -mod=readonly

.PHONY: help run build test check bench soak screenshots fmt clean assets compile

help: ## show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  make %-12s %s\n", $$1, $$2 }'

run: build ## build what is needed and serve the demo on http://127.0.0.1:8080
	@scripts/postgres.sh
	@exec bin/zhanggui demo

build: ## build bin/zhanggui, one static binary
	@$(MAKE) -j2 assets compile
	@go build -ldflags '-s -w' -o bin/zhanggui ./cmd/zhanggui

test: build ## all tests: Go, PostgreSQL, a real browser (10 minutes at most)
	@scripts/postgres.sh
	@scripts/browser.sh
	@scripts/test.sh

check: ## what every change must pass: lint, freshness, tests, fuzz, races, known vulnerabilities
	@scripts/check.sh

bench: build ## measure against hand-written limits, and write docs/PERFORMANCE.md
	@scripts/postgres.sh
	@scripts/bench.sh

soak: build ## the long list: fuzzing for 30 minutes a target, and the tests again and again
	@scripts/postgres.sh
	@scripts/soak.sh

screenshots: build ## take the README's picture from the running demo
	@scripts/postgres.sh
	@scripts/browser.sh
	@scripts/screenshots.sh

fmt: ## write Go files and templates the one way
	@gofmt -w $$(git ls-files '*.go' | grep -v _templ.go)
	@go tool templ fmt views bench
	@go tool templ generate

clean: ## remove what was built; the demo's data in var/ stays
	@rm -rf bin .cache node_modules test-results
	@find static/dist -type f ! -name .keep -delete

# The pieces of build. What embeds no assets is compiled while they are built.
assets: static/dist/manifest.json

static/dist/manifest.json: package-lock.json static/build.mjs $(shell find static/css static/js static/mark.svg views -name '*_templ.go' -prune -o -type f -print)
	@scripts/packages.sh
	@node static/build.mjs

compile:
	@go build ./internal/... ./migrations github.com/a-h/templ github.com/gorilla/sessions \
		github.com/labstack/echo/v4 github.com/prometheus/client_golang/prometheus/promhttp
