#!/bin/sh
# Installs what the tests need beside Python: a browser, PostgreSQL, a font with Chinese signs, Java.
# Where it may not install, it prints the one command to run, and fails.
set -eu

packages="chromium postgresql fonts-wqy-microhei libatomic1 default-jre-headless"

is_there() { [ -e "$1" ]; }
missing=""
command -v chromium > /dev/null 2>&1 || missing="$missing chromium"
is_there /usr/lib/postgresql/*/bin/initdb || missing="$missing postgresql"
is_there /usr/share/fonts/truetype/wqy/*.ttc || is_there /usr/share/fonts/opentype/noto/*CJK* \
  || missing="$missing fonts-wqy-microhei"
# The Node that drives the browser is linked against it.
is_there /usr/lib/*/libatomic.so.1 || missing="$missing libatomic1"
# Spark, the distributed engine, runs on it.
command -v java > /dev/null 2>&1 || missing="$missing default-jre-headless"
[ -n "$missing" ] || exit 0

echo "Needed for the tests and not here yet:$missing"
as_root=""
if [ "$(id -u)" -ne 0 ]; then
  as_root="sudo"
  if ! command -v sudo > /dev/null 2>&1 || ! sudo -n true 2> /dev/null; then as_root="no"; fi
fi
if [ "$as_root" = "no" ] || ! command -v apt-get > /dev/null 2>&1; then
  echo "Please run this one command, then the same make again:" >&2
  echo "    sudo apt-get update && sudo apt-get install -y $packages" >&2
  echo "(On systems other than Debian: install Chromium, PostgreSQL 15+, a CJK font, libatomic and Java 17+.)" >&2
  exit 1
fi
echo "Installing them with apt-get; this takes a minute or two."
log="$(mktemp)"
install() {
  $as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq update \
    && $as_root env DEBIAN_FRONTEND=noninteractive \
      apt-get -qq install -y --no-install-recommends $missing
}
if ! install > "$log" 2>&1 < /dev/null; then
  tail -n 20 "$log" >&2
  echo "apt-get failed. Please run: sudo apt-get update && sudo apt-get install -y $packages" >&2
  exit 1
fi
rm -f "$log"
