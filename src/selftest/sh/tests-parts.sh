# --- tests: what a guest has -----------------------------------------------------------------------------------------------

test_tap() {
  use idle || return 0
  begin run
  comes_up || return 0
  tap=$(taps)
  [ -n "$tap" ] || wrong 'no interface has the description of the guest'
  ifconfig "$tap" >"$work/said" 2>&1
  cat "$work/said" >>"$work/log"
  says 'mtu 1400'
  says 'groups: .*bhyvec'
  says '<UP,'
  says "Opened by PID $(last_of guest)"
  ifconfig "$bridge" >"$work/said" 2>&1
  cat "$work/said" >>"$work/log"
  says "member: $tap "
  expect 0 stop
  finish 0
}

# heard GUEST LINE COMMAND...: the console says what the guest says. Where cu(1) wants a terminal for itself, and we have none, the
# line is asked without it.
heard() {
  use "$1" || return 0
  begin run
  comes_up || return 0
  mkfifo "$work/keys"
  # The lock of cu(1), if it is killed.
  made file /var/spool/lock/LCK..nmdm-bhyvecst.1B
  true >"$work/heard"
  # Somebody sits there, and types nothing.
  exec 9<>"$work/keys"
  # shellcheck disable=SC2086
  $shell "$launcher" console <&9 >"$work/heard" 2>&1 &
  listens "$!" || {
    fact console-without-terminal "nothing is heard: $(tr '\r\n' '  ' <"$work/heard")" 'templates: do_console'
    shift
    "$@" <&9 >"$work/heard" 2>>"$work/log" &
    listens "$!" || wrong 'what the guest says does not arrive'
  }
  exec 9>&-
  rm -f "$work/keys"
  expect 0 stop
  finish 0
}

# listens PID: it hears what the guest says, and is ended.
listens() {
  waits $((patience / 2)) grep -q "$printed" "$work/heard" || :
  # cu(1) is two processes, and gives its lock back when it is asked to end.
  for pid in "$1" $(listeners); do kill -s TERM "$pid" 2>/dev/null; done
  waits 5 is_over "$1" || :
  for pid in "$1" $(listeners); do kill -s KILL "$pid" 2>/dev/null; done
  wait "$1" 2>/dev/null
  grep -q "$printed" "$work/heard"
}

# listeners: who reads what the guests say.
listeners() {
  ps -axww -o pid= -o command= | awk '$2 ~ /(cu|cat)$/ && /nmdm-bhyvecst[.]1B/ { print $1 }'
}

test_nmdm() {
  has_nmdm || {
    skip='the module nmdm is not there'
    return 0
  }
  heard line cat "$root/dev/nmdm-bhyvecst.1B"
}

has_nmdm() { kldstat -q -m nmdm; }

# The port is one of our own, and another one each time: bhyve binds it without SO_REUSEADDR, so that it cannot have one again for a
# minute after it has closed a connection.
test_tcp() {
  use tcp || return 0
  find_port $((tcp_port + $$ % 500)) || {
    skip='no free TCP port is found'
    return 0
  }
  made port "$port"
  sed "s/$tcp_port/$port/g" "$launcher" >"$work/tcp" && cat "$work/tcp" >"$launcher"
  heard tcp nc 127.0.0.1 "$port"
}

test_slirp() {
  [ -e "$root/usr/local/lib/libslirp.so.0" ] || {
    skip='libslirp is not there: pkg install libslirp'
    return 0
  }
  use slirp || return 0
  begin run
  comes_up || return 0
  expect 0 stop
  finish 0
}

test_limits() {
  use limits || return 0
  if [ "$(sysctl -n kern.racct.enable 2>/dev/null)" != 1 ]; then
    expect 6 run
    says kern.racct.enable=1
    skip='limits are switched off: kern.racct.enable=1 in loader.conf; the launcher says so'
    return 0
  fi
  begin run
  comes_up || return 0
  rctl "process:$(last_of guest)" >"$work/said" 2>&1
  says readiops
  expect 0 stop
  finish 0
}

test_pinned() {
  use pinned || return 0
  cpuset -l 0 true 2>>"$work/log" || {
    skip='this process may not use CPU 0'
    return 0
  }
  begin run
  comes_up || return 0
  expect 0 argv
  says '^-p$'
  says '^0:0$'
  # The mask of the thread is the last word of its line.
  ! command -v procstat >/dev/null ||
    fact pinned-vcpu "$(procstat -S "$(last_of guest)" 2>/dev/null | sed -n 's/.*vcpu 0.* \([0-9,-]*\) *$/\1/p')"
  expect 0 stop
  finish 0
}

# The password is in a file that only root reads, as long as the guest runs.
test_secret() {
  use secret || return 0
  begin run
  comes_up || return 0
  expect 0 argv
  hidden=$root$(sed -n '/^-k$/{n;p;}' "$work/said")
  [ -e "$hidden" ] || wrong 'the file with the password is not there'
  case $(ls -l "$hidden" 2>/dev/null) in -rw-------*) ;; *) wrong 'others can read the password' ;; esac
  ! title "$(last_of guest)" | grep -q selftest || wrong 'ps shows the password'
  expect 0 stop
  finish 0
  [ ! -e "$hidden" ] || wrong 'the file with the password is left'
}

test_service() {
  use service || return 0
  name=bhyve_bhyvecst_service
  make_file "/usr/local/etc/rc.d/$name" && make_file "/etc/rc.conf.d/$name" || return 0
  logs || return 0
  printf '%s_launcher=%s\n' "$name" "$base/guests/service/launch" >"$root/etc/rc.conf.d/$name"
  cat "$root$base/guests/service/$name" >"$root/usr/local/etc/rc.d/$name"
  chmod 555 "$root/usr/local/etc/rc.d/$name"
  calls 0 onestart
  calls 0 onestatus
  says runs
  calls 1 onestart
  calls 0 onerestart
  calls 0 onestatus
  calls 0 onestop
  calls 1 onestatus
  calls any start
  is_gone || wrong 'a service that is not enabled was started'
}

# calls STATUS VERB: 1 stands for any failure, since rc.subr(8) has its own; any is any at all.
calls() {
  limited service "$name" "$2"
  case $1.$got in
  0.0) ;;
  0.* | 1.0 | *.124) wrong "service $name $2 ended with $got" ;;
  esac
}
