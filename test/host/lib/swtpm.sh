#!/bin/sh
# swtpm --daemon: swtpm.sh SOCKET PID_FILE

host=$BHYVEC_ROOT/.host
. "${0%/*}/rest.sh"
trap wake TERM INT HUP
socket=$1 pid_file=$2
read -r line <"/proc/$$/stat" && line=${line##*) }
open_life "$host/swtpm.$$"
# shellcheck disable=SC2046
printf '%s %s\nswtpm %s\n' "$$" "$(set -- $line && printf '%s' "${20}")" "${socket#"$BHYVEC_ROOT"}" >"$host/process/$$"
[ -z "$pid_file" ] || printf '%s\n' "$$" >"$pid_file"
while [ -z "$woken" ]; do stay_until_woken; done
rm -f "$socket" ${pid_file:+"$pid_file"}
: >"$host/process/$$"
exit 0
