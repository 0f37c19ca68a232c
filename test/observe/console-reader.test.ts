// One reader: whatever the order of words, pauses and requests for more, it gets all in order, or is told how much it missed.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createReader } from '../../src/consoles/reader.ts';
import { createRing } from '../../src/consoles/ring.ts';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

it('accounts for each byte, with any pauses', async () => {
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.record({ say: fc.integer({ min: 1, max: 50 }) }) },
    { weight: 2, arbitrary: fc.constant('ready' as const) },
    { weight: 1, arbitrary: fc.constant('turn' as const) },
  );
  const inputs = [
    fc.integer({ min: 0, max: 200 }),
    fc.array(step, { maxLength: 60 }),
    fc.array(fc.boolean(), { minLength: 1 }),
  ] as const;
  await fc.assert(
    fc.asyncProperty(...inputs, async (before, steps, answers) => {
      const all = Array.from({ length: 4000 }, (_, n) => String.fromCharCode(0x61 + (n % 23))).join('');
      let said = before;
      let calls = 0;
      let heard = '';
      const onData = (bytes: Uint8Array): boolean | undefined => {
        heard += Buffer.from(bytes).toString();
        return answers[calls++ % answers.length];
      };
      const history = Promise.resolve(Buffer.from(all.slice(0, before)));
      const reader = createReader(1, { onData, onClosed: () => undefined }, history, 100, () => undefined);
      expect(heard).toBe('');
      for (const action of steps) {
        if (action === 'ready') reader.ready();
        else if (action === 'turn') await nextTurn();
        else {
          reader.hear(Buffer.from(all.slice(said, said + action.say)));
          said += action.say;
        }
      }
      await nextTurn();
      await nextTurn();
      for (let n = 0; n < 300; n += 1) reader.ready();
      let at = 0;
      for (const piece of heard.split(/(\r\n\[bhyvec: \d+ bytes are left out, [^\]]*\]\r\n)/)) {
        const missing = /^\r\n\[bhyvec: (\d+)/.exec(piece)?.[1];
        if (missing === undefined) expect(piece).toBe(all.slice(at, at + piece.length));
        at += missing === undefined ? piece.length : Number(missing);
      }
      expect(at).toBe(said);
    }),
    { numRuns: 300 },
  );
});

it('is a ring of the last bytes', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 20 }),
      fc.array(fc.string({ maxLength: 30 })),
      fc.nat({ max: 40 }),
      (limit, texts, wanted) => {
        const ring = createRing(limit);
        for (const text of texts) ring.push(Buffer.from(text, 'latin1'));
        const all = texts.join('').slice(-limit || Infinity);
        expect(ring.length()).toBe(all.length);
        expect(ring.last(wanted).toString('latin1')).toBe(wanted === 0 ? '' : all.slice(-wanted));
      },
    ),
    { numRuns: 500 },
  );
});
