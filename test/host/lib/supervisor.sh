#!/bin/sh
# The detached half of daemon(8): starts the command, keeps the pid files, forwards SIGTERM, restarts.
# supervisor.sh SEQ CHILD_FILE OWN_FILE RESTART OUTPUT MASK TITLE CLAIMED COMMAND...

host=$BHYVEC_ROOT/.host
. "$host/facts"
. "${0%/*}/rest.sh"
child_file=$2 own_file=$3 restart=$4 output=$5 mask=$6 title=$7 claimed=$8
shift 8
child='' stopping=0 got=0

# Through 13.x daemon forwards the signal and is gone at once; the later event loop stays until the child is.
on_term() {
  stopping=1 got=1
  [ -z "$child" ] || forward
  if [ "$rel" -lt 1400 ]; then leave; fi
  wake
}

leave() {
  [ -z "$child_file$own_file" ] || rm -f ${child_file:+"$child_file"} ${own_file:+"$own_file"}
  while [ -n "$claimed" ]; do
    : >"$host/pidfile/${claimed%%
*}"
    claimed=${claimed#*
}
  done
  : >"$host/process/$$"
  exit 0
}

# A child that was forked this moment still has our trap, and would take the signal for nothing.
forward() {
  while { IFS= read -r line; [ -n "$line" ]; } <"/proc/$child/cmdline"; do
    case $line in *"$0"*) sleep 0.01 ;; *) break ;; esac
  done 2>/dev/null
  kill -TERM "$child" 2>/dev/null || :
}

trap on_term TERM

read -r line <"/proc/$$/stat" && line=${line##*) }
# shellcheck disable=SC2046
identity="$$ $(set -- $line && printf '%s' "${20}")"
printf '%s\ndaemon %s\n' "$identity" "$title" >"$host/process/$$"

[ -z "$own_file" ] || printf '%s' "$$" >"$own_file"
if [ -n "$output" ]; then
  case $mask in 1 | 3) exec >>"$output" ;; esac
  case $mask in 2 | 3) exec 2>>"$output" ;; esac
fi

# A shell's background command ignores INT and QUIT, a child of daemon does not.
reset=''
if /usr/bin/env --default-signal=INT,QUIT true 2>/dev/null; then reset=1; fi

while :; do
  if [ -n "$reset" ]; then
    /usr/bin/env --default-signal=INT,QUIT "$@" <&0 &
  else
    "$@" <&0 &
  fi
  child=$!
  [ -z "$child_file" ] || printf '%s' "$child" >"$child_file"
  [ "$stopping" -eq 0 ] || forward
  while :; do
    got=0
    wait "$child"
    [ "$got" -eq 1 ] || break
  done
  child=''
  if [ -z "$restart" ] || [ "$stopping" -eq 1 ]; then break; fi
  sleep "$restart" &
  rest "$!"
  [ "$stopping" -eq 0 ] || break
done
leave
