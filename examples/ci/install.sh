#!/usr/bin/env bash
# Installs a release of deploygate into a directory and verifies its checksum: install.sh DIRECTORY
#   DEPLOYGATE_VERSION=0.1.0    the release
#   DEPLOYGATE_SHA256=…         of its archive for this machine, from the release's checksums
#   DEPLOYGATE_REPOSITORY=…     the GitHub repository of the release, as OWNER/deploygate
set -euo pipefail
refuse() { echo "install.sh: $*" >&2; exit 2; }
folder=${1:-}
[ -n "$folder" ] || refuse "missing directory: install.sh DIRECTORY"
missing=''
for tool in curl tar gzip uname mktemp; do command -v "$tool" >/dev/null || missing+=" $tool"; done
command -v sha256sum >/dev/null || command -v shasum >/dev/null || missing+=' sha256sum'
[ -z "$missing" ] || refuse "not installed:$missing"
version=${DEPLOYGATE_VERSION:-} expected=${DEPLOYGATE_SHA256:-}
[[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || refuse "invalid DEPLOYGATE_VERSION: expected a version like 0.1.0"
[[ $expected =~ ^[0-9a-f]{64}$ ]] || refuse "invalid DEPLOYGATE_SHA256: expected 64 hexadecimal digits, from the release's checksums"
case $(uname -s)-$(uname -m) in
  Linux-x86_64) target=x86_64-unknown-linux-musl ;;
  Linux-aarch64) target=aarch64-unknown-linux-musl ;;
  Darwin-x86_64) target=x86_64-apple-darwin ;;
  Darwin-arm64) target=aarch64-apple-darwin ;;
  *) refuse "no release for $(uname -s) on $(uname -m)" ;;
esac
repository=${DEPLOYGATE_REPOSITORY:-OWNER/deploygate}
[[ $repository != OWNER/* ]] || refuse "OWNER is a placeholder: set DEPLOYGATE_REPOSITORY to a repository that has releases"
archive=deploygate-$version-$target.tar.gz
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
curl -q --proto '=https' --tlsv1.2 --fail --location --silent --show-error --retry 5 --connect-timeout 20 --max-time 300 \
  --output "$work/$archive" -- "https://github.com/$repository/releases/download/v$version/$archive"
if command -v sha256sum >/dev/null; then actual=$(sha256sum <"$work/$archive"); else actual=$(shasum -a 256 <"$work/$archive"); fi
[ "${actual%% *}" = "$expected" ] || { echo "install.sh: checksum mismatch: the SHA-256 of $archive is ${actual%% *}, expected $expected" >&2; exit 3; }
tar -xzf "$work/$archive" -C "$work" deploygate
mkdir -p "$folder"
mv "$work/deploygate" "$folder/deploygate"
