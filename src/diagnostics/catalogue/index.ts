/** All diagnostics, in the order of the stages that report them. A code is never reused; `retired.ts` has the old ones. */
import type { Entry } from '../message.ts';
import { syntax } from './bv01-syntax.ts';
import { moreSchema, schema } from './bv02-schema.ts';
import { values } from './bv03-values.ts';
import { domain } from './bv04-domain.ts';
import { controllers } from './bv05-controllers.ts';
import { devices } from './bv05-devices.ts';
import { disks } from './bv05-disks.ts';
import { raw } from './bv05-raw.ts';
import { host } from './bv06-host.ts';
import { allocation } from './bv07-allocation.ts';
import { boot } from './bv08-boot.ts';
import { fwcfg } from './bv08-fwcfg.ts';
import { loader } from './bv08-loader.ts';
import { fleet } from './bv09-fleet.ts';
import { networkFleet } from './bv09-networks.ts';
import { storageFleet } from './bv09-storage.ts';
import { hostProfile } from './bv10-host-profile.ts';
import { project } from './bv10-project.ts';
import { degrees } from './bv13-degrees.ts';
import { seeming } from './bv15-silence.ts';
import { kinds } from './bv15-kinds.ts';
import { hostLimits } from './bv15-limits.ts';
import { network } from './bv15-network.ts';
import { tpm } from './bv15-tpm.ts';
import { bootOrder } from './bv18-boot-order.ts';
import { networks } from './bv25-networks.ts';
import { seed } from './bv25-seed.ts';
import { storage } from './bv25-storage.ts';

/** Each topic is made when it is asked for. */
const all = () => ({
  ...syntax(),
  ...schema(),
  ...moreSchema(),
  ...values(),
  ...degrees(),
  ...domain(),
  ...disks(),
  ...controllers(),
  ...devices(),
  ...seeming(),
  ...kinds(),
  ...network(),
  ...hostLimits(),
  ...tpm(),
  ...seed(),
  ...networks(),
  ...storage(),
  ...raw(),
  ...host(),
  ...allocation(),
  ...boot(),
  ...fwcfg(),
  ...loader(),
  ...bootOrder(),
  ...fleet(),
  ...networkFleet(),
  ...storageFleet(),
  ...hostProfile(),
  ...project(),
});

type Catalogue = Readonly<ReturnType<typeof all>>;

let made: Catalogue | undefined;

/** All kinds of diagnostics by their code. They are made with the first finding: a command that finds nothing needs none. */
export function catalogue(): Catalogue {
  made ??= all();
  return made;
}

/** A diagnostic code; `stages.ts` says how they are numbered. */
export type Code = keyof Catalogue;

/** The names of the values that a code's texts need. */
export type ParametersOf<C extends Code> = Catalogue[C] extends Entry<infer P> ? P : never;

/** The codes in order. */
export function codes(): readonly Code[] {
  return Object.keys(catalogue()) as readonly Code[];
}
