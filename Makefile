# Palimpsest. `make` says what there is.
PREFIX ?= /usr/local
DESTDIR ?=

# Where `make golden` looks for reference values.
DIR ?= ../shared/golden/open

# Where `make run` opens the letter: the sentence about the walk.
LETTER = +8:327 Samples/letter.txt

# What `make pictures` draws: the sentence about the hedgehog.
PICTURE = Samples/letter.txt:10:150

# The holes that `make judge` refills, a file of JSON lines; without one, passages of Samples.
CASES ?= $(wildcard ../shared/judge/cases.jsonl)

# Without symbols the program is less than half as large.
RELEASE = -c release --static-swift-stdlib -Xcc -O2 -Xlinker -s
BIN = .build/release

# What `make torture` does; nothing for all of it.
NAMES ?=

# How long `make fuzz` looks, in seconds.
TIME ?= 300

.PHONY: help run test test-fast torture golden ci sanitize fuzz build build-dev bench judge pictures format install deps
.DEFAULT_GOAL := help

help: ## Say what there is.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## Build, fetch the default model, open a letter with the cursor on a sentence to refine.
	@"$(BIN)/palimpsest" model fetch
	@"$(BIN)/palimpsest" $(LETTER)

build: deps ## Build the program that `run` and `install` ship.
	swift build $(RELEASE) --product palimpsest

build-dev: deps ## Build the program for developers: bench, evaluate, golden, picture, tiny-model.
	swift build $(RELEASE) --product palimpsest-dev

test: ## Check format and imports, build without warnings, run all tests.
	@.ci/dependencies --tests
	@Training/smoke.sh
	@.ci/test

test-fast: ## Build and run the tests that take no more than a minute, without the default model.
	@.ci/dependencies --tests
	@.ci/test --fast

torture: build build-dev ## Try for hours to lose a text: kills, full disks, neighbours, long runs.
	@PALIMPSEST="$(BIN)/palimpsest" python3 Tests/Torture/torture.py $(NAMES)

golden: build-dev ## Hold the engine against the reference values below DIR.
	@"$(BIN)/palimpsest-dev" golden "$(DIR)"

ci: test ## Run the tests, then those of kernels and readers under sanitizers.
	@.ci/sanitize short

sanitize: deps ## Run all tests under sanitizers with guard pages, at each kernel level (hours).
	@.ci/sanitize

fuzz: deps ## Fuzz the readers of files for TIME seconds.
	@.ci/fuzz "$(TIME)"

bench: build-dev ## Measure the speed of this machine.
	@"$(BIN)/palimpsest-dev" bench

judge: build ## Measure the default model's fills with an independent reader; writes Docs/DefaultModel.md.
	@"$(BIN)/palimpsest" model fetch
	@PYTHONDONTWRITEBYTECODE=1 python3 Training/judge.py --program "$(BIN)/palimpsest" \
	  $(if $(CASES),--cases "$(CASES)")

pictures: build build-dev ## Draw the pictures of the manual anew, with the default model.
	@"$(BIN)/palimpsest" model fetch
	@"$(BIN)/palimpsest-dev" picture $(PICTURE) --animated --rows 20 --output Docs/picture.svg
	@"$(BIN)/palimpsest-dev" picture $(PICTURE) --race --output Docs/race.svg

format: ## Format all Swift sources in place.
	swift format --in-place --parallel --recursive Sources Tests Package.swift

install: build ## Install below PREFIX (default /usr/local).
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(PREFIX)/share/palimpsest" \
	  "$(DESTDIR)$(PREFIX)/share/doc/palimpsest"
	install -m 755 "$(BIN)/palimpsest" "$(DESTDIR)$(PREFIX)/bin/palimpsest"
	rm -rf "$(DESTDIR)$(PREFIX)/share/palimpsest/palimpsest_Inference.resources"
	cp -R "$(BIN)/palimpsest_Inference.resources" Themes Samples \
	  "$(DESTDIR)$(PREFIX)/share/palimpsest/"
	install -m 644 README.md LICENSE NOTICE "$(DESTDIR)$(PREFIX)/share/doc/palimpsest/"

deps: ## Check the toolchain; install missing system packages.
	@.ci/dependencies
