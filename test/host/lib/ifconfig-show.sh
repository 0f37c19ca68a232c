# ifconfig(8): what it prints about an interface.

show() {
  case $i_kind.$i_up in
  lo.1) flags='8049<UP,LOOPBACK,RUNNING,MULTICAST>' ;;
  *.1) flags='8843<UP,BROADCAST,RUNNING,SIMPLEX,MULTICAST>' ;;
  *) flags='8802<BROADCAST,SIMPLEX,MULTICAST>' ;;
  esac
  if [ "$rel" -ge 1400 ] && [ "$i_up" = 1 ]; then
    flags=100${flags%>*}
    flags="$flags,LOWER_UP>"
  fi
  printf '%s: flags=%s metric 0 mtu %s\n' "$i_name" "$flags" "$i_mtu"
  [ -z "$i_descr" ] || printf '\tdescription: %s\n' "$i_descr"
  [ "$i_kind" = lo ] || printf '\tether %s\n' "$i_ether"
  for address in $i_addrs; do printf '\tinet %s\n' "$address"; done
  if [ "$i_kind" = bridge ]; then show_bridge; fi
  [ -z "$i_groups" ] || printf '\tgroups: %s\n' "$i_groups"
  case $i_kind in
  tap | tun | vmnet)
    if [ -n "$i_opener" ]; then printf '\tstatus: active\n'; else printf '\tstatus: no carrier\n'; fi
    [ -z "$i_opener" ] || printf '\tOpened by PID %s\n' "$i_opener"
    ;;
  ether) printf '\tmedia: Ethernet autoselect (1000baseT <full-duplex>)\n\tstatus: active\n' ;;
  esac
}

show_bridge() {
  printf '\tid 00:00:00:00:00:00 priority 32768 hellotime 2 fwddelay 15\n'
  printf '\tmaxage 20 holdcnt 6 proto rstp maxaddr 2000 timeout 1200\n'
  printf '\troot id 00:00:00:00:00:00 priority 32768 ifcost 0 port 0\n'
  if [ "$rel" -ge 1500 ]; then
    if contains vlanfilter "$i_flags"; then extra='1<VLANFILTER>'; else extra='0<>'; fi
    printf '\tbridge flags=%s\n' "$extra"
  fi
  for member in $i_members; do
    extra='' vlans=''
    if contains "$member:private" "$i_flags"; then extra=,PRIVATE; fi
    for entry in $i_flags; do
      case $entry in "$member":*=*)
        entry=${entry#"$member":}
        vlans="$vlans ${entry%%=*} ${entry#*=}"
        ;;
      esac
    done
    printf '\tmember: %s flags=143<LEARNING,DISCOVER,AUTOEDGE,AUTOPTP%s>\n' "$member" "$extra"
    printf '\t        ifmaxaddr 0 port 5 priority 128 path cost 2000000%s\n' "$vlans"
  done
}

# Sets names to all interfaces.
all_names() {
  names=''
  for record in "$host"/if/*; do
    [ ! -s "$record" ] || names="${names:+$names }${record##*/}"
  done
}

show_all() {
  all_names
  for name in $names; do
    if if_load "$name"; then show; fi
  done
}

list_all() {
  all_names
  printf '%s\n' "$names"
}

list_group() {
  all_names
  for name in $names; do
    if if_load "$name" && contains "$1" "$i_groups"; then printf '%s\n' "$name"; fi
  done
}

# The kinds of interfaces that the kernel can make without loading anything.
list_cloners() {
  cloners='lo vlan'
  if has_module if_bridge; then cloners="bridge $cloners"; fi
  if has_module if_tuntap || has_module if_tap; then cloners="$cloners tap"; fi
  if has_module if_epair; then cloners="$cloners epair"; fi
  printf '%s\n' "$cloners"
}
