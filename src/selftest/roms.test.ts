/** The boot ROMs on a processor that knows the few instructions of theirs, as the manuals of the 8086 and bhyve's pm.c have them. */
import { expect, test } from 'vitest';
import { resetBytes, romBytes, romGaps, romNames, romSize, type RomName } from './roms.ts';

/** What came of a ROM: what it wrote to which port, and how it ended or what it waits for. */
interface Outcome {
  readonly writes: readonly string[];
  readonly end: 'waits' | 'halted' | 'spins' | 'triple fault' | 'goes on';
}

function imageOf(name: RomName): Uint8Array {
  const [gap, end] = romGaps(name);
  return Uint8Array.from([...romBytes(name), ...zeros(gap), ...resetBytes, ...zeros(end)]);
}

function zeros(count: number): readonly number[] {
  return Array.from({ length: count }, () => 0);
}

/** Runs a ROM for so many instructions; `buttonAfter` is how often PM1a is read before its button bit is set. */
function run(name: RomName, { steps = 20_000, buttonAfter = Infinity, most = 100 } = {}): Outcome {
  const rom = imageOf(name);
  const writes: string[] = [];
  let [ip, ax, bx, dx] = [romSize - 16, 0, 0, 0];
  let [zero, interrupts, reads, limit] = [false, false, 0, 0x3ff];
  const byte = (): number => rom[ip++ & 0xffff] ?? 0;
  const word = (): number => byte() | (byte() << 8);
  const jump = (taken: boolean): void => {
    const distance = (byte() << 24) >> 24;
    if (taken) ip = (ip + distance) & 0xffff;
  };
  for (let step = 0; step < steps && writes.length < most; step++) {
    const at = ip;
    const code = byte();
    switch (code) {
      case 0xe9: ip = (word() + ip) & 0xffff; break; // prettier-ignore
      case 0xeb: jump(true); if (ip === at) return { writes, end: 'spins' }; break; // prettier-ignore
      case 0xfa: interrupts = false; break; // prettier-ignore
      case 0xfb: interrupts = true; break; // prettier-ignore
      case 0xf4:
        return { writes, end: interrupts ? 'waits' : 'halted' };
      case 0xb0: ax = (ax & 0xff00) | byte(); break; // prettier-ignore
      case 0xb8: ax = word(); break; // prettier-ignore
      case 0xb9: word(); break; // prettier-ignore
      case 0xba: dx = word(); break; // prettier-ignore
      case 0xbb: bx = word(); break; // prettier-ignore
      case 0x42: dx = (dx + 1) & 0xffff; break; // prettier-ignore
      case 0x4b: bx = (bx - 1) & 0xffff; zero = bx === 0; break; // prettier-ignore
      case 0x75: jump(!zero); break; // prettier-ignore
      // A loop onto itself only takes time, and cx is for nothing else.
      case 0xe2: jump(false); break; // prettier-ignore
      case 0xee: writes.push(`${dx.toString(16)}=${(ax & 0xff).toString(16)}`); break; // prettier-ignore
      case 0xef: writes.push(`${dx.toString(16)}=${ax.toString(16)}`); break; // prettier-ignore
      case 0xe6: writes.push(`${byte().toString(16)}=${(ax & 0xff).toString(16)}`); break; // prettier-ignore
      case 0xed: ax = dx === 0x400 && ++reads > buttonAfter ? 0x100 : 0; break; // prettier-ignore
      case 0xf6: expect(byte()).toBe(0xc4); zero = ((ax >> 8) & byte()) === 0; break; // prettier-ignore
      case 0x0f: expect([byte(), byte()]).toEqual([0x01, 0x1e]); word(); limit = 0; break; // prettier-ignore
      case 0xcc:
        return { writes, end: limit < 3 * 4 + 3 ? 'triple fault' : 'goes on' };
      default:
        throw new Error(`${name}: no instruction of ours at ${at.toString(16)}: ${code.toString(16)}`);
    }
  }
  return { writes, end: 'goes on' };
}

test('each ROM does what it is called for', () => {
  const outcomes = Object.fromEntries(romNames.filter((name) => name !== 'print').map((name) => [name, run(name)]));
  expect(outcomes).toEqual({
    idle: { writes: [], end: 'waits' },
    spin: { writes: [], end: 'spins' },
    halt: { writes: [], end: 'halted' },
    // Sleep type 5 in bits 10 to 12, and the bit 13 that goes to sleep.
    off: { writes: ['404=3401'], end: 'halted' },
    reset: { writes: ['cf9=6'], end: 'halted' },
    fault: { writes: [], end: 'triple fault' },
    // ACPI is on, the button is not pressed.
    button: { writes: ['b2=a0'], end: 'goes on' },
  });
  expect(run('button', { buttonAfter: 3 })).toEqual({ writes: ['b2=a0', '404=3401'], end: 'halted' });
});

test('print writes its text to com1 again and again', () => {
  const { writes, end } = run('print', { most: 34 });
  const text = writes.map((write) => String.fromCharCode(parseInt(write.replace(/^3f8=/, ''), 16))).join('');
  expect([text, end]).toEqual(['bhyvec-selftest\r\n'.repeat(2), 'goes on']);
});

test('a ROM has the size that bhyve wants, and tells its name in its first line', () => {
  for (const name of romNames) {
    expect(imageOf(name).length).toBe(0x10000);
    expect(Buffer.from(imageOf(name)).toString('latin1').split('\n')[0]).toContain(`bhyvec selftest rom ${name}`);
  }
});
