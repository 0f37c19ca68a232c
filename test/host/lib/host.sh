# Common start and end of every stand-in command: finds the host, writes the history record, applies
# faults, offers the lock. Sourced with the command's own arguments; uses builtins only, because a
# fault matrix starts tens of thousands of commands.

self=${0##*/}
host_bin=${0%/*}
host_lib=$host_bin/../lib
root=${BHYVEC_ROOT-}
root=${root%/}
host=$root/.host
if ! [ -s "$host/facts" ]; then
  printf '%s: BHYVEC_ROOT does not name a stand-in host (hostctl create makes one)\n' "$self" >&2
  exit 70
fi
. "$host/facts"

# What a stand-in command starts for itself is not part of the history: hide our own directory.
host_path=$PATH
PATH=:$PATH:
while :; do
  case $PATH in
  *:"$host_bin":*) PATH=${PATH%%:"$host_bin":*}:${PATH#*:"$host_bin":} ;;
  *) break ;;
  esac
done
PATH=${PATH#:}
PATH=${PATH%:}

newline='
'
ticket='' forced='' pause_end=''

# hint FILE: sets hint to the number in it. Numbers are overwritten in place (1<>), so that no reader finds an
# empty file and starts over from 1.
hint() {
  hint=''
  { read -r hint <"$1"; } 2>/dev/null
  case $hint in '' | *[!0-9]*) hint=0 ;; esac
}

# BHYVEC_PART tells which of several launchers, whose commands mix, a command belongs to.
# The record's number is taken by creating its file: O_EXCL makes the order of all commands total.
begin() {
  seq=0
  set -C
  while
    hint "$host/seq"
    if [ "$hint" -gt "$seq" ]; then seq=$hint; fi
    seq=$((seq + 1))
    ! { printf '%s\0' "$$ $PPID $# ${BHYVEC_PART-}" "$self" "$@" >"$host/history/$seq"; } 2>/dev/null
  do
    [ -e "$host/history/$seq" ] || {
      printf '%s: cannot write the history of the stand-in host\n' "$self" >&2
      exit 70
    }
  done
  set +C
  printf '%s\n' "$seq" 1<>"$host/seq"
  if [ -s "$host/faults" ]; then
    . "$host_lib/faults.sh"
  fi
}

# finish STATUS: ends the command and completes its record.
finish() {
  [ -z "$ticket" ] || unlock
  status=$1
  [ -z "$pause_end" ] || pause_here
  status=${forced:-$status}
  if [ -e "$host/history/$seq" ]; then printf '=%s' "$status" >>"$host/history/$seq"; fi
  exit "$status"
}

# fail STATUS MESSAGE: the usual end of a command that refuses.
fail() {
  printf '%s: %s\n' "$self" "$2" >&2
  finish "$1"
}

# Runs a word list with the caller's PATH; the process becomes that command.
become() {
  PATH=$host_path
  export PATH
  exec "$@"
}

# lock NAME: a lock is a chain of tickets: ticket N+1 may be created once ticket N ends in "-" or its holder is
# dead. Neither taking nor giving back needs another process (sh has no builtin that unlinks). Those who wait for
# the interfaces block in a fifo that the holder writes to: hundreds of launchers at once would spin for long.
lock() {
  n=0 spin=0 waits='' ticker='' unsigned='' lock=$1
  while :; do
    hint "$host/lock/$lock.hint"
    if [ "$hint" -gt "$n" ]; then n=$hint; fi
    while [ -e "$host/lock/$lock.$((n + 1))" ]; do n=$((n + 1)); done
    holder=-
    if [ "$n" -gt 0 ]; then
      { read -r holder <"$host/lock/$lock.$n" || holder=''; } 2>/dev/null
    fi
    case $holder in
    *-) ;;
    '')
      # Taken, but not signed yet: by a process that has lost its processor, or was killed just there.
      [ "$n" = "$unsigned" ] || spin=0
      spin=$((spin + 1)) unsigned=$n
      [ "$spin" -lt 10 ] || sleep 0.05
      [ "$spin" -gt 1000 ] || continue
      ;;
    *)
      if kill -0 "$holder" 2>/dev/null; then
        wait_turn
        continue
      fi
      ;;
    esac
    set -C
    if { printf '%s\n' "$$" >"$host/lock/$lock.$((n + 1))"; } 2>/dev/null; then
      set +C
      ticket=$((n + 1))
      printf '%s\n' "$ticket" 1<>"$host/lock/$lock.hint"
      [ -z "$waits" ] || exec 7>&-
      [ -z "$ticker" ] || kill "$ticker" 2>/dev/null
      return
    fi
    set +C
  done
}

# The fifo is opened before the holder is looked at again, so that its wake-up cannot be missed.
wait_turn() {
  if [ "$lock" != if ]; then
    spin=$((spin + 1))
    [ "$spin" -lt 20 ] || sleep 0.01
  elif [ -z "$waits" ]; then
    waits=1
    exec 7<>"$host/wake"
    # A holder that was killed wakes nobody: who waits looks once a second by itself, too.
    {
      while kill -0 "$$" 2>/dev/null && sleep 1; do printf '\n' 1<>"$host/wake"; done
    } </dev/null >/dev/null 2>&1 7<&- &
    ticker=$!
  else
    read -r _ <&7
  fi
}

unlock() {
  printf '%s -\n' "$$" 1<>"$host/lock/$lock.$ticket"
  ticket=''
  if [ "$lock" = if ]; then printf '\n' 1<>"$host/wake"; fi
}

# inside PATH: sets inside to the place of a path of the host under its root. Whatever the path is made of, that place is
# not outside: / is its own parent. A relative path is one of the working directory.
inside() {
  case $1 in
  "$root"/*) inside=${1#"$root"} ;;
  /*) inside=$1 ;;
  *)
    case $PWD/ in
    "$root"/*) inside=${PWD#"$root"}/$1 ;;
    *)
      inside=$1
      return
      ;;
    esac
    ;;
  esac
  case $inside/ in */../*) straighten "$inside" ;; esac
  inside=$root$inside
}

# straighten PATH: sets inside to the absolute path without `..`.
straighten() {
  inside='' way=$1/
  while [ -n "$way" ]; do
    step=${way%%/*} way=${way#*/}
    case $step in
    '' | .) ;;
    ..) inside=${inside%/*} ;;
    *) inside=$inside/$step ;;
    esac
  done
}

# quote VALUE: sets quoted to one sh word.
quote() {
  quoted='' rest=$1
  while :; do
    case $rest in
    *\'*)
      quoted="$quoted${rest%%\'*}'\\''"
      rest=${rest#*\'}
      ;;
    *) break ;;
    esac
  done
  quoted="'$quoted$rest'"
}

# started PID: sets started to the start time of a process, empty when there is none. A pid alone is not
# an identity: on a small pid space numbers come back within minutes.
started() {
  started=''
  if [ -d /proc/self ]; then
    { read -r started_line <"/proc/$1/stat"; } 2>/dev/null || return 0
    started_line=${started_line##*) }
    # shellcheck disable=SC2086
    set -- $started_line
    case $1 in Z | X) ;; *) started=${20} ;; esac
  elif kill -0 "$1" 2>/dev/null; then
    started=0
  fi
}

# alive FILE: the file holds "PID START" of a process that still runs; sets holder_pid.
alive() {
  holder_pid='' holder_start=''
  [ -s "$1" ] || return 1
  { read -r holder_pid holder_start _ <"$1"; } 2>/dev/null
  case $holder_pid in
  static) return 0 ;;
  '') return 1 ;;
  esac
  started "$holder_pid"
  [ -n "$started" ] && [ "$started" = "$holder_start" ]
}

# announce LABEL: makes a long-lived process part of the host's state; sets identity.
announce() {
  started "$$"
  identity="$$ $started"
  printf '%s\n%s\n' "$identity" "$1" >"$host/process/$$"
}

# sysctl_value NAME: sets value; false when the host has no such variable.
sysctl_value() {
  value=''
  [ -e "$host/sysctl/$1" ] || return 1
  { read -r value <"$host/sysctl/$1"; } 2>/dev/null || :
}

has_module() { [ -s "$host/module/$1" ]; }

# has_file NAME: the file of a module is linked, whether or not the module in it works.
has_file() {
  kind=''
  { read -r kind <"$host/module/$1"; } 2>/dev/null
  [ "$kind" = file ] || [ -s "$host/linked/$1" ]
}

begin "$@"
