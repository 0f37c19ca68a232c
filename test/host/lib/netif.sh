# Interface records of the stand-in host: one file of assignments per interface in .host/if, empty once
# the interface is gone. Whether it is up is a file of its own: bhyve changes that without the interface lock. tap(4), bridge(4), reference sections 6.3 and 6.4.

if_exists() { [ -s "$host/if/$1" ]; }

# if_load NAME: reads the record; false when the interface is gone.
if_load() {
  i_name=$1 i_end=''
  if [ -s "$host/if/$1" ]; then
    i_kind='' i_unit='' i_mtu=1500 i_descr='' i_groups='' i_addrs='' i_bridge='' i_members='' i_flags='' i_ether=''
    . "$host/if/$1"
  fi
  [ -n "$i_end" ] || return 1
  i_up=0 i_was_up=0 i_opener=''
  if [ -s "$host/up/$1" ]; then i_up=1 i_was_up=1; fi
  if [ -s "$host/open/$1" ]; then
    if alive "$host/open/$1"; then i_opener=$holder_pid; else if_last_close; fi
  fi
}

# On last close a tap goes down and loses its addresses; it stays a member of its bridge.
if_last_close() {
  : >"$host/open/$i_name"
  : >"$host/up/$i_name"
  i_up=0 i_was_up=0
  if [ -n "$i_addrs" ]; then
    i_addrs=''
    if_save
  fi
}

# Written in one piece over the old record, so that no reader finds half of it; `return` hides a longer old tail.
if_save() {
  quote "$i_descr"
  printf '%s\n' "i_kind=$i_kind i_unit=$i_unit i_mtu=$i_mtu i_ether=$i_ether i_bridge='$i_bridge'
i_descr=$quoted
i_groups='$i_groups' i_addrs='$i_addrs' i_members='$i_members' i_flags='$i_flags' i_end=1
return 0" 1<>"$host/if/$i_name"
  if [ "$i_up" != "$i_was_up" ]; then
    if [ "$i_up" = 1 ]; then printf '1\n' >"$host/up/$i_name"; else : >"$host/up/$i_name"; fi
    i_was_up=$i_up
  fi
}

# if_known_name NAME: no path and at most 15 characters (IFNAMSIZ less the NUL).
if_known_name() {
  case $1 in '' | */* | *[[:space:]\']*) return 1 ;; esac
  [ "${#1}" -le 15 ]
}

# without WORD LIST: sets list to LIST less WORD.
without() {
  list=''
  for entry in $2; do
    [ "$entry" = "$1" ] || list="${list:+$list }$entry"
  done
}

contains() { case " $2 " in *" $1 "*) return 0 ;; *) return 1 ;; esac; }
