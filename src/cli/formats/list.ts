/** The shape of what `bhyvec list --format json` prints. */
import { guestFields } from '../../control/vocabulary.ts';
import { list, object, openObject } from '../../text/shape.ts';

/** One domain, as the control protocol has it. */
export const listedDomainShape = openObject('one domain', guestFields);

/** The domains that were asked for. */
export const listShape = object('The domains of a supervisor: what bhyvec list --format json prints.', {
  domains: list('running ones by their id, the others behind them by name', listedDomainShape),
});
