/** Whether two values of a key of bhyve_config(5) are one to bhyve: numbers, sizes and switches have several spellings. */

const numbers = /^(?:cpus|sockets|cores|threads|gdb\.port)$/;
const sizes = /^(?:memory|domains\.\d+)\.size$/;
const mebibyte = 2n ** 20n;
const powers: Readonly<Record<string, bigint>> = { '': 0n, K: 10n, M: 20n, G: 30n, T: 40n };

/** Compares them as bhyve reads them. */
export function isSameValue(key: string, one: string, other: string): boolean {
  return one === other || meant(key, one) === meant(key, other);
}

function meant(key: string, value: string): string {
  if (numbers.test(key)) return String(Number(value.trim()));
  if (sizes.test(key)) return String(bytesOf(value) ?? value);
  if (key === 'uuid') return value.toLowerCase();
  if (/^(?:true|yes|on|1)$/i.test(value)) return 'true';
  return /^(?:false|no|off|0)$/i.test(value) ? 'false' : value;
}

/** A number below a mebibyte without a letter is one of mebibytes (vm_parse_memsize of libvmmapi). */
function bytesOf(value: string): bigint | null {
  const [, digits, unit = ''] = /^\s*(0[xX][0-9A-Fa-f]+|\d+)([KMGTkmgt]?)[Bb]?$/.exec(value) ?? [];
  if (digits === undefined) return null;
  const number = BigInt(digits) << (powers[unit.toUpperCase()] ?? 0n);
  return unit === '' && number < mebibyte ? number * mebibyte : number;
}
