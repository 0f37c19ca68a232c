/** Rules of rctl(8), as a plan has them: without their subject, which is the process of bhyve. */

/** Whether a text is such a rule: `pcpu:deny=80`. */
export function isRule(text: string): boolean {
  return /^[a-z]+:[a-z]+=\d+$/.test(text);
}
