/** `<controller>` (formatdomain, "Controllers"). */
import type { Reporter } from '../../diagnostics/reporter.ts';
import type { Located, Span } from '../../diagnostics/source.ts';
import { readNumber, readWord } from '../values.ts';
import type { ElementReader } from '../xml/reader.ts';
import { readAddress, type Address } from './address.ts';

export const controllerTypes = [
  'ide', 'fdc', 'scsi', 'sata', 'virtio-serial', 'ccid', 'usb', 'pci', 'xenbus', 'isa', 'nvme',
] as const; // prettier-ignore
export type ControllerType = (typeof controllerTypes)[number];

/** The models of each type; a type that is not here takes none. */
const models: Partial<Record<ControllerType, readonly string[]>> = {
  scsi: [
    'auto', 'buslogic', 'lsilogic', 'lsisas1068', 'vmpvscsi', 'ibmvscsi', 'virtio-scsi', 'lsisas1078',
    'virtio-transitional', 'virtio-non-transitional', 'ncr53c90', 'am53c974', 'dc390',
  ],
  usb: [
    'piix3-uhci', 'piix4-uhci', 'ehci', 'ich9-ehci1', 'ich9-uhci1', 'ich9-uhci2', 'ich9-uhci3', 'vt82c686b-uhci',
    'pci-ohci', 'nec-xhci', 'qusb1', 'qusb2', 'qemu-xhci', 'none',
  ],
  pci: [
    'pci-root', 'pcie-root', 'pci-bridge', 'dmi-to-pci-bridge', 'pcie-to-pci-bridge', 'pcie-root-port',
    'pcie-switch-upstream-port', 'pcie-switch-downstream-port', 'pci-expander-bus', 'pcie-expander-bus',
  ],
  ide: ['piix3', 'piix4', 'ich6'],
  'virtio-serial': ['virtio', 'virtio-transitional', 'virtio-non-transitional'],
}; // prettier-ignore

/** One controller as written. */
export interface Controller {
  readonly at: Span;
  readonly type: ControllerType;
  readonly index: Located<number> | null;
  readonly model: Located<string> | null;
  readonly ports: Located<number> | null;
  /** Serial number, of NVMe controllers. */
  readonly serial: Located<string> | null;
  readonly address: Address | null;
  /** Where each is written; the element for one that is absent. */
  readonly places: Readonly<Record<'type' | 'index' | 'ports', Span>>;
}

function readModel(type: ControllerType, model: Located<string> | null, reporter: Reporter): Located<string> | null {
  const known = models[type];
  if (known !== undefined) return readWord(model, known, `the model of a ${type} controller`, reporter);
  if (model === null) return null;
  const problem = `a controller of type ${type} has no models`;
  reporter.report('BV0314', model.at, { problem, remedy: 'remove the model attribute' });
  return null;
}

/** Reads a controller; null where its type is missing or not understood. */
export function readController(element: ElementReader): Controller | null {
  const { at, reporter } = element;
  const written = element.attribute('type');
  if (written === null) reporter.report('BV0310', at, { element: 'controller', part: 'type attribute' });
  const type = readWord(written, controllerTypes, 'the type of a controller', reporter);
  const index = readNumber(element.attribute('index'), 'the index of a controller', reporter);
  const address = readAddress(element);
  if (type === null) return null;
  const model = element.attribute('model');
  return {
    at,
    type: type.value,
    index,
    model: readModel(type.value, model, reporter),
    ports: readNumber(element.attribute('ports'), 'ports', reporter, { max: 2_147_483_647 }),
    serial: element.child('serial')?.filledText() ?? null,
    address,
    places: {
      type: written?.at ?? at,
      index: element.attribute('index')?.at ?? at,
      ports: element.attribute('ports')?.at ?? at,
    },
  };
}
