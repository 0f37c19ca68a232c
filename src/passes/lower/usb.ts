/** The USB controller and input devices to xhci (libvirt-compile reference, section 6.10). Reports: BV0540 to BV0545, BV1555. */
import type { Input } from '../../frontend/elements/input.ts';
import type { Place } from '../../ir/emulations/define.ts';
import type { Device } from '../../ir/emulations/index.ts';
import type { CompleteController, CompleteDomain } from '../complete/complete-domain.ts';
import type { Context } from '../context.ts';
import { placeOf } from './place.ts';

/** The models that bhyve's xhci can stand for. */
const xhciModels = ['nec-xhci', 'qemu-xhci'];

/** A USB controller with the tablet. */
export function lowerUsb(
  controller: CompleteController,
  place: Place,
  domain: CompleteDomain,
  context: Context,
): readonly Device[] {
  const { reporter, dialect } = context;
  const { inputs } = domain.domain.devices;
  const { model, origins } = controller;
  const first = domain.controllers.find(({ type }) => type === 'usb');
  if (first !== controller)
    reporter.report(
      'BV0540',
      origins[0],
      {},
      { notes: [{ span: first?.origins[0] ?? origins[0], text: 'the first one' }] },
    );
  if (!dialect.ours('input-legacy')) {
    checkInputs(inputs, controller, context);
    for (const input of inputs) context.uses.takeWhole(input);
    return [{ kind: 'xhci', place, tablet: true, origins: [...origins, ...inputs.map(({ at }) => at)] }];
  }
  if (model?.value === 'none') return [];
  if (model !== null && !xhciModels.includes(model.value)) reporter.report('BV0544', model.at, { model: model.value });
  const tablets = usbTablets(inputs, context);
  if (tablets.length === 0 && !context.host.capabilities.has('xhci-empty')) {
    reporter.report('BV1555', origins[0], { host: context.host.name });
    return [{ kind: 'empty-slot', place, origins }];
  }
  return [{ kind: 'xhci', place, tablet: tablets.length > 0, origins: [...origins, ...tablets.map(({ at }) => at)] }];
}

/** The xhci device of a tablet for which the XML has no controller. */
export function lowerLoneTablet(domain: CompleteDomain, context: Context): readonly Device[] {
  if (!context.dialect.ours('tablet-controller') || domain.controllers.some(({ type }) => type === 'usb')) return [];
  const [tablet] = usbTablets(domain.domain.devices.inputs, context);
  if (tablet === undefined) return [];
  const origins = [tablet.at] as const;
  const owner = 'usb controller 0';
  const place = placeOf(
    { owner, remembered: domain.recall.named(owner), address: null, origins, libvirtPrintsFunction: true },
    context,
  );
  return [{ kind: 'xhci', place, tablet: true, origins }];
}

/** libvirt: every input must be a USB tablet, and there must be exactly one. */
function checkInputs(inputs: readonly Input[], controller: CompleteController, { reporter }: Context): void {
  const before = reporter.errors;
  for (const input of inputs) {
    const bus = input.bus?.value ?? (input.type.value === 'tablet' ? 'usb' : 'ps2');
    if (bus !== 'usb') reporter.report('BV0541', input.bus?.at ?? input.at, { bus });
    else if (input.type.value !== 'tablet') reporter.report('BV0542', input.type.at, { type: input.type.value });
  }
  // One that is refused for what it is is not counted, too.
  if (inputs.length !== 1 && reporter.errors === before)
    reporter.report('BV0543', inputs[1]?.at ?? controller.origins[0], { count: inputs.length });
}

/** The USB tablets; PS/2 keyboard and mouse are there anyway, anything else bhyve does not have. */
function usbTablets(inputs: readonly Input[], { reporter, uses }: Context): readonly Input[] {
  const tablets = inputs.filter(({ type, bus }) => type.value === 'tablet' && (bus === null || bus.value === 'usb'));
  for (const input of inputs) {
    const legacy =
      (input.type.value === 'mouse' || input.type.value === 'keyboard') &&
      (input.bus === null || input.bus.value === 'ps2');
    if (legacy || input === tablets[0]) uses.takeWhole(input);
    if (!legacy && !tablets.includes(input))
      reporter.report('BV0545', input.at, { type: input.type.value, bus: input.bus?.value ?? 'usb' });
  }
  const second = tablets[1];
  if (second !== undefined) reporter.report('BV0543', second.at, { count: tablets.length });
  return tablets;
}
