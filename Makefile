# `make` alone says what there is to do. Everything is fetched as needed; see docs/operations.md.

PYTHON ?= $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11,\
	$(shell $(name) -c 'import sys; sys.version_info < (3, 11) and sys.exit(1); print("$(name)")' 2>/dev/null)) python3)
DO = $(PYTHON) -m app.embedded

.DEFAULT_GOAL := help
.PHONY: help run test lint types fmt build bench fuzz migrate pictures lock clean

help:
	@echo 'make run        open the map: fetches what is missing, prints the address (GUATU_PORT, default 8000)'
	@echo 'make test       prove everything: lint, types, Python, front end, browser'
	@echo 'make lint       style and architecture only'
	@echo 'make types      types of Python and TypeScript only'
	@echo 'make fmt        format everything'
	@echo 'make build      build the front end and stop there'
	@echo 'make bench      measure the service'
	@echo 'make fuzz       read files that chance made (FILES=10000 SEED=1)'
	@echo 'make migrate    bring the database to the schema of this version'
	@echo 'make pictures   make the pictures of the README anew'
	@echo 'make lock       write the Python lock files anew (UPGRADE=1: with the newest versions)'
	@echo 'make clean      remove what was built and fetched, never the data'

run test lint types fmt build bench migrate pictures clean:
	@$(DO) $@ $(ARGS)

fuzz:
	@$(DO) fuzz $(if $(FILES),--files $(FILES)) $(if $(SEED),--seed $(SEED)) $(ARGS)

lock:
	@$(DO) lock $(if $(UPGRADE),--upgrade)
