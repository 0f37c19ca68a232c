#!/bin/sh
# dnsmasq in the background: dnsmasq.sh --conf-file=CONF PID_FILE

host=$BHYVEC_ROOT/.host
. "${0%/*}/rest.sh"
trap wake TERM INT HUP
conf=$1 pid_file=$2
read -r line <"/proc/$$/stat" && line=${line##*) }
open_life "$host/dnsmasq.$$"
# shellcheck disable=SC2046
printf '%s %s\n/usr/local/sbin/dnsmasq %s\n' "$$" "$(set -- $line && printf '%s' "${20}")" "$conf" >"$host/process/$$"
printf '%s\n' "$$" >"$pid_file"
while [ -z "$woken" ]; do stay_until_woken; done
rm -f "$pid_file"
: >"$host/process/$$"
exit 0
