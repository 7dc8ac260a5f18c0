#!/usr/bin/env bash
# Installs a release of the program into a folder: install.sh FOLDER. Nothing is installed whose checksum is not the one given.
#   DEPLOYGATE_VERSION=0.1.0    the release
#   DEPLOYGATE_SHA256=…         of its archive for this machine, from the release's checksums
#   DEPLOYGATE_REPOSITORY=…     the repository on GitHub that has the release, as OWNER/deploygate
set -euo pipefail
refuse() { echo "install.sh: $*" >&2; exit 2; }
folder=${1:-}
[ -n "$folder" ] || refuse "name the folder that the program goes to"
version=${DEPLOYGATE_VERSION:-} expected=${DEPLOYGATE_SHA256:-}
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || refuse "DEPLOYGATE_VERSION is no version like 0.1.0"
[[ $expected =~ ^[0-9a-f]{64}$ ]] || refuse "DEPLOYGATE_SHA256 is no SHA-256: 64 digits, as the release's checksums have it"
case $(uname -s)-$(uname -m) in
  Linux-x86_64) target=x86_64-unknown-linux-musl ;;
  Linux-aarch64) target=aarch64-unknown-linux-musl ;;
  Darwin-x86_64) target=x86_64-apple-darwin ;;
  Darwin-arm64) target=aarch64-apple-darwin ;;
  *) refuse "nothing is released for $(uname -s) on $(uname -m)" ;;
esac
repository=${DEPLOYGATE_REPOSITORY:-OWNER/deploygate}
[[ $repository != OWNER/* ]] || refuse "nothing is released under OWNER: set DEPLOYGATE_REPOSITORY to a repository that has releases"
archive=deploygate-$version-$target.tar.gz
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
curl -q --proto '=https' --tlsv1.2 --fail --location --silent --show-error --retry 5 --connect-timeout 20 --max-time 300 \
  --output "$work/$archive" -- "https://github.com/$repository/releases/download/v$version/$archive"
if command -v sha256sum >/dev/null; then actual=$(sha256sum <"$work/$archive"); else actual=$(shasum -a 256 <"$work/$archive"); fi
[ "${actual%% *}" = "$expected" ] || { echo "install.sh: the SHA-256 of $archive is ${actual%% *}, not $expected" >&2; exit 3; }
tar -xzf "$work/$archive" -C "$work" deploygate
mkdir -p "$folder"
mv "$work/deploygate" "$folder/deploygate"
