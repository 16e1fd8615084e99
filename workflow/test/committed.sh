#!/usr/bin/env bash
# What is committed, built, in a folder of its own: nobody edits the code, and with it the cache keys, while a test runs.
#
#   workflow/test/committed.sh FOLDER
set -euo pipefail
here=$(cd "$(dirname "$0")/../.." && pwd)
mkdir -p "$1"
git -C "$here" archive HEAD | tar x -C "$1"
ln -sfn "$here/node_modules" "$1/node_modules"
cd "$1"
npm run --silent build 2>/dev/null
