/** What `bhyvec init` writes: a project with one host and one guest, which builds as it is. */
import { defaultTarget } from '../host/default-target.ts';
import { projectName, projectVersion } from './fields.ts';

/** One file of a new project. */
export interface StarterFile {
  /** From the folder of the project. */
  readonly path: string;
  readonly text: string;
}

/** The host of a new project. */
export const starterHost = 'alpha';

/** What git is to leave alone. */
export const ignored = ['secrets.conf', 'passwords.json', '.bhyvec-*'] as const;

/** The files of a new project for a target. */
export function starterFiles(target: string = defaultTarget): readonly StarterFile[] {
  const project = {
    version: projectVersion,
    variables: { bridge: 'bridge0', images: '/vm' },
    hosts: { [starterHost]: { profile: target, domains: ['domains/*.xml'] } },
  };
  return [
    { path: projectName, text: `${JSON.stringify(project, null, 2).replace(/\[\s+("[^"]*")\s+\]/, '[$1]')}\n` },
    { path: 'domains/example.xml', text: exampleXml },
    { path: '.gitignore', text: gitignore },
  ];
}

const gitignore = `# Passwords, and the files of a build that have them. All else of a build is meant to be checked in.
${ignored.join('\n')}
`;

const exampleXml = `<!-- One guest. Copy this file for the next one, with another name; \${...} comes from bhyvec.json. -->
<domain type='bhyve'>
  <name>example</name>
  <memory unit='GiB'>2</memory>
  <vcpu>2</vcpu>
  <os firmware='efi'>
    <type>hvm</type>
  </os>
  <on_reboot>restart</on_reboot>
  <devices>
    <disk type='file' device='disk'>
      <source file='\${images}/example.img'/>
      <target dev='vda' bus='virtio'/>
    </disk>
    <interface type='bridge'>
      <source bridge='\${bridge}'/>
      <model type='virtio'/>
    </interface>
    <serial type='nmdm'/>
  </devices>
</domain>
`;

/** What to do with a new project. */
export function nextSteps(folder: string): string {
  const enter = folder === '.' ? '' : `  cd ${folder}\n`;
  return `Next:
${enter}  bhyvec check             # find mistakes in all domains
  bhyvec plan              # what a build would change for each guest
  bhyvec build             # write guests/${starterHost} and ${starterHost}.lock: check them in with the XML
docs/project.md describes ${projectName}.
`;
}
