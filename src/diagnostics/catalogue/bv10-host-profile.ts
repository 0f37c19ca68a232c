/** BV10: a host profile file is not what bhyvec reads. Reported by `host`. */
import { entry, message } from '../message.ts';

export const hostProfile = () => ({
  BV1001: entry({
    name: 'profile-not-json',
    severity: 'error',
    message: message`the host profile is not JSON: ${'problem'}`,
    help: message`${'remedy'}`,
  }),
  BV1002: entry({
    name: 'profile-comment',
    severity: 'error',
    message: message`a comment in the host profile; JSON has none`,
    help: message`remove the comment`,
  }),
  BV1003: entry({
    name: 'profile-too-big',
    severity: 'error',
    message: message`the host profile has ${'size'}; at most ${'limit'} are accepted`,
    help: message`give bhyvec the host profile itself, not an image or a dump`,
  }),
  BV1004: entry({
    name: 'duplicate-profile-key',
    severity: 'error',
    message: message`the key ${'key'} is given twice; one is accepted`,
    help: message`remove one of the two`,
  }),
  BV1005: entry({
    name: 'unknown-profile-key',
    severity: 'error',
    message: message`unknown key ${'key'} in ${'where'}`,
    help: message`${'remedy'}`,
  }),
  BV1006: entry({
    name: 'wrong-profile-type',
    severity: 'error',
    message: message`${'where'} is ${'found'}; expected ${'expected'}`,
    help: message`write it like this: ${'example'}`,
  }),
  BV1007: entry({
    name: 'missing-profile-key',
    severity: 'error',
    message: message`${'where'} lacks the key ${'key'}`,
    help: message`add ${'example'}`,
  }),
  BV1008: entry({
    name: 'unknown-profile-version',
    severity: 'error',
    message: message`host profile of version ${'found'}; this bhyvec reads version ${'accepted'}`,
    help: message`write "version": ${'accepted'} and the keys of that version`,
  }),
  BV1009: entry({
    name: 'unknown-release',
    severity: 'error',
    message: message`unknown FreeBSD release ${'found'}; accepted are ${'accepted'}`,
    help: message`${'remedy'}`,
  }),
  BV1010: entry({
    name: 'unknown-capability',
    severity: 'error',
    message: message`unknown capability ${'found'}; accepted are ${'accepted'}`,
    help: message`${'remedy'}`,
  }),
  BV1011: entry({
    name: 'unknown-profile-value',
    severity: 'error',
    message: message`${'where'} is ${'found'}; accepted are ${'accepted'}`,
    help: message`${'remedy'}`,
  }),
  BV1012: entry({
    name: 'bad-profile-path',
    severity: 'error',
    message: message`${'where'} ${'problem'}; expected ${'expected'}`,
    help: message`write it like this: ${'example'}`,
  }),
  BV1013: entry({
    name: 'bad-profile-name',
    severity: 'error',
    message: message`${'where'} is ${'found'}; expected ${'expected'}`,
    help: message`${'remedy'}`,
  }),
  BV1014: entry({
    name: 'profile-number-out-of-range',
    severity: 'error',
    message: message`${'where'} is ${'found'}; accepted are whole numbers from ${'first'} to ${'last'}`,
    help: message`write a whole number from ${'first'} to ${'last'}`,
  }),
  BV1015: entry({
    name: 'empty-port-range',
    severity: 'error',
    message: message`the first VNC port ${'first'} is above the last one ${'last'}`,
    help: message`write the lower port as "first" and the higher one as "last"`,
  }),
  BV1016: entry({
    name: 'no-release-or-capabilities',
    severity: 'error',
    message: message`the host profile has neither "release" nor "capabilities"; expected one of them`,
    help: message`add "release": ${'example'}, or list all that the host can do in "capabilities"`,
  }),
  BV1017: entry({
    name: 'capability-added-and-removed',
    severity: 'error',
    message: message`the capability ${'capability'} is both added and removed; one of them is accepted`,
    help: message`remove it from "add" or from "remove"`,
  }),
  BV1018: entry({
    name: 'capabilities-form',
    severity: 'error',
    message: message`"capabilities" is ${'found'} ${'circumstance'}; expected ${'expected'}`,
    help: message`${'remedy'}`,
  }),
  BV1019: entry({
    name: 'release-without-arm64',
    severity: 'error',
    cannot: 'freebsd',
    message: message`FreeBSD ${'release'} has no bhyve for arm64; accepted are ${'first'} and later`,
    help: message`write "release": "${'first'}" or a later one, or "arch": "amd64"`,
  }),
  BV1020: entry({
    name: 'capability-without-effect',
    severity: 'warning',
    message: message`${'verb'} the capability ${'capability'} changes nothing: FreeBSD ${'release'} ${'state'}`,
    help: message`remove it from the list`,
  }),
  BV1021: entry({
    name: 'listed-twice',
    severity: 'error',
    message: message`${'where'} lists ${'item'} twice; once is accepted`,
    help: message`remove one of the two`,
  }),
  BV1022: entry({
    name: 'unprivileged-without-monitor',
    severity: 'error',
    message: message`"privileged" is false, but the host lacks the capability "monitor" (bhyve -M)`,
    help: message`write "privileged": true, or add "monitor" if the host's bhyve has the option -M`,
  }),
});
