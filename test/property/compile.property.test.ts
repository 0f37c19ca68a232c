/**
 * What holds for every text, every domain and every host: the compiler comes to an end and says where; what it grants is
 * granted once; what the user pins stays where it is; secrets stay out of command lines.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile, compileBytes } from '../../src/compile/compile.ts';
import type { Compilation, CompileOptions } from '../../src/compile/stages.ts';
import { catalogue } from '../../src/diagnostics/catalogue/index.ts';
import type { Entry } from '../../src/diagnostics/message.ts';
import type { Diagnostic } from '../../src/diagnostics/reporter.ts';
import type { Span } from '../../src/diagnostics/source.ts';
import { largestDocument } from '../../src/text/limits.ts';
import { builtInTargets, targetProfile } from '../../src/host/targets.ts';
import { emulationOf } from '../../src/ir/emulations/index.ts';
import { allDevices, type PlacedMachine } from '../../src/ir/machine.ts';
import { printIr } from '../../src/ir/print.ts';
import { formatPciAddress } from '../../src/ir/units.ts';
import { size } from '../full.ts';
import { domains, escapeXml, password, type RandomDomain } from './domains.ts';
import { anyText, damagedDomains, wrongValues } from './texts.ts';
import { textOf } from '../../src/ir/words.ts';

const seed = 20_260_401;
const runs = (numRuns: number): fc.Parameters<unknown> => ({ seed, numRuns: size(Math.ceil(numRuns / 20), numRuns) });

/** Every way to call the compiler. */
const settings: fc.Arbitrary<CompileOptions> = fc
  .record({
    target: fc.constantFrom(...builtInTargets.map(({ name }) => name), 'freebsd-15.1', 'freebsd-main', 'freebsd-14.3'),
    dialect: fc.constantFrom('bhyvec', 'libvirt'),
    schema: fc.constantFrom('error', 'warn', 'off'),
    strict: fc.boolean(),
  })
  .map(({ target, ...rest }) => ({ ...rest, host: hostNamed(target, rest.dialect) }));

function hostNamed(target: string, dialect: CompileOptions['dialect']): CompileOptions['host'] {
  const host = targetProfile(target, dialect);
  if (host === null) throw new Error(`there is no target ${target}`);
  return host;
}

const ours: CompileOptions = {
  host: hostNamed('freebsd-main', 'bhyvec'),
  dialect: 'bhyvec',
  schema: 'error',
  strict: false,
};

function compileText(text: string, options: CompileOptions): Compilation {
  return compile({ name: 'domain.xml', text }, options);
}

function spansOf({ span, notes, edit }: Diagnostic): readonly Span[] {
  return [span, ...notes.map((note) => note.span), ...(edit === null ? [] : [edit.span])];
}

/** The compiler ends, places lie inside the text, there is a plan or an error, and a second run says the same. */
function expectSound(text: string, options: CompileOptions): void {
  const first = compileText(text, options);
  for (const { start, end, source } of first.diagnostics.flatMap(spansOf)) {
    expect([source.text === text, start >= 0, start <= end, end <= text.length]).toEqual([true, true, true, true]);
  }
  expect(first.diagnostics.some(({ severity }) => severity === 'error')).toBe(first.plan === null);
  const second = compileText(text, options);
  expect(printIr([second.diagnostics, second.plan])).toBe(printIr([first.diagnostics, first.plan]));
}

describe(`with seed ${String(seed)}`, () => {
  test('any text compiles or has diagnostics', () => {
    fc.assert(fc.property(anyText, settings, expectSound), runs(400));
  });

  test('so does a domain with values that make no sense', () => {
    fc.assert(fc.property(wrongValues, settings, expectSound), runs(300));
  });

  test('so does a damaged domain', () => {
    fc.assert(fc.property(damagedDomains, settings, expectSound), runs(250));
  });

  test('and so does a domain that is nearly right', () => {
    fc.assert(
      fc.property(domains, settings, ({ xml }, options) => {
        expectSound(xml, options);
      }),
      runs(150),
    );
  });

  test('any bytes compile or have diagnostics', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 80 }),
      anyText.map((text) => new TextEncoder().encode(text)),
    );
    fc.assert(
      fc.property(bytes, settings, (input, options) => {
        const { diagnostics, plan } = compileBytes('domain.xml', input, options);
        expect(diagnostics.some(({ severity }) => severity === 'error')).toBe(plan === null);
      }),
      runs(300),
    );
  });

  test('a file that is too large is not read', () => {
    const { diagnostics } = compileBytes('big.xml', new Uint8Array(largestDocument + 1).fill(0x20), ours);
    expect(diagnostics.map(({ code }) => code)).toEqual(['BV0101']);
  });

  test('an element with more children than a function may have arguments', () => {
    const text = `<domain>${'<frob/>'.repeat(150_000)}</domain>`;
    expect(compileText(text, { ...ours, schema: 'off' }).plan).toBeNull();
  });

  test('a tag that is too long is not read to its end', () => {
    const text = `<domain ${"type='bhyve' ".repeat(20_000)}/>`;
    expect(compileText(text, ours).diagnostics.map(({ code }) => code)).toContain('BV0140');
  });

  /** With one seed all tests see the same domains. */
  const known = new Map<string, Compilation>();
  function compiledOnce(xml: string): Compilation {
    const compilation = known.get(xml) ?? compileText(xml, ours);
    known.set(xml, compilation);
    return compilation;
  }

  /** The placed machines of random domains that compile; most of them do. */
  function forCompiled(
    check: (placed: PlacedMachine, compilation: Compilation, domain: RandomDomain) => void,
    count = 400,
  ): void {
    let compiled = 0;
    fc.assert(
      fc.property(domains, (domain) => {
        const compilation = compiledOnce(domain.xml);
        const placed = compilation.stages.allocate;
        if (placed === null || compilation.plan === null) return;
        compiled += 1;
        check(placed, compilation, domain);
      }),
      runs(count),
    );
    expect(compiled).toBeGreaterThan(size(count / 20, count) / 5);
  }

  test('nothing is granted twice', () => {
    forCompiled(({ machine, grants }) => {
      const needs = new Map(
        allDevices(machine)
          .flatMap((device) => emulationOf(device).needs(device))
          .map((need) => [need.id, need]),
      );
      const granted = [...needs.values()].map((need) => `${need.kind} ${JSON.stringify(grants.of(need))}`);
      expect(new Set(granted).size).toBe(granted.length);
      const pairs = machine.consoles.flatMap(({ backend }) =>
        backend.kind === 'nmdm' ? [grants.of(backend.need)] : [],
      );
      const ends = pairs.flatMap(({ guest, user }) => [guest, user]);
      expect(new Set(ends).size).toBe(ends.length);
    });
  });

  test('what is pinned is granted as it is', () => {
    forCompiled(({ machine, grants }) => {
      for (const need of allDevices(machine).flatMap((device) => emulationOf(device).needs(device))) {
        if (need.wanted !== null) expect(grants.of(need)).toEqual(need.wanted);
      }
    });
  });

  test('a disk with an address is where its address says', () => {
    forCompiled((_placed, { plan }, { pinned }) => {
      const words = plan?.bhyve.words.map(({ pieces }) => textOf(pieces)) ?? [];
      for (const { path, address } of pinned) {
        const { bus, slot, fn } = address;
        if (bus === 0 && slot === 0 && fn === 0) continue;
        const expected = `${formatPciAddress({ bus, slot, function: fn })},virtio-blk,${path}`;
        expect(words.filter((word) => word === expected || word.startsWith(`${expected},`))).toHaveLength(1);
      }
    });
  });

  test('every -s has an address of its own', () => {
    forCompiled((_placed, { plan }) => {
      const words = plan?.bhyve.words.map(({ pieces }) => textOf(pieces)) ?? [];
      const addresses = words.flatMap((word, i) => (words[i - 1] === '-s' ? [word.slice(0, word.indexOf(','))] : []));
      expect(new Set(addresses).size).toBe(addresses.length);
    });
  });

  test('taps, ports and consoles of the host are used once', () => {
    forCompiled((_placed, { plan }) => {
      const used = (plan?.steps ?? []).flatMap((step) => {
        if (step.kind === 'tap') return [`tap ${step.name}`];
        if (step.kind === 'port') return [`port ${String(step.port)}`];
        return step.kind === 'nmdm' ? [step.pair.guest, step.pair.user] : [];
      });
      expect(new Set(used).size).toBe(used.length);
      const coms = (plan?.consoles ?? []).map(({ com }) => com);
      expect(new Set(coms).size).toBe(coms.length);
    });
  });

  test('no command line has a VNC password in it', () => {
    forCompiled((_placed, { plan }, { xml }) => {
      const commands = [plan?.loader, plan?.bhyve].flatMap(
        (command) => command?.words.map(({ pieces }) => textOf(pieces)) ?? [],
      );
      expect(commands.filter((word) => word.includes(password))).toEqual([]);
      const hasSecret = plan?.steps.some(({ kind }) => kind === 'secrets') === true;
      expect(hasSecret).toBe(plan?.bhyve.words.some(({ pieces }) => textOf(pieces) === '-k'));
      if (hasSecret) expect(xml).toContain(escapeXml(password));
    });
  });

  test('strict makes errors of all that is ignored', () => {
    const isIgnored = ({ code }: Diagnostic): boolean => (catalogue()[code] satisfies Entry).ignored;
    fc.assert(
      fc.property(domains, settings, ({ xml }, options) => {
        const lenient = compileText(xml, { ...options, strict: false }).diagnostics.filter(isIgnored);
        const strict = compileText(xml, { ...options, strict: true });
        expect(strict.diagnostics.filter(isIgnored).filter(({ severity }) => severity !== 'error')).toEqual([]);
        if (lenient.length > 0) expect(strict.plan).toBeNull();
      }),
      runs(120),
    );
  });
});
