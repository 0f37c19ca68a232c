// The configuration tree of bhyve_config(5): dotted keys, percent expansion, typed reading.

/** A refusal of bhyve: its exit status and what it prints. */
export class Refusal extends Error {
  /** @param {number} status @param {string} message @param {string} output */
  constructor(status, message, output = '') {
    super(message);
    this.status = status;
    this.output = output;
  }
}

const TRUE = ['true', 'on', 'yes', '1'];
const FALSE = ['false', 'off', 'no', '0'];

export class ConfigTree {
  /** @type {Map<string, string>} */
  values = new Map();
  /** @type {Set<string>} */
  parents = new Set();
  /** @type {string[]} */
  warnings = [];

  /** @param {number} failure exit status of set-up errors @param {boolean} expands whether percent signs are special */
  constructor(failure, expands) {
    this.failure = failure;
    this.expands = expands;
  }

  /** A key is either a value or a parent. @param {string} key @param {string} value */
  set(key, value) {
    const parts = key.split('.');
    for (let length = 1; length < parts.length; length += 1) {
      const parent = parts.slice(0, length).join('.');
      if (this.values.has(parent)) throw new Refusal(this.failure, `${parent} is a value and a node`);
      this.parents.add(parent);
    }
    if (this.parents.has(key)) throw new Refusal(this.failure, `${key} is a node`);
    this.values.set(key, value);
  }

  /** @param {string} key */
  has(key) {
    return this.values.has(key);
  }

  /** @param {string} key */
  hasNode(key) {
    return this.parents.has(key);
  }

  /** @param {string} parent @returns {string[]} names directly below, numbers in order */
  children(parent) {
    const prefix = parent === '' ? '' : `${parent}.`;
    /** @type {Set<string>} */
    const names = new Set();
    for (const key of this.values.keys()) {
      if (key.startsWith(prefix)) names.add(key.slice(prefix.length).split('.', 1)[0] ?? '');
    }
    return [...names].sort((a, b) => Number(a) - Number(b));
  }

  /** The value as bhyve uses it. @param {string} key @returns {string | undefined} */
  get(key) {
    const value = this.values.get(key);
    return value === undefined ? undefined : this.expand(value, 0);
  }

  /**
   * bhyve_config(5) promises %% for a percent sign; the code has only the backslash.
   * @param {string} value @param {number} depth @returns {string}
   */
  expand(value, depth) {
    if (!this.expands || !value.includes('%')) return value;
    if (depth > 15) throw new Refusal(this.failure, `Recursion in config value: ${value}`);
    let result = '';
    for (let at = 0; at < value.length; at += 1) {
      const character = value[at] ?? '';
      if (character === '\\') {
        at += 1;
        result += value[at] ?? '';
        continue;
      }
      const close = character === '%' && value[at + 1] === '(' ? value.indexOf(')', at + 2) : -1;
      if (close >= 0) {
        const key = value.slice(at + 2, close);
        const raw = this.values.get(key);
        if (raw === undefined) this.warnings.push(`Invalid reference to "${key}" in config value`);
        else result += this.expand(raw, depth + 1);
        at = close;
        continue;
      }
      if (character === '%') this.warnings.push(`Stray % in config value: ${value}`);
      result += character;
    }
    return result;
  }

  /** @param {string} key @param {boolean} otherwise */
  bool(key, otherwise) {
    const value = this.get(key);
    if (value === undefined) return otherwise;
    if (TRUE.includes(value.toLowerCase())) return true;
    if (FALSE.includes(value.toLowerCase())) return false;
    throw new Refusal(this.failure, `Invalid bool value for ${key}: ${value}`);
  }

  /** @param {string} key @returns {number | undefined} */
  int(key) {
    const value = this.get(key);
    if (value === undefined) return undefined;
    const number = parseInteger(value);
    if (number === undefined) throw new Refusal(this.failure, `Invalid integer value for ${key}: ${value}`);
    return number;
  }

  /** @returns {string[]} */
  lines() {
    return [...this.values].map(([key, value]) => `${key}=${value}`).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  }
}

/** strtol(3) with automatic base. @param {string} text @returns {number | undefined} */
export function parseInteger(text) {
  if (/^[+-]?0[xX][0-9a-fA-F]+$/.test(text))
    return (text.startsWith('-') ? -1 : 1) * Number.parseInt(text.replace(/^[+-]/, ''), 16);
  if (/^[+-]?0[0-7]*$/.test(text)) return Number.parseInt(text, 8);
  if (/^[+-]?[1-9]\d*$/.test(text)) return Number.parseInt(text, 10);
  return undefined;
}

/** Memory sizes, bhyve(8) -m. @param {string} text @returns {number | undefined} */
export function parseMemory(text) {
  const match = /^(\d+)([kKmMgGtT]?)$/.exec(text);
  if (match === null) return undefined;
  const number = Number(match[1]);
  const suffix = (match[2] ?? '').toLowerCase();
  if (number === 0) return undefined;
  if (suffix === '') return number < 1048576 ? number * 1048576 : number;
  return number * 1024 ** ('kmgt'.indexOf(suffix) + 1);
}
