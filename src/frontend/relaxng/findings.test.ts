/** What the validator says: the code, the very place, the texts, and how it goes on after a mistake. */
import { describe, expect, test } from 'vitest';
import { soundTree } from '../../../test/relaxng/corpus.ts';
import { createReporter, inSourceOrder, type Diagnostic } from '../../diagnostics/reporter.ts';
import { childElements, type XmlElement } from '../xml/tree.ts';
import { validateDomain, type SchemaFindings } from './validate.ts';

interface Result extends SchemaFindings {
  readonly root: XmlElement;
  readonly diagnostics: readonly Diagnostic[];
}

function check(text: string): Result {
  const root = soundTree(text);
  const reporter = createReporter({ strict: false });
  const result = validateDomain(root, reporter, 'error');
  return { root, ...result, diagnostics: inSourceOrder(reporter.diagnostics) };
}

/** The only diagnostic, with the marked text in the place of its span. */
function only(text: string): Pick<Diagnostic, 'code' | 'message' | 'help'> & { at: string; edit: string | null } {
  const { diagnostics } = check(text);
  expect(diagnostics.map(({ message }) => message)).toHaveLength(1);
  const [found] = diagnostics;
  if (found === undefined) throw new Error('no diagnostic');
  const { code, message, help, span, edit } = found;
  return { code, message, help, at: span.source.text.slice(span.start, span.end), edit: edit?.text ?? null };
}

function domain(parts: string): string {
  return `<domain type='bhyve'><name>a</name><os><type>hvm</type></os>${parts}</domain>`;
}

function devices(parts: string): string {
  return domain(`<devices>${parts}</devices>`);
}

const target = "<target dev='vda' bus='virtio'/>";

describe('elements', () => {
  test('a misspelt one, with what was meant', () => {
    expect(only(domain('<on_rebot>destroy</on_rebot>'))).toMatchObject({
      code: 'BV0202',
      at: 'on_rebot',
      message: '<domain> takes no <on_rebot>',
      edit: 'on_reboot>destroy</on_reboot>',
    });
    expect(only(devices(`<disk><source file='/a'/>${target}<bot order='1'/></disk>`))).toMatchObject({
      code: 'BV0202',
      at: 'bot',
      edit: 'boot',
    });
  });

  test('a misspelt one is read as the one that was meant', () => {
    const { diagnostics } = check(devices("<Disk><target dev='vda' bus='virtoi'/></Disk><interface/>"));
    expect(diagnostics.map(({ code }) => code)).toEqual(['BV0202', 'BV0210', 'BV0209']);
  });

  test('an unknown one is passed over with all that is in it', () => {
    const { diagnostics, flagged, root } = check(devices("<nonsense a='1'><disk bus='x'/></nonsense>"));
    expect(diagnostics.map(({ code }) => code)).toEqual(['BV0202']);
    const [unknown] = childElements(root).flatMap(childElements).slice(-1);
    const [inner] = unknown === undefined ? [] : childElements(unknown);
    const [attribute] = unknown?.attributes ?? [];
    for (const node of [unknown, inner, attribute]) expect(node !== undefined && flagged.has(node)).toBe(true);
  });

  test('one that belongs elsewhere', () => {
    const found = only(devices("<boot dev='hd'/>"));
    expect(found).toMatchObject({ code: 'BV0203', at: 'boot' });
    expect(found.help).toMatch(/^it belongs in <os>/);
  });

  test('one too many, with the first one', () => {
    const { diagnostics } = check(devices(`<disk>${target}<target dev='vdb'/></disk>`));
    expect(diagnostics).toMatchObject([{ code: 'BV0204', notes: [{ text: 'the first one' }] }]);
  });

  test('one that does not go with an attribute', () => {
    const found = only(devices("<serial type='nmdm'><protocol type='raw'/></serial>"));
    expect(found).toMatchObject({
      code: 'BV0205',
      at: 'protocol',
      message: "<protocol> in <serial> does not go with type='nmdm'",
    });
    expect(found.help).toMatch(/^it goes with type=tcp; /);
  });

  test('missing ones, each by itself', () => {
    const { diagnostics } = check("<domain type='bhyve'><os/></domain>");
    expect(diagnostics).toMatchObject([
      { code: 'BV0206', message: '<domain> lacks <name>' },
      { code: 'BV0206', message: '<os> lacks <type>' },
    ]);
  });

  test('the wrong root', () => {
    expect(only('<domainsnapshot><name>a</name></domainsnapshot>')).toMatchObject({
      code: 'BV0201',
      at: 'domainsnapshot',
    });
  });

  test('the wrong namespace', () => {
    expect(only("<domain xmlns='urn:a' type='bhyve'/>")).toMatchObject({ code: 'BV0213' });
    const found = only(domain("<commandline><arg value='-S'/></commandline>"));
    expect(found).toMatchObject({ code: 'BV0213', at: 'commandline' });
    expect(found.help).toContain('http://libvirt.org/schemas/domain/bhyve/1.0');
  });

  test('one without a namespace in <metadata>', () => {
    expect(only(domain('<metadata><note/></metadata>'))).toMatchObject({
      code: 'BV0202',
      help: '<metadata> takes bhyvec:guest, bhyvec:start, bhyvec:grub, bhyvec:hostbridge, bhyvec:cloud-init, bhyvec:netgraph, elements of other namespaces',
    });
  });
});

describe('attributes', () => {
  test('a misspelt one, which then counts as the one that was meant', () => {
    expect(only(devices("<interface type='user'><mac adress='52:54:00:00:00:01'/></interface>"))).toEqual({
      code: 'BV0207',
      at: 'adress',
      message: "<mac> has no attribute 'adress'",
      help: 'did you mean address? <mac> takes address, type, check, currentAddress',
      edit: 'address',
    });
  });

  test('one that no element has, and one of another namespace', () => {
    expect(only(devices(`<disk colour='red'>${target}</disk>`))).toMatchObject({ code: 'BV0207', at: 'colour' });
    expect(only(devices(`<disk x:type='a' xmlns:x='urn:x'>${target}</disk>`))).toMatchObject({
      at: 'x:type',
      edit: null,
    });
  });

  test('one that does not go with another one, whatever their order', () => {
    for (const address of ["<address type='drive' slot='1'/>", "<address slot='1' type='drive'/>"]) {
      const found = only(devices(`<disk>${target}${address}</disk>`));
      expect(found).toMatchObject({ code: 'BV0208', at: 'slot' });
      expect(found.message).toBe("attribute 'slot' of <address> does not go with type='drive'");
    }
  });

  test('one that does not go with an attribute further out, or with a default', () => {
    const found = only(devices(`<disk type='block'><source file='/a'/>${target}</disk>`));
    expect(found).toMatchObject({ code: 'BV0208', at: 'file' });
    expect(found.message).toBe("attribute 'file' of <source> does not go with type='block' of <disk>");
    expect(found.help).toMatch(/^it goes with type=file; /);
    const bare = only(devices(`<disk><source dev='/a'/>${target}</disk>`));
    expect(bare.message).toBe("attribute 'dev' of <source> does not go with a <disk> without type");
    expect(bare.help).toMatch(/^it goes with type=block, ctl/);
  });

  test('missing ones', () => {
    const { diagnostics } = check(devices("<serial type='tcp'><source mode='bind'/></serial>"));
    expect(diagnostics).toMatchObject([
      { code: 'BV0209', message: '<source> lacks the attribute host' },
      { code: 'BV0209', message: '<source> lacks the attribute service' },
    ]);
  });
});

describe('values', () => {
  test('a misspelt word', () => {
    const found = only(devices("<disk><source file='/a'/><target dev='vda' bus='virtoi'/></disk>"));
    expect(found).toMatchObject({ code: 'BV0210', at: 'virtoi', edit: 'virtio' });
    expect(found.message).toBe("bus of <target> cannot be 'virtoi'");
    expect(found.help).toMatch(/^did you mean virtio\? accepted: virtio, sata, nvme$/);
  });

  test('the value of what decides is taken as the one that was meant', () => {
    const { diagnostics } = check(devices(`<disk type='blok'><source file='/a'/>${target}</disk>`));
    expect(diagnostics.map(({ code }) => code)).toEqual(['BV0210', 'BV0208']);
  });

  test('a text, at the text', () => {
    expect(only(domain('<memory>\n  2GB\n</memory>'))).toMatchObject({
      code: 'BV0210',
      at: '2GB',
      message: "<memory> cannot be '2GB'",
      help: "write <memory unit='GiB'>2</memory>; accepted: a whole number",
    });
  });

  test('an empty element', () => {
    expect(only("<domain type='bhyve'><name/></domain>")).toMatchObject({ code: 'BV0211', at: '<name/>' });
  });

  test('text between elements', () => {
    expect(only(devices(`<disk>hello ${target}</disk>`))).toMatchObject({ code: 'BV0212', at: 'hello' });
    expect(only(domain('<features>acpi</features>'))).toMatchObject({ code: 'BV0212', at: 'acpi' });
  });

  test('very long values are cut', () => {
    const { message } = only(domain(`<memory>${'9'.repeat(5000)}</memory>`));
    expect(message.length).toBeLessThan(100);
  });

  test('findings can be suppressed by their value', () => {
    const reporter = createReporter({ strict: false });
    const tree = soundTree(domain("<uuid>%%UUID%%</uuid><memory unit='lots'>1</memory>"));
    const suppress = ({ value }: { readonly value: string | null }): boolean => value?.startsWith('%%') ?? false;
    const { valid, findings } = validateDomain(tree, reporter, 'warning', { suppress });
    expect(valid).toBe(false);
    expect(findings.map(({ value }) => value)).toEqual(['%%UUID%%', 'lots']);
    expect(reporter.diagnostics).toMatchObject([{ code: 'BV0210', severity: 'warning' }]);
    expect(reporter.errors).toBe(0);
  });
});

test('several mistakes are told at once, in the order of the document', () => {
  const text = `<domain type='bhyv' idd='1'>
    <name>a</name><memry>1</memry><memory unit='MB'>x</memory>
    <devices><disk type='file'><target dev='vda' buss='virtio'/><address type='pci' slot='0x20'/></disk></devices>
  </domain>`;
  const { diagnostics } = check(text);
  expect(diagnostics.map(({ code }) => code)).toEqual(['BV0210', 'BV0207', 'BV0202', 'BV0204', 'BV0207', 'BV0210']);
});
