# Shell functions of tests/run and examples/run; sourced by them, from the root of the checkout.
# bash, errexit off: a stage that fails is counted, and the next one that does not need it runs.

export CTEST_PARALLEL_LEVEL=${CTEST_PARALLEL_LEVEL:-$(nproc)}
export CMAKE_BUILD_PARALLEL_LEVEL=${CMAKE_BUILD_PARALLEL_LEVEL:-$(nproc)}
PASSED=0
FAILED=0
SKIPPED=0

elapsed() { printf '%d:%02d' $((SECONDS / 60)) $((SECONDS % 60)); }

say() { printf '[%s] %s\n' "$(elapsed)" "$*"; }

# stage NAME COMMAND...: a line before and after it, with the time. Answers what the command answers.
stage() {
  local name=$1 begin=$SECONDS code=0
  shift
  say "$name ..."
  "$@" || code=$?
  if ((code == 77)); then
    say "$name: skipped"
  elif ((code == 0)); then
    say "$name: done in $((SECONDS - begin)) s"
  else
    say "$name: FAILED (exit code $code) after $((SECONDS - begin)) s"
  fi
  return "$code"
}

# check NAME COMMAND...: a stage that counts as one test. Exit code 77: what it takes is not here.
check() {
  local code=0
  stage "$@" || code=$?
  case $code in
    0) PASSED=$((PASSED + 1)) ;;
    77) SKIPPED=$((SKIPPED + 1)) ;;
    *) FAILED=$((FAILED + 1)) ;;
  esac
}

# quietly LOG COMMAND...: a terminal sees the command's own output; a log file of CI gets one line
# per 20 seconds (the last one so far), and all of it from the first error on if it fails.
quietly() {
  local log=$1 code=0 pid
  shift
  if [[ -t 1 ]]; then
    "$@"
    return
  fi
  mkdir -p "$(dirname "$log")"
  "$@" >"$log" 2>&1 &
  pid=$!
  local ticks=0
  while kill -0 "$pid" 2>/dev/null; do
    sleep 1
    ticks=$((ticks + 1))
    if ((ticks % 20 == 0)); then say "  $(tail -n 1 "$log" | cut -c 1-100)"; fi
  done
  wait "$pid" || code=$?
  if ((code != 0)); then
    awk '/FAILED|[Ee]rror|^E: /{found=1} found' "$log" | head -n 200
    say "  all of its output: $log"
  fi
  return "$code"
}

# The packages of .ci/packages that are of one of the given kinds and not installed.
missing_packages() {
  local kinds=" $* " kind package
  while read -r kind package; do
    [[ $kind == '#'* || $kinds != *" $kind "* ]] && continue
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] ||
      printf '%s ' "$package"
  done <.ci/packages
}

apt_install() {
  local as_root=()
  ((EUID == 0)) || as_root=(sudo -n)
  local install=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive
    apt-get install -y -qq --no-install-recommends "$@")
  # On a fresh machine the package lists are not there yet, on others they may be out of date.
  "${install[@]}" || { "${as_root[@]}" apt-get update -qq && "${install[@]}"; }
}

# install_packages KIND...: ends the script with exit code 2 if they are missing and it may not
# install them.
install_packages() {
  if ! command -v apt-get >/dev/null; then
    say "no apt-get here: going on with what is installed (what it takes: .ci/packages)"
    return 0
  fi
  local missing
  read -ra missing <<<"$(missing_packages "$@")"
  ((${#missing[@]})) || return 0
  if ((EUID != 0)) && ! sudo -n true 2>/dev/null; then
    printf 'error: packages are missing, and only root may install them; run as root\n  %s\n' \
      "apt-get update && apt-get install -y --no-install-recommends ${missing[*]}" >&2
    exit 2
  fi
  if ! stage "install ${#missing[@]} packages" quietly build/apt.log apt_install "${missing[@]}"; then
    printf 'error: cannot install: %s\n' "${missing[*]}" >&2
    exit 2
  fi
}

# build PRESET TARGET [CMAKE_OPTION...]
build() {
  local preset=$1 target=$2
  shift 2
  quietly "build/$preset.configure.log" cmake --preset "$preset" "$@" &&
    quietly "build/$preset.build.log" cmake --build "build/$preset" --target "$target"
}

# run_examples BINARY [FOLDER...]: all examples or the given ones; each gets the path of `licet`.
run_examples() {
  local binary=$1 folder
  shift
  (($#)) || set -- "$PWD"/examples/*/
  for folder in "$@"; do
    folder=${folder%/}
    check "${folder#"$PWD/"}" "$folder/run" "$binary"
  done
}

# The closing line, alone on its line.
summary() {
  local line="$PASSED passed, $FAILED failed"
  ((SKIPPED == 0)) || line+=", $SKIPPED skipped"
  printf '%s\n' "$line"
  ((FAILED == 0 && PASSED > 0))
}
