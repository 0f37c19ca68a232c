/** Names on the host that follow from the name of a guest. */

/** The guest's service in rc(8): a shell identifier, because rc.subr(8) makes variables of it. */
export function rcName(vmname: string): string {
  return `bhyve_${vmname.replace(/[^A-Za-z0-9_]/g, '_')}`;
}
