# How a script of the stand-in waits for signals. A signal that comes between the last command and a blocking read is
# noticed when the read ends, which it does not. So what is waited for is a child, and every trap ends it: no moment is
# left in which a signal is lost, in whichever shell. A trap sets variables and calls wake, and nothing else, since it
# runs between any two commands, within a lock too.

resting='' woken=''

# wake: for traps. Whoever rests goes on, and whoever is about to rest does not.
wake() {
  woken=1
  # A child that has just been forked still has our traps: only KILL is sure to end it.
  [ -z "$resting" ] || kill -KILL "$resting" 2>/dev/null || :
}

# rest CHILD: until this process in the background ends, or wake is called, or was called since woken was emptied. What
# the shell says of a killed child is for nobody.
rest() {
  resting=$1
  [ -z "$woken" ] || wake
  while kill -0 "$resting" 2>/dev/null; do wait "$resting" 2>/dev/null || :; done
  resting=''
}

# open_life FIFO: opens what tells children that we are gone: we are its only writer.
open_life() {
  [ -p "$1" ] || mkfifo "$1" 2>/dev/null || :
  exec 8<>"$1" 9<"$1"
}

# stay_until_woken: rests without an end, without processor time and without another program; needs open_life.
stay_until_woken() {
  { exec 8>&- && read -r _; } <&9 &
  rest "$!"
}
