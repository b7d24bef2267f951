# Palimpsest. `make` lists the targets.
PREFIX ?= /usr/local
DESTDIR ?=

# Reference data for `make golden`.
DIR ?= ../shared/golden/open

# What `make run` opens: the letter, with the cursor on the sentence about the walk.
LETTER = +8:327 Samples/letter.txt

# What `make pictures` draws: the sentence about the hedgehog.
PICTURE = Samples/letter.txt:10:150

# Passages that `make judge` refills, as JSON lines; passages of Samples if empty.
CASES ?= $(wildcard ../shared/judge/cases.jsonl)

# Without symbols the program is less than half as large.
RELEASE = -c release --static-swift-stdlib -Xcc -O2 -Xlinker -s
BIN = .build/release

# Tests that `make torture` runs, editors that `make bars` measures; all if empty.
NAMES ?=

# Seconds that `make fuzz` runs.
TIME ?= 300

.PHONY: help run test test-fast torture bars golden ci sanitize fuzz build build-dev bench judge pictures keys format built install uninstall deb deps
.DEFAULT_GOAL := help

help: ## List targets.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## Build, fetch the default model, open a letter with the cursor on a sentence to rewrite.
	@"$(BIN)/palimpsest" model fetch
	@"$(BIN)/palimpsest" $(LETTER)

build: deps ## Build the release program.
	swift build $(RELEASE) --product palimpsest

build-dev: deps ## Build the program for developers: bench, evaluate, golden, picture, tiny-model.
	swift build $(RELEASE) --product palimpsest-dev

test: ## Check format and imports, build without warnings, run all tests.
	@.ci/dependencies --tests
	@Training/smoke.sh
	@.ci/test

test-fast: ## Build and run the tests that take under a minute and need no model.
	@.ci/dependencies --tests
	@.ci/test --fast

torture: build build-dev ## Try for hours to lose a text: kills, full disks, other editors, long runs.
	@PALIMPSEST="$(BIN)/palimpsest" python3 Tests/Torture/torture.py $(NAMES)

bars: build build-dev ## Measure what editors cost, this one and others that are installed, as a table.
	@PALIMPSEST="$(BIN)/palimpsest" PYTHONDONTWRITEBYTECODE=1 python3 Tests/Torture/bars.py $(NAMES)

golden: build-dev ## Check the engine against reference data in DIR.
	@"$(BIN)/palimpsest-dev" golden "$(DIR)"

ci: test ## Run all tests, then the tests of kernels and readers under sanitizers.
	@.ci/sanitize short

sanitize: deps ## Run all tests under sanitizers with guard pages, at each kernel level (hours).
	@.ci/sanitize

fuzz: deps ## Fuzz the readers of files for TIME seconds.
	@.ci/fuzz "$(TIME)"

bench: build-dev ## Measure the speed of this machine.
	@"$(BIN)/palimpsest-dev" bench

judge: build ## Score the default model's passages with another model; update Docs/DefaultModel.md.
	@"$(BIN)/palimpsest" model fetch
	@PYTHONDONTWRITEBYTECODE=1 python3 Training/judge.py --program "$(BIN)/palimpsest" \
	  $(if $(CASES),--cases "$(CASES)")

pictures: build build-dev ## Regenerate the README images.
	@"$(BIN)/palimpsest" model fetch
	@"$(BIN)/palimpsest-dev" picture $(PICTURE) --animated --rows 20 --output Docs/picture.svg
	@"$(BIN)/palimpsest-dev" picture $(PICTURE) --race --output Docs/race.svg

keys: deps ## Regenerate Docs/Keys.md from the keymap.
	@swift build --build-tests -Xcc -O2 >&2
	@UPDATE_GOLDEN=1 swift test --skip-build -Xcc -O2 --filter KeysPageTests >&2

format: ## Format all Swift sources in place.
	swift format --in-place --parallel --recursive Sources Tests Package.swift

# With a PATH that lacks swift, as that of sudo, what was built before is installed.
built:
	@if command -v swift >/dev/null || [ ! -x "$(BIN)/palimpsest" ]; then $(MAKE) build; fi

install: built ## Install below PREFIX (default /usr/local), with DESTDIR before it.
	@Install/install "$(BIN)/palimpsest" "$(PREFIX)" "$(DESTDIR)"

uninstall: ## Remove what make install has installed with the same PREFIX and DESTDIR.
	@Install/install --remove "$(PREFIX)" "$(DESTDIR)"

deb: built ## Build a Debian package in .build/deb.
	@Install/deb "$(BIN)/palimpsest" .build/deb

deps: ## Check the toolchain; install missing system packages.
	@.ci/dependencies
