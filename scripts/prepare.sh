# Sourced by demo and test: brings a clean clone to where its commands work. Needs only Node and npm.

cd "$(dirname "${BASH_SOURCE[0]}")/.."
export TURBO_TELEMETRY_DISABLED=1 DO_NOT_TRACK=1

fail() {
  printf '%s: %s\n' "$(basename "$0")" "$1" >&2
  exit 1
}

say() {
  printf '==> %s\n' "$1" >&2
}

require_node() {
  command -v node >/dev/null || fail 'Node.js is missing; install version 20.19 or later from https://nodejs.org'
  node -e 'const [major, minor] = process.versions.node.split(".").map(Number); process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1)' ||
    fail "Node.js $(node --version) is too old; install version 20.19 or later from https://nodejs.org"
  command -v npm >/dev/null || fail 'npm is missing; it comes with Node.js, or as the package npm on Debian'
}

# Whether node_modules holds the versions of the lock file; what is optional may be for another platform.
packages_are_current() {
  [ -f node_modules/.package-lock.json ] && node -e '
    const { readFileSync } = require("node:fs");
    const [wanted, installed] = ["package-lock.json", "node_modules/.package-lock.json"].map(
      (path) => JSON.parse(readFileSync(path, "utf8")).packages,
    );
    const missing = Object.entries(wanted).some(
      ([key, { version, link, optional }]) =>
        key.includes("node_modules/") && !link && !optional && installed[key]?.version !== version,
    );
    process.exit(missing ? 1 : 0);
  '
}

install_packages() {
  packages_are_current && return
  say 'installing packages: npm ci'
  npm ci --no-fund --no-audit || fail 'npm ci failed, see above'
}

# Names a program, then the Debian packages that bring it.
install_program() {
  local program=$1
  shift
  command -v apt-get >/dev/null || fail "$program is missing, and this is no Debian or Ubuntu to install it on"
  local root=()
  if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null || fail "$program is missing; install it with: sudo apt-get install $*"
    root=(sudo -n)
  fi
  say "$program is missing, installing it: apt-get install $*"
  "${root[@]}" apt-get update -qq || say 'apt-get update failed; trying with the lists that are there'
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2 ||
    fail "installing $program failed, see above"
}

require_haproxy() {
  # Debian installs it where only root looks for commands.
  PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
  command -v haproxy >/dev/null || install_program 'HAProxy 2.6 or later' haproxy
  command -v haproxy >/dev/null || fail 'HAProxy was installed, and is not found'
}

# With all that the sink can use: the tests show both its modes, and TCP.
require_nginx() {
  PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
  nginx_is_complete || install_program 'nginx 1.22 or later with Lua and stream' \
    nginx-light libnginx-mod-http-lua libnginx-mod-stream lua-cjson
  nginx_is_complete || fail 'nginx was installed, and its Lua or stream module is not found'
}

nginx_is_complete() {
  command -v nginx >/dev/null || return
  local modules
  modules=$(nginx -V 2>&1 | grep -o -- '--modules-path=[^ ]*' | cut -d= -f2)
  [ -e "$modules/ngx_http_lua_module.so" ] && [ -e "$modules/ngx_stream_module.so" ] &&
    compgen -G '/usr/lib/*/lua/5.1/cjson.so' >/dev/null
}

# The recipes of the template sink are tested with the programs that they are for.
require_recipe_programs() {
  local program package
  local missing=()
  for program in promtool:prometheus caddy:caddy varnishd:varnish dnsmasq:dnsmasq-base; do
    package=${program#*:}
    command -v "${program%:*}" >/dev/null || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] || install_program "${missing[*]}" "${missing[@]}"
}

build() {
  say 'building: turbo run build'
  npx --no-install turbo run build --output-logs=errors-only || fail 'the build failed, see above'
}
