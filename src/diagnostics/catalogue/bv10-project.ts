/** BV104x and BV105x: a project file is not what bhyvec reads, or a domain uses its variables wrongly. Reported by `project` and `frontend`. */
import { entry, message } from '../message.ts';

export const project = () => ({
  BV1040: entry({
    name: 'project-not-json',
    severity: 'error',
    message: message`the project file is not JSON: ${'problem'}`,
    help: message`${'remedy'}`,
  }),
  BV1041: entry({
    name: 'project-comment',
    severity: 'error',
    message: message`a comment in the project file; JSON has none`,
    help: message`remove the comment`,
  }),
  BV1042: entry({
    name: 'project-too-big',
    severity: 'error',
    message: message`the project file has ${'size'}; at most ${'limit'} are accepted`,
    help: message`name other files in it, by patterns, rather than all that they hold`,
  }),
  BV1043: entry({
    name: 'duplicate-project-key',
    severity: 'error',
    message: message`the key ${'key'} is given twice; one is accepted`,
    help: message`remove one of the two`,
  }),
  BV1044: entry({
    name: 'unknown-project-key',
    severity: 'error',
    message: message`unknown key ${'key'} in ${'where'}`,
    help: message`${'remedy'}`,
  }),
  BV1045: entry({
    name: 'wrong-project-type',
    severity: 'error',
    message: message`${'where'} is ${'found'}; expected ${'expected'}`,
    help: message`write it like this: ${'example'}`,
  }),
  BV1046: entry({
    name: 'missing-project-key',
    severity: 'error',
    message: message`${'where'} lacks the key ${'key'}`,
    help: message`add ${'example'}`,
  }),
  BV1047: entry({
    name: 'unknown-project-version',
    severity: 'error',
    message: message`project file of version ${'found'}; this bhyvec reads version ${'accepted'}`,
    help: message`write "version": ${'accepted'} and the keys of that version`,
  }),
  BV1048: entry({
    name: 'bad-project-text',
    severity: 'error',
    message: message`${'where'} is ${'found'}; expected ${'expected'}`,
    help: message`${'remedy'}`,
  }),
  BV1049: entry({
    name: 'duplicate-project-item',
    severity: 'error',
    message: message`${'where'} has ${'item'} twice; one is accepted`,
    help: message`remove one of the two`,
  }),
  BV1050: entry({
    name: 'unknown-variable',
    severity: 'error',
    message: message`there is no variable ${'name'}`,
    label: message`not in the project file`,
    help: message`${'remedy'}`,
  }),
  BV1051: entry({
    name: 'bad-variable-reference',
    severity: 'error',
    message: message`${'found'} is no variable; expected a name in braces`,
    help: message`${'remedy'}`,
  }),
  BV1052: entry({
    name: 'unused-variable',
    severity: 'warning',
    message: message`the variable ${'name'} is used by no domain of ${'where'}`,
    help: message`${'remedy'}`,
  }),
  BV1053: entry({
    name: 'variable-type-differs',
    severity: 'error',
    message: message`the variable ${'name'} is ${'found'} for this host; expected ${'expected'}, as for the project`,
    help: message`give it a value of that type in both places`,
  }),
  BV1054: entry({
    name: 'bad-variable-value',
    severity: 'error',
    message: message`the variable ${'name'} has ${'problem'}; expected ${'expected'}`,
    help: message`${'remedy'}`,
  }),
  BV1055: entry({
    name: 'unknown-project-target',
    severity: 'error',
    message: message`there is no target ${'found'}; accepted are those of "bhyvec target list", or a JSON file`,
    help: message`${'remedy'}`,
  }),
  BV1056: entry({
    name: 'missing-project-file',
    severity: 'error',
    message: message`${'problem'}`,
    help: message`names in the project file start from its folder; correct the name, or make the file`,
  }),
  BV1057: entry({
    name: 'variable-in-password',
    severity: 'error',
    message: message`a password comes from the variable ${'name'}; a project file is no place for secrets`,
    help: message`leave it out of the XML, and give it with --secrets-from`,
  }),
  BV1058: entry({
    name: 'shared-project-place',
    severity: 'error',
    message: message`${'what'} ${'place'} is that of host ${'host'}, too; each host needs its own`,
    help: message`name another one, or leave the key out`,
  }),
});
