#!/usr/bin/env bash
# Finds the program: an installed one, a release whose checksum is in this repository, or, as long as there is no release, one that
# is built from this checkout.
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

give_up() {
  echo "::endgroup::"
  fail 3 install "$1"
}
program=deploygate
[ "$RUNNER_OS" != Windows ] || program=deploygate.exe

# Rows of the table of checksums: SHA-256, name of the archive.
table=$GITHUB_ACTION_PATH/.github/action/checksums.txt
if ! grep -q '^[^#]' "$table"; then
  [ -z "$GATE_VERSION" ] ||
    refuse version "deploygate has not been released yet: leave it empty, and this checkout is built, or use the input binary-path"
  { [ -f "$GITHUB_ACTION_PATH/src/main.rs" ] && command -v cargo >/dev/null; } ||
    refuse binary-path "deploygate has not been released yet, and without cargo it cannot be built here: build it and pass its path"
  echo "::notice title=deploygate install::deploygate has not been released yet: building it from this checkout"
  echo "::group::Build deploygate"
  # The version is that of the source beside this file; compiling fast counts for more than a small program.
  (cd "$GITHUB_ACTION_PATH" && CARGO_TARGET_DIR=$RUNNER_TEMP/deploygate-build CARGO_PROFILE_DEV_DEBUG=0 cargo build --locked --bin deploygate) ||
    give_up "failed to build deploygate; to do without, use the input binary-path"
  echo "::endgroup::"
  output program "$RUNNER_TEMP/deploygate-build/debug/$program"
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

# The value of a key of the package in this version of the action.
manifest() {
  sed -n "s/^$1 = \"\(.*\)\"\$/\1/p" "$GITHUB_ACTION_PATH/Cargo.toml"
}
# The newest release for this machine; what comes before a release, like 1.0.0-rc.1, is not one.
latest() {
  awk -v end="-$target.tar.gz" '
    /^#/ { next }
    {
      version = $2
      sub(/^deploygate-/, "", version)
      at = index(version, end)
      if (at == 0 || substr(version, at) != end) next
      version = substr(version, 1, at - 1)
      if (version !~ /^[0-9]+\.[0-9]+\.[0-9]+$/) next
      split(version, part, ".")
      rank = sprintf("%09d%09d%09d", part[1], part[2], part[3])
      if (rank > best) { best = rank; newest = version }
    }
    END { print newest }' "$table"
}
case $GATE_VERSION in
  latest)
    version=$(latest)
    [ -n "$version" ] || refuse version "no release for $target is known to this version of the action"
    ;;
  *) version=${GATE_VERSION#v} ;;
esac
version=${version:-$(manifest version)}
archive=deploygate-$version-$target.tar.gz

# Nothing runs without a known checksum; two checksums for one archive count as none.
expected=$(awk -v name="$archive" '$2 == name { print $1 }' "$table")
[[ $expected =~ ^[0-9a-f]{64}$ ]] ||
  refuse version "no checksum known for $archive: use a released version of this action, or the input binary-path"

folder=$RUNNER_TEMP/deploygate-$version
mkdir -p "$folder" || fail 3 install "failed to create $(shown "$folder")"

# Sets `actual` to the SHA-256 of a file.
sum() {
  if command -v sha256sum >/dev/null; then actual=$(sha256sum <"$1"); else actual=$(shasum -a 256 <"$1"); fi
  actual=${actual%% *}
}

echo "::group::Download $archive"
# The runner's tool cache outlives the job on machines of one's own, so what lies there is verified like a download.
cached=
[ -z "${RUNNER_TOOL_CACHE:-}" ] || cached=$RUNNER_TOOL_CACHE/deploygate/$version/$RUNNER_ARCH/$archive
if [ -n "$cached" ] && [ -f "$cached" ] && [ ! -f "$folder/$archive" ]; then
  sum "$cached"
  if [ "$actual" = "$expected" ]; then
    echo "from the tool cache"
    cp "$cached" "$folder/$archive"
  fi
fi
if [ ! -f "$folder/$archive" ]; then
  url=$(manifest repository)/releases/download/v$version/$archive
  echo "$url"
  curl -q --proto '=https' --tlsv1.2 --fail --location --silent --show-error --retry 5 --connect-timeout 20 --max-time 300 \
    --output "$folder/$archive" -- "$url" ||
    give_up "failed to download $archive; to do without, use the input binary-path"
fi
sum "$folder/$archive"
echo "SHA-256 $actual"
if [ "$actual" != "$expected" ]; then
  rm -f "$folder/$archive"
  give_up "checksum mismatch: the SHA-256 of $archive is $actual, expected $expected"
fi
# from stdin, since tar would take the drive of a Windows path for a host
tar -xzf - -C "$folder" "$program" <"$folder/$archive" || give_up "failed to unpack $archive"
if [ -n "$cached" ] && ! cmp -s "$folder/$archive" "$cached"; then
  # a cache that cannot be written costs the next job a download, and nothing else
  { mkdir -p "${cached%/*}" && cp "$folder/$archive" "$cached.$$" && mv -f "$cached.$$" "$cached"; } 2>/dev/null ||
    echo "the tool cache cannot be written"
fi
echo "::endgroup::"
output program "$folder/$program"
