#!/usr/bin/env bash
# Locks the dependencies of pyproject.toml with hashes and without any address of an index.
set -euo pipefail
cd "$(dirname "$0")/.."
lock() {
  .venv/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links \
    --no-annotate --no-header --python-version 3.11 --output-file "requirements/$1.txt" "${@:2}"
}
lock run pyproject.toml
lock build --extra build pyproject.toml
lock dev --extra dev --extra spark pyproject.toml
# The peers stand alone, so that what they need of the libraries never decides what Touchstone runs on.
.venv/bin/python -c 'import tomllib
with open("pyproject.toml", "rb") as file:
    print(*tomllib.load(file)["project"]["optional-dependencies"]["bench"], sep="\n")' | lock bench -
