/** One difference between the dialects. */
export interface Difference {
  /** What libvirt 12 prints. */
  readonly libvirt: string;
  /** What bhyvec prints. */
  readonly bhyvec: string;
  readonly reason: string;
  /** What the guest sees of it. */
  readonly effect: string;
}
