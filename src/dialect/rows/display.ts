/** Rows of the table of differences: screen, sound and input. */
import type { Difference } from '../difference.ts';

export const display = {
  'sound-direction': {
    libvirt: 'the input device becomes `play=`, the output device `rec=`',
    bhyvec: 'the output device becomes `play=`, the input device `rec=`',
    reason: 'what the guest plays goes out',
    effect: 'sound works with two different devices',
  },
  'sound-model': {
    libvirt: 'only model ich7',
    bhyvec: 'ich6, ich7 and ich9',
    reason: 'all three are HD audio controllers, which is what bhyve emulates',
    effect: 'none',
  },
  'vnc-listen': {
    libvirt: '`tcp=:PORT` without a listen address',
    bhyvec: '`tcp=127.0.0.1:PORT`',
    reason: 'an empty address means 127.0.0.1 to bhyve: we write what happens',
    effect: 'none',
  },
  'vnc-unix': {
    libvirt: 'unix sockets are refused',
    bhyvec: '`rfb=unix:PATH`',
    reason: 'bhyve has them since FreeBSD 15.1',
    effect: 'none',
  },
  'vnc-keymap': {
    libvirt: '`keymap` is dropped',
    bhyvec: '`-K LAYOUT`',
    reason: 'the XML asks for it',
    effect: 'keys typed over VNC are the right ones',
  },
  'vnc-password': {
    libvirt: 'the VNC password stands in the command line',
    bhyvec: 'it stands in a file of mode 0600 that `-k` names, where bhyve has `-k`',
    reason: 'every user of the host can read command lines',
    effect: 'none',
  },
  'tablet-controller': {
    libvirt: 'a tablet without a USB controller is dropped',
    bhyvec: 'it gets an xhci controller',
    reason: 'virt-install writes it so',
    effect: 'the guest has the tablet',
  },
  'input-legacy': {
    libvirt: 'with a USB controller, a PS/2 keyboard or mouse is an error; a controller without a tablet is one too',
    bhyvec: 'PS/2 keyboard and mouse are there anyway; a controller without devices is fine',
    reason: 'amd64 guests of bhyve always have both',
    effect: 'none',
  },
  'vnc-port-range': {
    libvirt: 'VNC ports below 5900 are refused',
    bhyvec: 'every TCP port',
    reason: 'bhyve has no such rule',
    effect: 'none',
  },
} as const satisfies Record<string, Difference>;
