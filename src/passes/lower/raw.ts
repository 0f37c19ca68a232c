/**
 * `<bhyve:arg>` words: passed on as they are. We keep the slots free that they use, and report known traps.
 * Reports: BV0595.
 */
import type { Located } from '../../diagnostics/source.ts';
import type { Device } from '../../ir/emulations/index.ts';
import type { PciAddress } from '../../ir/units.ts';
import type { CompleteDomain } from '../complete/complete-domain.ts';
import type { Context } from '../context.ts';

/** Options whose value bhyve does not read past a leading blank; `-s`, `-p` and `-c` happen to tolerate one. */
const strictOptions = /^-[lokKfU]\s/;

/** The slots that the user's own words take. */
export function lowerRawSlots(domain: CompleteDomain, context: Context): readonly Device[] {
  if (!context.dialect.ours('raw-arguments')) return [];
  const words = domain.domain.commandline;
  for (const { value, at } of words) {
    if (strictOptions.test(value)) context.reporter.report('BV0595', at, { option: value.slice(0, 2) });
  }
  return words
    .flatMap((word, i) => slotOf(word, words[i + 1]))
    .map(({ address, at }, ordinal) => {
      const owner = `<bhyve:arg> ${String(ordinal + 1)}`;
      const need = { kind: 'pci', id: `pci ${owner}`, owner, wanted: address, origins: [at], at } as const;
      return { kind: 'empty-slot', place: { kind: 'granted', need, printedFunction: null }, origins: [at] };
    });
}

interface RawSlot {
  readonly address: PciAddress;
  readonly at: Located<string>['at'];
}

/** `-s 10:0,...` in one word or in two. */
function slotOf({ value, at }: Located<string>, next: Located<string> | undefined): readonly RawSlot[] {
  if (!value.startsWith('-s')) return [];
  const text = value === '-s' ? next?.value : value.slice(2);
  const match = /^\s*(\d+)(?::(\d+))?(?::(\d+))?,/.exec(text ?? '');
  if (match === null) return [];
  const groups: readonly (string | undefined)[] = match.slice(1);
  const numbers = groups.filter((part) => part !== undefined).map(Number);
  const [bus, slot, fn] = numbers.length === 3 ? numbers : [0, ...numbers, 0];
  return [
    { address: { bus: bus ?? 0, slot: slot ?? 0, function: fn ?? 0 }, at: value === '-s' ? (next?.at ?? at) : at },
  ];
}
