/** What grub-bhyve is to do with a kernel of the host, as a grub.cfg. */
import { loaderFile, type LoaderFileStep } from './loader-file.ts';

export type GrubConfigStep = LoaderFileStep<'grub-config'>;

export const grubConfig = loaderFile('grub-config', 'the configuration of grub');
