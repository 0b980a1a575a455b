#!/bin/sh
# Make .venv and put one locked set of packages and this project into it: tools/set_up.sh run|test|check|peers
#
# Every package is installed by version and hash from requirements/<set>.txt, those of requirements/<set>-alone.txt
# without what they ask for. Where the machine lacks
# Python's venv module, it is installed when we are root; else the one line to type is printed.
set -eu

cd "$(dirname "$0")/.."
set_name="${1:?usage: tools/set_up.sh run|test|check|peers}"
lock="requirements/$set_name.txt"
[ -f "$lock" ] || { echo "set_up: no such set of packages: $lock" >&2; exit 2; }

is_new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for name in "${PYTHON:-}" python3 python3.13 python3.12 python3.11 python; do
        if [ -n "$name" ] && is_new_enough "$name"; then
            command -v "$name"
            return
        fi
    done
    return 1
}

install_or_tell() {
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "set_up: installing $*" >&2
        apt-get update -q >&2
        DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >&2
    else
        echo "set_up: this machine lacks $*; type:  sudo apt-get update && sudo apt-get install -y $*" >&2
        exit 1
    fi
}

python=$(find_python) || {
    install_or_tell python3 python3-venv
    python=$(find_python) || {
        echo "set_up: Python 3.11 or newer is needed; name one with: make PYTHON=/path/to/python3" >&2
        exit 1
    }
}

if ! [ -x .venv/bin/python ] || ! is_new_enough .venv/bin/python; then
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        install_or_tell "$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"
    fi
    echo "set_up: making .venv with $("$python" --version)" >&2
    rm -rf .venv
    "$python" -m venv .venv
fi

echo "set_up: installing the locked packages of $lock" >&2
pip=".venv/bin/python -m pip --disable-pip-version-check --no-input --quiet"
$pip install --require-hashes -r "$lock"
alone="requirements/$set_name-alone.txt"
[ ! -f "$alone" ] || $pip install --no-deps --require-hashes -r "$alone"
$pip install --no-deps --no-build-isolation -e .
