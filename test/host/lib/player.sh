# The guest: plays one entry of its script (README.md, "Scripts") as the process that is bhyve.

# A signal that would change nothing does not even wake.
button='' pressed='' told=''
on_term() {
  [ -n "$button" ] || return 0
  pressed=1
  wake
}
on_usr1() {
  told=1
  wake
}

# leave STATUS: the guest has stopped and bhyve ends.
leave() {
  trap '' TERM USR1
  if [ "$plan_monitor" = 1 ] || { [ "$plan_destroys" = 1 ] && [ "$1" = 1 ]; }; then rm -f "$root/dev/vmm/$plan_name"; fi
  give_back
  : >"$host/vm/$plan_name/run"
  : >"$host/process/$$"
  finish "$1"
}

# The power button works once the guest is in ACPI mode, on amd64 only; until then SIGTERM kills
# (reference 4.2).
acpi_mode() {
  if [ "$plan_acpi" = 1 ] && [ "$arch" = amd64 ]; then
    button=$1
    trap on_term TERM
  fi
}

# answer: does what signals have asked for since the last answer.
answer() {
  woken=''
  if [ -n "$told" ]; then
    told=''
    hear
  fi
  if [ -n "$pressed" ]; then
    pressed=''
    press "$button"
  fi
}

press() {
  case $1 in
  '') ;;
  slow-term:*)
    button='' slow=${1#slow-term:}
    nap "${slow%%:*}"
    case $slow in *:*) leave "${slow#*:}" ;; *) leave 1 ;; esac
    ;;
  *) leave "$1" ;;
  esac
}

# hear: each event that we have not heard of yet, in their order (vm.sh, tell_guest). Who waits for an answer knows from
# the number that signals find the guest as the event wants it.
hear() {
  while next_event; do
    if [ "$stuck" = 1 ]; then event=''; fi
    case $event in play\ *) ready_for_button "${event#play }" ;; esac
    printf '%s\n' "$heard" >"$host/vm/$plan_name/heard.$$"
    case $event in
    poweroff) leave 1 ;;
    reset) leave 0 ;;
    destroyed) leave "$failure" ;;
    play\ *) behave "${event#play }" ;;
    esac
  done
}

next_event() {
  number=0
  while read -r event; do
    number=$((number + 1))
    if [ "$number" -gt "$heard" ]; then
      heard=$number
      return 0
    fi
  done <"$host/vm/$plan_name/events.$$"
  return 1
}

# nap SECONDS: the guest goes on as it is for that time; an event that comes meanwhile ends or changes it.
nap() {
  sleep "$1" >/dev/null 2>&1 &
  rest "$!"
  answer
}

stay() {
  while :; do
    stay_until_woken
    answer
  done
}

# ready_for_button ENTRY: a guest that takes SIGTERM as soon as it runs does so before anybody can see it run.
ready_for_button() {
  case $1 in
  '' | run | after:*) acpi_mode 1 ;;
  term:*) acpi_mode "${1#term:}" ;;
  slow-term:*) acpi_mode "$1" ;;
  ignore-term) acpi_mode '' ;;
  stuck)
    stuck=1 button=''
    trap '' TERM
    ;;
  esac
}

# behave ENTRY
behave() {
  case $1 in
  '' | run)
    ready_for_button run
    stay
    ;;
  exit:*) leave "${1#exit:}" ;;
  term:* | slow-term:* | ignore-term | stuck)
    ready_for_button "$1"
    stay
    ;;
  signal:*)
    printf '=signal:%s' "${1#signal:}" >>"$host/history/$seq"
    trap - TERM USR1
    kill -s "${1#signal:}" $$
    ;;
  hang) stay ;;
  acpi-after:*)
    nap "${1#*:}"
    behave run
    ;;
  after:*)
    delayed=${1#after:}
    ready_for_button run
    nap "${delayed%%:*}"
    case $delayed in *:*) behave "${delayed#*:}" ;; *) behave run ;; esac
    ;;
  *) refuse "the stand-in host does not know the script entry '$1'" 70 ;;
  esac
}
