# The boot ROMs of the self-test (src/selftest/roms.ts): what a guest with one of them does, as an entry of a script. A ROM
# begins with a jump over a line that names it.

says=''

# rom_entry FILE: sets entry where no script says what the guest plays, and says to what the guest prints.
rom_entry() {
  [ -z "$entry" ] && [ -n "$1" ] || return 0
  inside "$1"
  first=''
  { IFS= read -r first <"$inside"; } 2>/dev/null || return 0
  case $first in *'bhyvec selftest rom '*) ;; *) return 0 ;; esac
  case ${first##* } in
  idle | spin) entry=hang ;;
  button) entry=run ;;
  off) entry=exit:1 ;;
  reset) entry=exit:0 ;;
  halt) entry=exit:2 ;;
  fault) entry=exit:3 ;;
  print) entry=hang says=bhyvec-selftest ;;
  esac
}
