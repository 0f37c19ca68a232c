/** Rules of rctl(8), as a plan has them: without their subject, which is the process of bhyve. */

/** Such a rule: `pcpu:deny=80`. */
export const rctlRule = /^[a-z]+:[a-z]+=\d+$/;
