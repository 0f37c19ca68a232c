# --- test: the supervisor, where bhyvec itself is there ----------------------------------------------------------------------

# It keeps what lasts in folders of its own: where one of them is, a supervisor lives here, and is left alone.
test_supervisor() {
  program=${BHYVEC_SELFTEST_PROGRAM:-$(command -v bhyvec 2>/dev/null)}
  [ -n "$program" ] || {
    skip='bhyvec is not installed'
    return 0
  }
  for folder in /var/db/bhyvec /var/run/bhyvecd /var/log/bhyvec /var/run/bhyvec; do
    [ ! -e "$root$folder" ] || {
      skip="$folder is there: a supervisor is at home here"
      return 0
    }
  done
  for folder in /var/db/bhyvec /var/run/bhyvecd /var/log/bhyvec /var/run/bhyvec; do made tree "$folder"; done
  guest=kept-up vm=bhyvecst-kept-up socket=$root$base/work/sock
  # shellcheck disable=SC2086 # the program may be two words
  $program supervise --socket "$socket" --target "freebsd-$chosen" >>"$work/log" 2>&1 </dev/null &
  supervisor=$!
  until_true 'the supervisor listens' test -S "$socket" || return 0
  asks 0 define "$root$base/guests/$guest.xml"
  asks 0 start "$vm"
  asks 0 domstate "$vm"
  says running
  # It owns no guest: one that follows it finds them all.
  kill -s KILL "$supervisor"
  wait "$supervisor" 2>/dev/null
  # shellcheck disable=SC2086
  $program supervise --socket "$socket" --target "freebsd-$chosen" >>"$work/log" 2>&1 </dev/null &
  supervisor=$!
  until_true 'the second supervisor answers' is_kept || return 0
  asks 0 shutdown "$vm"
  until_true 'the guest is off' is_off || return 0
  asks 0 undefine "$vm"
  kill -s TERM "$supervisor"
  until_true 'the supervisor ends' is_over "$supervisor" || kill -s KILL "$supervisor"
  got=0
  wait "$supervisor" || got=$?
  [ "$got" -eq 0 ] || wrong "the supervisor ended with $got"
  is_gone || wrong "left behind:$rest"
}

# asks STATUS WORD...: a command for the supervisor.
asks() {
  wanted=$1
  shift
  # shellcheck disable=SC2086
  limited $program --connect "bhyve+unix:///system?socket=$socket" "$@"
  [ "$got" -eq "$wanted" ] || wrong "bhyvec $* ended with $got, not with $wanted"
}

has_state() {
  within "$patience" || return 1
  # shellcheck disable=SC2086
  timeout --foreground -k 5 "$limit" $program --connect "bhyve+unix:///system?socket=$socket" domstate "$vm" 2>/dev/null </dev/null | grep -q "$1"
}

is_kept() { has_state running; }
is_off() { has_state 'shut off'; }
