#!/bin/sh
# Runs the tests of sink-haproxy against the HAProxy of other Debian suites, and prints one line for each. Needs Debian or its
# archive keyring, apt, dpkg-deb and a network; changes nothing of the system. Tests take the HAProxy that PATH finds first; nothing else chooses it.
#
#   scripts/haproxy-versions.sh [suite...]        default: trixie sid experimental
#
# HAPROXY_VERSIONS: where the programs are unpacked and kept; default: a folder for temporary files. TESTS: which tests to run.
set -u

root=${HAPROXY_VERSIONS:-${TMPDIR:-/tmp}/haproxy-versions}
tests=${TESTS:-packages/sink-haproxy/test}
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
[ $# -gt 0 ] || set -- trixie sid experimental
cd "$(dirname "$0")/.." || exit 1

# The mirror that this machine uses; elsewhere than on Debian name one: DEBIAN_MIRROR=<url>.
mirror=${DEBIAN_MIRROR:-$(apt-get indextargets --format '$(SITE) $(RELEASE)' | awk '$2 !~ /-/ { print $1; exit }')}

# unpack <suite>: HAProxy with the libraries of its suite, and a program that starts it with them.
unpack() {
  base=$root/$1
  [ -x "$base/bin/haproxy" ] && return
  rm -rf "$base"
  mkdir -p "$base/state/lists/partial" "$base/cache/archives/partial" "$base/root" "$base/bin"
  : >"$base/status"
  case $1 in
  # It holds only what differs from sid.
  experimental) suites="sid experimental" target="-t experimental" ;;
  *) suites=$1 target="" ;;
  esac
  for suite in $suites; do
    echo "deb [signed-by=$keyring] $mirror $suite main"
  done >"$base/sources.list"
  # shellcheck disable=SC2086 # The target is an option and its value, or nothing.
  (
    cd "$base/root" || exit 1
    options="-o Dir::Etc::SourceList=$base/sources.list -o Dir::Etc::SourceParts=/dev/null -o Dir::State=$base/state
      -o Dir::State::status=$base/status -o Dir::Cache=$base/cache -o APT::Sandbox::User=$(id -un) -o APT::Install-Recommends=false"
    apt-get $options update -qq || exit 1
    # With everything that it needs, since nothing counts as installed.
    apt-get $options $target install --download-only -qq -y haproxy || exit 1
    for archive in ../cache/archives/*.deb; do dpkg-deb -x "$archive" "$base/root" || exit 1; done
  ) || return 1
  loader=$(find "$base/root" -name 'ld-linux*.so.*' | head -n 1)
  libraries=$(find "$base/root" -name 'libc.so.6' -exec dirname {} \; | head -n 1)
  program=$(find "$base/root" -path '*/sbin/haproxy' | head -n 1)
  printf '#!/bin/sh\nexec %s --argv0 %s --library-path %s %s "$@"\n' "$loader" "$base/bin/haproxy" "$libraries" "$program" >"$base/bin/haproxy"
  chmod +x "$base/bin/haproxy"
}

failed=0
for suite in "$@"; do
  log=$root/$suite.log
  mkdir -p "$root"
  if ! unpack "$suite" >"$log" 2>&1 || ! version=$("$root/$suite/bin/haproxy" -v 2>>"$log"); then
    echo "$suite: cannot be had, see $log"
    failed=1
    continue
  fi
  version=$(echo "$version" | sed -n '1s/.*version \([^ ]*\).*/\1/p')
  # shellcheck disable=SC2086 # Several tests may be named.
  if PATH=$root/$suite/bin:$PATH npx vitest run $tests >"$log" 2>&1; then result=passed; else result=failed failed=1; fi
  echo "$suite: HAProxy $version $result ($(tail -n 1 "$log"); $log)"
done
exit $failed
