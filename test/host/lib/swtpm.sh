#!/bin/sh
# swtpm --daemon: swtpm.sh SOCKET PID_FILE

host=$BHYVEC_ROOT/.host
socket=$1 pid_file=$2
read -r line <"/proc/$$/stat" && line=${line##*) }
# shellcheck disable=SC2046
printf '%s %s\nswtpm %s\n' "$$" "$(set -- $line && printf '%s' "${20}")" "${socket#"$BHYVEC_ROOT"}" >"$host/process/$$"
[ -z "$pid_file" ] || printf '%s\n' "$$" >"$pid_file"
exec 8<>"$host/never"
trap 'rm -f "$socket" ${pid_file:+"$pid_file"}; : >"$host/process/$$"; exit 0' TERM INT HUP
while :; do read -r _ <&8; done
