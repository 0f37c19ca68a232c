/** BV02: the structure of the XML is not that of a domain. Reported by `frontend/relaxng` and `frontend/xmllint`. */
import { entry, message } from '../message.ts';

export const schema = () => ({
  BV0201: entry({
    name: 'wrong-root',
    severity: 'error',
    message: message`the document is a <${'element'}>, not a <domain> or <network>`,
    label: message`expected <domain>`,
    help: message`write <domain type='bhyve'> as the outermost element, as virsh dumpxml does; one domain a file`,
  }),
  BV0202: entry({
    name: 'unknown-element',
    severity: 'error',
    message: message`<${'parent'}> takes no <${'element'}>`,
    label: message`not known here`,
    help: message`${'hint'}<${'parent'}> takes ${'accepted'}`,
  }),
  BV0203: entry({
    name: 'misplaced-element',
    severity: 'error',
    message: message`<${'element'}> does not belong in <${'parent'}>`,
    label: message`not here`,
    help: message`it belongs in ${'places'}`,
  }),
  BV0204: entry({
    name: 'repeated-element',
    severity: 'error',
    message: message`<${'parent'}> takes only one <${'element'}>`,
    label: message`a further one`,
    help: message`keep one of the two`,
  }),
  BV0205: entry({
    name: 'unfitting-element',
    severity: 'error',
    message: message`<${'element'}> in <${'parent'}> does not go with ${'culprit'}`,
    label: message`not with ${'culprit'}`,
    help: message`${'hint'}with ${'culprit'}, <${'parent'}> takes ${'accepted'}`,
  }),
  BV0206: entry({
    name: 'missing-element',
    severity: 'error',
    message: message`<${'parent'}> lacks ${'missing'}`,
    label: message`${'missing'} is missing in it`,
    help: message`add ${'example'}`,
  }),
  BV0207: entry({
    name: 'unknown-attribute',
    severity: 'error',
    message: message`<${'element'}> has no attribute '${'attribute'}'`,
    label: message`not known here`,
    help: message`${'hint'}<${'element'}> takes ${'accepted'}`,
  }),
  BV0208: entry({
    name: 'unfitting-attribute',
    severity: 'error',
    message: message`attribute '${'attribute'}' of <${'element'}> does not go with ${'culprit'}`,
    label: message`not with ${'culprit'}`,
    help: message`${'hint'}with ${'culprit'}, <${'element'}> takes ${'accepted'}`,
  }),
  BV0209: entry({
    name: 'missing-attribute',
    severity: 'error',
    message: message`<${'element'}> lacks the attribute ${'missing'}`,
    label: message`${'missing'} is missing here`,
    help: message`add ${'example'}; accepted: ${'accepted'}`,
  }),
  BV0210: entry({
    name: 'bad-value',
    severity: 'error',
    message: message`${'what'} cannot be '${'value'}'`,
    label: message`expected ${'expected'}`,
    help: message`${'hint'}accepted: ${'accepted'}`,
  }),
  BV0211: entry({
    name: 'missing-text',
    severity: 'error',
    message: message`<${'element'}> is empty`,
    label: message`expected ${'expected'}`,
    help: message`write the value between the tags; accepted: ${'accepted'}`,
  }),
  BV0212: entry({
    name: 'unexpected-text',
    severity: 'error',
    message: message`<${'element'}> takes no text`,
    label: message`text between the tags`,
    help: message`remove '${'text'}'; <${'element'}> takes ${'accepted'}`,
  }),
  BV0213: entry({
    name: 'wrong-namespace',
    severity: 'error',
    message: message`<${'element'}> is not in the namespace it needs`,
    label: message`is in ${'found'}`,
    help: message`write <${'example'}>: it has to be in ${'expected'}`,
  }),
  BV0214: entry({
    name: 'verdicts-differ',
    severity: 'error',
    message: message`bhyvec finds this document ${'ours'}, xmllint finds it ${'theirs'} by the same grammar`,
    label: message`this document`,
    help: message`this is a bug in bhyvec, not in the document: please report it, with the document`,
  }),
});

/** Findings of the second page. */
export const moreSchema = () => ({
  BV1200: entry({
    name: 'text-for-other-element',
    severity: 'error',
    message: message`<${'element'}> takes no text; <${'meant'}> does`,
    label: message`<${'meant'}> was probably meant`,
    help: message`write ${'example'}`,
  }),
});

/** Parts of the texts above that stand or fall with what is known. */
export const phrases = {
  notOffered: message`libvirt has '${'word'}', which bhyvec cannot carry out; `,
  didYouMean: message`did you mean ${'word'}? `,
  inPlaceOfText: message`${'attribute'} to the tag, in the place of the text`,
  andInside: message`${'attribute'} to the tag, and ${'example'} into it`,
  writeInside: message`write ${'example'} in <${'element'}>; `,
  itsParts: message`it there`,
  writeText: message`write ${'example'}; `,
  itsText: message`it as its text`,
  writeSize: message`write ${'size'}; `,
  size: message`${'size'}`,
  first: message`the first one`,
  attribute: message`${'attribute'} of <${'element'}>`,
  elementText: message`<${'element'}>`,
  noElements: message`no elements`,
  noAttributes: message`no further attributes`,
  foreignElements: message`elements of other namespaces`,
  namespace: message`namespace ${'namespace'}`,
  noNamespace: message`no namespace`,
  oneOf: message`one of ${'names'}`,
  attributeHere: message`${'attribute'}='${'value'}'`,
  attributeOf: message`${'attribute'}='${'value'}' of <${'element'}>`,
  attributeAbsent: message`a <${'element'}> without ${'attribute'}`,
  goesWith: message`it goes with ${'attribute'}=${'words'}; `,
  decides: message`this decides what goes with it`,
  before: message`<${'element'}> before it`,
} as const;
