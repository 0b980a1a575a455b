#!/bin/sh
# Choose versions anew and write them with their hashes to requirements/*.txt, for Python 3.11 and newer on
# every platform. Needs uv (pip install uv). `check` holds everything; the smaller sets take their versions from it.
# Extras stay in the files: older pip would else take a newer version for them than the one that is pinned.
# `run` leaves out PyArrow, which is large and which only `gallery export` and `import` need.
set -eu

cd "$(dirname "$0")/.."
mkdir -p requirements

compile() {
    target="requirements/$1.txt"
    shift
    uv pip compile pyproject.toml "$@" --universal --fork-strategy fewest --python-version 3.11 \
        --generate-hashes --no-strip-extras --no-annotate --no-header --no-emit-index-url --no-emit-find-links \
        --quiet --upgrade --output-file "$target"
}

compile check --extra all --group build --group test --group check
compile test --extra all --group build --group test --constraint requirements/check.txt
compile peers --extra all --group build --group test --group peers --constraint requirements/check.txt
compile clients --group clients --constraint requirements/check.txt
compile train --extra cli --group build --group train --constraint requirements/check.txt
compile run --extra cli --extra devices --extra wsq --group build --constraint requirements/check.txt
if grep -nE '://|--index|--find' requirements/*.txt; then
    echo "lock: an address got into the files above" >&2
    exit 1
fi
