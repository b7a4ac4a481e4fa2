#!/usr/bin/env bash
# Locks the dependencies of pyproject.toml with hashes and without any address of an index.
set -euo pipefail
cd "$(dirname "$0")/.."
lock() {
  .venv/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links \
    --no-annotate --no-header --python-version 3.11 --output-file "requirements/$1.txt" "${@:2}" pyproject.toml
}
lock run
lock build --extra build
lock dev --extra dev --extra spark
