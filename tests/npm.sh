# npm.sh: packages from npm for tests and benchmarks, in exact versions; kept in build/npm from run to run.
# shellcheck shell=bash
# Sourced, with the repository as the current folder.

# npm_packages FOLDER: installs what FOLDER/package.json names, and sets $npm_packages to where it is.
# False, with the reason in $npm_reason, when that cannot be.
# shellcheck disable=SC2034 # read by who sources it
npm_packages () {
  local program
  for program in node npm; do
    command -v "$program" >/dev/null || { npm_reason="$program is not installed"; return 1; }
  done
  npm_packages=$PWD/build/npm/$(sha256sum <"$1/package.json" | cut -c1-16)
  mkdir -p build/npm
  # made whole or not at all, by one at a time
  exec 9>build/npm/lock
  flock 9
  if [ ! -e "$npm_packages/installed" ]; then
    rm -rf "$npm_packages"
    mkdir -p "$npm_packages"
    cp "$1/package.json" "$npm_packages/"
    (cd "$npm_packages" && timeout 300 npm install --ignore-scripts --no-package-lock --no-audit \
      --no-fund --fetch-retries=1 --fetch-retry-mintimeout=1000 --loglevel=error >install.log 2>&1 &&
      touch installed)
  fi
  flock -u 9
  npm_reason="npm cannot install: $(grep -m1 -E 'ERR|error' "$npm_packages/install.log")"
  [ -e "$npm_packages/installed" ]
}
