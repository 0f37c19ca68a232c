/**
 * The user's own words for bhyve against the rest of the guest. Needs: a placed machine. Gives: what bhyve takes once is
 * said once, and no word works against what the launcher and the loader are told. Reports: BV1545, BV1547, BV1551 to BV1554.
 */
import type { Span } from '../../diagnostics/source.ts';
import { isSameValue } from '../../ir/command-line/same-value.ts';
import { singleDevices } from '../../ir/command-line/slots.ts';
import { allDevices, type Machine, type PlacedMachine, type RawOption } from '../../ir/machine.ts';
import type { Setting } from '../../ir/settings.ts';
import { shownText } from '../../ir/words.ts';
import type { Context } from '../context.ts';

/**
 * Reports each contradiction. libvirt does not look.
 * @param settingsOf what bhyve is told; asked only where the user has words of their own, which few guests have
 */
export function checkRaw(placed: PlacedMachine, settingsOf: () => readonly Setting[], context: Context): void {
  const { machine } = placed;
  if (!context.dialect.ours('raw-arguments') || machine.raw.length === 0) return;
  reportContradictions(machine.raw, settingsOf(), context);
  for (const option of machine.raw) {
    const at = placeOf(option);
    if (at === null) continue;
    reportSecond(option, at, machine, context);
    reportStdio(option, at, machine, context);
    reportUntold(option, at, machine, context);
    reportParts(option, at, machine, context);
  }
}

/** Where an option is pointed at: its value, or the option itself. */
function placeOf({ words }: RawOption): Span | null {
  return words.at(-1)?.origins[0] ?? null;
}

/** A key that is told two values: later ones win in bhyve, or it ends, and either the XML or the word is untrue. */
function reportContradictions(raw: readonly RawOption[], settings: readonly Setting[], { reporter }: Context): void {
  const ofWords = new Set(raw.map(({ words }) => words[0]?.origins[0]));
  const pinned = new Set(raw.filter(({ letter }) => letter === 'p').map(placeOf));
  const own = settings.filter(({ origins }) => !ofWords.has(origins[0]));
  const told = new Map(
    own.flatMap(({ entries, origins }) => entries.map(({ key, value }) => [key, { value, at: origins[0] }])),
  );
  for (const option of raw) {
    const at = placeOf(option);
    if (at === null || option.letter === null) continue;
    const isSlot = option.letter === 's';
    for (const { key, value, secret } of option.entries ?? []) {
      const first = told.get(key);
      // A slot that is used twice is told by the allocation. Pins add up.
      const isTold =
        first !== undefined &&
        !isSameValue(key, first.value, value) &&
        !isSlot &&
        !isAddedPin(option, first.at, pinned);
      if (isTold) {
        const shown = secret === true ? { value: '...', other: '...' } : { value, other: first.value };
        const notes = [{ span: first.at, text: 'the other one' }];
        reporter.report('BV1545', at, { option: `-${option.letter}`, key, ...shown }, { notes });
      }
      told.set(key, { value, at });
    }
  }
}

/** Whether two `-p` words tell the CPUs of one vCPU: bhyve adds the second to the first. */
function isAddedPin({ letter }: RawOption, first: Span, pinned: ReadonlySet<Span | null>): boolean {
  return letter === 'p' && pinned.has(first);
}

/** A device that a guest can have once: the XML's one, or that of an earlier word, is the first. */
function reportSecond(option: RawOption, at: Span, machine: Machine, { reporter }: Context): void {
  const device = option.seat?.device ?? '';
  if (!singleDevices.has(device)) return;
  const own = allDevices(machine).filter(({ kind }) => kind === device);
  const earlier = machine.raw.slice(0, machine.raw.indexOf(option)).filter(({ seat }) => seat?.device === device);
  const span = own[0]?.origins[0] ?? earlier.map(placeOf)[0];
  if (span != null) reporter.report('BV1547', at, { device }, { notes: [{ span, text: 'the other one' }] });
}

/** Standard input and output are there once. */
function reportStdio(option: RawOption, at: Span, machine: Machine, { reporter }: Context): void {
  const portOf = ({ entries }: RawOption): string | undefined =>
    entries?.find(({ key, value }) => /\.path$/.test(key) && value === 'stdio')?.key;
  const port = portOf(option);
  if (port === undefined) return;
  const earlier = machine.raw
    .slice(0, machine.raw.indexOf(option))
    .find((one) => ![undefined, port].includes(portOf(one)));
  const span = earlier === undefined ? null : placeOf(earlier);
  if (span !== null)
    reporter.report('BV1547', at, { device: 'port on stdio' }, { notes: [{ span, text: 'the other one' }] });
}

/** Words that change something which the loader or the launcher has to know, too. */
function reportUntold(option: RawOption, at: Span, machine: Machine, { reporter }: Context): void {
  const sets = (key: string): boolean =>
    option.entries?.some((entry) => entry.key === key && entry.value === 'true') ?? false;
  if (sets('memory.wired') && !machine.memory.wired) {
    const lacks =
      machine.loader.kind === 'none' ? 'the launcher does not know of it' : 'the loader does not wire the memory';
    const xml = '<memoryBacking><locked/></memoryBacking>';
    reporter.report(
      'BV1551',
      at,
      { option: '-S', lacks, xml },
      machine.loader.kind === 'none' ? {} : { severity: 'error' },
    );
  }
  if (sets('acpi_tables') && !machine.acpi) {
    const lacks = 'the launcher does not press the power button';
    reporter.report('BV1551', at, { option: '-A', lacks, xml: '<features><acpi/></features>' });
  }
  if (sets('monitor') && machine.rundir === null) reporter.report('BV1552', at, {});
}

/** Parts of the LPC bridge, and the boot ROM, which decides what boots the guest. */
function reportParts(option: RawOption, at: Span, machine: Machine, { reporter }: Context): void {
  const keys = option.entries?.map(({ key }) => key) ?? [];
  const { loader } = machine;
  const isRom = keys.some((key) => key === 'bootrom' || key === 'lpc.bootrom');
  if (isRom && loader.kind !== 'none') {
    const program = loader.kind === 'bhyveload' ? 'bhyveload' : loader.program;
    reporter.report('BV1553', at, { program });
  }
  if (option.letter !== 'l' || machine.arch === 'arm64') return;
  const hasBridge =
    allDevices(machine).some(({ kind }) => kind === 'lpc') || machine.raw.some(({ seat }) => seat?.device === 'lpc');
  if (hasBridge) return;
  const [part = ''] = shownText(option.words.at(-1)?.pieces ?? [])
    .replace(/^-l\s*/, '')
    .split(',');
  reporter.report('BV1554', at, { device: part });
}
