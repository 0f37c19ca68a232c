# --- the files of the guests ---------------------------------------------------------------------------------------------

# unpack: the launchers of the set that was chosen. The pool has all lines, the index says which ones a file has.
unpack() {
  for guest in $guest_names; do mkdir "$root$base/guests/$guest"; done
  pool >"$root$base/pool"
  index | pool=$root$base/pool where=$root$base/guests chosen=$chosen awk '
    BEGIN { while ((getline line <ENVIRON["pool"]) > 0) lines[++count] = line }
    $1 == "set" { mine = $2 == ENVIRON["chosen"] }
    $1 == "file" && mine {
      file = ENVIRON["where"] "/" $2
      for (i = 3; i <= NF; i++) {
        parts = split($i, range, "-")
        for (line = range[1] + 0; line <= range[parts] + 0; line++) print lines[line] >file
      }
      close(file)
    }
  '
  rm "$root$base/pool"
  chmod 700 "$root$base"/guests/*/launch
}

# make_rom NAME CODE GAP END: CODE from the beginning, END at the reset vector, 64 KiB in all.
make_rom() {
  {
    # shellcheck disable=SC2059 # octal numbers, and nothing else
    printf "$2"
    dd if=/dev/zero bs="$3" count=1
    # shellcheck disable=SC2059
    printf "$reset_vector"
    dd if=/dev/zero bs="$4" count=1
  } >"$root$base/roms/$1.rom" 2>/dev/null
}
