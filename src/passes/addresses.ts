/** Addresses that a guest listens on. */

/** These are all addresses at once. */
const everywhere: readonly string[] = ['', '0.0.0.0', '::'];

/** Whether it stands for all addresses of the host; what has none does. */
export function isEverywhere(address: string | undefined): address is undefined {
  return address === undefined || everywhere.includes(address);
}

/** Whether two that listen on one port are in each other's way. */
export function addressesMeet(one: string | undefined, other: string | undefined): boolean {
  return one === other || isEverywhere(one) || isEverywhere(other);
}
