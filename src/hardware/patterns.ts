/** How the values of bhyvec.lock that are texts are written. */
export const patterns = {
  uuid: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  pci: /^(\d{1,3}):(\d{1,2}):([0-7])$/,
  mac: /^[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5}$/,
  tap: /^[A-Za-z0-9_.]{1,15}$/,
  nmdm: /^\/dev\/nmdm[A-Za-z0-9._-]+$/,
  seat: /^(\d{1,4}):(\d{1,4})$/,
} as const;
