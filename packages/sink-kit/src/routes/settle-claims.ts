/** What a service asks for: the requests to a spot, all of them or those that meet its conditions. */
export interface SpotClaim {
  readonly rank: number;
  /** Compared one after the other, the greater first. */
  readonly weights: readonly number[];
  readonly priority: number;
  /** Which of the service's routes it comes from. */
  readonly index: number;
  /** The spot and its conditions as one text: two claims with the same text want the same requests. */
  readonly slot: string;
}

export interface Candidate<Claim extends SpotClaim> {
  readonly serviceId: string;
  readonly claim: Claim;
}

export interface LostClaim<Claim extends SpotClaim> {
  readonly loser: Candidate<Claim>;
  readonly winner: Candidate<Claim>;
}

export interface SettledClaims<Claim extends SpotClaim> {
  /** By precedence: the first that fits a request takes it. */
  readonly winners: readonly Candidate<Claim>[];
  readonly lost: readonly LostClaim<Claim>[];
}

/** Gives each slot to one candidate: the higher priority, then the lower service id, then the earlier route. Candidates come sorted by service id. */
export function settleClaims<Claim extends SpotClaim>(candidates: Iterable<Candidate<Claim>>): SettledClaims<Claim> {
  const winners = new Map<string, Candidate<Claim>>();
  const lost: LostClaim<Claim>[] = [];
  for (const candidate of candidates) {
    const { slot, priority } = candidate.claim;
    const holder = winners.get(slot);
    const wins = holder === undefined || priority > holder.claim.priority;
    if (wins) winners.set(slot, candidate);
    if (holder === undefined) continue;
    lost.push(wins ? { loser: holder, winner: candidate } : { loser: candidate, winner: holder });
  }
  return { winners: [...winners.values()].sort(compareCandidates), lost };
}

/** Host, path, conditions by their weights, `priority`, id, and the order within the service (Gateway API, HTTPRoute). */
function compareCandidates<Claim extends SpotClaim>(left: Candidate<Claim>, right: Candidate<Claim>): number {
  const numbers = ({ claim }: Candidate<Claim>): readonly number[] => [claim.rank, ...claim.weights, claim.priority];
  const ofRight = numbers(right);
  for (const [index, number] of numbers(left).entries()) {
    const difference = (ofRight[index] ?? 0) - number;
    if (difference !== 0) return difference;
  }
  if (left.serviceId !== right.serviceId) return left.serviceId < right.serviceId ? -1 : 1;
  if (left.claim.index !== right.claim.index) return left.claim.index - right.claim.index;
  return left.claim.slot < right.claim.slot ? -1 : 1;
}
