# Fault injection and pauses; sourced by host.sh only while something is armed. The file .host/faults
# holds calls of armed, written by hostctl.

words="$self $* "

# midway WORD...: a moment within a command, between two of its calls to the kernel. Only a pattern that begins with `midway` hits it.
midway() {
  words="midway $self $* "
  . "$host/faults"
}

# pause_here: announces the command and waits until the test lets it go on. The answer "abort" ends the
# command here, as if the process had been killed together with its caller.
pause_here() {
  pause_end=''
  started "$$"
  printf '%s %s %s %s\n' "$seq" "$$" "$PPID" "$started" >"$host/paused"
  answer=''
  # Whoever has armed this may have given up meanwhile: then nobody answers.
  if [ -s "$host/faults" ]; then
    read -r answer <"$host/pause.fifo" || :
  fi
  : >"$host/paused"
  if [ "$answer" = abort ]; then
    printf '=aborted' >>"$host/history/$seq"
    kill -KILL $$
  fi
}

# armed ID KIND NTH STATUS WHEN PATTERN: counts the commands whose words match PATTERN (an sh pattern) and
# acts on the NTH one, on each one when NTH is 0.
armed() {
  # shellcheck disable=SC2254
  case $words in
  $6) case $words in midway\ *) case $6 in midway*) ;; *) return 0 ;; esac ;; esac ;;
  *) return 0 ;;
  esac
  hit=1
  set -C
  while ! { printf x >"$host/hits/$1.$hit"; } 2>/dev/null; do
    hit=$((hit + 1))
    [ "$hit" -lt 1000000 ] || break
  done
  set +C
  if [ "$3" -ne 0 ] && [ "$hit" -ne "$3" ]; then return 0; fi
  case $2.$5 in
  fail.before)
    printf '%s: injected failure\n' "$self" >&2
    finish "$4"
    ;;
  fail.after) forced=$4 ;;
  pause.before) pause_here ;;
  pause.after) pause_end=1 ;;
  esac
}

. "$host/faults"
