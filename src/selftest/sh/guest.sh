# --- guests --------------------------------------------------------------------------------------------------------------

# use GUEST: the one that the next functions are about; a release may lack it.
use() {
  guest=$1 vm=bhyvecst-$1 launcher=$root$base/guests/$1/launch
  used="$used $1"
  [ -e "$launcher" ] || {
    skip="bhyvec makes no such guest for $chosen"
    return 1
  }
  log_file=/var/log/bhyve_bhyvecst_$guest.log
}

# logs: the launcher is to be started by daemon(8), which leaves a log and, where it is killed, its number.
logs() { make_file "$log_file" && make_file "/var/run/bhyve_bhyvecst_$guest.pid"; }

# launch VERB...: sets got to the status; what is said is in $work/said.
# shellcheck disable=SC2086 # a shell may be two words
launch() { limited $shell "$launcher" "$@"; }

# expect STATUS VERB...
expect() {
  wanted=$1
  shift
  launch "$@"
  [ "$got" -eq "$wanted" ] || wrong "launch $* ended with $got, not with $wanted"
}

# says TEXT: of the verb just now.
says() { grep -q -e "$1" "$work/said" || wrong "nothing was said of: $1"; }

# begin VERB: the launcher in our background; its report is $report.
begin() {
  rm -f "$report"
  within "$patience" || {
    false &
    runner=$!
    return
  }
  # shellcheck disable=SC2086
  BHYVEC_REPORT=$report timeout --foreground -k 5 "$limit" $shell "$launcher" "$@" >>"$work/log" 2>&1 </dev/null &
  runner=$!
}

# finish STATUS: waits for it.
finish() {
  got=0
  wait "$runner" 2>/dev/null || got=$?
  [ "$got" -eq "$1" ] || wrong "the launcher ended with $got, not with $1"
}

# has LINE: the report has it, from its beginning.
has() { grep -q "^$1" "$report" 2>/dev/null; }

reports() { has "$1" || wrong "the report has no line: $1"; }

# count_of LINE
count_of() { grep -c "^$1" "$report" 2>/dev/null || :; }

# last_of WORD: what the report said last of it.
last_of() { sed -n "s/^$1 //p" "$report" 2>/dev/null | tail -n 1; }

# until_true WHAT COMMAND...
until_true() {
  what=$1
  shift
  waits "$patience" "$@" || wrong "waited in vain for this: $what"
}

# title PID: what ps(1) shows.
title() { ps -ww -o command= -p "$1" 2>/dev/null; }

# is_over PID: the process has ended, whether or not somebody has asked for its status.
is_over() { case $(ps -o state= -p "$1" 2>/dev/null) in '' | Z*) return 0 ;; *) return 1 ;; esac; }

# is_up: the guest of the report runs: bhyve has its title.
is_up() {
  pid=$(last_of guest)
  [ -n "$pid" ] || return 1
  case $(title "$pid") in "bhyve: $vm" | "bhyve: $vm "*) return 0 ;; esac
  return 1
}

is_up_or_over() { is_up || has undone || has left || has kept; }

comes_up() {
  until_true 'the guest runs' is_up_or_over || return 1
  is_up || wrong 'the run was over before the guest ran' || return 1
  has_button
}

# has_button: waits until a guest with the ROM button has switched ACPI on, before which SIGTERM is the end of bhyve.
has_button() {
  case $guest in button | service) until_true 'the guest has switched ACPI on' has_exits ;; esac
}

# has_exits: a handful of exits lead there, and each look for the button is one more. Where nobody counts nobody waits.
has_exits() {
  exits=$(bhyvectl --vm="$vm" --get-stats 2>/dev/null | sed -n 's/^total number of vm exits[^0-9]*//p')
  [ "${exits:-1000}" -ge 1000 ]
}

# guest_pids: of this guest, with its title or before it has one.
guest_pids() {
  ps -axww -o pid= -o command= | vm=$vm awk '
    ($2 == "bhyve:" && $3 == ENVIRON["vm"]) || ($2 ~ /bhyve$/ && $NF == ENVIRON["vm"]) { print $1 }
  '
}

# taps: of this guest.
taps() { interface_of "bhyve $vm "; }

# is_gone: nothing of the guest is left.
is_gone() {
  rest=''
  [ ! -e "$root/dev/vmm/$vm" ] || rest="$rest /dev/vmm/$vm"
  [ ! -e "$root$base/state/$vm" ] || rest="$rest $base/state/$vm"
  rest="$rest$(guest_pids | sed 's/^/ process /')$(taps | sed 's/^/ interface /')"
  [ -z "$rest" ]
}

# settle: after a test nothing of its guests is left; else the test has failed, and it is removed for the next one.
settle() {
  for guest in $used; do
    use "$guest" || continue
    is_gone || {
      wrong "left behind:$rest" || :
      unmakes destroy
      is_gone || clean_guest
    }
  done
  used=''
}

# unmakes VERB: there is time for that when there is none for tests any more.
unmakes() {
  within "$patience" "$last_moment" || limit=1
  # shellcheck disable=SC2086
  timeout --foreground -k 1 "$limit" $shell "$launcher" "$1" >>"$work/log" 2>&1 </dev/null || :
}

# clean_guest: what no launcher could undo.
clean_guest() {
  unmakes clean
  for pid in $(guest_pids); do kill -KILL "$pid"; done
  [ ! -e "$root/dev/vmm/$vm" ] || bhyvectl --vm="$vm" --destroy >/dev/null 2>&1 || :
  for tap in $(taps); do ifconfig "$tap" destroy; done
  rm -rf "$root$base/state/$vm"
}
