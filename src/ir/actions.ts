/** What is done when the guest ends in one of the ways. */
export const actions = ['destroy', 'restart', 'preserve'] as const;

export type Action = (typeof actions)[number];
