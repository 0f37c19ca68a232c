/**
 * The boot ROMs: 64 KiB of which a few bytes are code. bhyve maps a ROM so that it ends at 4 GiB (bootrom.c), a processor starts
 * in real mode at its last 16 bytes, and a near jump leads from there to its beginning. Ports: bhyve's pm.c for power off
 * (PM1a control at 0x404, sleep type 5), power button (PM1a events at 0x400, ACPI mode through 0xb2) and reset (0xcf9).
 */
import { invariant } from '../diagnostics/invariant.ts';

/** What a guest does. */
export type RomName = 'idle' | 'spin' | 'halt' | 'off' | 'reset' | 'fault' | 'button' | 'print';

/** Bytes of a ROM: a multiple of the page, as bhyve wants it. */
export const romSize = 0x10000;

/** What the guest `print` says again and again. */
export const printed = 'bhyvec-selftest';

/** The last 16 bytes begin here. */
const resetVector = romSize - 16;

const halted = [0xfa, 0xf4, 0xeb, 0xfc]; // again: cli; hlt; jmp again
const waiting = [0xfb, 0xf4, 0xeb, 0xfd]; // sti; again: hlt; jmp again
const powerOff = [...[0xba, 0x04, 0x04], ...[0xb8, 0x01, 0x34], 0xef]; // mov dx, 0x404; mov ax, 0x3401; out dx, ax
const delay = [...[0xb9, 0xff, 0xff], ...[0xe2, 0xfe]]; // mov cx, 0xffff; again: loop again

/** The code of each ROM. */
const code: Readonly<Record<RomName, readonly number[]>> = {
  // Waits for an interrupt that never comes; SIGTERM kills bhyve, since nobody has switched ACPI on.
  idle: waiting,
  spin: [0xeb, 0xfe],
  // Halts with interrupts off: bhyve ends with 2.
  halt: halted,
  off: [...powerOff, ...halted],
  // mov dx, 0xcf9; mov al, 6; out dx, al
  reset: [...[0xba, 0xf9, 0x0c], ...[0xb0, 0x06], 0xee, ...halted],
  // lidt [0x501], which is a limit of 0; int3: a triple fault.
  fault: [...[0x0f, 0x01, 0x1e, 0x01, 0x05], 0xcc, ...halted],
  button: button(),
  print: print(`${printed}\r\n`),
};

/** The names of all ROMs. */
export const romNames: readonly RomName[] = ['idle', 'spin', 'halt', 'off', 'reset', 'fault', 'button', 'print'];

/** Switches ACPI on, asks for the power button again and again, and powers off when it was pressed. */
function button(): readonly number[] {
  const enable = [...[0xb0, 0xa0], ...[0xe6, 0xb2]]; // mov al, 0xa0; out 0xb2, al
  // mov dx, 0x3ff; inc dx; in ax, dx; test ah, 1
  const look = [...[0xba, 0xff, 0x03], 0x42, 0xed, ...[0xf6, 0xc4, 0x01]];
  const back = 2 + delay.length + 2 + look.length;
  // jnz past the jump; jmp look
  return [
    ...[...enable, ...look, 0x75, delay.length + 2],
    ...[...delay, 0xeb, 0x100 - back],
    ...[...powerOff, ...halted],
  ];
}

/** Writes the text to com1 (0x3f8), waits about a tenth of a second, and begins anew. */
function print(text: string): readonly number[] {
  const port = [0xba, 0xf8, 0x03]; // mov dx, 0x3f8
  const letters = [...text].flatMap((letter) => [0xb0, letter.charCodeAt(0), 0xee]); // mov al, letter; out dx, al
  // mov bx, 0x3ff; again: delay; dec bx; jnz again
  const pause = [...[0xbb, 0xff, 0x03], ...delay, 0x4b, 0x75, 0x100 - (delay.length + 3)];
  const body = [...port, ...letters, ...pause];
  const back = 0x10000 - (body.length + 3);
  return [...body, 0xe9, back & 0xff, back >> 8];
}

/** The first bytes of a ROM: a jump over a line that says which one it is, and the code. None of them is NUL. */
export function romBytes(name: RomName): readonly number[] {
  const line = [...`bhyvec selftest rom ${name}\n`].map((letter) => letter.charCodeAt(0));
  const bytes = [0xeb, line.length, ...line, ...code[name]];
  invariant(line.length < 0x80 && bytes.every((byte) => byte > 0 && byte < 0x100), `the ROM ${name} has a wrong byte`);
  return bytes;
}

/** Where the processor starts: jmp near to the beginning. */
export const resetBytes: readonly number[] = [0xe9, (romSize - (resetVector + 3)) & 0xff];

/** NULs between code and reset vector, and behind it. */
export function romGaps(name: RomName): readonly [number, number] {
  return [resetVector - romBytes(name).length, romSize - resetVector - resetBytes.length];
}

/** Bytes as printf(1) takes them: octal, so that none means anything else to it. */
export function octal(bytes: readonly number[]): string {
  return bytes.map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}
