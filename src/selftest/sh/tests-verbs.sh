# --- tests: the verbs ------------------------------------------------------------------------------------------------------

# starts GUEST: in the background, by daemon(8).
starts() {
  use "$1" && logs || return 1
  rm -f "$report"
  export BHYVEC_REPORT="$report"
  expect 0 start || :
  unset BHYVEC_REPORT
  [ -z "$why$late" ] && has_button
}

test_start() {
  starts idle || return 0
  is_up || wrong 'start was over before the guest ran'
  expect 0 status
  says runs
  expect 1 start
  says 'runs already'
  expect 0 stop
  reports 'end 143 crash stop'
  reports undone
  expect 3 status
  expect 0 stop
}

test_button() {
  starts button || return 0
  expect 0 stop
  reports press
  reports 'end 1 poweroff stop'
  ! has force || wrong 'the power button was not enough'
}

test_restart() {
  starts button || return 0
  first=$(last_of guest)
  expect 0 restart
  is_up || wrong 'restart was over before the guest ran again'
  [ "$(last_of guest)" != "$first" ] || wrong 'the guest is the same process as before'
  expect 0 status
  expect 0 stop
}

test_reset_verb() {
  starts idle || return 0
  expect 0 reset
  until_true 'the guest runs again' has_two_guests
  reports 'end 0 reboot restart'
  until_true 'it runs' is_up
  expect 0 stop
}

has_two_guests() { [ "$(count_of 'guest ')" -ge 2 ]; }

test_destroy() {
  starts button || return 0
  expect 0 destroy
  ! has press || wrong 'destroy pressed the power button'
  reports 'end 1 poweroff stop'
  expect 0 destroy
}

test_check() {
  use idle || return 0
  expect 0 check
  expect 3 status
  expect 0 clean
  expect 2 no-such-verb
  expect 7 reset
  expect 6 console
}

test_second() {
  use idle || return 0
  begin run
  comes_up || return 0
  expect 1 run
  says 'runs already'
  expect 0 stop
  finish 0
}

test_two() {
  starts idle || return 0
  starts button || return 0
  for pair in idle button; do
    use "$pair"
    expect 0 status
  done
  for pair in idle button; do
    use "$pair"
    expect 0 stop
  done
}

test_signals() {
  use button || return 0
  for signal in TERM HUP USR1; do
    is_heard "$signal" || continue
    begin run
    comes_up || return 0
    kill -s "$signal" "$(last_of launcher)"
    finish 0
    reports undone
  done
  # What sh(1) starts in the background ignores INT and QUIT, what daemon(8) starts does not.
  for signal in INT QUIT; do
    is_heard "$signal" || continue
    starts button || return 0
    kill -s "$signal" "$(last_of launcher)"
    until_true "$signal ends the run" has undone || return 0
    reports 'end 1 poweroff stop'
    until_true 'the launcher ends' is_over "$(last_of launcher)" || return 0
    is_gone || wrong "after $signal there is left:$rest"
  done
}

# is_heard SIGNAL: what was ignored when this script began is ignored by all that it starts: under nohup(1), HUP.
is_heard() {
  /bin/sh -c 'trap "exit 3" "$1"; kill -s "$1" "$$"; exit 4' sh "$1" 2>/dev/null
  [ "$?" -eq 3 ]
}

# A signal at any moment: afterwards clean finds all that is left.
test_moments() {
  use idle || return 0
  note "moments: seed $seed"
  for signal in KILL TERM KILL HUP KILL USR1; do
    [ "$signal" = KILL ] || is_heard "$signal" || continue
    begin run
    until_true 'the launcher has begun' has launcher || return 0
    sleep "$(moment)"
    # What it has just started comes to its end: who kills a launcher does not kill time.
    kill -s STOP "$(last_of launcher)" 2>/dev/null && until_true 'its commands end' is_at_rest "$(last_of launcher)"
    kill -s "$signal" "$(last_of launcher)" 2>/dev/null
    kill -s CONT "$(last_of launcher)" 2>/dev/null
    wait "$runner" 2>/dev/null
    expect 0 clean
    is_gone || wrong "after $signal there is left:$rest"
    [ -z "$why" ] || return 0
  done
}

# is_at_rest PID: of its children only bhyve still runs, which it may not have told of yet.
is_at_rest() {
  for pid in $(pgrep -P "$1"); do
    case $(title "$pid") in "bhyve: $vm"* | bhyve\ * | */bhyve\ *) continue ;; esac
    is_over "$pid" || return 1
  done
}

# moment: seconds below one, another one each time.
moment() {
  seed=$((seed + 1))
  seed=$seed awk 'BEGIN { srand(ENVIRON["seed"] * 7919); rand(); printf "%.3f\n", rand() }'
}

test_launcher_killed() {
  use idle || return 0
  begin run
  comes_up || return 0
  kill -s KILL "$(last_of launcher)"
  wait "$runner" 2>/dev/null
  [ -n "$(guest_pids)" ] || wrong 'bhyve ended with its launcher'
  expect 4 status
  expect 1 run
  says 'launcher was killed'
  expect 0 clean
  expect 3 status
}

test_bhyve_killed() {
  use idle || return 0
  begin run
  comes_up || return 0
  kill -s KILL "$(last_of guest)"
  finish 1
  reports 'end 137 crash destroy'
  reports undone
}
