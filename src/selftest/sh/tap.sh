# --- what is told: the Test Anything Protocol, version 13 --------------------------------------------------------------

number=0 failures=0 skips=0 why='' skip=''

note() { printf '# %s\n' "$*"; }

# fact NAME VALUE [PLACE]: something about this host; PLACE is what hangs on it in the sources of bhyvec.
fact() {
  printf '# fact %s: %s\n' "$1" "$2"
  [ -z "${3-}" ] || printf '# hangs on it: %s\n' "$3"
}

# wrong MESSAGE: the test has failed; the first reason counts. Always false.
wrong() {
  [ -n "$why" ] || why=$*
  printf '%s\n' "$*" >>"$work/log"
  return 1
}

# tell_result NAME TITLE: one line, and below a failure what the test has said.
tell_result() {
  number=$((number + 1))
  if [ -n "$why" ]; then
    failures=$((failures + 1))
    printf 'not ok %s - %s: %s\n' "$number" "$1" "$2"
    printf '  ---\n  message: %s\n  log: |\n' "$why"
    tail -n 40 "$work/log" | sed 's/^/    /'
    [ ! -s "$report" ] || sed 's/^/    report: /' "$report"
    printf '  ...\n'
  elif [ -n "$skip" ]; then
    skips=$((skips + 1))
    printf 'ok %s - %s: %s # SKIP %s\n' "$number" "$1" "$2" "$skip"
  else
    printf 'ok %s - %s: %s\n' "$number" "$1" "$2"
  fi
}

# refuse REASON: nothing can be tested here.
refuse() {
  printf '1..0 # SKIP %s\n' "$*"
  exit 1
}
