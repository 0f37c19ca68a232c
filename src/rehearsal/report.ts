/** The shape of what `bhyvec rehearse --format json` prints. */
import { arch } from '../ir/shapes.ts';
import { constant, flag, list, object, oneOf, orNull, text, whole, type TypeOf } from '../text/shape.ts';

/** One command of the host. */
export const reportCommand = object('one command of the host', {
  argv: list('its words, the program first', text('a word'), { least: 1 }),
  status: orNull(text('its exit status, or signal:NAME; null where it was killed or became another program')),
});

/** One run of a launcher or another script. */
export const reportRun = object('one run of a launcher, of the script of a network, or of create-volumes', {
  verb: oneOf('what it was asked for', ['start', 'run', 'stop', 'clean', 'dry', 'make', 'again']),
  status: orNull(whole('its exit status; null where it was killed', 0, 255)),
  late: flag('it did not end within the limit, and was killed with all that it had started'),
  commands: list('what it ran, in order, without what only waits or looks for processes', reportCommand),
  said: list('what it said, line by line', text('a line')),
});

const parts = {
  release: text('FreeBSD release of the stand-in host, such as 14.3, or main'),
  arch: arch('architecture of the stand-in host'),
  good: flag('each launcher or script ended with 0, and the host as it began, but for volumes'),
  runs: list(
    'what ran: of a guest run, and what ended it; of a network start and stop; of volumes dry, make and again',
    reportRun,
  ),
  changes: list(
    'what of the host is not as it was, or of volumes not as it is to be: lines that begin with - for before, or for what should be, and + for after',
    text('a line', { pattern: /^[-+]/, words: 'a line of a diff' }),
  ),
};

/** One guest. */
export const reportGuest = object('one guest', { guest: text('its name'), ...parts });

/** One network. */
export const reportNetwork = object('one network', { network: text('its name'), ...parts });

/** What became of all. */
/** The script that makes volumes. */
export const reportVolumes = object('the script that makes volumes, on a host that has none of them', parts);

export const reportShape = object(
  'What bhyvec rehearse --format json prints: what became of each guest, of each network of the build that a script makes, and of the script that makes volumes. Process numbers are PID, passwords <secret>; the same build gives the same text.',
  {
    version: constant('version of this shape', 1),
    limit: whole('seconds that each launcher and script had', 1),
    good: flag('whether all guests, networks and volumes went well'),
    volumes: list('one where the build has volumes and no guest is named, else none', reportVolumes, { most: 1 }),
    networks: list(
      'those that guests are on, up while these run, and where no guest is named all others',
      reportNetwork,
    ),
    guests: list('in the order in which they can start', reportGuest),
  },
);

export type Report = TypeOf<typeof reportShape>;
