/**
 * How tests wait: for the thing itself. No test waits a fixed time for something to happen, and none fails because a
 * busy machine was slow; what must be fast is measured by `npm run bench`. test/house/waiting.test.ts holds tests to it.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';

/** Seconds after which nobody expects it any more; just below the limit of a test, so that what was missing is told. */
export const patience = 540;

/**
 * Waits until something is there.
 * @param look gives it, or undefined
 * @param what stands in the error
 */
export async function found<T>(
  look: () => T | undefined | Promise<T | undefined>,
  what: string | (() => string),
): Promise<T> {
  const end = Date.now() + patience * 1000;
  // What takes long is asked for less often: a look costs time that the others could use.
  for (let pause = 2; Date.now() < end; pause = Math.min(pause * 1.2, 40)) {
    const it = await look();
    if (it !== undefined) return it;
    await delay(pause);
  }
  throw new Error(`${typeof what === 'string' ? what : what()}: not within ${String(patience)} seconds`);
}

/** Waits until a condition holds. */
export async function until(condition: () => boolean, what: string | (() => string) = 'the condition'): Promise<void> {
  await found(() => (condition() ? true : undefined), what);
}

/** Runs something that must not be over sooner: how a test sees that a limit was kept. There is no limit above. */
export async function expectAtLeast(seconds: number, run: () => Promise<unknown>): Promise<void> {
  const began = performance.now();
  await run();
  // A timer of a shell and our clock differ by a tick.
  expect(performance.now() - began).toBeGreaterThan(seconds * 1000 - 10);
}

/** Lets random time pass between random acts; nothing is expected to have happened afterwards. */
export async function idle(milliseconds: number): Promise<void> {
  await delay(milliseconds);
}

/** Keeps the processor for a part of a millisecond or some, where `idle` would be too coarse. */
export function spend(milliseconds: number): void {
  const end = process.hrtime.bigint() + BigInt(Math.floor(milliseconds * 1e6));
  while (process.hrtime.bigint() < end);
}
