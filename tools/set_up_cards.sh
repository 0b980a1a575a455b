#!/bin/sh
# Put what the tests of card readers on the real PC/SC service need beside .venv: pcscd, its virtual reader, and
# pyscard, which is compiled. Where this machine does not allow that, say why and go on: those tests then skip.
set -eu

cd "$(dirname "$0")/.."
python=.venv/bin/python
reader=/usr/lib/pcsc/drivers/serial/libifdvpcd.so

give_up() {
    echo "set_up_cards: $1; the tests on the real card service will skip" >&2
    exit 0
}

[ -x "$python" ] || { echo "set_up_cards: run tools/set_up.sh test first" >&2; exit 2; }
if ! [ -e "$reader" ] || ! command -v pcscd >/dev/null; then
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || give_up "pcscd is missing and only root can install it"
    { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
        pcscd vsmartcard-vpcd; } >&2 || give_up "pcscd and vsmartcard-vpcd cannot be installed"
fi
if "$python" -c 'import smartcard.scard' 2>/dev/null; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
        gcc libc6-dev libpcsclite-dev swig >&2 || give_up "a compiler, swig and libpcsclite-dev cannot be installed"
fi
pip="$python -m pip --disable-pip-version-check --no-input --quiet install --require-hashes --no-deps"
$pip -r requirements/card-build.txt || give_up "setuptools cannot be installed"
$pip --no-build-isolation -r requirements/card-reader.txt || give_up "pyscard cannot be built"
