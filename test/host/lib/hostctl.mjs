// The command line of hostctl.
import { readFileSync } from 'node:fs';
import { serve } from './serve.mjs';
import { perform } from './verbs.mjs';

const words = process.argv.slice(2);
if (words[0] === 'serve') serve();
else {
  process.exitCode = await perform(words, {
    print: (text) => process.stdout.write(text),
    complain: (text) => process.stderr.write(text),
    input: () => readFileSync(0, 'utf8'),
  });
}
