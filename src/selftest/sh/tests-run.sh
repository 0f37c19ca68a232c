# --- tests: how a run ends -----------------------------------------------------------------------------------------------

# ends GUEST STATUS LINE: one run in the foreground.
ends() {
  use "$1" || return 0
  begin run
  finish "$2"
  reports "$3"
  reports undone
}

test_off() { ends off 0 'end 1 poweroff destroy'; }
test_reset() { ends reset 0 'end 0 reboot destroy'; }

# A halt is an end where the host looks for it, which a setting of loader.conf can stop.
test_halt() {
  if [ "$(sysctl -n hw.vmm.halt_detection 2>/dev/null)" = 0 ]; then
    skip='hw.vmm.halt_detection is 0: a guest that halts never ends'
    return 0
  fi
  ends halt 0 'end 2 poweroff destroy'
}

test_fault() { ends fault 1 'end 3 crash destroy'; }

test_preserve() {
  use kept || return 0
  begin run
  finish 1
  reports 'end 3 crash preserve'
  reports 'kept crash'
  [ -e "$root/dev/vmm/$vm" ] || wrong 'the guest was not kept in the kernel'
  expect 1 status
  expect 1 run
  says preserve
  expect 0 clean
  expect 3 status
}

# in_a_loop GUEST LINE: three quick ends in a row.
in_a_loop() {
  use "$1" || return 0
  begin run
  finish 1
  reports 'failed 1 crash-loop'
  reports undone
  [ "$(count_of "$2")" = 3 ] || wrong "the guest did not run three times: $(count_of "$2")"
}

test_crash_loop() { in_a_loop again 'end 1 poweroff restart'; }
test_fault_loop() { in_a_loop again-fault 'end 3 crash restart'; }
test_reset_loop() { in_a_loop loop 'end 0 reboot restart'; }

# A device that bhyve refuses once the launcher has made all: /dev/null is no terminal.
test_refused() {
  use refused || return 0
  begin run
  finish 1
  has 'end 4 crash destroy' || has 'end 1 error destroy' || wrong 'bhyve did not refuse com2 on /dev/null'
  reports undone
}

test_full() {
  use full || return 0
  where=$base/full
  mkdir "$root$where"
  made mount "$where"
  mount -t tmpfs -o size=1m tmpfs "$root$where" >>"$work/log" 2>&1 || {
    skip='no tmpfs can be mounted'
    return 0
  }
  for size in 64k 4k 512; do dd if=/dev/zero of="$root$where/fill.$size" bs="$size" 2>/dev/null || :; done
  begin run
  got=0
  wait "$runner" || got=$?
  case $got in
  0) wrong 'a run without a place for its files ended well' ;;
  124 | 137) wrong 'a run without a place for its files did not end' ;;
  esac
  ! has guest || wrong 'bhyve was started without a place for the files of the run'
  rm -f "$root$where"/fill.* 2>/dev/null || :
  launch clean
  [ ! -e "$root$where/state/$vm" ] || wrong "$where/state/$vm is left"
  umount "$root$where" >>"$work/log" 2>&1 || umount -f "$root$where" || wrong "$where cannot be unmounted"
}
