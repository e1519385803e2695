#!/bin/sh
# Make the environment; where Debian's venv part is missing, install it or say how.
set -eu
python="$1"
venv="$2"
command -v "$python" >/dev/null 2>&1 || { echo "Python 3.11 or newer is needed ($python was not found)." >&2; exit 1; }
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed." >&2; exit 1; }
[ -x "$venv/bin/python" ] && "$venv/bin/python" -m pip --version >/dev/null 2>&1 && exit 0
if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    sudo=""
    [ "$(id -u)" -eq 0 ] || sudo="sudo -n"
    if command -v apt-get >/dev/null 2>&1 && $sudo true 2>/dev/null; then
        $sudo apt-get update -qq && $sudo apt-get install -y -qq python3-venv >/dev/null
    else
        echo "Python's venv part is missing. Install it, then call make again:" >&2
        echo "    sudo apt-get install python3-venv" >&2
        exit 1
    fi
fi
"$python" -m venv "$venv"
