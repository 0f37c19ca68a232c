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

/** What isspace(3) takes for white space: strtol(3) and sscanf(3) skip it before a number. */
export const BLANKS = '[ \\t\\n\\v\\f\\r]*';
const INTEGER = new RegExp(`^${BLANKS}([+-]?)(?:0[xX]([0-9a-fA-F]+)|(0[0-7]*)|([1-9][0-9]*))`);

/**
 * strtol(3) with automatic base: the number at the start, and what follows it.
 * @param {string} text @returns {{ number: number, rest: string } | undefined}
 */
function leadingInteger(text) {
  const match = INTEGER.exec(text);
  if (match === null) return undefined;
  const [all, sign, hex, octal, decimal] = match;
  const digits = hex ?? octal ?? decimal ?? '';
  const number = Number.parseInt(digits, hex !== undefined ? 16 : octal !== undefined ? 8 : 10);
  return { number: sign === '-' ? -number : number, rest: text.slice(all.length) };
}

/** A whole text that strtol(3) reads with automatic base. @param {string} text @returns {number | undefined} */
export function parseInteger(text) {
  const found = leadingInteger(text);
  return found?.rest === '' ? found.number : undefined;
}

const UNITS = 'kmgtpe';

/**
 * Memory sizes, bhyve(8) -m: strtoul(3), and expand_number(3) where something follows, which looks at one letter only. That
 * main refuses what stands behind the letter is assumed.
 * @param {string} text @param {boolean} [strict] @returns {number | undefined}
 */
export function parseMemory(text, strict = false) {
  const found = leadingInteger(text);
  if (found === undefined || found.number <= 0) return undefined;
  const { number, rest } = found;
  if (rest === '') return number < 1048576 ? number * 1048576 : number;
  const unit = (rest[0] ?? '').toLowerCase();
  const power = unit === 'b' ? 0 : UNITS.indexOf(unit) + 1;
  const isUnit = (unit === 'b' || power > 0) && (!strict || rest.length === 1);
  const bytes = number * 1024 ** power;
  return isUnit && bytes < 2 ** 64 ? bytes : undefined;
}
