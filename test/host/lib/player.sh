# The guest: plays one entry of its script (README.md, "Scripts") as the process that is bhyve.

# leave STATUS: the guest has stopped and bhyve ends.
leave() {
  trap '' TERM USR1
  [ -z "$nap" ] || kill "$nap" 2>/dev/null || :
  if [ "$plan_monitor" = 1 ] || { [ "$plan_destroys" = 1 ] && [ "$1" = 1 ]; }; then rm -f "$root/dev/vmm/$plan_name"; fi
  give_back
  : >"$host/vm/$plan_name/run"
  : >"$host/process/$$"
  finish "$1"
}

# The power button works once the guest is in ACPI mode, on amd64 only; until then SIGTERM kills
# (reference 4.2).
acpi_mode() {
  button=$1
  if [ "$plan_acpi" = 1 ] && [ "$arch" = amd64 ]; then trap on_button TERM; fi
}

on_button() {
  if [ -n "$opening" ]; then
    missed="$missed on_button"
    return 0
  fi
  case $button in
  '') ;;
  slow-term:*)
    pressed=$button button=''
    pressed=${pressed#slow-term:}
    take_nap "${pressed%%:*}"
    case $pressed in *:*) leave "${pressed#*:}" ;; *) leave 1 ;; esac
    ;;
  *) leave "$button" ;;
  esac
}

on_event() {
  if [ -n "$opening" ]; then
    missed="$missed on_event"
    return 0
  fi
  event=''
  { read -r event <"$host/vm/$plan_name/event"; } 2>/dev/null
  : >"$host/vm/$plan_name/event"
  [ "$stuck" = 0 ] || return 0
  case $event in
  poweroff) leave 1 ;;
  reset) leave 0 ;;
  destroyed) leave "$failure" ;;
  play\ *) behave "${event#play }" ;;
  esac
}

take_nap() {
  sleep "$1" >/dev/null 2>&1 &
  nap=$!
  while kill -0 "$nap" 2>/dev/null; do wait "$nap"; done
  nap=''
}

# A read that nobody answers: no processor time, no second process, and any trap interrupts it.
stay() {
  while :; do read -r _ <&8; done
}

# ready_for_button ENTRY: a guest that takes SIGTERM as soon as it runs does so before anybody can see it run.
ready_for_button() {
  case $1 in
  '' | run | after:*) acpi_mode 1 ;;
  term:*) acpi_mode "${1#term:}" ;;
  slow-term:*) acpi_mode "$1" ;;
  ignore-term) acpi_mode '' ;;
  stuck)
    stuck=1
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
  term:* | slow-term:* | ignore-term)
    ready_for_button "$1"
    stay
    ;;
  signal:*)
    printf '=signal:%s' "${1#signal:}" >>"$host/history/$seq"
    trap - TERM USR1
    kill -s "${1#signal:}" $$
    ;;
  hang) stay ;;
  stuck)
    ready_for_button stuck
    stay
    ;;
  acpi-after:*)
    take_nap "${1#*:}"
    behave run
    ;;
  after:*)
    delayed=${1#after:}
    ready_for_button run
    take_nap "${delayed%%:*}"
    case $delayed in *:*) behave "${delayed#*:}" ;; *) behave run ;; esac
    ;;
  *) refuse "the stand-in host does not know the script entry '$1'" 70 ;;
  esac
}
