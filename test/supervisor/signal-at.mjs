/**
 * Loaded before a program (node --import): sends itself the signal SIGNAL_AT_NAME right before the SIGNAL_AT_CALLth call
 * that reaches the system; 0 stands for never. Calls count from the beginning, or, with SIGNAL_AT_FROM=caught, from when it
 * catches SIGTERM, which it says on descriptor 3. At the end it says there how many calls there were.
 */
import childProcess from 'node:child_process';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

const { SIGNAL_AT_NAME: name = 'SIGTERM', SIGNAL_AT_CALL: at = '0', SIGNAL_AT_FROM: from = 'start' } = process.env;
/** What is told on this descriptor goes past the wrapped functions. */
const tell = fs.writeSync;
let calls = 0;
let isCaught = false;

function count() {
  if (!isCaught && from === 'caught') return;
  calls += 1;
  if (calls === Number(at)) process.kill(process.pid, name);
}

/** @param {object} holder @param {string} key */
function wrap(holder, key) {
  const real = Reflect.get(holder, key);
  if (typeof real !== 'function' || /^[A-Z]/.test(key)) return;
  const counted = new Proxy(real, {
    apply(target, self, words) {
      count();
      /** @type {unknown} */
      const result = Reflect.apply(target, self, words);
      return result;
    },
  });
  Reflect.set(holder, key, counted);
}

for (const key of Object.keys(fs)) if (key !== 'promises') wrap(fs, key);
for (const key of Object.keys(fs.promises)) wrap(fs.promises, key);
for (const key of ['spawn', 'execFile']) wrap(childProcess, key);
wrap(net.Server.prototype, 'listen');
wrap(net.Server.prototype, 'close');
syncBuiltinESMExports();

process.on('newListener', (event) => {
  if (event !== 'SIGTERM' || isCaught) return;
  // It is caught once the listener is there.
  process.nextTick(() => {
    isCaught = true;
    tell(3, 'caught\n');
  });
});
process.on('exit', () => tell(3, `calls ${String(calls)}\n`));
