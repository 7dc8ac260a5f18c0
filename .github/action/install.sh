#!/usr/bin/env bash
# Finds the program: an installed one, or a release whose checksum is in this repository.
. "${BASH_SOURCE[0]%/*}/common.sh"

if [ -n "$GATE_BINARY_PATH" ]; then
  case $GATE_BINARY_PATH in
    *[[:cntrl:]]*) refuse binary-path "it contains a control character" ;;
    /* | ?:*) program=$GATE_BINARY_PATH ;;
    # without a directory, it would be searched for in PATH
    *) program=./$GATE_BINARY_PATH ;;
  esac
  [ -f "$program" ] || refuse binary-path "file not found: $(shown "$GATE_BINARY_PATH")"
  [ -x "$program" ] || refuse binary-path "$(shown "$GATE_BINARY_PATH") is not executable"
  output program "$program"
  exit
fi

case $RUNNER_OS-$RUNNER_ARCH in
  Linux-X64) target=x86_64-unknown-linux-musl ;;
  Linux-ARM64) target=aarch64-unknown-linux-musl ;;
  macOS-X64) target=x86_64-apple-darwin ;;
  macOS-ARM64) target=aarch64-apple-darwin ;;
  Windows-X64) target=x86_64-pc-windows-msvc ;;
  *) refuse binary-path "no release for $(shown "$RUNNER_OS-$RUNNER_ARCH"): build deploygate and pass its path" ;;
esac
program=deploygate
[ "$RUNNER_OS" != Windows ] || program=deploygate.exe

# The value of a key of the package in this version of the action.
manifest() {
  sed -n "s/^$1 = \"\(.*\)\"\$/\1/p" "$GITHUB_ACTION_PATH/Cargo.toml"
}
version=${GATE_VERSION:-$(manifest version)}
archive=deploygate-$version-$target.tar.gz

# Nothing runs without a known checksum; two checksums for one archive count as none.
expected=$(awk -v name="$archive" '$2 == name { print $1 }' "$GITHUB_ACTION_PATH/.github/action/checksums.txt")
[[ $expected =~ ^[0-9a-f]{64}$ ]] ||
  refuse version "no checksum known for $archive: use a released version of this action, or the input binary-path"

folder=$RUNNER_TEMP/deploygate-$version
mkdir -p "$folder" || fail 3 install "failed to create $(shown "$folder")"

give_up() {
  echo "::endgroup::"
  fail 3 install "$1"
}
echo "::group::Download $archive"
if [ ! -f "$folder/$archive" ]; then
  url=$(manifest repository)/releases/download/v$version/$archive
  echo "$url"
  curl -q --proto '=https' --tlsv1.2 --fail --location --silent --show-error --retry 5 --connect-timeout 20 --max-time 300 \
    --output "$folder/$archive" -- "$url" ||
    give_up "failed to download $archive; to do without, use the input binary-path"
fi
if command -v sha256sum >/dev/null; then
  actual=$(sha256sum <"$folder/$archive")
else
  actual=$(shasum -a 256 <"$folder/$archive")
fi
actual=${actual%% *}
echo "SHA-256 $actual"
if [ "$actual" != "$expected" ]; then
  rm -f "$folder/$archive"
  give_up "checksum mismatch: the SHA-256 of $archive is $actual, expected $expected"
fi
# from stdin, since tar would take the drive of a Windows path for a host
tar -xzf - -C "$folder" "$program" <"$folder/$archive" || give_up "failed to unpack $archive"
echo "::endgroup::"
output program "$folder/$program"
