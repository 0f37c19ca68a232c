/** Lines and calls as pure functions: whatever the bytes, however they are cut. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { size } from '../full.ts';
import { faultOfParams, readMessage } from '../../src/control/wire-calls.ts';
import { createLineSplitter } from '../../src/control/wire-lines.ts';
import { methods } from '../../src/control/wire-table.ts';

function linesOf(bytes: Uint8Array, cuts: readonly number[], limit: number): readonly string[] {
  const splitter = createLineSplitter(limit);
  const lines: string[] = [];
  const places = [...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
  let at = 0;
  for (const place of places) {
    splitter.push(bytes.subarray(at, place));
    at = place;
    for (let line = splitter.next(); line.kind !== 'none'; line = splitter.next()) {
      if (line.kind === 'too long') return [...lines, 'too long'];
      lines.push(Buffer.from(line.bytes).toString('latin1'));
    }
    expect(splitter.waiting()).toBeLessThanOrEqual(limit);
  }
  return lines;
}

const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => array.map((byte) => (byte % 8 === 0 ? 10 : byte)));

test('lines are those between the LFs, however the bytes arrive', () => {
  fc.assert(
    fc.property(bytes, fc.array(fc.nat(), { maxLength: 12 }), (text, cuts) => {
      const expected = Buffer.from(text).toString('latin1').split('\n').slice(0, -1);
      expect(linesOf(text, cuts, 1000)).toEqual(expected);
    }),
    { numRuns: size(100, 3000) },
  );
});

test('the first line that is longer than the limit ends it, and nothing of it is kept', () => {
  fc.assert(
    fc.property(bytes, fc.array(fc.nat(), { maxLength: 12 }), fc.integer({ min: 1, max: 12 }), (text, cuts, limit) => {
      const all = Buffer.from(text).toString('latin1').split('\n');
      const long = all.findIndex((line) => line.length > limit);
      const expected = long === -1 ? all.slice(0, -1) : [...all.slice(0, long), 'too long'];
      expect(linesOf(text, cuts, limit)).toEqual(expected);
    }),
    { numRuns: size(100, 3000) },
  );
  const splitter = createLineSplitter(4);
  splitter.push(Buffer.from('12345'));
  expect([splitter.next().kind, splitter.waiting()]).toEqual(['too long', 0]);
  splitter.push(Buffer.from('more\n'));
  expect([splitter.next().kind, splitter.waiting()]).toEqual(['too long', 0]);
});

const call = fc.record({
  jsonrpc: fc.oneof(fc.constant('2.0'), fc.jsonValue()),
  id: fc.jsonValue(),
  method: fc.oneof(fc.constantFrom(...Object.keys(methods)), fc.jsonValue()),
  params: fc.jsonValue(),
});
const frame = fc.oneof(
  fc.uint8Array({ maxLength: 80 }),
  fc.json().map((text) => Buffer.from(text)),
  fc.oneof(call, fc.array(call)).map((value) => Buffer.from(JSON.stringify(value))),
  fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
);

test('no line makes the reader throw, and each item is a call or a fault with a number', () => {
  let calls = 0;
  fc.assert(
    fc.property(frame, (line) => {
      for (const item of readMessage(line)?.items ?? []) {
        if (item.kind === 'fault') expect(item.error.code).toBeLessThan(-32_000);
        else {
          calls += 1;
          const fault = faultOfParams(item.method, item.params);
          if (fault !== null) expect(fault.length).toBeLessThan(400);
        }
      }
    }),
    { numRuns: size(1000, 20_000) },
  );
  expect(calls).toBeGreaterThan(size(25, 500));
});

test('depth and size of JSON are no danger', () => {
  const deep = Buffer.from(`${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`);
  expect(readMessage(deep)?.items).toHaveLength(1);
  const deepParams = `{"jsonrpc":"2.0","id":1,"method":"domain.info","params":{"domain":${'['.repeat(1e6)}${']'.repeat(1e6)}}}`;
  const [item] = readMessage(Buffer.from(deepParams))?.items ?? [];
  expect(item?.kind === 'call' ? faultOfParams(item.method, item.params) : item).toContain('but a list');
  expect(readMessage(Buffer.from(`[${'1,'.repeat(3_000_000)}1]`))?.items).toHaveLength(1);
});
