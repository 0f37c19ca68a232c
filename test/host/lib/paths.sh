# flat PATH: sets flat to one file name that stands for a path in the stand-in's own records.
flat() {
  flat='' flat_rest=$1
  while :; do
    case $flat_rest in
    */*)
      flat="$flat${flat_rest%%/*},"
      flat_rest=${flat_rest#*/}
      ;;
    *) break ;;
    esac
  done
  flat=$flat$flat_rest
}
