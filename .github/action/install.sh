#!/usr/bin/env bash
# Finds the program: the one that is there, or the release's, whose checksum this repository knows.
. "${BASH_SOURCE[0]%/*}/common.sh"

if [ -n "$GATE_BINARY_PATH" ]; then
  case $GATE_BINARY_PATH in
    *[[:cntrl:]]*) refuse binary-path "it has a control character" ;;
    /* | ?:*) program=$GATE_BINARY_PATH ;;
    # without a folder, it would be looked for in PATH
    *) program=./$GATE_BINARY_PATH ;;
  esac
  [ -f "$program" ] || refuse binary-path "there is no file $(shown "$GATE_BINARY_PATH")"
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
  *) refuse binary-path "nothing is released for $(shown "$RUNNER_OS-$RUNNER_ARCH"): build it and name its path" ;;
esac
program=deploygate
[ "$RUNNER_OS" != Windows ] || program=deploygate.exe

# The value of a key of the package, as this version of the action has it.
manifest() {
  sed -n "s/^$1 = \"\(.*\)\"\$/\1/p" "$GITHUB_ACTION_PATH/Cargo.toml"
}
version=${GATE_VERSION:-$(manifest version)}
archive=deploygate-$version-$target.tar.gz

# Nothing runs whose checksum is not known, and a table that says two things says nothing.
expected=$(awk -v name="$archive" '$2 == name { print $1 }' "$GITHUB_ACTION_PATH/.github/action/checksums.txt")
[[ $expected =~ ^[0-9a-f]{64}$ ]] ||
  refuse version "no checksum is known of $archive: use a released version of this action, or the input binary-path"

folder=$RUNNER_TEMP/deploygate-$version
mkdir -p "$folder" || fail 3 install "the folder $(shown "$folder") cannot be made"

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
    give_up "the download of $archive failed; the input binary-path does without it"
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
  give_up "the SHA-256 of $archive is not $expected: what was downloaded is not what was released"
fi
# from stdin, since tar takes the drive of a Windows path for a host
tar -xzf - -C "$folder" "$program" <"$folder/$archive" || give_up "$archive cannot be unpacked"
echo "::endgroup::"
output program "$folder/$program"
