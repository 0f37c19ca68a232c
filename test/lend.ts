/** What tests borrow: it is made before each of them, or once for all of a file, and given back afterwards. */
import { beforeAll, beforeEach } from 'vitest';

type Lend = <Made>(make: () => Made | Promise<Made>, end: (made: Made) => void | Promise<void>) => () => Made;

const lendBy =
  (hook: typeof beforeEach | typeof beforeAll): Lend =>
  <Made>(make: () => Made | Promise<Made>, end: (made: Made) => void | Promise<void>) => {
    const lent: Made[] = [];
    hook(async () => {
      const made = await make();
      lent.push(made);
      return async () => {
        lent.pop();
        await end(made);
      };
    });
    return () => {
      const made = lent.at(-1);
      if (made === undefined) throw new Error('nothing is lent outside of a test');
      return made;
    };
  };

/** A new one for each test of the file; `end` is called after it. */
export const forEachTest = lendBy(beforeEach);

/** One for all tests of the file; `end` is called after the last of them. */
export const forAllTests = lendBy(beforeAll);
