# --- probes: what nobody has established. None of them fails: a probe tells what this host does --------------------------------

# raw NAME WORD...: bhyve without a launcher, in our background, with the ROM idle.
raw() {
  vm=bhyvecst-$1
  shift
  bhyve -A -H -m 64M -s 0,hostbridge -s 31,lpc -l "bootrom,$base/roms/idle.rom" "$@" "$vm" >>"$work/log" 2>&1 </dev/null &
  raw=$!
}

# comes_of: sets outcome to `runs`, or to the status with which bhyve has ended.
comes_of() {
  outcome='never ready' gone=0
  waits "$patience" has_come || return 0
  [ "$outcome" != ended ] || {
    got=0
    wait "$raw" 2>/dev/null || got=$?
    outcome="refused with $got"
  }
}

# has_come: it runs, or has ended. One look may fall between two programs of a process, two do not.
has_come() {
  if is_over "$raw"; then gone=$((gone + 1)); else gone=0; fi
  case $(title "$raw") in "bhyve: $vm" | "bhyve: $vm "*) outcome=runs ;; esac
  [ "$gone" -lt 2 ] || outcome=ended
  [ "$outcome" != 'never ready' ]
}

# end_raw: the next one has the same name, and the kernel gives it back a moment later.
end_raw() {
  kill -KILL "$raw" 2>/dev/null
  wait "$raw" 2>/dev/null
  [ -e "$root/dev/vmm/$vm" ] || return 0
  bhyvectl --vm="$vm" --destroy >/dev/null 2>&1 || :
  waits "$patience" test ! -e "$root/dev/vmm/$vm" || :
}

# ask COMMAND...: sets answer to how it ends, or to `waits for bhyve`: nobody can end what waits in the kernel, so nobody waits for it.
ask() {
  "$@" >>"$work/log" 2>&1 </dev/null &
  asked=$! answer='waits for bhyve'
  if waits 5 is_over "$asked"; then
    got=0
    wait "$asked" || got=$?
    answer="ends with $got"
  fi
}

# answered: once bhyve is gone it comes to its end; if not, nothing can be done about it.
answered() { waits "$patience" is_over "$asked" || :; }

# make_tap [WORD...]: sets tap to one of ours.
make_tap() {
  if make_bare tap description 'bhyve bhyvecst-probe tap' "$@"; then tap=$made_one; else no_tap; fi
}

# no_tap: false.
no_tap() {
  skip='no tap can be made'
  return 1
}

drop_tap() { ifconfig "$tap" destroy 2>>"$work/log" || :; }

# flag_of TAP: up or down.
flag_of() { case $(ifconfig "$1" 2>/dev/null) in *'<UP,'* | *,UP,*) printf up ;; *) printf down ;; esac; }

probe_tap_up() {
  make_tap || return 0
  before=$(flag_of "$tap")
  raw probe -s "2,virtio-net,$tap"
  comes_of
  fact bhyve-raises-tap "$before before, $(flag_of "$tap") while bhyve ($outcome) has it" \
    'test/host/lib/resources.sh: open_tap; templates: raise_tap'
  end_raw
  fact tap-after-close "$(flag_of "$tap")" 'test/host/lib/netif.sh: if_last_close; templates: raise_tap'
  drop_tap
}

probe_tap_destroy() {
  make_tap up || return 0
  raw probe -s "2,virtio-net,$tap"
  comes_of
  ask ifconfig "$tap" destroy
  fact tap-destroy-while-open "$answer" 'test/host/lib/ifconfig-create.sh: destroy; templates: undo_tap'
  end_raw
  answered
  ! ifconfig "$tap" >/dev/null 2>&1 || drop_tap
}

probe_ps() {
  raw probe
  within "$patience" || :
  first=$(title "$raw") node='' tries=$((limit * 100))
  while [ "$tries" -gt 0 ]; do
    tries=$((tries - 1)) now=$(title "$raw")
    case $now in "bhyve: "*) break ;; esac
    ! is_over "$raw" || break
    [ ! -e "$root/dev/vmm/$vm" ] || node='before the title'
    case $now in *bhyvecst-probe) first=$now ;; esac
  done
  fact ps-before "$first" 'templates: has_title'
  fact ps-title "$now" 'templates: has_title'
  fact vmm-node "${node:-not seen before the title}" 'templates: is_up'
  end_raw
}

probe_daemon() {
  printf 'trap "sleep 1; echo ended >>%s; exit" TERM\necho ready >>%s\nwhile :; do sleep 0.1; done\n' \
    "$work/daemon.said" "$work/daemon.said" >"$work/daemon.sh"
  true >"$work/daemon.said"
  daemon -f -p "$work/daemon.pid" -P "$work/daemon.own" /bin/sh "$work/daemon.sh"
  waits "$patience" grep -q ready "$work/daemon.said" || {
    skip='daemon(8) began no child'
    return 0
  }
  read -r pid <"$work/daemon.own"
  kill -s TERM "$pid"
  waits 10 is_away "$pid" || :
  if grep -q ended "$work/daemon.said"; then answer='stays until its child has ended'; else answer='ends before its child'; fi
  fact daemon-sigterm "$answer" 'test/host/lib/supervisor.sh; templates/rc.d.hbs'
  waits 10 grep -q ended "$work/daemon.said" || :
}

# is_away PID: no process has the number any more.
is_away() { ! kill -s 0 "$1" 2>/dev/null; }

probe_tap_name() {
  make_tap name bhyvecstnic || return 0
  tap=bhyvecstnic
  raw probe -o pci.0.2.0.device=virtio-net -o "pci.0.2.0.backend=$tap" -o pci.0.2.0.type=tap
  comes_of
  fact tap-of-another-name "$outcome" 'src/diagnostics/catalogue: tap-name'
  end_raw
  drop_tap
}

# What a name means is seen by the file that is opened.
probe_percent() {
  printf 'name=bhyvecst-probe\n' >"$work/percent.conf"
  bhyve -k "$work/percent.conf" -o config.dump=1 >"$work/said" 2>&1
  fact config-dump-status "$?" 'test/host/lib/options.mjs; src/survey/probe.ts'
  for name in 'a%b' 'c\d' 'e\f%g'; do dd if=/dev/zero of="$work/$name" bs=64k count=16 2>/dev/null; done
  place='src/diagnostics/catalogue/bv05-disks.ts; test/host/lib/config-tree.mjs'
  opens percent-alone 'a%b'
  opens percent-twice 'a%%b'
  opens percent-behind-backslash 'a\%b'
  opens backslash-alone 'c\d'
  opens backslash-with-percent 'e\f%g'
  opens backslash-twice-with-percent 'e\\f\%g'
}

# opens FACT NAME: whether bhyve finds a file when it is called so in a configuration file.
opens() {
  [ -z "$late" ] || return 0
  printf 'pci.0.4.0.device=virtio-blk\npci.0.4.0.path=%s\n' "$work/$2" >"$work/percent.conf"
  raw probe -k "$work/percent.conf"
  comes_of
  fact "$1" "$2: $outcome" "$place"
  end_raw
}

probe_bridge_mtu() {
  make_tap mtu 1400 || return 0
  first=$tap
  ifconfig "$bridge" addm "$first" 2>>"$work/log"
  fact bridge-mtu-of-first-member "$(mtu_of "$bridge")" 'templates: read_mtu'
  make_tap mtu 1500 && {
    got=0
    ifconfig "$bridge" addm "$tap" 2>>"$work/log" || got=$?
    fact member-of-another-mtu "addm ends with $got; the member has $(mtu_of "$tap"), the bridge $(mtu_of "$bridge")" \
      'test/host/lib/ifconfig-bridge.sh: addm; templates: check_tap'
    drop_tap
  }
  tap=$first
  drop_tap
  fact bridge-mtu-afterwards "$(mtu_of "$bridge")"
}

mtu_of() { ifconfig "$1" 2>/dev/null | sed -n '1s/.* mtu \([0-9]*\).*/\1/p'; }

probe_description() {
  make_bare tap description "$(printf 'bhyve bhyvecst-probe two  words \303\244\303\266 "%%"')" || no_tap || return 0
  tap=$made_one
  fact description "$(ifconfig "$tap" | sed -n 's/^.description: //p' | od -An -tx1 | tr -d '\n')" 'templates: undo_tap, find_tap'
  fact description-line "$(ifconfig "$tap" | sed -n '/description: /=')" 'templates: find_tap'
  drop_tap
}

probe_destroy_running() {
  raw probe
  comes_of
  ask bhyvectl --vm="$vm" --destroy
  sleep 1
  if is_over "$raw"; then outcome='bhyve ends'; else outcome='bhyve goes on'; fi
  fact destroy-of-a-running-guest "bhyvectl $answer, $outcome" 'test/host/README.md; templates: undo_vm'
  end_raw
  answered
}

# tries CAPABILITY WORD...: whether bhyve takes them; a row of src/host/releases.ts hangs on it.
tries() {
  [ -z "$late" ] || return 0
  capability=$1
  shift
  raw probe "$@"
  comes_of
  fact "capability-$capability" "$outcome" "src/host/releases.ts: $capability"
  end_raw
}

# tries_port CAPABILITY OPTION WORD: with a port that is free in place of PORT.
tries_port() {
  if find_port $((tcp_port + 1000 + $$ % 500)); then
    tries "$1" "$2" "${3%PORT*}$port${3##*PORT}"
  else
    not_asked "$1" 'no free TCP port is found'
  fi
}

# not_asked CAPABILITY REASON
not_asked() { fact "capability-$1" "not asked: $2" "src/host/releases.ts: $1"; }

probe_capabilities() {
  # What is refused by itself says nothing of a device.
  raw probe
  comes_of
  fact without-capabilities "$outcome"
  end_raw
  dd if=/dev/zero of="$work/disk" bs=64k count=16 2>/dev/null
  # One, since a host of one processor lets no guest have two.
  tries cpu-topology -c cpus=1,sockets=1,cores=1,threads=1
  tries nvme -s "4,nvme,$work/disk"
  tries hda -s 4,hda
  tries virtio-9p -s "4,virtio-9p,share=$work"
  if has_nmdm; then tries com3 -l com3,/dev/nmdm-bhyvecst.3A; else not_asked com3 'nmdm is not there'; fi
  tries error-exit-status -s 4,no-such-device
  tries virtio-console -s "4,virtio-console,selftest=$work/port"
  tries_port vnc-password -s 4,fbuf,tcp=127.0.0.1:PORT,password=selftest
  tries_port fbuf-vga -s 4,fbuf,tcp=127.0.0.1:PORT,vga=off
  tries_port fbuf-large -s 4,fbuf,tcp=127.0.0.1:PORT,w=3840,h=2160
  tries xhci-empty -s 4,xhci
  tries ahci-identity -s "4,ahci,hd:$work/disk,ser=selftest"
  tries block-nodelete -s "4,virtio-blk,$work/disk,nodelete"
  tries nvme-block-options -s "4,nvme,$work/disk,ro"
  tries_port tcp-console -l com1,tcp=127.0.0.1:PORT
  if [ -e "$root/usr/local/lib/libslirp.so.0" ]; then
    tries slirp -s 4,virtio-net,slirp
  else
    not_asked slirp 'libslirp is not there'
  fi
  tries numa -n id=0,size=64M,cpus=0
  tries fwcfg -l "bootrom,$base/roms/idle.rom,fwcfg=qemu"
  tries destroy-on-poweroff -D
  tries nvme-dsm -s "4,nvme,$work/disk,dsm=enable"
  if make_tap; then
    tries virtio-net-mtu -s "4,virtio-net,$tap,mtu=1400"
    drop_tap
  fi
  tries tpm-passthru -l tpm,passthru,/dev/null
  fact devices "$(bhyve -s help 2>&1 | tr '\n' ' ')" src/host/releases.ts
}
