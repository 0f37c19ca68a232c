# --- all of it -----------------------------------------------------------------------------------------------------------------

usage() {
  printf 'usage: selftest [--keep-going] [--only NAME]... [--list] [--clean]\n'
  printf '  --keep-going  go on after a test that failed\n'
  printf '  --only NAME   these tests alone; * stands for any letters\n'
  printf '  --list        name the tests, and do nothing\n'
  printf '  --clean       remove what a run that was killed has left, and do nothing else\n'
}

catalogue() {
  cat <<'EOF'
off a guest that powers off ends the run
reset a guest that resets ends it where on_reboot says so
halt a guest that halts ends it like a power-off
fault a triple fault is a crash
preserve a crash that is to be preserved leaves all for a look, and clean removes it
crash-loop a guest that ends at once again and again is not started for ever
reset-loop nor is one that resets
fault-loop nor is one that crashes
refused a device that bhyve refuses fails the run, and all is unmade
check check, status and clean of a guest that does not run
start start, status and stop of a guest without ACPI
button stop presses the power button, and that is enough
restart restart ends the guest and starts it again
reset-verb reset starts it again at once
destroy destroy powers off without the button
second a second launcher is refused
two two guests at once
signals TERM, HUP, USR1, INT and QUIT end the guest and unmake all
moments a signal at any moment leaves nothing that clean does not find
launcher-killed a guest whose launcher was killed runs on, is told, and clean ends it
bhyve-killed a killed bhyve is a crash
tap its tap has MTU, group, description and bridge
nmdm what the guest says arrives at its null modem
tcp and at its TCP port
slirp a network without a tap
limits limits on its disks
pinned a processor of the guest on one of the host
secret a password stands in no command line
full no place for the files of the run
service the rc.d script under the rc.subr of this host
supervisor a supervisor keeps a guest, is killed, and the next one finds it
probe-tap-up does bhyve raise its tap?
probe-tap-destroy what comes of destroying a tap that bhyve holds?
probe-ps what does ps(1) show of bhyve, and when?
probe-daemon does daemon(8) wait for its child?
probe-tap-name does bhyve take a tap of any name?
probe-percent what do percent signs mean in a configuration file?
probe-bridge-mtu which MTU has a bridge?
probe-description what does ifconfig(8) print of a description?
probe-destroy-running what comes of destroying the VM of a running bhyve?
probe-capabilities which devices and options does bhyve take?
EOF
}

# is_wanted NAME
is_wanted() {
  [ -n "$only" ] || return 0
  # Names are patterns for us, and not for files.
  set -f
  for pattern in $only; do
    # shellcheck disable=SC2254 # a pattern is meant
    case $1 in $pattern) break ;; esac
    pattern=''
  done
  set +f
  [ -n "$pattern" ]
}

# one_test NAME: a test, or a probe; where it is too late for one it is skipped.
one_test() {
  why='' skip=$late used='' guest='' vm=''
  true >"$work/log"
  rm -f "$report"
  what=$(printf '%s' "$1" | tr - _)
  case $skip$1 in
  probe-*) "$what" ;;
  "$1") "test_$what" ;;
  esac
  [ -z "$used" ] || settle
  # What came to its end in time was not cut short.
  [ -z "$late" ] || skip=$late
  tell_result "$1" "$(catalogue | sed -n "s/^$1 //p")"
}

# leave: the end, whatever happened.
# shellcheck disable=SC2317,SC2329 # called by a trap
leave() {
  status=$?
  trap - EXIT
  # Who reads this may be gone: that stops nothing here.
  trap '' HUP INT QUIT PIPE TERM
  [ -z "$ended" ] || printf 'Bail out! ended by SIG%s\n' "$ended"
  if [ -n "$claimed" ]; then
    claimed=''
    clean_all || {
      printf 'Bail out! cannot be removed: %s\n' "$left"
      status=1
    }
  fi
  exit "$status"
}

run_tests() {
  count=0 names=''
  for name in $(catalogue | sed 's/ .*//'); do
    if is_wanted "$name"; then names="$names $name" count=$((count + 1)); fi
  done
  [ "$count" -gt 0 ] || {
    printf 'selftest: no test is called so; --list names them\n' >&2
    exit 2
  }
  printf 'TAP version 13\n'
  check_host
  check_vmm
  choose_set
  trap leave EXIT
  trap 'ended=HUP; exit 129' HUP
  trap 'ended=INT; exit 130' INT
  trap 'ended=QUIT; exit 131' QUIT
  trap 'exit 141' PIPE
  trap 'ended=TERM; exit 143' TERM
  claim
  printf '1..%s\n' "$count"
  unpack
  make_roms
  kldload -n nmdm if_bridge >/dev/null 2>&1 || :
  tell_host
  make_bridge || {
    printf 'Bail out! the bridge %s cannot be made\n' "$bridge"
    exit 1
  }
  for name in $names; do
    within 1 || :
    one_test "$name"
    [ -z "$why" ] || [ -n "$keep_going" ] || [ "$number" -eq "$count" ] || {
      printf 'Bail out! %s failed; --keep-going goes on\n' "$name"
      exit 1
    }
  done
  printf '# %s of %s passed, %s failed, %s skipped; %s seconds\n' \
    "$((number - failures - skips))" "$count" "$failures" "$skips" "$(($(date +%s) - start_time))"
  [ "$failures" -eq 0 ]
}

main() {
  keep_going='' only='' claimed='' ended='' action=run
  start_time=$(date +%s)
  deadline=$((start_time + time_limit)) last_moment=$((deadline + unmaking))
  while [ $# -gt 0 ]; do
    case $1 in
    --keep-going) keep_going=1 ;;
    --only)
      [ $# -ge 2 ] || {
        usage >&2
        exit 2
      }
      only="$only $2"
      shift
      ;;
    --only=*) only="$only ${1#*=}" ;;
    --list) action=list ;;
    --clean) action=clean ;;
    --help | -h)
      usage
      exit 0
      ;;
    *)
      usage >&2
      exit 2
      ;;
    esac
    shift
  done
  case $action in
  list) catalogue ;;
  clean) clean_only ;;
  run) run_tests ;;
  esac
}

clean_only() {
  [ "$(id -u)" = 0 ] || refuse 'only root can remove what root has made'
  if ! [ -e "$root$base" ]; then
    printf '# nothing is left over\n'
    return 0
  fi
  ! has_owner || refuse "a run of this test is under way: process $owner"
  clean_all || {
    printf 'Bail out! cannot be removed: %s\n' "$left"
    exit 1
  }
  printf '# what a killed run has left is removed\n'
}
