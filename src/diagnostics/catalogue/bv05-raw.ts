/** BV05 and BV15: words of the user for bhyve (`<bhyve:arg>`). Reported by `passes/lower` and `passes/check`. */
import { entry, message } from '../message.ts';

export const raw = () => ({
  BV0595: entry({
    name: 'blank-after-option',
    severity: 'error',
    message: message`bhyve reads '${'word'}' as one word, blank included`,
    help: message`write each option, and its value, as a <bhyve:arg> of its own`,
  }),
  BV1540: entry({
    name: 'unknown-option',
    severity: 'error',
    cannot: 'bhyve',
    message: message`bhyve has no option -${'letter'}`,
    help: message`bhyve ends with its usage; bhyve(8) lists the options`,
  }),
  BV1541: entry({
    name: 'option-without-value',
    severity: 'error',
    message: message`${'option'} has to be followed by ${'takes'}`,
    help: message`add a <bhyve:arg> with the value behind it`,
  }),
  BV1542: entry({
    name: 'word-without-option',
    severity: 'error',
    message: message`'${'word'}' belongs to no option: bhyve takes it for the name of a guest`,
    help: message`write the option that it belongs to in a <bhyve:arg> before it, or remove it`,
  }),
  BV1543: entry({
    name: 'option-not-on-host',
    severity: 'error',
    cannot: 'bhyve',
    message: message`bhyve of ${'host'} has no option ${'option'}`,
    help: message`remove it, or compile for a target whose bhyve has it (--target)`,
  }),
  BV1544: entry({
    name: 'option-value',
    severity: 'error',
    cannot: 'bhyve',
    message: message`bhyve cannot read '${'argument'}' behind ${'option'}`,
    label: message`${'why'}`,
    help: message`write it as bhyve(8) says`,
  }),
  BV1545: entry({
    name: 'option-contradicts',
    severity: 'error',
    message: message`${'option'} sets ${'key'} to '${'value'}', and something else sets it to '${'other'}'`,
    help: message`remove one of the two: bhyve takes the last, or ends`,
  }),
  BV1546: entry({
    name: 'option-ends-bhyve',
    severity: 'error',
    message: message`with ${'words'} bhyve prints something and ends`,
    help: message`remove it: no guest runs with it`,
  }),
  BV1547: entry({
    name: 'second-of-one',
    severity: 'error',
    message: message`a guest has one ${'device'}, and this is a second one`,
    help: message`remove one of the two`,
  }),
  BV1548: entry({
    name: 'unknown-raw-device',
    severity: 'warning',
    message: message`no bhyve that bhyvec knows has a device '${'device'}'`,
    help: message`bhyve -s help lists those of a host`,
  }),
  BV1551: entry({
    name: 'raw-instead-of-xml',
    severity: 'warning',
    message: message`${'option'} is told to bhyve alone: ${'lacks'}`,
    help: message`write ${'xml'} in its place`,
  }),
  BV1552: entry({
    name: 'raw-monitor',
    severity: 'error',
    message: message`with -M bhyve runs the guest again by itself: <on_reboot> and the launcher never hear of it`,
    help: message`remove it`,
  }),
  BV1553: entry({
    name: 'raw-bootrom-and-loader',
    severity: 'error',
    message: message`a boot ROM in <bhyve:arg>, and ${'program'} to load the guest`,
    help: message`write the boot ROM as <loader>, or <os firmware='efi'>`,
  }),
  BV1554: entry({
    name: 'raw-without-lpc',
    severity: 'error',
    message: message`${'device'} hangs off the LPC bridge, and the guest has none`,
    help: message`add -s and 31:0,lpc as words, or write the device in the XML`,
  }),
});
