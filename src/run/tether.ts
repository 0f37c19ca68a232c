/**
 * The tether: a small sh between bhyvec and the launcher, in a session of its own. It runs the launcher, passes signals on
 * that bhyvec names on descriptor 3, and sees the end of that pipe when bhyvec is gone, by whatever death. Then the guest is
 * asked to power off. What the launcher has made is unmade before the tether ends, and so is the folder of the run, unless
 * something is kept in the kernel and its launcher is still needed.
 */

/** The folder of the run is its argument. It prints the launcher's exit status once, when it has it. */
export const tetherScript = `
folder=$1 launcher='' reader=''
forward() { [ -z "$launcher" ] || kill -s TERM "$launcher" 2>/dev/null || :; }
trap forward HUP INT QUIT TERM
trap : PIPE
/bin/sh "$folder/launch" run </dev/null >"$folder/output" 2>&1 3<&- &
launcher=$!
{
  trap - HUP INT QUIT TERM PIPE
  exec >/dev/null
  while read -r signal; do
    [ -e "$folder/ended" ] || kill -s "$signal" "$launcher"
  done
  [ -e "$folder/ended" ] || kill -s TERM "$launcher"
} <&3 2>/dev/null &
reader=$!
exec 3<&-
await() {
  while :; do
    status=0
    wait "$1" || status=$?
    # A signal interrupts wait; what has ended is waited for once.
    if [ "$status" -le 128 ] || ! kill -0 "$1" 2>/dev/null; then break; fi
  done
}
await "$launcher"
ended=$status
launcher=''
printf '' >"$folder/ended"
last=''
while read -r line; do last=$line; done <"$folder/report"
case $last in
undone | kept* | left) ;;
*)
  # Not into the report of the run, which says that its launcher was killed by having no end.
  BHYVEC_REPORT='' /bin/sh "$folder/launch" clean </dev/null >>"$folder/output" 2>&1 && last=undone
  ;;
esac
printf 'ended %s\\n' "$ended" || :
await "$reader"
[ "$last" != undone ] || rm -rf "$folder"
exit "$ended"
`;
