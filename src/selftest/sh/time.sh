# --- time: each wait has an end, and all of them together have one ------------------------------------------------------

# within SECONDS [DEADLINE]: sets limit to the seconds, or to what is left of the time for all. False where nothing is left, and then
# the test goes no further: it is skipped, not failed.
within() {
  limit=$((${2:-$deadline} - $(date +%s)))
  [ "$limit" -le "$1" ] || limit=$1
  [ "$limit" -le 0 ] || return 0
  limit=0 late="no time is left: BHYVEC_SELFTEST_LIMIT=$((time_limit * 3)) gives more"
  return 1
}

# waits SECONDS COMMAND...: asks ten times a second; false when the time is over. The asking takes time, too: the clock is looked at.
waits() {
  span=$1
  shift
  ! "$@" || return 0
  within "$span" || return 1
  ticks=$((limit * 10)) end_at=$(($(date +%s) + limit))
  while [ "$ticks" -gt 0 ]; do
    ticks=$((ticks - 1))
    sleep 0.1
    ! "$@" || return 0
    [ $((ticks % 10)) -ne 0 ] || [ "$(date +%s)" -lt "$end_at" ] || break
  done
  within 1 || :
  return 1
}

# limited COMMAND...: sets got to its status, 124 where it took too long; what it says is in $work/said.
limited() {
  got=124
  true >"$work/said"
  within "$patience" || return 0
  got=0
  timeout --foreground -k 5 "$limit" "$@" >"$work/said" 2>&1 </dev/null || got=$?
  cat "$work/said" >>"$work/log"
  case $got in 124 | 137) within 1 || : ;; esac
}
