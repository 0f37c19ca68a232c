# --- what is told: the Test Anything Protocol, version 13 --------------------------------------------------------------

number=0 failures=0 skips=0 why='' skip='' late=''

note() { printf '# %s\n' "$*"; }

# fact NAME VALUE [PLACE]: something about this host; PLACE is what hangs on it in the sources of bhyvec.
fact() {
  # Where the time is over a probe has not seen what it tells.
  [ -z "$late" ] || return 0
  printf '# fact %s: %s\n' "$1" "$(one_line "$2")"
  [ -z "${3-}" ] || printf '# hangs on it: %s\n' "$3"
}

# one_line TEXT: what it is may come from a program, and a line of its own would be one of the protocol.
one_line() { case $1 in *"$newline"*) printf '%s' "$1" | tr '\n' ' ' ;; *) printf '%s' "$1" ;; esac; }

# printable: no control characters, and no bytes that may be half a character: YAML takes none.
printable() { tr -c '\n\t -~' '?'; }

# quoted TEXT: as a scalar of YAML, whatever is in it.
quoted() { printf "'%s'" "$(one_line "$1" | printable | sed "s/'/''/g")"; }

# block PREFIX: lines as a literal of YAML. The first that is not empty says how deep it is, and so has no blanks before it. Some readers
# take an empty one for no end.
block() {
  printable | prefix=$1 awk '
    !begun && ENVIRON["prefix"] == "" { sub(/^[\t ]+/, "") }
    /./ { begun = 1 }
    { print "    " ENVIRON["prefix"] $0 }
    END { if (!begun) print "    nothing was said" }
  '
}

# wrong MESSAGE: the test has failed; the first reason counts. What there was no time for is no failure. Always false.
wrong() {
  printf '%s\n' "$*" >>"$work/log"
  [ -n "$late" ] || why=${why:-$*}
  return 1
}

# tell_result NAME TITLE: one line, and below a failure what the test has said.
tell_result() {
  number=$((number + 1))
  if [ -n "$why" ]; then
    failures=$((failures + 1))
    printf 'not ok %s - %s: %s\n' "$number" "$1" "$2"
    printf '  ---\n  message: %s\n  log: |\n' "$(quoted "$why")"
    tail -n 40 "$work/log" | block ''
    [ ! -s "$report" ] || block 'report: ' <"$report"
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
