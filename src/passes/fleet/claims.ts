/** What only one guest of a host can have, and what two hardly want to share. Reports: BV0903, BV0904, BV0940, BV0941. */
import type { Reporter } from '../../diagnostics/reporter.ts';
import type { Span } from '../../diagnostics/source.ts';
import type { Plan } from '../../ir/plan.ts';
import type { Claim } from '../../ir/steps/define.ts';
import { contractOf } from '../../ir/steps/index.ts';
import { isEverywhere } from '../addresses.ts';

/** A claim, where the XML makes it, and the guest that does. */
interface Claimed extends Claim {
  readonly at: Span;
  readonly plan: Plan;
}

/** Ways to have something: of each the first guest is known, so that many guests with one image take time by their number. */
const ways = ['writes', 'reads', 'writes, shareable', 'reads, shareable'] as const;
type Way = (typeof ways)[number];

/** Reports each claim that an earlier one is in the way of, with both places. */
export function checkClaims(plans: readonly Plan[], reporter: Reporter): void {
  const owners = new Map<string, Claimed>();
  for (const plan of plans) for (const claim of claimsOf(plan)) claimFor(claim, owners, reporter);
}

function claimFor(claim: Claimed, owners: Map<string, Claimed>, reporter: Reporter): void {
  const own = wayOf(claim);
  const rivals = ways.filter((way) => disturb(own, way));
  const other = rivals
    .flatMap((way) => placesToMeet(claim).map((place) => owners.get(`${claim.what}\n${way}\n${place}`)))
    // Guests of one name claim all the same things: that is said already.
    .find((owner) => owner !== undefined && owner.plan.vmname !== claim.plan.vmname);
  if (other !== undefined) report(claim, other, reporter);
  for (const place of placesToKeep(claim)) {
    const key = `${claim.what}\n${own}\n${place}`;
    if (!owners.has(key)) owners.set(key, claim);
  }
}

/** All claims of a guest, each where the XML asks for it. */
function claimsOf(plan: Plan): readonly Claimed[] {
  const ofSteps = plan.steps.flatMap((step) =>
    contractOf(step)
      .claims(step)
      .map((claim) => ({ ...claim, at: step.at, plan })),
  );
  const ofIdentities = plan.identities.map(({ kind, value, at }) => {
    return { what: `${{ mac: 'MAC address', uuid: 'UUID' }[kind]} ${value}`, at, plan, exclusive: false };
  });
  return [...ofSteps, ...ofIdentities];
}

function wayOf({ isRead = false, isShareable = false }: Claim): Way {
  return `${isRead ? 'reads' : 'writes'}${isShareable ? ', shareable' : ''}`;
}

/** Readers do not disturb each other, and guests do not that all say that they share. */
function disturb(one: Way, other: Way): boolean {
  const both = [one, other];
  return !both.every((way) => way.startsWith('reads')) && !both.every((way) => way.endsWith('shareable'));
}

/** An address that stands for all meets every other one; any other meets itself and those. */
function placesToMeet({ address }: Claim): readonly string[] {
  return isEverywhere(address) ? ['any'] : [address, 'everywhere'];
}

function placesToKeep({ address }: Claim): readonly string[] {
  return isEverywhere(address) ? ['any', 'everywhere'] : ['any', address];
}

function report({ what, at, plan, exclusive, isCareful, isRead }: Claimed, other: Claimed, reporter: Reporter): void {
  const notes = [{ span: other.at, text: `guest '${other.plan.vmname}' has it here` }];
  const names = { what, name: plan.vmname, other: other.plan.vmname };
  if (exclusive) reporter.report('BV0903', at, names, { notes });
  else if (isCareful === true) reporter.report('BV0941', at, names, { notes });
  else if (isRead === other.isRead) reporter.report('BV0904', at, names, { notes });
  else {
    const [writer, reader] = isRead === true ? [other.plan, plan] : [plan, other.plan];
    reporter.report('BV0940', at, { what, writer: writer.vmname, reader: reader.vmname }, { notes });
  }
}
