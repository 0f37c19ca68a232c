# Runs the same-named program of this system: utilities that FreeBSD and POSIX systems share are part of the
# history (so that they can fail and be counted) but need no model. Sourced instead of host.sh.

if ! [ -s "${BHYVEC_ROOT-}/.host/facts" ]; then
  # Without a host there is nothing to record.
  PATH=${BHYVEC_NATIVE_PATH:-/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin}
  export PATH
  exec "${0##*/}" "$@"
fi
. "${0%/*}/../lib/host.sh"

case $self in
timeout | nice | nohup | env | su | xargs | setsid | find)
  # These run other programs, which shall see the stand-in host again.
  for folder in /usr/local/bin /usr/bin /bin; do
    if [ -x "$folder/$self" ]; then become "$folder/$self" "$@"; fi
  done
  fail 127 'not found on this system'
  ;;
sleep | cat | tail | tee)
  # These may last: they keep their pid, so that signals reach them.
  exec "$self" "$@"
  ;;
esac
"$self" "$@"
finish $?
