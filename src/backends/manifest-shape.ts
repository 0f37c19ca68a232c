/** The shape of manifest.json: what a build wrote, and what its guests take from their host. */
import { guestName, sharedPattern } from '../ir/names.ts';
import { action, arch } from '../ir/shapes.ts';
import { takesShape } from '../ir/steps/takes-shape.ts';
import {
  constant,
  flag,
  line,
  list,
  object,
  oneOf,
  optional,
  orNull,
  pathInside,
  record,
  text,
  whole,
  type TypeOf,
} from '../text/shape.ts';

/** Of a guest: a folder, in which files have longer names than it. */
const longestName = 229;

/** One file of a guest. */
export const builtFile = object('one file', {
  sha256: text(
    'SHA-256 of the file; of one with a secret, of its text with <secret> in place of each secret, of seed.iso with zeros in the place of its files',
    { pattern: /^[0-9a-f]{64}$/, words: 'a SHA-256' },
  ),
  mode: text('permissions in octal', { pattern: /^0[0-7]{3}$/, words: 'a mode in octal' }),
  secret: optional(constant('true where the file holds a secret', true)),
});

/** What the script of a network needs of its host, and changes there while the network is up. */
export const networkTakes = object('what the network takes from its host', {
  member: orNull(line('the interface of the host that is a member of the bridge; null for none')),
  vlan: optional(
    object('the vlan(4) interface that the script makes as the member; absent for none', {
      parent: line('the interface of the host that it is of'),
      tag: whole('its VLAN', 1, 4094),
    }),
  ),
  uplink: orNull(line('the interface that leads outside; null for that of the default route, or where nothing asks')),
  forwarding: list('families of addresses whose packets the host forwards', oneOf('a family', ['inet', 'inet6'])),
  anchors: list(
    'kinds of anchors of pf that the main rules have to call',
    oneOf('a kind', ['nat-anchor', 'rdr-anchor', 'anchor']),
  ),
  dnsmasq: flag('whether dnsmasq serves it'),
});

/** One guest of a build. */
export const builtGuest = object('one guest', {
  source: text('file name of its XML'),
  arch: arch('architecture'),
  onPoweroff: action('what follows when the guest powers off'),
  takes: takesShape,
  files: record(
    'by the path below the folder of the guest',
    pathInside('the path', 'named as files of a build are'),
    builtFile,
  ),
});

/** One network of a build. */
export const builtNetwork = object('one network', {
  source: text('file name of its XML'),
  bridge: line('the bridge that guests are on'),
  service: orNull(line('its service in rc(8); null for a bridge that is there already')),
  takes: networkTakes,
  files: record(
    'by the path below the folder of the network',
    pathInside('the path', 'named as files of a build are'),
    builtFile,
  ),
});

/** One volume of a build. */
export const builtVolume = object('one volume', {
  pool: line('its pool'),
  name: line('its name there'),
  source: text('file name of its XML'),
  bytes: text('its size in bytes', { pattern: /^[1-9][0-9]*$/, words: 'a number' }),
  how: orNull(line('how create-volumes makes it; null for an image that somebody has to put there')),
});

/** A manifest. */
export const manifestShape = object(
  'What a build wrote, and what its guests take from their host. The file manifest.json that bhyvec build writes; the next build removes no file that is not named here.',
  {
    version: constant('version of this shape; a build refuses one that it does not know', 1),
    target: line('name of the target or host profile that it was made for'),
    release: orNull(line('FreeBSD release of the host, such as 14.3, or main; null where the profile does not say')),
    files: optional(
      record(
        'files that the guests share, beside their folders',
        text('the name of the file', { pattern: sharedPattern, words: 'named as files of a build are' }),
        builtFile,
      ),
    ),
    guests: record(
      'by the name of the guest, which is also its folder',
      text('its name', { pattern: guestName, words: 'named as a guest can be', most: longestName }),
      builtGuest,
    ),
    networks: optional(
      record(
        'the networks of the build by their names, below the folder networks; absent where there is none',
        text('its name', { pattern: guestName, words: 'named as a network can be', most: longestName }),
        builtNetwork,
      ),
    ),
    volumes: optional(
      record(
        'the volumes of the build by their paths; the script create-volumes makes those that are not there; absent where there is none',
        line('its path'),
        builtVolume,
      ),
    ),
  },
);

export type Manifest = TypeOf<typeof manifestShape>;
