/** Names that several backends derive from the name of a guest. */

/** The name of a guest's service: rc.d script, rc.conf variables, log and pid file. Two guests may share one: check it. */
export function rcName(vmname: string): string {
  return `bhyve_${vmname.replaceAll(/[^A-Za-z0-9_]/g, '_')}`;
}
